/** The look of what the page to try a model has beside other pages. */
export const tryStyle = `
.drop { border: 2px dashed var(--muted); border-radius: .75rem; padding: 1.25rem; margin-top: 1rem; text-align: center; }
.drop p { margin-inline: auto; }
.drop.over { border-color: var(--accent); background: var(--wash); }
@media (hover: none) and (max-width: 40rem) { .drop > p:first-child { display: none; } }
.drop .keys { justify-content: center; }
meter { display: block; width: min(100%, 16rem); height: .75rem; margin: .75rem auto 0; }
.shelf { list-style: none; padding: 0; margin: 1rem 0 0; display: grid; gap: .35rem; max-height: 16rem; overflow-y: auto; }
.shelf button { display: flex; justify-content: space-between; flex-wrap: wrap; gap: .1rem 1rem; width: 100%; text-align: start; }
.shelf .answer { color: var(--muted); }
.shelf .wrong { color: var(--ink); font-style: italic; }
.shelf [aria-current] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
h3.label { font-size: clamp(1.5rem, 5vw, 2.25rem); font-weight: 650; letter-spacing: -.015em; margin-top: .75rem; }
.bars { list-style: none; padding: 0; margin: 1rem 0 0; display: grid; gap: .5rem; max-width: 44rem; }
.bars li { display: grid; grid-template: auto auto / 1fr auto; gap: .1rem .75rem; }
.bars .name { overflow-wrap: anywhere; min-width: 0; }
.bars .bar { grid-column: 1 / 3; height: .5rem; border-radius: .25rem; background: var(--rule); overflow: hidden; }
.bars .bar i { display: block; height: 100%; background: var(--muted); }
.bars .given { font-weight: 600; }
.bars .given .bar i { background: var(--accent); }
.bars + button { margin-top: 1rem; }
section > h3 { margin-top: 1.25rem; }
.plot { display: grid; grid-template: auto 1.4rem / 3.75rem 1fr; column-gap: .5rem; margin-top: .5rem; font-size: .75rem; color: var(--muted); }
.view { position: relative; grid-area: 1 / 2; min-width: 0; }
.view canvas { display: block; width: 100%; height: 100%; }
#waveform .view { height: clamp(5rem, 14vw, 8rem); }
#spectrogram .view { height: clamp(10rem, 32vw, 18rem); background: #000004; }
#overview .view { height: 4rem; cursor: pointer; }
#timeline .view { cursor: pointer; }
#overview .ticks { display: none; }
#overview { grid-template-rows: auto; }
#times .scroll { max-height: 22rem; overflow: auto; }
#times .keys { margin-top: 1rem; }
.heights { grid-area: 1 / 1; position: relative; }
.heights span { position: absolute; right: 0; transform: translateY(50%); white-space: nowrap; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
.ticks { grid-area: 2 / 2; position: relative; min-height: 1.4rem; }
.ticks span { position: absolute; top: .15rem; transform: translateX(-50%); white-space: nowrap; }
.ticks span:first-child { transform: none; }
.view .head { position: absolute; inset-block: 0; width: 2px; margin-left: -1px; background: var(--series-2); }
#spectrogram .head { background: #5fe0c0; }
#timeline, #overview { --names: 7.5rem; grid-template-columns: var(--names) 1fr; }
.legend { max-width: 20rem; margin: .5rem 0 0 4.25rem; font-size: .75rem; color: var(--muted); }
.legend canvas { display: block; width: 100%; height: .75rem; }
.legend .ticks span:last-child { transform: translateX(-100%); }
label.place { flex: 1 1 16rem; font-size: .875rem; }
label.place input { display: block; width: 100%; min-height: 2.75rem; accent-color: var(--accent); margin: 0; }
@media (max-width: 40rem) { #timeline, #overview { --names: 4.5rem; } .plot { grid-template-columns: 3.25rem 1fr; } .legend { margin-left: 3.75rem; } }
`;

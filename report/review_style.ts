/** The look of what the page of segments has beside other pages: picture, buttons and fields. */
export const reviewStyle = `
.review { margin-top: 1rem; }
.review h3 { font-size: 1.375rem; margin-top: .75rem; }
.review h3:focus { outline: none; }
.done { display: flex; align-items: center; gap: .75rem; margin: 0; max-width: none; font-size: .875rem; color: var(--muted); }
progress { flex: 1; height: .5rem; appearance: none; border: 0; border-radius: .25rem; overflow: hidden; background: var(--rule); }
progress::-webkit-progress-bar { background: var(--rule); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
.picture { display: grid; grid-template: auto 1fr 1.25rem / 3.75rem 1fr; column-gap: .5rem; margin-top: .75rem; font-size: .75rem; color: var(--muted); }
.span { grid-area: 1 / 2; position: relative; height: .375rem; margin-bottom: .25rem; }
.span i { position: absolute; inset-block: 0; min-width: .25rem; border-radius: .2rem; background: var(--accent); }
.view { grid-area: 2 / 2; position: relative; height: clamp(9rem, 26vw, 15rem); background: #000004; overflow: hidden; }
.view img { display: block; width: 100%; height: 100%; }
.view i { position: absolute; inset-block: 0; }
.view .event { border-inline: 2px solid #fff; box-shadow: 0 0 0 1px #0008; }
.view .head { width: 2px; background: #5fe0c0; }
.heights { grid-area: 2 / 1; position: relative; }
.heights span { position: absolute; right: 0; transform: translateY(50%); white-space: nowrap; }
.times { grid-area: 3 / 2; position: relative; }
.times span { position: absolute; top: .15rem; transform: translateX(-50%); white-space: nowrap; }
.times span:first-child { transform: none; }
.keys { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem; margin-top: .75rem; }
button, input, select { font: inherit; color: inherit; border: 1px solid var(--muted); border-radius: .375rem; background: var(--wash); padding: .4rem .75rem; min-height: 2.5rem; max-width: 100%; }
button { cursor: pointer; overflow-wrap: anywhere; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; }
button:hover { border-color: var(--ink); }
:is(button, input, select, .scroll):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button:disabled { opacity: .5; cursor: default; }
kbd { font: inherit; white-space: nowrap; font-size: .8125rem; border: 1px solid currentColor; border-radius: .25rem; padding: 0 .3rem; margin-left: .35rem; }
label { display: block; font-size: .875rem; min-width: 0; max-width: 100%; }
label input, label select { display: block; margin-top: .2rem; font-size: 1rem; }
label.switch { display: flex; align-items: center; gap: .5rem; margin-top: .75rem; }
label.switch input { display: inline; margin: 0; min-height: 0; width: 1.1rem; height: 1.1rem; }
form { display: flex; align-items: end; gap: .5rem; margin: 0; min-width: 0; }
.said { min-height: 1.5em; }
[hidden] { display: none !important; }
@media (max-width: 40rem) { .keys.answers { display: grid; grid-template-columns: 1fr 1fr; } }
@media (hover: none) { kbd { display: none; } }
`;

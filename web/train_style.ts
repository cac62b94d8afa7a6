/** The look of what the page that trains has beside other pages. */
export const trainStyle = `
.row { display: flex; flex-wrap: wrap; align-items: end; gap: .75rem 1rem; margin-top: 1rem; }
label { font-size: .875rem; color: var(--muted); flex: 0 1 14rem; min-width: 0; }
label.wide { flex: 1 1 16rem; }
:is(input, select) { display: block; font: inherit; font-size: 1rem; color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: .375rem; padding: .4rem .6rem; min-height: 2.75rem; width: 100%; margin-top: .25rem; }
.key-link { display: inline-flex; align-items: center; max-width: 100%; border: 1px solid var(--accent); border-radius: .375rem; padding: .4rem .9rem; min-height: 2.75rem; text-decoration: none; }
.key-link.main { background: var(--accent); color: var(--paper); font-weight: 600; }
button.inline { min-height: 0; padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline; }
.folders { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); gap: .35rem; padding: 0; margin: .75rem 0; max-height: 18rem; overflow-y: auto; }
.folders button { width: 100%; text-align: start; overflow-wrap: anywhere; }
.classes { list-style: none; padding: 0; margin: .5rem 0 0; display: grid; gap: .5rem; max-width: 44rem; }
.classes li { display: grid; grid-template: auto auto / 1fr auto; gap: .1rem .75rem; }
.classes .name { overflow-wrap: anywhere; min-width: 0; }
.classes .bar { grid-column: 1 / 3; height: .5rem; border-radius: .25rem; background: var(--rule); overflow: hidden; }
.classes .bar i { display: block; height: 100%; background: var(--accent); }
#survey h3 { margin-top: 1.25rem; }
progress { display: block; width: 100%; height: 1rem; accent-color: var(--accent); margin-top: .75rem; }
.curve { display: block; width: 100%; height: auto; font-size: 12px; }
.curve text { fill: var(--muted); }
.curve .grid { stroke: var(--rule); }
.curve .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.curve .training { stroke: var(--series-1); }
.curve .validation { stroke: var(--series-2); }
.curve circle.training { fill: var(--series-1); }
.curve circle.validation { fill: var(--series-2); }
.key .training i { border-color: var(--series-1); }
.key .validation i { border-color: var(--series-2); }
#run-heading:focus { outline: none; }
:is(#notice-list, #remarks, #skipped) { padding-left: 1.25rem; overflow-wrap: anywhere; font-size: .875rem; }
@media (max-width: 40rem) { label { flex-grow: 1; } }
details .scroll { max-height: 22rem; overflow: auto; }
`;

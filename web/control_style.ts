/** The look of what pages that people work with have in common: buttons, and what is said of what they do. */
export const controlStyle = `
a { color: var(--accent); }
.keys { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem; margin-top: .75rem; }
button { font: inherit; color: inherit; border: 1px solid var(--muted); border-radius: .375rem; background: var(--wash); padding: .4rem .9rem; min-height: 2.75rem; max-width: 100%; cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; }
button:hover { border-color: var(--ink); }
button:disabled { opacity: .5; cursor: default; }
button[aria-pressed=true] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
:is(a, button, input, select, summary, .scroll):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.said { min-height: 1.55em; overflow-wrap: anywhere; }
.said.wrong { color: var(--series-2); font-weight: 600; }
[hidden] { display: none !important; }
`;

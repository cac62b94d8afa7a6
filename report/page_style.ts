/** The pages' look: system fonts, one accent colour, light and dark, screen and paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --ink: #1c1e21; --muted: #62676e; --rule: #dcdee1; --wash: #f3f4f4;
  --accent: #0a6c94;
  --series-1: #0072b2; --series-2: #c24e00; --series-3: #00815d; --series-4: #a8437f;
  --series-5: #8a6d00; --series-6: #2f8fc9; --series-7: #555a61;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --ink: #e4e6e8; --muted: #9aa1a9; --rule: #34383d; --wash: #1e2125;
    --accent: #5fbde0;
    --series-1: #56b4e9; --series-2: #f0904a; --series-3: #2fc79b; --series-4: #e08fbf;
    --series-5: #e3c94b; --series-6: #8fb3ff; --series-7: #aab0b7;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); }
header { padding-top: clamp(1.75rem, 5vw, 3.5rem); }
h1 { font-size: clamp(1.5rem, 4vw, 2rem); line-height: 1.2; font-weight: 650; letter-spacing: -.015em; margin: 0; overflow-wrap: anywhere; }
.kicker { color: var(--muted); font-size: .875rem; margin: 0 0 .35rem; }
.lede { font-size: 1.125rem; max-width: 44rem; margin: .75rem 0 0; }
section { margin-top: 3rem; }
h2 { font-size: 1.1875rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.3; margin: 0 0 .25rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1rem; font-weight: 600; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 44rem; }
.note, figcaption { color: var(--muted); font-size: .875rem; line-height: 1.5; }
figcaption { max-width: 44rem; margin-top: .5rem; }
figcaption strong { color: var(--ink); font-weight: 600; display: block; }
figure { margin: 0; min-width: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1.75rem 2rem; margin-top: 1.25rem; }
.figures .numbers { margin-top: 0; align-content: start; }
.figures table, .beside table { margin-top: 0; }
.beside { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.75rem 2rem; margin-top: 1.25rem; }
.beside > .scroll { flex: 1 1 26rem; min-width: 0; }
.beside > figure { flex: 0 1 auto; max-width: 100%; }
.beside figcaption { max-width: 24rem; }
.scroll { overflow-x: auto; overscroll-behavior-x: contain; padding-bottom: .25rem; }
svg.plot { --plot-background: var(--paper); display: block; height: auto; max-width: 100%; }
section > figure, section > .scroll { margin-top: 1.25rem; }
svg.plot text { white-space: pre; }
.scroll svg.plot { max-width: none; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: 1.5rem 2rem; margin: 1.75rem 0 0; }
.numbers div { border-top: 2px solid var(--rule); padding-top: .6rem; }
.numbers div:first-child { border-color: var(--accent); }
.numbers dt { font-size: .875rem; color: var(--muted); }
.numbers dd { margin: 0; }
.numbers .figure { font-size: 1.75rem; line-height: 1.25; font-weight: 600; letter-spacing: -.02em; }
.numbers div:first-child .figure { color: var(--accent); }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .75rem 0 0; list-style: none; font-size: .875rem; }
.key li { display: flex; align-items: center; gap: .5rem; min-width: 0; overflow-wrap: anywhere; }
.key i { flex: none; width: 1.25rem; height: 0; border-top: 2.5px solid; }
table { border-collapse: collapse; font-size: .875rem; margin-top: 1rem; min-width: min(100%, 28rem); }
caption { text-align: left; color: var(--muted); padding-bottom: .5rem; }
th, td { text-align: right; padding: .3rem 0 .3rem 1.25rem; border-bottom: 1px solid var(--rule); vertical-align: top; font-weight: 400; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--muted); vertical-align: bottom; white-space: normal; overflow-wrap: break-word; }
tbody th { text-align: left; }
td.text, th.text, th.prose { text-align: left; }
td.prose { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; max-width: 34rem; }
td.best { color: var(--accent); font-weight: 600; }
tfoot th, tfoot td { border-bottom: 0; color: var(--muted); }
.numbers + .note { margin-top: 1.25rem; }
td small { display: block; white-space: normal; min-width: 4.25rem; color: var(--muted); font-size: .8125rem; }
.name { overflow-wrap: anywhere; }
.clips { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18.5rem), 1fr)); gap: 2rem; margin-top: 1.25rem; }
.clips h3 { margin-bottom: .15rem; }
.clips .note { margin: .1rem 0 .5rem; overflow-wrap: anywhere; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 12.5rem), 1fr)); gap: 1.25rem 1rem; margin-top: 1rem; }
.multiples figcaption { margin-top: .25rem; overflow-wrap: anywhere; }
main > article { margin-top: 2.25rem; }
main > article h3 { padding-top: .75rem; border-top: 1px solid var(--rule); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: .5rem 2rem; align-items: start; margin-top: .75rem; }
summary { cursor: pointer; margin-top: 1rem; color: var(--accent); font-size: .875rem; }
audio { width: 100%; height: 2.25rem; margin-top: .4rem; display: block; }
.silent { font-size: .875rem; color: var(--muted); }
.options { columns: 20rem; column-gap: 3rem; margin: 1rem 0 0; font-size: .875rem; }
.options div { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--rule); padding: .25rem 0; break-inside: avoid; }
.options dt { color: var(--muted); }
.options dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  th, td { padding-left: .75rem; }
  td.text, th.text { white-space: normal; overflow-wrap: break-word; min-width: 5.5rem; }
  section { margin-top: 2.25rem; }
  .numbers { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1.25rem 1.5rem; }
}
footer { margin-top: 4rem; padding-bottom: 3rem; color: var(--muted); font-size: .8125rem; }
@media print {
  :root { --paper: #fff; --ink: #000; --muted: #444; --rule: #bbb; --accent: #0a6c94; }
  body { font-size: 10pt; }
  audio { display: none; }
  section { margin-top: 1.5rem; }
  figure, tr, .clips > *, .numbers div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  svg.plot, .scroll svg.plot { max-width: 100%; }
  .beside { display: block; }
  .beside > * { margin-top: 1rem; }
  .figures > * { min-width: 0; }
  table { width: 100%; min-width: 0; font-size: 8.5pt; }
  th, td { padding-left: .6rem; white-space: normal; }
  td.prose, td.text, th.text { min-width: 3.5rem; overflow-wrap: anywhere; }
  td small { min-width: 0; font-size: 7pt; }
}
`;

import * as Plot from "../deps/plot.ts";
import { chart, ink, labelMargin, shorten } from "./chart.ts";
import { formatShare } from "./format.ts";
import type { Html } from "./html.ts";

/** Most classes whose numbers are written in the matrix. */
const mostNumberedClasses = 24;

/** Width that a page has for the cells, in pixels. */
const cellsWidth = 860;

/** `confusion[true][predicted]`: the darker, the larger a share of the true class. */
export function confusionChart(
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
): Html {
  const numClasses = classes.length, numbered = numClasses <= mostNumberedClasses;
  const cells = confusion.flatMap((row, truth) => {
    const support = row.reduce((a, b) => a + b, 0);
    return row.map((count, said) => ({ truth, said, count, share: support ? count / support : 0 }));
  });
  const filled = cells.filter(({ count }) => count > 0);
  const cellPixels = numClasses <= 6
    ? 56
    : numClasses <= 12
    ? 44
    : numbered
    ? 34
    : Math.max(12, Math.floor(cellsWidth / numClasses)); // still as high as a name in small letters
  const short = classes.map((name) => shorten(name)), across = labelMargin(short);
  const indices = classes.map((_, i) => i);
  const axis = { domain: indices, tickFormat: (i: number) => short[i], tickSize: 0, label: null };
  const narrow = short.every((name) => 7 * [...name].length < cellPixels - 2);
  const below = narrow ? 40 : across + 14;
  return chart("confusion matrix", {
    width: across + numClasses * cellPixels + 16,
    height: numClasses * cellPixels + below + 4,
    marginLeft: across,
    marginTop: 4,
    marginRight: 0,
    marginBottom: below,
    padding: 0.04,
    ...cellPixels < 16 ? { style: { fontSize: "10px" } } : {},
    x: {
      ...axis,
      label: "named as",
      labelAnchor: "center",
      labelArrow: "none",
      tickRotate: narrow ? 0 : -90,
    },
    y: axis,
    opacity: { type: "identity" },
    marks: [
      // A rectangle for each of very many cells would make the page megabytes long.
      numbered
        ? Plot.cell(cells, { x: "said", y: "truth", fill: ink.muted, fillOpacity: 0.08 })
        : Plot.frame({ fill: ink.muted, fillOpacity: 0.06, stroke: null }),
      Plot.cell(filled, {
        x: "said",
        y: "truth",
        fill: ink.accent,
        fillOpacity: ({ share }) => 0.12 + 0.88 * share,
        title: ({ truth, said, count, share }) =>
          `${classes[truth]} named ${classes[said]}: ${count} (${formatShare(share)})`,
      }),
      numbered
        ? Plot.text(filled, {
          x: "said",
          y: "truth",
          text: ({ count }) => String(count),
          fill: ({ share }) => share > 0.5 ? ink.paper : "currentColor",
          fontVariant: "tabular-nums",
        })
        : null,
    ],
  });
}

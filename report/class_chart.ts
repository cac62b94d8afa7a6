import * as Plot from "../deps/plot.ts";
import type { ClassFigures } from "../model/evaluation/class_figures.ts";
import { chart, ink, labelMargin, shorten } from "./chart.ts";
import { formatPercent, formatShare } from "./format.ts";
import type { Html } from "./html.ts";

/** Precision and recall of every class, the lowest F1 at the top. */
export function classChart(
  figures: readonly ClassFigures[],
): Html {
  const sorted = figures.toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2));
  const short = sorted.map(({ name }) => shorten(name));
  const rows = sorted.map((figure, place) => ({ ...figure, place }));
  const both = rows.filter(({ precision, recall }) => precision !== null && recall !== null);
  return chart("precision and recall by class", {
    width: 220 + labelMargin(short),
    height: 56 + 22 * rows.length,
    marginLeft: labelMargin(short),
    marginRight: 24,
    marginTop: 10,
    marginBottom: 36,
    x: {
      domain: [0, 1],
      ticks: [0, 0.25, 0.5, 0.75, 1],
      grid: true,
      label: null,
      tickFormat: formatPercent,
    },
    y: {
      type: "point",
      domain: rows.map(({ place }) => place),
      label: null,
      tickSize: 0,
      tickFormat: (place: number) => short[place],
    },
    marks: [
      Plot.link(both, { x1: "precision", x2: "recall", y: "place", stroke: ink.muted }),
      Plot.dot(rows, {
        x: "precision",
        y: "place",
        r: 4.5,
        fill: ink.paper,
        stroke: ink.accent,
        strokeWidth: 1.75,
        title: ({ name, precision }) => `${name}: precision ${formatShare(precision)}`,
      }),
      Plot.dot(rows, {
        x: "recall",
        y: "place",
        r: 4.5,
        fill: ink.accent,
        title: ({ name, recall }) => `${name}: recall ${formatShare(recall)}`,
      }),
    ],
  });
}

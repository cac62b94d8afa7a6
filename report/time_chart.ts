import * as Plot from "../deps/plot.ts";
import { chart, ink, labelMargin } from "./chart.ts";
import { formatDuration } from "./format.ts";
import type { Html } from "./html.ts";

/** Seconds as horizontal bars, in the order given. */
export function timeChart(
  rows: readonly { readonly name: string; readonly seconds: number; readonly colour: string }[],
): Html {
  const total = Math.max(1e-9, ...rows.map(({ seconds }) => seconds));
  return chart("seconds by stage", {
    width: 340,
    height: 20 + 26 * rows.length,
    marginLeft: labelMargin(rows.map(({ name }) => name)),
    marginRight: 70,
    marginTop: 4,
    marginBottom: 8,
    x: { axis: null, domain: [0, total] },
    y: { domain: rows.map(({ name }) => name), label: null, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.barX(rows, { x: "seconds", y: "name", fill: "colour" }),
      Plot.text(rows, {
        x: "seconds",
        y: "name",
        text: ({ seconds }) => formatDuration(seconds),
        textAnchor: "start",
        dx: 6,
        fill: "currentColor",
      }),
      Plot.ruleX([0], { stroke: ink.muted }),
    ],
    color: { type: "identity" },
  });
}

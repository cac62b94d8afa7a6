import * as Plot from "../deps/plot.ts";
import { quantile } from "../model/evaluation/interval.ts";
import { chart, ink, labelMargin, shorten } from "./chart.ts";
import { formatCount } from "./format.ts";
import type { Html } from "./html.ts";

/** Counts as horizontal bars, in the order given. @param of What is counted. */
export function countChart(
  counts: readonly (readonly [name: string, count: number])[],
  of: string,
): Html {
  const short = counts.map(([name]) => shorten(name, 24));
  const rows = counts.map(([name, count], place) => ({ name, count, place }));
  return chart(of, {
    width: 340,
    height: 16 + 26 * rows.length,
    marginLeft: labelMargin(short),
    marginRight: 52,
    marginTop: 4,
    marginBottom: 8,
    x: { axis: null, domain: [0, Math.max(1, ...rows.map(({ count }) => count))] },
    y: {
      domain: rows.map(({ place }) => place),
      tickFormat: (place: number) => short[place],
      label: null,
      tickSize: 0,
      padding: 0.25,
    },
    marks: [
      Plot.barX(rows, { x: "count", y: "place", fill: ink.accent, title: ({ name }) => name }),
      Plot.text(rows, {
        x: "count",
        y: "place",
        text: ({ count }) => formatCount(count),
        textAnchor: "start",
        dx: 6,
        fill: "currentColor",
      }),
      Plot.ruleX([0], { stroke: ink.muted }),
    ],
  });
}

/** A histogram of lengths; the few longest share its last bar, so that the others can be told apart. */
export function durationChart(sorted: Float64Array, usedSeconds: number): Html {
  const high = Math.max(usedSeconds * 1.2, 1.5 * (quantile(sorted, 0.98) || 0));
  const clipped = Array.from(sorted, (seconds) => Math.min(seconds, high * 0.999));
  return chart("recordings by length", {
    width: 720,
    height: 240,
    marginLeft: 50,
    marginRight: 24,
    marginTop: 20,
    marginBottom: 36,
    x: { domain: [0, high], label: null, tickFormat: (seconds) => `${seconds} s` },
    y: { grid: true, label: null, ticks: 5 },
    marks: [
      Plot.rectY(
        clipped,
        {
          ...Plot.binX({ y: "count" }, {
            x: (seconds: number) => seconds,
            thresholds: Array.from({ length: 41 }, (_, i) => i * high / 40),
          }),
          fill: ink.accent,
          inset: 0.5,
        },
      ),
      Plot.ruleY([0], { stroke: ink.muted }),
      Plot.ruleX([usedSeconds], { stroke: "currentColor", strokeDasharray: "3,3" }),
      Plot.text([usedSeconds], {
        x: (seconds) => seconds,
        frameAnchor: "top",
        dy: -14,
        text: () => "used",
      }),
    ],
  });
}

import * as Plot from "../deps/plot.ts";
import type { ThresholdPoint } from "../model/scores/threshold_curve.ts";
import { chart, ink } from "./chart.ts";
import { formatPercent } from "./format.ts";
import type { Html } from "./html.ts";

/** Precision and recall of one class over its threshold, small, to stand among others. */
export function thresholdChart(
  name: string,
  curve: readonly ThresholdPoint[],
  threshold: number | null,
): Html {
  const precise = curve.filter(({ precision }) => precision !== null);
  const axis = { domain: [0, 1], ticks: [0, 0.5, 1], tickFormat: formatPercent, label: null };
  return chart(`precision and recall of ${name} over the threshold`, {
    width: 210,
    height: 130,
    marginLeft: 46,
    marginRight: 22,
    marginTop: 8,
    marginBottom: 24,
    x: axis,
    y: { ...axis, grid: true },
    marks: [
      threshold === null
        ? null
        : Plot.ruleX([threshold], { stroke: ink.muted, strokeDasharray: "3,3" }),
      Plot.line(precise, { x: "threshold", y: "precision", stroke: ink.muted, strokeWidth: 2 }),
      Plot.line(curve, { x: "threshold", y: "recall", stroke: ink.accent, strokeWidth: 2 }),
    ],
  });
}

import * as Plot from "../deps/plot.ts";
import type { CalibrationBin } from "../model/evaluation/calibration.ts";
import { chart, ink } from "./chart.ts";
import { formatPercent, formatShare } from "./format.ts";
import type { Html } from "./html.ts";

/**
 * Confidence against accuracy: on the diagonal, a stated probability is the true one.
 *
 * @param before The same without the model's temperature, hollow behind the others.
 */
export function reliabilityChart(
  bins: readonly CalibrationBin[],
  before: readonly CalibrationBin[] = [],
): Html {
  const [filled, hollow] = [bins, before].map((all) => all.filter(({ count }) => count > 0));
  return chart("stated probability against the share that is right", {
    width: 340,
    height: 320,
    marginLeft: 50,
    marginRight: 24,
    marginTop: 26,
    marginBottom: 40,
    x: {
      domain: [0, 1],
      ticks: 5,
      tickFormat: formatPercent,
      label: "stated probability",
      labelArrow: "none",
      labelAnchor: "center",
    },
    y: {
      domain: [0, 1],
      ticks: 5,
      tickFormat: formatPercent,
      grid: true,
      label: "named rightly",
      labelArrow: "none",
    },
    r: { range: [0, 14] },
    marks: [
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: ink.muted, strokeDasharray: "3,3" }),
      Plot.dot(hollow, {
        x: "confidence",
        y: "accuracy",
        r: "count",
        stroke: ink.muted,
        strokeWidth: 1.5,
        title: (bin) => `${describeBin(bin)} (before)`,
      }),
      Plot.ruleX(filled, { x: "confidence", y1: "confidence", y2: "accuracy", stroke: ink.accent }),
      Plot.dot(filled, {
        x: "confidence",
        y: "accuracy",
        r: "count",
        fill: ink.accent,
        fillOpacity: 0.75,
        stroke: ink.paper,
        title: describeBin,
      }),
    ],
  });
}

function describeBin({ count, confidence, accuracy }: CalibrationBin): string {
  return `${count} clips: stated ${formatShare(confidence)}, right ${formatShare(accuracy)}`;
}

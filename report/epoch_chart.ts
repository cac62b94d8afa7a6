import * as Plot from "../deps/plot.ts";
import { chart, ink, wholeTicks } from "./chart.ts";
import { formatPercent } from "./format.ts";
import type { Html } from "./html.ts";

/** One line of a chart over epochs. */
export interface Series {
  /** Its name, where the pointer rests on it. */
  readonly name: string;
  /** A CSS colour. */
  readonly colour: string;
  /** One value an epoch, the first epoch first; NaN leaves a gap. */
  readonly values: readonly number[];
}

/** Lines over epochs. */
export function epochChart(
  series: readonly Series[],
  options: {
    /** Name of the values. */
    readonly title: string;
    /** Epoch to mark. */
    readonly bestEpoch?: number;
    /** Shares are shown as percentages, from 0 to 100. */
    readonly scale: "share" | "number";
  },
): Html {
  const { bestEpoch, scale } = options;
  const numEpochs = Math.max(1, ...series.map(({ values }) => values.length));
  const values = series.flatMap(({ values }) => values).filter(Number.isFinite);
  const domain = scale === "share" ? [0, 1] : [Math.min(0, ...values), Math.max(...values, 0) || 1];
  const format = scale === "share"
    ? formatPercent
    : (value: number) => String(Number(value.toPrecision(3)));
  const names = series.map(({ name }) => name).join(", ");
  return chart(`${options.title} by epoch: ${names}`, {
    width: 340,
    height: 230,
    marginLeft: 54,
    marginRight: 12,
    marginTop: 14,
    marginBottom: 36,
    x: {
      domain: numEpochs === 1 ? [0.5, 1.5] : [1, numEpochs],
      ticks: wholeTicks(numEpochs),
      tickFormat: String,
      label: "epoch",
      labelArrow: "none",
    },
    y: { domain, ticks: 5, grid: true, label: null, tickFormat: format },
    marks: [
      Plot.ruleY([0], { stroke: ink.faint }),
      bestEpoch !== undefined && bestEpoch <= numEpochs
        ? [
          Plot.ruleX([bestEpoch], { stroke: ink.muted, strokeDasharray: "3,3" }),
          Plot.text([bestEpoch], {
            x: (epoch) => epoch,
            frameAnchor: "top",
            dy: -12,
            text: () => "kept",
            fill: ink.muted,
            fontSize: 11,
          }),
        ]
        : null,
      series.map(({ name, colour, values }) => {
        const points = values.map((value, i) => ({ epoch: i + 1, value }));
        return [
          Plot.line(points, { x: "epoch", y: "value", stroke: colour, strokeWidth: 2 }),
          numEpochs <= 40
            ? Plot.dot(points, {
              x: "epoch",
              y: "value",
              r: 2.5,
              fill: colour,
              title: ({ epoch, value }) => `${name}, epoch ${epoch}: ${format(value)}`,
            })
            : null,
        ];
      }),
    ],
  });
}

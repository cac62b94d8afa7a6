/** The charts of a training run. */
import * as Plot from "@observablehq/plot";
import { chart, ink, labelMargin, shorten, wholeTicks } from "./chart.ts";
import { formatDuration, formatShare } from "./format.ts";
import type { Html } from "./html.ts";
import type { CalibrationBin } from "./calibration.ts";

/** One line of a chart over epochs. */
export interface Series {
  /** What it is called where the pointer rests on it. */
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
  return chart({
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

/** How many classes still have their numbers written in the matrix. */
const mostNumberedClasses = 24;

/** `confusion[true][predicted]`: the darker, the larger a share of the true class. */
export function confusionChart(
  confusion: readonly (readonly number[])[],
  labels: readonly string[],
): Html {
  const numClasses = labels.length, numbered = numClasses <= mostNumberedClasses;
  const cells = confusion.flatMap((row, truth) => {
    const support = row.reduce((a, b) => a + b, 0);
    return row.map((count, said) => ({ truth, said, count, share: support ? count / support : 0 }));
  });
  const cellPixels = numClasses <= 6 ? 56 : numClasses <= 12 ? 44 : numbered ? 34 : 9;
  const short = labels.map((label) => shorten(label)), across = labelMargin(short);
  const classes = labels.map((_, i) => i);
  const axis = { domain: classes, tickFormat: (i: number) => short[i], tickSize: 0 };
  const narrow = short.every((label) => 7 * [...label].length < cellPixels - 2);
  return chart({
    width: across + numClasses * cellPixels + 16,
    height: numClasses * cellPixels + (numbered ? (narrow ? 40 : across + 14) : 30) + 4,
    marginLeft: numbered ? across : 30,
    marginTop: 4,
    marginRight: 0,
    marginBottom: numbered ? (narrow ? 40 : across + 14) : 30,
    padding: 0.04,
    x: {
      ...axis,
      label: "named as",
      labelAnchor: "center",
      labelArrow: "none",
      axis: numbered ? "bottom" : null,
      tickRotate: narrow ? 0 : -90,
    },
    y: { ...axis, label: null, axis: numbered ? "left" : null },
    opacity: { type: "identity" },
    marks: [
      Plot.cell(cells, {
        x: "said",
        y: "truth",
        fill: ink.muted,
        fillOpacity: 0.08,
      }),
      Plot.cell(cells.filter(({ count }) => count > 0), {
        x: "said",
        y: "truth",
        fill: ink.accent,
        fillOpacity: ({ share }) => 0.12 + 0.88 * share,
        title: ({ truth, said, count, share }) =>
          `${labels[truth]} named ${labels[said]}: ${count} (${formatShare(share)})`,
      }),
      numbered
        ? Plot.text(cells.filter(({ count }) => count > 0), {
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

/** Confidence against accuracy: on the diagonal, a stated probability is the true one. */
export function reliabilityChart(bins: readonly CalibrationBin[]): Html {
  const filled = bins.filter(({ count }) => count > 0);
  return chart({
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
      Plot.ruleX(filled, { x: "confidence", y1: "confidence", y2: "accuracy", stroke: ink.accent }),
      Plot.dot(filled, {
        x: "confidence",
        y: "accuracy",
        r: "count",
        fill: ink.accent,
        fillOpacity: 0.75,
        stroke: ink.paper,
        title: ({ count, confidence, accuracy }) =>
          `${count} clips: stated ${formatShare(confidence)}, right ${formatShare(accuracy)}`,
      }),
    ],
  });
}

/** Precision and recall of every class, the lowest F1 at the top. */
export function classChart(
  figures: readonly {
    readonly label: string;
    readonly precision: number | null;
    readonly recall: number | null;
    readonly f1: number | null;
  }[],
): Html {
  const sorted = figures.toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2));
  const short = sorted.map(({ label }) => shorten(label));
  const rows = sorted.map((figure, place) => ({ ...figure, place }));
  const both = rows.filter(({ precision, recall }) => precision !== null && recall !== null);
  return chart({
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
        title: ({ label, precision }) => `${label}: precision ${formatShare(precision)}`,
      }),
      Plot.dot(rows, {
        x: "recall",
        y: "place",
        r: 4.5,
        fill: ink.accent,
        title: ({ label, recall }) => `${label}: recall ${formatShare(recall)}`,
      }),
    ],
  });
}

/** Seconds as horizontal bars, in the order given. */
export function timeChart(
  rows: readonly { readonly name: string; readonly seconds: number; readonly colour: string }[],
): Html {
  const total = Math.max(1e-9, ...rows.map(({ seconds }) => seconds));
  return chart({
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

function formatPercent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

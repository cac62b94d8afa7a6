/// <reference lib="dom" />
/** Curves over epochs, as they grow. */
import { formatPercent, formatShare } from "../../report/format.ts";
import type { HistoryRow } from "../../run/training/train_events.ts";
import { at, element } from "../app/dom.ts";

/** A curve: one value an epoch; none where nothing was measured. */
interface Curve {
  readonly kind: "training" | "validation";
  readonly values: readonly (number | undefined)[];
}

const left = 46, right = 332, top = 10, bottom = 190;

/** What is measured on validation clips. */
export function scoreOfRow(row: HistoryRow): number | undefined {
  return row.validationAccuracy ?? row.validationMeanAveragePrecision;
}

/** Draws loss and accuracy. @param epochs Most epochs of the run. */
export function drawCurves(rows: readonly HistoryRow[], epochs: number): void {
  const several = rows.some((row) => row.validationMeanAveragePrecision !== undefined);
  at("accuracy-name").textContent = several ? "Accuracy; mean average precision" : "Accuracy";
  at("score-heading").textContent = several
    ? "Validation mean average precision"
    : "Validation accuracy";
  const loss: Curve[] = [
    { kind: "training", values: rows.map(({ loss }) => loss) },
    { kind: "validation", values: rows.map(({ validationLoss }) => validationLoss) },
  ];
  const step = roundStep(Math.max(0.01, ...loss.flatMap(({ values }) => values.filter(isNumber))));
  draw("loss", loss, { epochs, step, format: (value) => String(Number(value.toPrecision(3))) });
  draw("accuracy", [
    { kind: "training", values: rows.map(({ accuracy }) => accuracy) },
    { kind: "validation", values: rows.map(scoreOfRow) },
  ], { epochs, step: 0.25, format: formatPercent });
  showTable(rows);
}

function draw(
  id: string,
  curves: readonly Curve[],
  { epochs, step, format }: {
    readonly epochs: number;
    /** A quarter of what the height shows. */
    readonly step: number;
    readonly format: (value: number) => string;
  },
): void {
  // Of a long run that has only begun, the beginning fills the picture.
  const numRows = Math.max(...curves.map(({ values }) => values.length));
  const shown = Math.min(epochs, Math.max(8, Math.ceil(1.25 * numRows)));
  const x = (epoch: number) =>
    left + (right - left) * (shown === 1 ? 0.5 : (epoch - 1) / (shown - 1));
  const y = (value: number) => bottom - (bottom - top) * Math.min(1, value / (4 * step));
  const parts: SVGElement[] = [];
  for (const value of [0, 1, 2, 3, 4].map((i) => i * step)) {
    const height = y(value);
    parts.push(
      shape("line", { x1: left, x2: right, y1: height, y2: height, class: "grid" }),
      words(format(value), { x: left - 6, y: height + 4, "text-anchor": "end" }),
    );
  }
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((every) => shown / every <= 8) ??
    5000;
  for (let epoch = every; epoch <= shown; epoch += every) {
    parts.push(words(String(epoch), { x: x(epoch), y: bottom + 18, "text-anchor": "middle" }));
  }
  for (const { kind, values } of curves) {
    const points = values.flatMap((value, i) => isNumber(value) ? [[x(i + 1), y(value)]] : []);
    const path = points.map((point) => point.map((at) => at.toFixed(1)).join(",")).join(" ");
    parts.push(shape("polyline", { points: path, class: `line ${kind}` }));
    const [lastX, lastY] = points.at(-1) ?? [];
    if (lastX !== undefined) {
      parts.push(shape("circle", { cx: lastX, cy: lastY, r: 3, class: kind }));
    }
  }
  const svg = at<HTMLElement>(`${id}-curve`);
  svg.replaceChildren(...parts);
  const last = curves.flatMap(({ kind, values }) => {
    const value = values.findLast(isNumber);
    return isNumber(value) ? [`${kind} ${format(value)}`] : [];
  });
  const name = at(`${id}-name`).textContent;
  svg.setAttribute("aria-label", `${name} by epoch, after ${numRows}: ${last.join(", ")}`);
}

/** The smallest round number of which four reach a value. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value / 4));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => 4 * step >= value)!;
}

function showTable(rows: readonly HistoryRow[]): void {
  const table = at("rows");
  // Epochs only become more: what is there stays.
  if (table.childElementCount > rows.length) table.replaceChildren();
  for (const row of rows.slice(table.childElementCount)) {
    const line = element("tr");
    line.append(
      element("td", String(row.epoch)),
      element("td", row.loss.toFixed(3)),
      element("td", formatShare(row.accuracy)),
      element("td", row.validationLoss?.toFixed(3) ?? "–"),
      element("td", formatShare(scoreOfRow(row))),
    );
    table.append(line);
  }
}

function shape(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function words(
  text: string,
  attributes: Readonly<Record<string, string | number>>,
): SVGElement {
  const made = shape("text", attributes);
  made.textContent = text;
  return made;
}

function isNumber(value: number | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** The section on thresholds: how precision and recall of each class go with them. */
import type { ClassFigures } from "../model/evaluation/class_figures.ts";
import type { ScoreFigures } from "../model/scores/fit_scores.ts";
import type { ThresholdPoint } from "../model/scores/threshold_curve.ts";
import { fewestPositives } from "../model/scores/thresholds.ts";
import { ink } from "./chart.ts";
import { formatCount, formatPercent, formatShare, plural } from "./format.ts";
import { type Html, html, nameOf } from "./html.ts";
import { section, table } from "./page.ts";
import type { RunRecord } from "./read_run.ts";
import { thresholdChart } from "./threshold_chart.ts";

/** Most classes that all have a chart; of more, the worst ones have. */
const mostChartedClasses = 40;
/** Classes with a chart where there are more. */
const numWorstClasses = 20;

/** A class with its threshold, figures at it, and curve. */
interface ThresholdRow extends ClassFigures {
  readonly threshold: number | null;
  readonly curve: readonly ThresholdPoint[];
}

/** Thresholds of the classes that occur and are given out; nothing where a run wrote none. */
export function renderThresholds(run: RunRecord): Html | undefined {
  const { scores, curves, backgroundClasses } = run;
  if (!scores || !curves) return undefined;
  const rows = scores.perClass.map((figures, k): ThresholdRow => ({
    ...figures,
    threshold: scores.scores.thresholds[k],
    curve: curves[k] ?? [],
  })).filter(({ name, curve }) => curve.length > 0 && !backgroundClasses.includes(name));
  if (rows.length === 0) return undefined;
  const areAllCharted = rows.length <= mostChartedClasses;
  const charted = areAllCharted
    ? rows
    : rows.toSorted((a, b) => (a.f1 ?? 0) - (b.f1 ?? 0)).slice(0, numWorstClasses);
  const folded = html`
    <details>
      <summary>All ${plural(rows.length, "class", "classes")}</summary>
      ${thresholdTable(rows)}
    </details>
  `;
  return section(
    "How sure is sure enough?",
    explain(scores, rows),
    html`
      <ul class="key">
        <li style="color:${ink.muted}"><i></i>precision</li>
        <li style="color:${ink.accent}"><i></i>recall</li>
      </ul>
      <div class="multiples">${charted.map(renderClass)}</div>
      ${areAllCharted ? undefined : folded}
    `,
  );
}

function explain(
  { scores: { precision }, kept }: ScoreFigures,
  rows: readonly ThresholdRow[],
): Html {
  const chosen = precision === null
    ? "the one with the best F1"
    : `the lowest that reaches a precision of ${formatPercent(precision)}`;
  const isAnyRare = rows.some(({ support }) => support < fewestPositives);
  const rare = isAnyRare
    ? ` Classes with fewer than ${fewestPositives} clips share the threshold of all classes together.`
    : "";
  return html`
    <p><code>predict --unknown LABEL</code> gives a clip that reaches the threshold of no class that
    label. The dashed line is a class’s threshold, ${chosen}.${rare}</p>
    <p class="note">The figures below a curve are of each half of the clips at the thresholds of the
    other half, by which ${formatShare(
      kept,
    )} of the clips reach one. They say nothing of sounds that are
    not among the validation clips.</p>
  `;
}

function renderClass(row: ThresholdRow): Html {
  const { name, threshold, curve, precision, recall } = row;
  const words = threshold === null
    ? "no threshold: never given out"
    : `from ${formatPercent(threshold)}: precision ${formatShare(precision)}, ` +
      `recall ${formatShare(recall)}`;
  return html`
    <figure>
      ${thresholdChart(name, curve, threshold)}
      <figcaption><strong>${nameOf(name)}</strong> ${words}</figcaption>
    </figure>
  `;
}

function thresholdTable(rows: readonly ThresholdRow[]): Html {
  return table(
    [
      ["class", "prose"],
      ["clips", "number"],
      ["threshold", "number"],
      ["precision", "number"],
      ["recall", "number"],
    ],
    rows.map(({ name, support, threshold, precision, recall }) => [
      nameOf(name),
      formatCount(support),
      formatShare(threshold),
      formatShare(precision),
      formatShare(recall),
    ]),
  );
}

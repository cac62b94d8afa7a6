/** What a run of several labels a clip came to. Its figures are those of `metrics.json`. */
import { formatNumber, formatShare, missing } from "./format.ts";
import { type Html, html, nameOf } from "./html.ts";
import { section, table } from "./page.ts";
import { recordAt, type RunRecord } from "./run_files.ts";

/** Figures of a model that gives a clip any number of labels. */
export interface LabelFigures {
  readonly meanAveragePrecision: number;
  readonly accuracy: number;
  readonly macroF1: number;
  /** By label; null where no clip has it. */
  readonly averagePrecision: readonly (number | null)[];
}

/** The figures of a run that has ended; nothing for runs of one label a clip. */
export function labelFiguresOf(metrics: RunRecord["metrics"]): LabelFigures | undefined {
  const figures = { ...recordAt(metrics, "best"), ...recordAt(metrics, "outOfFold") };
  return Array.isArray(figures.averagePrecision) ? figures as unknown as LabelFigures : undefined;
}

/** The figures that stand above the page. */
export function renderLabelHeadlines(figures: LabelFigures, data: Html): Html {
  return html`
    <p
      class="lede">On ${data}, where a clip may have several labels, it reaches a mean average precision
    of ${formatShare(figures.meanAveragePrecision)} on the validation clips.</p>
    <dl class="numbers">
      <div>
        <dt>Mean average precision</dt>
        <dd class="figure">${formatShare(figures.meanAveragePrecision)}</dd>
        <dd class="note">1 where every label ranks its own clips first</dd>
      </div>
      <div>
        <dt>Macro-F1</dt>
        <dd class="figure">${formatShare(figures.macroF1)}</dd>
        <dd class="note">labels above one half</dd>
      </div>
      <div>
        <dt>Accuracy</dt>
        <dd class="figure">${formatShare(figures.accuracy)}</dd>
        <dd class="note">of all pairs of a clip and a label</dd>
      </div>
    </dl>
  `;
}

/** The labels, the one that ranks worst first. */
export function renderLabels(figures: LabelFigures, labels: readonly string[]): Html {
  const rows = labels.map((label, i) => ({ label, precision: figures.averagePrecision[i] ?? null }))
    .sort((a, b) => (a.precision ?? 2) - (b.precision ?? 2));
  return section(
    "Labels",
    table(
      [["label", "text"], ["average precision", "number"]],
      rows.map(({ label, precision }) => [
        nameOf(label),
        precision === null ? missing : formatNumber(precision, 3),
      ]),
    ),
  );
}

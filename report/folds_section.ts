import { scoreOf } from "../model/evaluation/evaluation.ts";
import { formatCount, formatNumber, formatShare } from "./format.ts";
import { type Html, html } from "./html.ts";
import { section, table } from "./page.ts";
import { recordAt } from "./read_files.ts";
import type { RunRecord } from "./read_run.ts";

/** The runs of a cross-validation; nothing where it is none. */
export function renderFolds({ folds, metrics, evaluation }: RunRecord): Html | undefined {
  if (!folds) return undefined;
  const spread = (name: string) => {
    const { mean, spread } = recordAt(metrics, name) as { mean?: number; spread?: number | null };
    return typeof spread === "number"
      ? `${formatShare(mean)} ± ${formatShare(spread)}`
      : formatShare(mean);
  };
  const score = evaluation?.task === "several-labels"
    ? {
      name: "mean average precision",
      heading: "mean avg. precision",
      key: "meanAveragePrecision",
    }
    : { name: "accuracy", heading: "accuracy", key: "accuracy" };
  const rows = folds.map(({ evaluation, bestEpoch }, i) => [
    String(i + 1),
    formatCount(evaluation?.examples ?? 0),
    formatCount(bestEpoch),
    evaluation ? formatShare(scoreOf(evaluation)) : "not validated",
    formatShare(evaluation?.macroF1),
    formatNumber(evaluation?.loss, 3),
  ]);
  const unvalidated = folds.filter(({ evaluation }) => !evaluation).length;
  const means = recordAt(metrics, score.key).mean === undefined ? undefined : html`
    <p>Folds’ ${score.name} ${spread(score.key)}, macro-F1 ${spread("macroF1")}: mean and standard
    deviation over the folds${unvalidated > 0 ? " that were validated" : ""}.</p>
  `;
  return section(
    "Folds",
    means,
    html`
      <p>Each fold is a run of its own, with its own report; this page is about all clips, each as the
      model says that was not trained on it.</p>
    `,
    table(
      [
        ["fold", "text"],
        ["clips", "number"],
        ["kept epoch", "number"],
        [score.heading, "number"],
        ["macro-F1", "number"],
        ["loss", "number"],
      ],
      rows,
    ),
  );
}

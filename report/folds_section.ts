import { formatCount, formatNumber, formatShare } from "./format.ts";
import { type Html, html } from "./html.ts";
import { section, table } from "./page.ts";
import { recordAt, type RunRecord } from "./run_files.ts";

/** The runs of a cross-validation, by its `metrics.json`; nothing where it has not ended. */
export function renderFolds({ metrics }: RunRecord): Html | undefined {
  if (!Array.isArray(metrics.folds)) return undefined;
  const share = (name: string) => {
    const { mean, spread } = recordAt(metrics, name) as { mean?: number; spread?: number };
    return `${formatShare(mean)} ± ${formatShare(spread)}`;
  };
  const rows = metrics.folds.map((fold, i) => {
    const best = recordAt(fold, "best") as Record<string, number>;
    return [
      String(i + 1),
      formatCount(best.examples),
      formatCount(fold.bestEpoch),
      formatShare(best.accuracy),
      formatNumber(best.macroF1, 3),
      formatNumber(best.loss, 3),
    ];
  });
  return section(
    "Folds",
    html`
      <p>Accuracy ${share("accuracy")}, macro-F1 ${share(
        "macroF1",
      )}: mean and standard deviation over
      the folds. Each fold is a run of its own, with its own report; this page is about all clips, each
      as the model says that was not trained on it.</p>
    `,
    table(
      [
        ["fold", "text"],
        ["clips", "number"],
        ["kept epoch", "number"],
        ["accuracy", "number"],
        ["macro-F1", "number"],
        ["loss", "number"],
      ],
      rows,
    ),
  );
}

import { scoreOf } from "../model/evaluation/evaluation.ts";
import { formatCount, formatNumber, formatShare } from "./format.ts";
import { type Html, html } from "./html.ts";
import { section, table } from "./page.ts";
import { recordAt } from "./read_files.ts";
import type { RunParts, RunRecord } from "./read_run.ts";

/** Of each kind of runs in another one's folder, how a page speaks of them. */
const words: Readonly<
  Record<RunParts["kind"], { heading: string; many: string; one: string; about: string }>
> = {
  fold: {
    heading: "Folds",
    many: "the folds",
    one: "fold",
    about:
      "Each fold is a run of its own, with its own report; this page is about all clips, each as the " +
      "model says that was not trained on it.",
  },
  member: {
    heading: "Members",
    many: "the members",
    one: "seed",
    about:
      "Each member is a run of its own, of another seed, with its own report; this page is about the mean " +
      "of their probabilities.",
  },
};

/** The runs of a cross-validation or an ensemble; nothing where it is neither. */
export function renderParts({ parts, metrics, evaluation }: RunRecord): Html | undefined {
  if (!parts) return undefined;
  const { heading, many, one, about } = words[parts.kind];
  const spread = (name: string) => {
    const { mean, spread } = recordAt(metrics, name) as { mean?: number; spread?: number | null };
    return typeof spread === "number"
      ? `${formatShare(mean)} ± ${formatShare(spread)}`
      : formatShare(mean);
  };
  const score = evaluation?.task === "several-labels"
    ? { name: "Mean average precision", column: "mean avg. precision", key: "meanAveragePrecision" }
    : { name: "Accuracy", column: "accuracy", key: "accuracy" };
  const rows = parts.runs.map(({ evaluation, bestEpoch, config }, i) => [
    String(parts.kind === "member" ? recordAt(config, "recipe").seed ?? i + 1 : i + 1),
    formatCount(evaluation?.examples ?? 0),
    formatCount(bestEpoch),
    evaluation ? formatShare(scoreOf(evaluation)) : "not validated",
    formatShare(evaluation?.macroF1),
    formatNumber(evaluation?.loss, 3),
  ]);
  const unvalidated = parts.runs.filter(({ evaluation }) => !evaluation).length;
  const means = recordAt(metrics, score.key).mean === undefined ? undefined : html`
    <p>${score.name} ${spread(score.key)}, macro-F1 ${spread("macroF1")}: mean and standard
    deviation over ${many}${unvalidated > 0 ? " that were validated" : ""}.</p>
  `;
  return section(
    heading,
    means,
    html`<p>${about}</p>`,
    table(
      [
        [one, "text"],
        ["clips", "number"],
        ["kept epoch", "number"],
        [score.column, "number"],
        ["macro-F1", "number"],
        ["loss", "number"],
      ],
      rows,
    ),
  );
}

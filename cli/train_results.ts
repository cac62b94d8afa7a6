/** Says what a training run came to, in words for people. */
import {
  type Evaluation,
  type OneLabelEvaluation,
  scoreOf,
  type SeveralLabelsEvaluation,
} from "../model/evaluation/evaluation.ts";
import type { MeanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import { plural } from "../report/format.ts";
import type {
  EnsembleResult,
  FoldResult,
  FoldsResult,
  PartsSpread,
  TrainResult,
} from "../run/training/train_events.ts";
import { callOf } from "../settings/call_of.ts";
import { describeEvaluation } from "./describe_evaluation.ts";
import { describeScores } from "./describe_scores.ts";
import { formatFixed, formatSeconds, formatShare, type Terminal } from "./terminal.ts";

/** Rows of the table at the end: more classes than this, and the worst ones are shown. */
const maxTableRows = 20;

const endWords: Readonly<Record<TrainResult["ended"], string>> = {
  "all epochs": "all epochs done",
  "early stopping": "none as good as the highest for a while",
  "all penalties": "one a penalty, each trained to convergence",
};

/** What a run came to: its figures, the classes that it takes for others, and where its files lie. */
export function printResult(terminal: Terminal, result: TrainResult): void {
  terminal.clearStatus();
  const { best, bestEpoch, highest, nearestMeanAccuracy, refit } = result;
  terminal.line("");
  if (best.examples === 0) terminal.line(`epoch ${bestEpoch} kept: not validated`);
  else {
    const loss = `loss ${formatFixed(best.loss)}`;
    terminal.line(`epoch ${bestEpoch} kept: validation ${describeEvaluation(best)}, ${loss}`);
    if (highest !== null && highest > scoreOf(best)!) {
      const share = formatShare(highest);
      terminal.line(`highest of any epoch: ${share}, which these clips cannot tell from it`);
    }
    if (refit) {
      terminal.line(
        `then trained on all ${refit.clips} clips: these figures are from before`,
      );
    }
    terminal.line(`without training: ${describeUntrained(best, nearestMeanAccuracy)}`);
    printClasses(terminal, best, result.classes);
  }
  for (const line of describeScores(best, result.scores)) terminal.line(line);
  const why = endWords[result.ended];
  terminal.line("");
  terminal.line(`${plural(result.epochs, "epoch")} in ${formatSeconds(result.seconds)} (${why})`);
  printFiles(terminal, result);
  terminal.line(`model: ${result.out}/best_model — label recordings with: ${callOf("predict")}`);
}

/** What a cross-validation came to: its folds, their mean and spread, and the figures of all clips. */
export function printFolds(terminal: Terminal, result: FoldsResult): void {
  terminal.clearStatus();
  const { folds, outOfFold, neverValidated, seenBefore } = result;
  printParts(terminal, "fold", folds, outOfFold);
  terminal.line("");
  if (result.numValidated > 0) {
    terminal.line(`folds: ${describeSpread(outOfFold, result, folds.length)}`);
    const by = seenBefore ? "the fold that sets it apart" : "the model not trained on it";
    terminal.line(
      `all ${outOfFold.examples} clips, each by ${by}: ${describeEvaluation(outOfFold)}`,
    );
    if (seenBefore) {
      const { run, clips } = seenBefore;
      terminal.line(
        `           too good: ${run}, which all folds build on, was trained on ${clips}`,
      );
    }
    for (const line of describeScores(outOfFold, result.scores)) terminal.line(line);
  } else terminal.line("folds: not validated, as no clip of any can be read");
  if (neverValidated > 0) {
    terminal.line(`${neverValidated} clips were always trained on: without them a class has none`);
  }
  printFiles(terminal, result);
  terminal.line(
    `models: ${result.out}/fold-* — label recordings with their mean: ${callOf("predict")}`,
  );
}

/** What an ensemble came to: its members, their mean and spread, and the figures of their mean answer. */
export function printEnsemble(terminal: Terminal, result: EnsembleResult): void {
  terminal.clearStatus();
  const { members, best } = result;
  printParts(terminal, "seed", members, best, members.map(({ seed }) => seed));
  terminal.line("");
  if (best.examples > 0) {
    terminal.line(`each alone: ${describeSpread(best, result, members.length)}`);
    terminal.line(`together: ${describeEvaluation(best)}`);
    printClasses(terminal, best, result.classes);
    for (const line of describeScores(best, result.scores)) terminal.line(line);
  } else terminal.line("members: not validated");
  terminal.line("");
  terminal.line(`${plural(members.length, "model")} in ${formatSeconds(result.seconds)}`);
  printFiles(terminal, result);
  terminal.line(
    `models: ${result.out}/member-* — label recordings with their mean: ${callOf("predict")}`,
  );
}

/** What a person gets without training. */
function describeUntrained(best: Evaluation, nearestMeanAccuracy: number | null): string {
  if (best.task === "several-labels") {
    return `always the commoner answer, label accuracy ${formatShare(best.majorityLabelAccuracy)}`;
  }
  const nearest = nearestMeanAccuracy === null
    ? ""
    : `, the nearest class mean ${formatShare(nearestMeanAccuracy)}`;
  return `the largest class ${formatShare(best.majorityAccuracy)}${nearest}`;
}

function printFiles(
  terminal: Terminal,
  { out, skipped }: Pick<TrainResult, "out" | "skipped">,
): void {
  if (skipped > 0) {
    terminal.line(`${plural(skipped, "clip")} could not be read: ${out}/skipped.csv`);
  }
  terminal.line(`report: ${out}/report.html`);
}

/** A table of the runs that stand in one folder. @param names What each is called; without it, its number. */
function printParts(
  terminal: Terminal,
  heading: string,
  runs: readonly FoldResult[],
  { task }: Evaluation,
  names: readonly number[] = runs.map((_, i) => i + 1),
): void {
  terminal.line("");
  terminal.line(
    `${heading}  kept epoch  ${task === "one-label" ? "accuracy" : "     mAP"}  macro-F1`,
  );
  runs.forEach(({ bestEpoch, best }, i) => {
    const cells = [
      String(names[i]).padStart(4),
      String(bestEpoch).padStart(10),
      ...best.examples === 0
        ? ["not validated"]
        : [formatShare(scoreOf(best)).padStart(8), formatFixed(best.macroF1).padStart(8)],
    ];
    terminal.line(cells.join("  "));
  });
}

/** `accuracy 84.0 % ± 3.1 %, macro-F1 0.812 ± 0.040 (mean ± deviation)`. */
function describeSpread({ task }: Evaluation, spread: PartsSpread, numRuns: number): string {
  const first = task === "one-label"
    ? `accuracy ${formatSpread(spread.accuracy, formatShare)}`
    : `mean average precision ${formatSpread(spread.meanAveragePrecision, formatShare)}, ` +
      `label accuracy ${formatSpread(spread.labelAccuracy, formatShare)}`;
  const over = spread.numValidated === numRuns
    ? "mean ± deviation"
    : `mean ± deviation of the ${spread.numValidated} that were validated`;
  return `${first}, macro-F1 ${formatSpread(spread.macroF1, formatFixed)} (${over})`;
}

/** `84.0 % ± 3.1 %`, or that there was nothing to measure. */
function formatSpread(
  figure: MeanAndSpread | null | undefined,
  format: (value: number | null | undefined) => string,
): string {
  if (!figure) return "not validated";
  return figure.spread === null
    ? format(figure.mean)
    : `${format(figure.mean)} ± ${format(figure.spread)}`;
}

/** The classes, the worst first where there are many. */
function printClasses(terminal: Terminal, best: Evaluation, names: readonly string[]): void {
  const rows = best.task === "one-label" ? describeMistakes(best, names) : describeRanks(best);
  terminal.line("");
  for (const row of rows.slice(0, maxTableRows)) terminal.line(row);
  if (rows.length > maxTableRows) {
    terminal.line(`  and ${rows.length - maxTableRows} classes that went better`);
  }
}

/** Of one label a clip, the classes with what each is taken for. */
function describeMistakes(best: OneLabelEvaluation, names: readonly string[]): string[] {
  const classes = best.confusion
    .map((row, i) => ({ row, i, total: row.reduce((a, b) => a + b, 0) }))
    .filter(({ total }) => total > 0);
  if (classes.length > maxTableRows) {
    classes.sort((a, b) => a.row[a.i] / a.total - b.row[b.i] / b.total);
  }
  return classes.map(({ row, i, total }) => {
    const wrong = row.map((n, j) => ({ n, label: names[j] })).filter(({ n }, j) =>
      n > 0 && j !== i
    );
    const taken = wrong.sort((a, b) => b.n - a.n).map(({ n, label }) => `${n} as ${label}`);
    const mistakes = taken.length > 0 ? `  (${taken.slice(0, 5).join(", ")})` : "";
    return `  ${names[i].padEnd(16)} ${`${row[i]}/${total}`.padStart(9)}${mistakes}`;
  });
}

/** Of several labels a clip, the classes by how well each is ranked. */
function describeRanks(best: SeveralLabelsEvaluation): string[] {
  return best.perClass
    .flatMap(({ name, averagePrecision }) =>
      averagePrecision === null ? [] : [{ name, averagePrecision }]
    )
    .sort((a, b) => a.averagePrecision - b.averagePrecision)
    .map(({ name, averagePrecision }) =>
      `  ${name.padEnd(16)} ${formatShare(averagePrecision).padStart(9)}`
    );
}

/** Says how a training run goes: in words for people, or as JSON lines for machines. */
import { plural } from "../report/format.ts";
import {
  type OneLabelEvaluation,
  scoreOf,
  type SeveralLabelsEvaluation,
} from "../model/evaluation/evaluation.ts";
import type { MeanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import type {
  FoldsResult,
  HistoryRow,
  RunStart,
  TrainEvent,
  TrainResult,
} from "../run/train_events.ts";
import { describeEvaluation } from "./describe_evaluation.ts";
import { describeScores } from "./describe_scores.ts";
import {
  createWriter,
  formatFixed,
  formatSeconds,
  formatShare,
  type Terminal,
} from "./terminal.ts";

/** Who tells of a run. */
export interface Narrator {
  /** Takes what happens. */
  tell(event: TrainEvent): void;
  /** Takes a word that is no event. */
  notice(text: string): void;
  /** Takes what the run came to. */
  end(result: TrainResult | FoldsResult): void;
}

/**
 * One JSON object a line on stdout: the events as they are, then `{"kind": "end", …}`.
 *
 * @param onClosed See `createWriter`.
 */
export function createJsonNarrator(onClosed?: () => void): Narrator {
  const write = createWriter("stdout", onClosed);
  const print = (value: unknown) => write(`${JSON.stringify(value)}\n`);
  return {
    tell: print,
    notice: (text) => print({ kind: "notice", level: "info", text }),
    end: (result) => print({ kind: "end", result }),
  };
}

/** Words on a terminal. */
export function createTextNarrator(terminal: Terminal): Narrator {
  let start: RunStart | undefined;
  let startMs = performance.now();
  return {
    notice: (text) => terminal.line(text),
    end: (result) =>
      "folds" in result ? printFolds(terminal, result) : printResult(terminal, result),
    tell(event) {
      switch (event.kind) {
        case "fold":
          terminal.line("");
          return terminal.line(`fold ${event.fold.index} of ${event.fold.of}`);
        case "start":
          if (!start) printSetting(terminal, event.start);
          start = event.start;
          startMs = performance.now();
          return printStart(terminal, start);
        case "notice":
          return terminal.line(`${event.level === "warning" ? "warning: " : ""}${event.text}`);
        case "skipped":
          return terminal.line(`skipped: ${event.failure.message}`);
        case "epoch":
          return terminal.line(describeEpoch(event.row, start!.plan.epochs, event.best));
        case "progress":
          return terminal.status(describeProgress(event, start!, performance.now() - startMs));
      }
    },
  };
}

function describeProgress(
  { epoch, progress }: TrainEvent & { kind: "progress" },
  start: RunStart,
  elapsedMs: number,
): string {
  const { epochs } = start.plan;
  const done = (epoch - 1 + progress.step / progress.steps) / epochs;
  const doneBefore = (start.resumedFrom?.epoch ?? 0) / epochs;
  const leftSeconds = elapsedMs / 1000 * (1 - done) / Math.max(done - doneBefore, 1e-9);
  const rate = progress.examples / (progress.elapsedMs / 1000);
  const limit = progress.waitedMs > 0.2 * progress.elapsedMs ? "features" : "model";
  const memoryMb = Deno.memoryUsage().rss / 1e6;
  return `epoch ${epoch}/${epochs}  step ${progress.step}/${progress.steps}  ` +
    `loss ${progress.loss.toFixed(3)}  accuracy ${formatShare(progress.accuracy)}  ` +
    `lr ${progress.learningRate.toExponential(1)}  ${rate.toFixed(0)} clips/s ` +
    `(limit: ${limit})  ${memoryMb.toFixed(0)} MB  at most ${formatSeconds(leftSeconds)} left`;
}

/** What all folds of a cross-validation have in common. */
function printSetting(terminal: Terminal, start: RunStart): void {
  const classes = Object.entries(start.classCounts).map(([label, n]) => `${label} ${n}`);
  const shown = classes.length > 20 ? [...classes.slice(0, 20), "…"] : classes;
  terminal.line(`data       ${start.data}`);
  for (const note of start.notes) terminal.line(`           ${note}`);
  terminal.line(`classes    ${classes.length}: ${shown.join(", ")}`);
  terminal.line(`engine     ${start.engine} — ${start.engineReason}`);
  terminal.line(`features   ${start.workers} workers`);
}

function printStart(terminal: Terminal, start: RunStart): void {
  terminal.line(`run        ${start.out}`);
  terminal.line(`clips      ${start.numTrain} to train on, ${start.numValidation} to validate on`);
  const { epochs, passes, steps, patience } = start.plan;
  if (start.recipe.steps > 0) {
    terminal.line(
      `steps      ${epochs * steps}: ${plural(epochs, "epoch")} of ${
        plural(passes, "pass", "passes")
      }, ` +
        `patience ${patience}`,
    );
  }
  if (start.resumedFrom) {
    const { epoch, step } = start.resumedFrom;
    terminal.line(`resumed    in epoch ${epoch + 1}, ${step} steps of it done`);
  }
  terminal.line("");
  const score = start.task === "one-label" ? "accuracy" : "     mAP";
  terminal.line(`epoch    loss  accuracy | validation: loss  ${score}  macro-F1 | clips/s   time`);
}

function describeEpoch(row: HistoryRow, epochs: number, best: boolean): string {
  const cells = [
    `${row.epoch}/${epochs}`.padStart(5),
    row.loss.toFixed(3).padStart(7),
    formatShare(row.accuracy).padStart(9),
    "|",
    describeValidation(row).padEnd(36),
    "|",
    row.clipsPerSecond.toFixed(0).padStart(7),
    formatSeconds(row.seconds).padStart(6),
    best ? "  best" : "",
  ];
  return cells.join(" ").trimEnd();
}

/** The validation's columns, or that there was none. */
function describeValidation(row: HistoryRow): string {
  if (row.validationLoss === undefined) return "   not validated";
  return [
    row.validationLoss.toFixed(3).padStart(16),
    formatShare(row.validationAccuracy ?? row.validationMeanAveragePrecision).padStart(9),
    formatFixed(row.validationMacroF1).padStart(9),
  ].join(" ");
}

/** Rows of the table at the end: more classes than this, and the worst ones are shown. */
const maxTableRows = 20;

function printResult(terminal: Terminal, result: TrainResult): void {
  terminal.clearStatus();
  const { best } = result;
  if (best.examples === 0) {
    terminal.line("");
    terminal.line(`epoch ${result.bestEpoch} kept: not validated`);
  } else if (best.task === "one-label") printClasses(terminal, result, best);
  else printLabels(terminal, result, best);
  for (const line of describeScores(best, result.scores)) terminal.line(line);
  const why = result.ended === "early stopping" ? "no better epoch for a while" : "all epochs done";
  terminal.line("");
  terminal.line(`${plural(result.epochs, "epoch")} in ${formatSeconds(result.seconds)} (${why})`);
  if (result.skipped > 0) {
    terminal.line(`${plural(result.skipped, "clip")} could not be read: ${result.out}/skipped.csv`);
  }
  terminal.line(`report: ${result.out}/report.html`);
  terminal.line(`model: ${result.out}/best_model — label recordings with: deno task predict`);
}

/** What a run of one label a clip came to, and the classes that it takes for others. */
function printClasses(
  terminal: Terminal,
  { bestEpoch, nearestMeanAccuracy, classes: names }: TrainResult,
  best: OneLabelEvaluation,
): void {
  terminal.line("");
  terminal.line(
    `best epoch ${bestEpoch}: validation accuracy ${formatShare(best.accuracy)}, ` +
      `macro-F1 ${formatFixed(best.macroF1)}, loss ${formatFixed(best.loss)}`,
  );
  const nearest = nearestMeanAccuracy === null
    ? ""
    : `, the nearest class mean ${formatShare(nearestMeanAccuracy)}`;
  terminal.line(
    `without training: the largest class ${formatShare(best.majorityAccuracy)}${nearest}`,
  );
  terminal.line("");
  const classes = best.confusion
    .map((row, i) => ({ row, i, total: row.reduce((a, b) => a + b, 0) }))
    .filter(({ total }) => total > 0);
  const shown = classes.length <= maxTableRows
    ? classes
    : classes.toSorted((a, b) => a.row[a.i] / a.total - b.row[b.i] / b.total).slice(
      0,
      maxTableRows,
    );
  for (const { row, i, total } of shown) {
    const wrong = row.map((n, j) => ({ n, label: names[j] })).filter(({ n }, j) =>
      n > 0 && j !== i
    );
    const taken = wrong.sort((a, b) => b.n - a.n).map(({ n, label }) => `${n} as ${label}`);
    const mistakes = taken.length > 0 ? `  (${taken.slice(0, 5).join(", ")})` : "";
    terminal.line(`  ${names[i].padEnd(16)} ${`${row[i]}/${total}`.padStart(9)}${mistakes}`);
  }
  if (shown.length < classes.length) {
    terminal.line(`  and ${classes.length - shown.length} classes that went better`);
  }
}

/** What a run of several labels a clip came to, and its labels, the worst first. */
function printLabels(
  terminal: Terminal,
  { bestEpoch }: TrainResult,
  best: SeveralLabelsEvaluation,
): void {
  terminal.line("");
  terminal.line(
    `best epoch ${bestEpoch}: validation mean average precision ${
      formatShare(best.meanAveragePrecision)
    }, at one half: label accuracy ${
      formatShare(best.labelAccuracy)
    } (always the commoner answer: ${formatShare(best.majorityLabelAccuracy)}), exact matches ${
      formatShare(best.exactMatches)
    }, macro-F1 ${formatFixed(best.macroF1)}`,
  );
  terminal.line("");
  const precisions = best.perClass
    .flatMap(({ name, averagePrecision }) =>
      averagePrecision === null ? [] : [{ name, averagePrecision }]
    )
    .sort((a, b) => a.averagePrecision - b.averagePrecision);
  for (const { name, averagePrecision } of precisions.slice(0, maxTableRows)) {
    terminal.line(`  ${name.padEnd(16)} ${formatShare(averagePrecision).padStart(9)}`);
  }
  if (precisions.length > maxTableRows) {
    terminal.line(`  and ${precisions.length - maxTableRows} classes that went better`);
  }
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

function printFolds(terminal: Terminal, result: FoldsResult): void {
  terminal.clearStatus();
  const { folds, outOfFold, macroF1, neverValidated } = result;
  const score = outOfFold.task === "one-label" ? "accuracy" : "     mAP";
  terminal.line("");
  terminal.line(`fold  best epoch  ${score}  macro-F1`);
  folds.forEach(({ bestEpoch, best }, i) => {
    const cells = [
      String(i + 1).padStart(4),
      String(bestEpoch).padStart(10),
      ...best.examples === 0
        ? ["not validated"]
        : [formatShare(scoreOf(best)).padStart(8), formatFixed(best.macroF1).padStart(8)],
    ];
    terminal.line(cells.join("  "));
  });
  if (result.numValidated > 0) {
    const first = outOfFold.task === "one-label"
      ? `accuracy ${formatSpread(result.accuracy, formatShare)}`
      : `mean average precision ${formatSpread(result.meanAveragePrecision, formatShare)}, ` +
        `label accuracy ${formatSpread(result.labelAccuracy, formatShare)}`;
    const over = result.numValidated === folds.length
      ? "mean ± deviation"
      : `mean ± deviation of the ${result.numValidated} that were validated`;
    terminal.line("");
    terminal.line(`folds: ${first}, macro-F1 ${formatSpread(macroF1, formatFixed)} (${over})`);
    terminal.line(
      `all ${outOfFold.examples} clips, each by the model not trained on it: ` +
        describeEvaluation(outOfFold),
    );
    for (const line of describeScores(outOfFold, result.scores)) terminal.line(line);
  } else {
    terminal.line("");
    terminal.line("folds: not validated, as no clip of any can be read");
  }
  if (neverValidated > 0) {
    terminal.line(`${neverValidated} clips were always trained on: without them a class has none`);
  }
  terminal.line(
    `models: ${result.out}/fold-* — label recordings with their mean: deno task predict`,
  );
}

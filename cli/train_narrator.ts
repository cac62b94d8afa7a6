/** Says how a training run goes: in words for people, or as JSON lines for machines. */
import type { HistoryRow, RunStart, TrainEvent, TrainResult } from "../run/train_events.ts";
import { formatSeconds, formatShare, type Terminal } from "./terminal.ts";

/** Who tells of a run. */
export interface Narrator {
  /** Takes what happens. */
  tell(event: TrainEvent): void;
  /** Takes a word that is no event. */
  notice(text: string): void;
  /** Takes what the run came to. */
  end(result: TrainResult): void;
}

/** One JSON object a line on stdout: the events as they are, then `{"kind": "end", …}`. */
export function createJsonNarrator(): Narrator {
  const print = (value: unknown) => console.log(JSON.stringify(value));
  return {
    tell: print,
    notice: (text) => print({ kind: "notice", text }),
    end: (result) => print({ kind: "end", result }),
  };
}

/** Words on a terminal. */
export function createTextNarrator(terminal: Terminal): Narrator {
  let start: RunStart | undefined;
  const startMs = performance.now();
  return {
    notice: (text) => terminal.line(text),
    end: (result) => printResult(terminal, result),
    tell(event) {
      switch (event.kind) {
        case "start":
          start = event.start;
          return printStart(terminal, start);
        case "notice":
          return terminal.line(event.text);
        case "skipped":
          return terminal.line(`skipped: ${event.failure.message}`);
        case "warning":
          return terminal.line(`warning: ${event.text}`);
        case "epoch":
          return terminal.line(describeEpoch(event.row, start!.recipe.epochs, event.best));
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
  const { epochs } = start.recipe;
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

function printStart(terminal: Terminal, start: RunStart): void {
  const classes = Object.entries(start.classCounts).map(([label, n]) => `${label} ${n}`);
  const shown = classes.length > 20 ? [...classes.slice(0, 20), "…"] : classes;
  terminal.line(`data       ${start.data}`);
  for (const note of start.notes) terminal.line(`           ${note}`);
  terminal.line(`classes    ${classes.length}: ${shown.join(", ")}`);
  terminal.line(`clips      ${start.numTrain} to train on, ${start.numValidation} to validate on`);
  terminal.line(`engine     ${start.engine} — ${start.engineReason}`);
  terminal.line(`features   ${start.workers} workers`);
  terminal.line(`run        ${start.out}`);
  if (start.resumedFrom) {
    const { epoch, step } = start.resumedFrom;
    terminal.line(`resumed    in epoch ${epoch + 1}, ${step} steps of it done`);
  }
  terminal.line("");
  terminal.line("epoch    loss  accuracy | validation: loss  accuracy  macro-F1 | clips/s   time");
}

function describeEpoch(row: HistoryRow, epochs: number, best: boolean): string {
  const cells = [
    `${row.epoch}/${epochs}`.padStart(5),
    row.loss.toFixed(3).padStart(7),
    formatShare(row.accuracy).padStart(9),
    "|",
    row.validationLoss.toFixed(3).padStart(16),
    formatShare(row.validationAccuracy).padStart(9),
    row.validationMacroF1.toFixed(3).padStart(9),
    "|",
    row.clipsPerSecond.toFixed(0).padStart(7),
    formatSeconds(row.seconds).padStart(6),
    best ? "  best" : "",
  ];
  return cells.join(" ").trimEnd();
}

/** Rows of the table at the end: more classes than this, and the worst ones are shown. */
const maxTableRows = 20;

function printResult(terminal: Terminal, result: TrainResult): void {
  terminal.clearStatus();
  const { best, labels } = result;
  terminal.line(
    `\nbest epoch ${result.bestEpoch}: validation accuracy ${formatShare(best.accuracy)}, ` +
      `macro-F1 ${best.macroF1.toFixed(3)}, loss ${best.loss.toFixed(3)}`,
  );
  terminal.line(
    `without training: the largest class ${formatShare(result.majorityAccuracy)}, ` +
      `the nearest class mean ${formatShare(result.nearestMeanAccuracy)}\n`,
  );
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
    const wrong = row.map((n, j) => ({ n, label: labels[j] })).filter(({ n }, j) =>
      n > 0 && j !== i
    );
    const taken = wrong.sort((a, b) => b.n - a.n).map(({ n, label }) => `${n} as ${label}`);
    const mistakes = taken.length > 0 ? `  (${taken.slice(0, 5).join(", ")})` : "";
    terminal.line(`  ${labels[i].padEnd(16)} ${`${row[i]}/${total}`.padStart(9)}${mistakes}`);
  }
  if (shown.length < classes.length) {
    terminal.line(`  and ${classes.length - shown.length} classes that went better`);
  }
  const why = result.ended === "early stopping" ? "no better epoch for a while" : "all epochs done";
  terminal.line(`\n${result.epochs} epochs in ${formatSeconds(result.seconds)} (${why})`);
  if (result.skipped > 0) {
    terminal.line(`${result.skipped} clips could not be read: ${result.out}/skipped.csv`);
  }
  terminal.line(`report: ${result.out}/report.html`);
  terminal.line(`model: ${result.out}/best_model — label recordings with: deno task predict`);
}

/** Says how a training run goes: in words for people, or as JSON lines for machines. */
import { plural } from "../report/format.ts";
import { secondsLeft } from "../run/training/time_left.ts";
import {
  type EmbeddingProgress,
  type EnsembleResult,
  type FoldsResult,
  type HistoryRow,
  numEpochsOf,
  type RunStart,
  type TrainEvent,
  type TrainResult,
} from "../run/training/train_events.ts";
import {
  createWriter,
  formatFixed,
  formatSeconds,
  formatShare,
  type Terminal,
} from "./terminal.ts";
import { describeQueues } from "./describe_queues.ts";
import { printEnsemble, printFolds, printResult } from "./train_results.ts";

/** Who tells of a run. */
export interface Narrator {
  /** Takes what happens. */
  tell(event: TrainEvent): void;
  /** Takes a word that is no event. */
  notice(text: string): void;
  /** Takes what the run came to. */
  end(result: TrainResult | FoldsResult | EnsembleResult): void;
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
  /** Runs that come behind the one under way. */
  let runsAfter = 0;
  return {
    notice: (text) => terminal.line(text),
    end(result) {
      if ("folds" in result) printFolds(terminal, result);
      else if ("members" in result) printEnsemble(terminal, result);
      else printResult(terminal, result);
    },
    tell(event) {
      switch (event.kind) {
        case "fold":
          runsAfter = event.fold.of - event.fold.index;
          terminal.line("");
          return terminal.line(`fold ${event.fold.index} of ${event.fold.of}`);
        case "member": {
          const { index, of, seed } = event.member;
          runsAfter = of - index;
          terminal.line("");
          return terminal.line(`member ${index} of ${of}, seed ${seed}`);
        }
        case "start":
          if (!start) printSetting(terminal, event.start);
          start = event.start;
          startMs = performance.now();
          return printStart(terminal, start);
        case "embedding":
          return terminal.status(describeEmbedding(event.embedding));
        case "notice":
          return terminal.line(`${event.level === "warning" ? "warning: " : ""}${event.text}`);
        case "skipped":
          return terminal.line(`skipped: ${event.failure.message}`);
        case "epoch":
          return terminal.line(describeEpoch(event, start!));
        case "progress":
          return terminal.status(
            describeProgress(event, start!, performance.now() - startMs, runsAfter),
          );
      }
    },
  };
}

function describeEmbedding(
  { done, total, kept, elapsedMs, queues }: EmbeddingProgress,
): string {
  const made = done - kept, rate = made / (elapsedMs / 1000);
  const left = made > 0 ? `  ${formatSeconds((total - done) / rate)} left` : "";
  return `embeddings ${done}/${total}  ${rate.toFixed(0)}/s  ${describeQueues(queues)}${left}`;
}

function describeProgress(
  event: TrainEvent & { kind: "progress" },
  start: RunStart,
  elapsedMs: number,
  runsAfter: number,
): string {
  const { epoch, progress, queues } = event, epochs = numEpochsOf(start);
  const leftSeconds = secondsLeft(event, start, elapsedMs, runsAfter);
  const rate = progress.examples / (progress.elapsedMs / 1000);
  const limit = progress.waitedMs > 0.2 * progress.elapsedMs
    ? queues.waiting > 0 ? "reading" : "features"
    : "model";
  const memoryMb = Deno.memoryUsage().rss / 1e6;
  return `epoch ${epoch}/${epochs}  step ${progress.step}/${progress.steps}  ` +
    `loss ${progress.loss.toFixed(3)}  accuracy ${formatShare(progress.accuracy)}  ` +
    `lr ${progress.learningRate.toExponential(1)}  ${rate.toFixed(0)} clips/s ` +
    `(limit: ${limit})  ${describeQueues(queues)}  ${memoryMb.toFixed(0)} MB  at most ${
      formatSeconds(leftSeconds)
    } left`;
}

/** What all runs of a cross-validation or an ensemble have in common. */
function printSetting(terminal: Terminal, start: RunStart): void {
  const classes = Object.entries(start.classCounts).map(([label, n]) => `${label} ${n}`);
  const shown = classes.length > 20 ? [...classes.slice(0, 20), "…"] : classes;
  terminal.line(`data       ${start.data}`);
  for (const note of start.notes) terminal.line(`           ${note}`);
  terminal.line(`classes    ${classes.length}: ${shown.join(", ")}`);
  if (start.backbone) terminal.line(`backbone   ${start.backbone}`);
  terminal.line(`engine     ${start.engine} — ${start.engineReason}`);
  terminal.line(`features   ${plural(start.workers, "worker")}`);
}

function printStart(terminal: Terminal, start: RunStart): void {
  terminal.line(`run        ${start.out}`);
  terminal.line(`clips      ${start.numTrain} to train on, ${start.numValidation} to validate on`);
  const { plan: { epochs, passes, steps, patience }, refit } = start;
  if (start.recipe.steps > 0) {
    terminal.line(
      `steps      ${epochs * steps}: ${plural(epochs, "epoch")} of ${
        plural(passes, "pass", "passes")
      }, ` +
        `patience ${patience}`,
    );
  }
  if (refit) {
    terminal.line(
      `then       ${refit.epochs * refit.steps} steps on all ${
        start.numTrain + start.numValidation
      } clips, in ${plural(refit.epochs, "epoch")} that are not validated`,
    );
  }
  if (start.resumedFrom) {
    const { epoch, step } = start.resumedFrom;
    terminal.line(`resumed    in epoch ${epoch + 1}, ${step} steps of it done`);
  }
  terminal.line("");
  const score = start.task === "one-label" ? "accuracy" : "     mAP";
  const heading = "epoch".padStart(epochWidth(numEpochsOf(start)));
  terminal.line(
    `${heading}    loss  accuracy | validation: loss  ${score}  macro-F1 | clips/s   time`,
  );
}

/** Width of the column that says which of so many epochs it is. */
function epochWidth(epochs: number): number {
  return Math.max("epoch".length, `${epochs}/${epochs}`.length);
}

function describeEpoch(
  { row, kept, isRefit }: TrainEvent & { kind: "epoch" },
  start: RunStart,
): string {
  const epochs = numEpochsOf(start);
  const cells = [
    `${row.epoch}/${epochs}`.padStart(epochWidth(epochs)),
    row.loss.toFixed(3).padStart(7),
    formatShare(row.accuracy).padStart(9),
    "|",
    (isRefit ? "   on all clips" : describeValidation(row)).padEnd(36),
    "|",
    row.clipsPerSecond.toFixed(0).padStart(7),
    formatSeconds(row.seconds).padStart(6),
    row.l2 === undefined ? "" : `  L2 ${row.l2}`,
    kept ? "  kept" : "",
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

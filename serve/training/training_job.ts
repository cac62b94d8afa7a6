/** A run that a thread of its own trains, and what the page is told of it. */
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { secondsLeft } from "../../run/training/time_left.ts";
import {
  type HistoryRow,
  numEpochsOf,
  type RunStart,
  type TrainEvent,
  type TrainResult,
} from "../../run/training/train_events.ts";
import type {
  RunBeginning,
  RunOutcome,
  RunProgress,
  RunState,
  RunStatus,
} from "../../web/training_messages.ts";
import { basename } from "../../deps/std_path.ts";
import type { FromTrainingWorker, ToTrainingWorker } from "./protocol.ts";
import { startTrainingThread } from "./training_thread.ts";

/** Most lines that a person is told; the newest are kept. */
const mostNotices = 50;

/** A run from its first word to its end. */
export class TrainingJob {
  readonly #thread: Worker;
  readonly #ended = Promise.withResolvers<void>();
  readonly #rows: HistoryRow[] = [];
  readonly #notices: string[] = [];
  #status: RunStatus = "starting";
  #name?: string;
  #start?: RunStart;
  #startMs = 0;
  #progress?: RunProgress;
  #outcome?: RunOutcome;
  #failure?: string;

  /**
   * Begins it.
   *
   * @param id Tells it from others.
   * @param order What the thread is to do.
   */
  constructor(readonly id: number, order: Extract<ToTrainingWorker, { kind: "train" | "resume" }>) {
    if (order.kind === "resume") this.#name = basename(order.out);
    this.#thread = startTrainingThread(order, (message) => this.#take(message));
  }

  /** Where it stands. */
  get status(): RunStatus {
    return this.#status;
  }

  /** Whether it is under way. */
  get isUnderWay(): boolean {
    return ["starting", "training", "stopping"].includes(this.#status);
  }

  /** Asks it to end after the step under way, its state saved. @returns when it has ended. */
  async stop(): Promise<void> {
    if (!this.isUnderWay) return;
    this.#status = "stopping";
    this.#thread.postMessage({ kind: "stop" } satisfies ToTrainingWorker);
    await this.#ended.promise;
  }

  /** What the page is told. @param numRows Epochs that it knows. */
  state(numRows: number): RunState {
    const start = this.#start;
    return {
      ...{ id: this.id, status: this.#status, name: this.#name },
      begun: start && describeStart(start),
      rows: this.#rows.slice(numRows),
      firstRow: Math.min(numRows, this.#rows.length),
      progress: this.isUnderWay ? this.#progress : undefined,
      notices: this.#notices,
      ...{ result: this.#outcome, failure: this.#failure },
    };
  }

  #take(message: FromTrainingWorker): void {
    switch (message.kind) {
      case "event":
        return this.#tell(message.event);
      case "end":
        this.#outcome = describeResult(message.result);
        return this.#end("ended");
      case "stopped":
        return this.#end("stopped");
      case "failed":
        this.#failure = message.message;
        return this.#end(message.isResumable ? "stopped" : "failed");
    }
  }

  #end(status: RunStatus): void {
    this.#status = status;
    this.#thread.terminate();
    this.#ended.resolve();
  }

  #tell(event: TrainEvent): void {
    switch (event.kind) {
      case "start":
        this.#start = event.start;
        this.#startMs = performance.now();
        this.#name = basename(event.start.out);
        this.#rows.push(...event.start.resumedFrom?.history ?? []);
        event.start.notes.forEach((note) => this.#notice(note));
        if (this.#status === "starting") this.#status = "training";
        break;
      case "progress":
        this.#progress = this.#describeProgress(event, this.#start!);
        break;
      case "epoch":
        this.#rows.push(event.row);
        break;
      case "notice":
        this.#notice(event.text);
        break;
      case "skipped":
        this.#notice(`skipped: ${event.failure.message}`);
        break;
    }
  }

  #notice(text: string): void {
    this.#notices.push(text);
    if (this.#notices.length > mostNotices) this.#notices.shift();
  }

  #describeProgress(event: TrainEvent & { kind: "progress" }, start: RunStart): RunProgress {
    const { epoch, progress: { step, steps, loss, accuracy, examples, elapsedMs } } = event;
    return {
      ...{ epoch, loss, accuracy },
      share: (epoch - 1 + step / steps) / numEpochsOf(start),
      clipsPerSecond: examples / (elapsedMs / 1000),
      secondsLeft: secondsLeft(event, start, performance.now() - this.#startMs),
    };
  }
}

function describeStart(
  { data, task, numTrain, numValidation, classCounts, engine, ...more }: RunStart,
): RunBeginning {
  const numClasses = Object.keys(classCounts).length;
  return {
    ...{ data, task, numTrain, numValidation, numClasses, engine },
    epochs: numEpochsOf(more),
  };
}

function describeResult(
  { bestEpoch, best, refit, skipped, seconds }: TrainResult,
): RunOutcome {
  const score = best.examples === 0 ? undefined : scoreOf(best) ?? undefined;
  const { examples } = best, refitClips = refit?.clips;
  return { bestEpoch, score, examples, refitClips, skipped, seconds };
}

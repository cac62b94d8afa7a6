import type { Engine } from "../../model/engine.ts";
import type { EpochTally } from "../../model/trainer.ts";
import type { WeightAverage } from "../../model/weight_average.ts";
import type { OpenRun } from "./open_run.ts";
import { Interrupted } from "./train_options.ts";
import type { TrainingProgress } from "./training_progress.ts";
import { saveState } from "./training_state.ts";

/** Parts of a run that are saved, and when. */
export interface StateSaverOptions {
  /** The run's folder. */
  readonly run: OpenRun;
  /** Progress of the run. */
  readonly progress: TrainingProgress;
  /** The weights, and the optimizer's moments. */
  readonly engine: Engine;
  /** The weights' average. */
  readonly average: WeightAverage;
  /** Minutes between two savings within an epoch. @default {10} */
  readonly saveMinutes?: number;
  /** Asks the run to stop. */
  readonly signal?: AbortSignal;
}

/** Saves a run's state in time, and when it is asked to stop; knows how long the run takes. */
export class StateSaver {
  readonly #startMs = performance.now();
  #lastSaveMs = performance.now();

  /** From now on. */
  constructor(readonly options: StateSaverOptions) {}

  /** True where the state is to be saved after this step. */
  get isDue(): boolean {
    const { saveMinutes = 10, signal } = this.options;
    return signal?.aborted === true ||
      performance.now() >= this.#lastSaveMs + 60_000 * saveMinutes;
  }

  /**
   * Saves the state: after an epoch, or in the middle of the one that `tally` counts.
   *
   * @throws {RunError} where it cannot be written: the state before stays.
   */
  async save(tally?: EpochTally): Promise<void> {
    const { run, progress, engine, average } = this.options;
    run.check();
    await saveState(run.out, { ...progress, tally, seconds: this.seconds }, engine, average);
    this.#lastSaveMs = performance.now();
  }

  /**
   * Ends the run where it was asked to stop.
   *
   * @throws {Interrupted} then; its state is saved by now.
   */
  stopIfAsked(): void {
    if (this.options.signal?.aborted) throw new Interrupted(this.options.run.out);
  }

  /** Seconds spent on the run in all its sittings. */
  get seconds(): number {
    return this.options.progress.seconds + (performance.now() - this.#startMs) / 1000;
  }
}

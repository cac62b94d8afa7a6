/** A run under way: the loop over epochs, and what it writes. */
import { createTally, type EpochTally, trainEpoch } from "../../model/trainer.ts";
import { plainRequests, trainingRequests } from "../../pipeline/requests.ts";
import { resolveSettings } from "../../settings/setting.ts";
import { EpochKeeper } from "./epoch_keeper.ts";
import { RunClips } from "./run_clips.ts";
import { writeReport } from "./run_report.ts";
import { savingSettings } from "../config/run_settings.ts";
import { StateSaver } from "./state_saver.ts";
import type { TrainResult } from "./train_events.ts";
import type { TrainingParts } from "./training_parts.ts";

/** A run under way: the loop over epochs, what is validated and kept, and its result. */
export class TrainingRun {
  readonly #clips: RunClips;
  readonly #saver: StateSaver;
  readonly #keeper: EpochKeeper;
  #lastReportMs = performance.now();

  /** Of these parts. */
  constructor(readonly parts: TrainingParts) {
    const { options, config, run, pool, progress } = parts;
    const { out } = run, { skipped } = progress, { signal } = options;
    const { saveMinutes } = resolveSettings(savingSettings, options, "train");
    this.#clips = new RunClips({ options, config, out, pool, skipped });
    this.#saver = new StateSaver({ ...parts, saveMinutes, signal });
    const stopIfAsked = () => this.#saver.stopIfAsked();
    this.#keeper = new EpochKeeper({ ...parts, clips: this.#clips, stopIfAsked });
  }

  /** Trains until the end, from wherever the run stands. @throws as `train` does. */
  async run(): Promise<TrainResult> {
    const { progress, options, run, plan, average, engine } = this.parts;
    await this.#clips.writeSkipped();
    while (!progress.ended) {
      const tally = progress.tally ?? createTally();
      await this.#train(tally);
      // Asked to stop while it validates, it goes on from here.
      await this.#saver.save(tally);
      // Averaged weights are only lent to the engine: its own are what is saved and trained on.
      const kept = await average.borrow(engine, () => {
        const clips = this.#clips.usable(this.parts.split.validation);
        const { learningRate } = tally;
        return this.#keeper.keep(tally, this.#clips.batches(plainRequests(clips)), {
          learningRate,
        });
      });

      const row = progress.history[progress.history.length - 1];
      const sinceKept = progress.epoch - progress.best!.epoch;
      if (progress.best!.evaluation.examples > 0 && sinceKept >= plan.patience) {
        progress.ended = "early stopping";
      }
      progress.epoch++;
      progress.tally = undefined;
      if (progress.epoch === plan.epochs) progress.ended ??= "all epochs";
      await this.#saver.save();
      options.onEvent?.({ kind: "epoch", row, kept });
      if (kept && performance.now() - this.#lastReportMs > 60_000) {
        this.#lastReportMs = performance.now();
        await writeReport(run.out, options.onEvent);
      }
      if (!progress.ended) this.#saver.stopIfAsked();
    }
    run.check();
    return await this.#keeper.end(this.#saver.seconds, plan.passes);
  }

  /** Trains the epoch, or what is left of it. */
  async #train(tally: EpochTally): Promise<void> {
    const { config: { recipe, classes, mixSounds }, options, split, plan, engine, average, pool } =
      this.parts;
    const { epoch } = this.parts.progress;
    const { seed, augmentFactor, classWeights, batchSize } = recipe, { epochs, passes } = plan;
    const clips = this.#clips.usable(split.train);
    const rows = { epoch, passes, seed, augmentFactor, classWeights, mixSounds, skip: tally.rows };
    const requests = trainingRequests(clips, rows);
    const augmentation = augmentFactor > 0 ? this.parts.augmentation : {};
    await trainEpoch(engine, this.#clips.batches(requests, augmentation), {
      epoch,
      epochs,
      steps: Math.ceil(clips.length * (1 + augmentFactor) * passes / batchSize),
      recipe,
      classes,
      tally,
      onBatch: epoch > 0 ? undefined : (batch) => {
        this.#keeper.learn(batch);
        this.#clips.noteRemarks(batch.rows);
      },
      onAverageStep: async () => {
        if (recipe.averageDecay > 0) await average.update(engine);
      },
      onProgress: (progress) =>
        options.onEvent?.({
          ...{ kind: "progress", epoch: epoch + 1, progress, queues: pool.queues },
        }),
      afterStep: async (settle) => {
        if (!this.#saver.isDue) return;
        await settle();
        await this.#saver.save(tally);
        this.#saver.stopIfAsked();
      },
    });
    if (tally.failures.length > 0) await this.#clips.checkClasses(split.train, tally.failures);
  }
}

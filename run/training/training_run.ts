/** A run under way: the loop over epochs, and what it writes. */
import { type RefitPlan, refitRate } from "../../model/epoch_plan.ts";
import { createTally, type EpochTally, trainEpoch } from "../../model/trainer.ts";
import type { Clip } from "../../pipeline/clip.ts";
import { plainRequests, trainingRequests } from "../../pipeline/requests.ts";
import { resolveSettings } from "../../settings/setting.ts";
import { EpochKeeper } from "./epoch_keeper.ts";
import { RunClips } from "./run_clips.ts";
import { writeReport } from "./run_report.ts";
import { readModel } from "../run_folder.ts";
import { savingSettings } from "../config/run_settings.ts";
import { StateSaver } from "./state_saver.ts";
import type { TrainResult } from "./train_events.ts";
import type { TrainingParts } from "./training_parts.ts";

/** Epochs that have the same clips and one schedule. */
interface Phase {
  /** What is trained on. */
  readonly clips: readonly Clip[];
  /** Its epochs. */
  readonly plan: RefitPlan;
  /** The first of them, counted from 0 over the whole run. */
  readonly firstEpoch: number;
  /** The step size at its highest. */
  readonly learningRate: number;
}

/** A run under way: the loop over epochs, what is validated and kept, what follows on all clips, and its result. */
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
    const { run, plan } = this.parts;
    await this.#clips.writeSkipped();
    await this.#trainValidated();
    await this.#refit();
    run.check();
    return await this.#keeper.end(this.#saver.seconds, plan.passes);
  }

  /** Trains on what is not validated on, keeping the best. */
  async #trainValidated(): Promise<void> {
    const { progress, options, run, plan, average, engine, split, config } = this.parts;
    const { learningRate } = config.recipe;
    while (!progress.ended) {
      const tally = progress.tally ?? createTally();
      await this.#train(tally, { clips: split.train, plan, firstEpoch: 0, learningRate });
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
  }

  /** Trains the kept weights on all clips, those that were validated on included, and keeps what comes of it. */
  async #refit(): Promise<void> {
    const { progress, refit, split, config: { recipe }, average, engine, options } = this.parts;
    if (!refit) return;
    if (progress.refitFrom === undefined) {
      await this.#goBackToKept();
      progress.refitFrom = progress.epoch;
      await this.#saver.save();
    }
    const firstEpoch = progress.refitFrom, clips = [...split.train, ...split.validation];
    const epochs = Math.round(refit.epochs * firstEpoch / this.parts.plan.epochs);
    const plan = { ...refit, epochs: Math.max(1, epochs) }; // fewer, where early stopping ended the others
    const learningRate = refitRate * recipe.learningRate;
    while (progress.epoch < firstEpoch + plan.epochs) {
      this.#saver.stopIfAsked();
      const tally = progress.tally ?? createTally();
      await this.#train(tally, { clips, plan, firstEpoch, learningRate });
      await this.#keeper.note(tally, { learningRate: tally.learningRate });
      progress.epoch++;
      progress.tally = undefined;
      await this.#saver.save();
      const row = progress.history[progress.history.length - 1];
      options.onEvent?.({ kind: "epoch", row, kept: false, isRefit: true });
    }
    await average.borrow(engine, () => this.#keeper.keepRefit());
  }

  /** Has the engine go on from the weights that are kept, as if it had learnt nothing since. */
  async #goBackToKept(): Promise<void> {
    const { engine, average, run } = this.parts;
    await engine.importWeights((await readModel(run.out)).weights);
    const { firstMoments, secondMoments } = await engine.exportOptimizer();
    for (const { values } of [...firstMoments, ...secondMoments]) values.fill(0);
    await engine.importOptimizer({ steps: 0, firstMoments, secondMoments });
    average.reset();
  }

  /** Trains the epoch, or what is left of it. */
  async #train(
    tally: EpochTally,
    { plan, firstEpoch, learningRate, ...phase }: Phase,
  ): Promise<void> {
    const { config: { recipe, classes, mixSounds }, options, engine, average, pool } = this.parts;
    const { epoch } = this.parts.progress;
    const { seed, augmentFactor, classWeights, batchSize } = recipe, { epochs, passes } = plan;
    const clips = this.#clips.usable(phase.clips);
    const rows = { epoch, passes, seed, augmentFactor, classWeights, mixSounds, skip: tally.rows };
    const requests = trainingRequests(clips, rows);
    const augmentation = augmentFactor > 0 ? this.parts.augmentation : {};
    await trainEpoch(engine, this.#clips.batches(requests, augmentation), {
      epoch,
      epochs,
      firstEpoch,
      steps: Math.ceil(clips.length * (1 + augmentFactor) * passes / batchSize),
      recipe: { ...recipe, learningRate },
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
    if (tally.failures.length > 0) await this.#clips.checkClasses(phase.clips, tally.failures);
  }
}

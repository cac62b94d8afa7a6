/** A run under way: the loop over epochs, and what it writes. */
import type { Engine } from "../model/engine.ts";
import { evaluate } from "../model/evaluation/evaluate.ts";
import type { Evaluation } from "../model/evaluation/evaluation.ts";
import { NearestMean } from "../model/evaluation/nearest_mean.ts";
import { modelFormatVersion } from "../model/model_card.ts";
import { outputOf } from "../model/network.ts";
import { encodeModel } from "../model/saved_model.ts";
import { createTally, type EpochTally, trainEpoch } from "../model/trainer.ts";
import type { WeightAverage } from "../model/weight_average.ts";
import type { Recording } from "../pipeline/recording.ts";
import { type Clip, clipId, firstClips } from "../pipeline/clip.ts";
import type { FeatureGraphOptions } from "../pipeline/feature_graph.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { describeLocation } from "../pipeline/locations/location.ts";
import { type FeatureRequest, plainRequests, trainingRequests } from "../pipeline/requests.ts";
import { DatasetError } from "../pipeline/sources/dataset.ts";
import type { Split } from "../pipeline/split/split.ts";
import { countLabels } from "../pipeline/split/units.ts";
import { addStageMs } from "../pipeline/stage_ms.ts";
import { resolveSettings } from "../settings/setting.ts";
import { createBatchStream } from "../workers/batch_stream.ts";
import type { FeaturePool } from "../workers/feature_pool.ts";
import { writeAtomically } from "./atomic_file.ts";
import type { RunConfig } from "./config.ts";
import { createCsvFile, writeCsv } from "./csv_file.ts";
import { createGoldenVector } from "./golden.ts";
import { writeModel } from "./run_folder.ts";
import { savingSettings } from "./run_settings.ts";
import { SkippedClips } from "./skipped_clips.ts";
import { Interrupted, type TrainOptions } from "./train_options.ts";
import {
  historyColumns,
  type HistoryRow,
  type TrainResult,
  validationColumns,
} from "./train_events.ts";
import { type BestEpoch, isBetter, saveState, type TrainingProgress } from "./training_state.ts";

/** A run under way: the loop over epochs, and what it writes. */
export class TrainingRun {
  readonly #saveMinutes: number;
  readonly #skipped: SkippedClips;
  /** What a person gets without training, where a clip has one label. */
  readonly #baseline?: NearestMean;
  readonly #startMs = performance.now();
  #lastSaveMs = performance.now();
  #lastReportMs = performance.now();

  constructor(
    readonly options: TrainOptions,
    readonly config: RunConfig,
    readonly augmentation: Partial<FeatureGraphOptions>,
    readonly split: Split,
    readonly engine: Engine,
    readonly average: WeightAverage,
    readonly pool: FeaturePool,
    readonly progress: TrainingProgress,
  ) {
    this.#saveMinutes = resolveSettings(savingSettings, options, "train").saveMinutes;
    this.#skipped = new SkippedClips(progress.skipped);
    if (outputOf(config.network).activation === "softmax") {
      this.#baseline = new NearestMean(progress.classMeans, config.classes);
    }
  }

  async run(): Promise<TrainResult> {
    const { progress } = this, { recipe } = this.config;
    await this.#writeSkipped();
    while (!progress.ended) {
      const tally = progress.tally ?? createTally();
      await this.#train(tally);
      // Asked to stop while it validates, it goes on from here.
      await this.#save(tally);
      // Averaged weights are only lent to the engine: its own are what is saved and trained on.
      const better = await this.average.borrow(this.engine, () => this.#validate(tally));

      const row = progress.history[progress.history.length - 1];
      const sinceBest = progress.epoch - progress.best!.epoch;
      if (progress.best!.evaluation.examples > 0 && sinceBest >= recipe.patience) {
        progress.ended = "early stopping";
      }
      progress.epoch++;
      progress.tally = undefined;
      if (progress.epoch === recipe.epochs) progress.ended ??= "all epochs";
      await this.#save();
      this.options.onEvent?.({ kind: "epoch", row, best: better });
      if (better && performance.now() - this.#lastReportMs > 60_000) {
        const { out } = this.options;
        await this.#report(async ({ createReport }) =>
          await writeAtomically(`${out}/report.html`, await createReport([out]))
        );
      }
      if (!progress.ended) this.#stopIfAsked();
    }
    const result = this.#summarise(progress.best!, progress.ended);
    await this.#writeResult(result);
    return result;
  }

  /** Writes `metrics.json` and the report, which reads it. */
  async #writeResult(result: TrainResult): Promise<void> {
    const { out } = this.options;
    await writeAtomically(`${out}/metrics.json`, `${JSON.stringify(result, null, 2)}\n`);
    await this.#report(async ({ createReport }) =>
      await writeAtomically(`${out}/report.html`, await createReport([out]))
    );
  }

  /** Does something about the report; what goes wrong there is said and costs nothing else. */
  async #report(act: (report: typeof import("../report/report.ts")) => Promise<void>) {
    this.#lastReportMs = performance.now();
    try {
      await act(await import("../report/report.ts")); // loaded late: its charts take a moment
    } catch (error) {
      const text = `no report: ${(error as Error).message}`;
      this.options.onEvent?.({ kind: "warning", text });
    }
  }

  /** Trains the epoch, or what is left of it. */
  async #train(tally: EpochTally): Promise<void> {
    const { recipe, classes } = this.config, { epoch } = this.progress;
    const { seed, augmentFactor, classWeights, batchSize } = recipe;
    const clips = this.#usable(this.split.train);
    if (clips.length === 0) {
      throw new DatasetError(
        `Cannot train on ${this.options.dataset.origin} as none of its clips can be read: ` +
          `see ${this.options.out}/skipped.csv`,
      );
    }
    const rows = { epoch, seed, augmentFactor, classWeights, skip: tally.rows };
    const requests = trainingRequests(clips, rows);
    const batches = this.#batches(requests, augmentFactor > 0 ? this.augmentation : {});
    await trainEpoch(this.engine, batches, {
      epoch,
      steps: Math.ceil(clips.length * (1 + augmentFactor) / batchSize),
      recipe,
      classes,
      tally,
      onBatch: epoch === 0 ? (batch) => this.#baseline?.learn(batch) : undefined,
      onAverageStep: async () => {
        if (recipe.averageDecay > 0) await this.average.update(this.engine);
      },
      onProgress: (progress) =>
        this.options.onEvent?.({ kind: "progress", epoch: epoch + 1, progress }),
      afterStep: async (settle) => {
        const dueMs = this.#lastSaveMs + 60_000 * (this.#saveMinutes);
        if (performance.now() < dueMs && !this.options.signal?.aborted) return;
        await settle();
        await this.#save(tally);
        this.#stopIfAsked();
      },
    });
  }

  /** Asks the model about the validation clips, keeps it if it is the best so far, writes history. */
  async #validate(tally: EpochTally): Promise<boolean> {
    const { classes, recipe } = this.config, { out, signal } = this.options, { progress } = this;
    const predictions = await createCsvFile(`${out}/validation.csv`, [
      ...validationColumns,
      ...classes,
    ]);
    try {
      const { evaluation, failures, stageMs } = await evaluate(
        this.engine,
        this.#batches(plainRequests(this.#usable(this.split.validation))),
        {
          classes,
          seed: recipe.seed,
          testShifts: recipe.testShifts,
          onBatch: progress.epoch === 0 ? (batch) => this.#baseline?.test(batch) : undefined,
          onRow: async ({ request: { clip }, probabilities: known }) => {
            if (known) {
              const { location, labels } = clip.recording;
              const path = describeLocation(location);
              await predictions.addRow([clipId(clip), path, labels!.join(";"), ...known]);
            }
            if (signal?.aborted) this.#stopIfAsked();
          },
        },
      );
      progress.baselineAccuracy ??= this.#baseline?.accuracy;
      await this.#noteFailures([...tally.failures, ...failures]);
      addStageMs(progress.stageMs, tally.stageMs);
      addStageMs(progress.stageMs, stageMs);
      const trainingLoss = tally.lossSum / tally.examples;
      const better = !progress.best || isBetter({ evaluation, trainingLoss }, progress.best);
      if (better) {
        progress.best = { epoch: progress.epoch, evaluation, trainingLoss };
        await this.#writeBestModel(evaluation);
        await predictions.commit();
      }
      progress.history.push(describeEpoch(progress.epoch, tally, evaluation));
      const rows = progress.history.map((row) => historyColumns.map((column) => row[column] ?? ""));
      await writeCsv(`${out}/history.csv`, historyColumns, rows);
      return better;
    } finally {
      await predictions.abort(); // nothing, where it was committed
    }
  }

  #batches(
    requests: ReadableStream<FeatureRequest>,
    augmentation: Partial<FeatureGraphOptions> = {},
  ) {
    const { frontEnd, recipe: { seed, batchSize } } = this.config;
    return createBatchStream(this.pool, requests, {
      graph: { frontEnd, seed, ...augmentation },
      cache: this.options.cache,
      batchSize,
    });
  }

  /** The clips of recordings, without those that are known to be unreadable. */
  #usable(recordings: readonly Recording[]): Clip[] {
    const clips = firstClips(recordings);
    return clips.filter((clip) => !this.#skipped.has(clipId(clip)));
  }

  async #noteFailures(failures: readonly ClipFailure[]): Promise<void> {
    const news = failures.filter((failure) => this.#skipped.add(failure));
    for (const failure of news) this.options.onEvent?.({ kind: "skipped", failure });
    if (news.length > 0) await this.#writeSkipped();
    this.progress.skipped = this.#skipped.all;
  }

  async #writeSkipped(): Promise<void> {
    await this.#skipped.write(`${this.options.out}/skipped.csv`);
  }

  async #writeBestModel(evaluation: Evaluation): Promise<void> {
    const { program, network, frontEnd, classes } = this.config;
    const counts = countLabels(this.split.train);
    const card = {
      formatVersion: modelFormatVersion,
      program,
      network,
      frontEnd,
      classes,
      majorityLabel: classes.reduce((a, b) => counts.get(b)! > counts.get(a)! ? b : a),
      testShifts: this.config.recipe.testShifts,
      golden: await createGoldenVector(frontEnd, this.engine),
      epoch: this.progress.epoch + 1,
      ...describeValidation(evaluation),
    };
    const weights = await this.engine.exportWeights();
    await writeModel(`${this.options.out}/best_model`, encodeModel({ card, weights }));
  }

  /** Saves the state: after an epoch, or in the middle of the one that `tally` counts. */
  async #save(tally?: EpochTally): Promise<void> {
    const { out } = this.options;
    const seconds = this.#seconds();
    await saveState(out, { ...this.progress, tally, seconds }, this.engine, this.average);
    this.#lastSaveMs = performance.now();
  }

  /** @throws {Interrupted} where the run was asked to stop; its state is saved by then. */
  #stopIfAsked(): void {
    if (!this.options.signal?.aborted) return;
    const { out } = this.options;
    throw new Interrupted(`Stopped; all is saved. Go on with: deno task train --resume ${out}`);
  }

  /** Seconds spent on the run in all its sittings. */
  #seconds(): number {
    return this.progress.seconds + (performance.now() - this.#startMs) / 1000;
  }

  #summarise(best: BestEpoch, ended: TrainResult["ended"]): TrainResult {
    return {
      out: this.options.out,
      classes: this.config.classes,
      bestEpoch: best.epoch + 1,
      best: best.evaluation,
      nearestMeanAccuracy: this.progress.baselineAccuracy ?? null,
      epochs: this.progress.history.length,
      ended,
      skipped: this.#skipped.all.length,
      seconds: this.#seconds(),
      stageMs: this.progress.stageMs,
    };
  }
}

function describeEpoch(epoch: number, tally: EpochTally, evaluation: Evaluation): HistoryRow {
  const seconds = tally.elapsedMs / 1000;
  return {
    epoch: epoch + 1,
    loss: tally.lossSum / tally.examples,
    accuracy: tally.correct / tally.examples,
    ...describeValidation(evaluation),
    validationMacroF1: evaluation.macroF1 ?? undefined,
    learningRate: tally.learningRate,
    clipsPerSecond: tally.examples / seconds,
    seconds,
    waitShare: tally.waitedMs / tally.elapsedMs,
  };
}

/** What the figures of an epoch are called beside its weights; those that were not measured are absent. */
function describeValidation(evaluation: Evaluation) {
  const { loss } = evaluation;
  return {
    validationLoss: loss ?? undefined,
    ...evaluation.task === "one-label"
      ? { validationAccuracy: evaluation.accuracy ?? undefined }
      : {
        validationMeanAveragePrecision: evaluation.meanAveragePrecision ?? undefined,
        validationLabelAccuracy: evaluation.labelAccuracy ?? undefined,
      },
  };
}

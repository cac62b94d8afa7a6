/** A run under way: the loop over epochs, and what it writes. */
import { evaluate } from "../model/evaluation/evaluate.ts";
import type { Evaluation } from "../model/evaluation/evaluation.ts";
import { NearestMean } from "../model/evaluation/nearest_mean.ts";
import { outputOf } from "../model/network.ts";
import { fitScores } from "../model/scores/fit_scores.ts";
import { ScoreSample } from "../model/scores/score_sample.ts";
import { createTally, type EpochTally, trainEpoch } from "../model/trainer.ts";
import { clipId } from "../pipeline/clip.ts";
import { plainRequests, trainingRequests } from "../pipeline/requests.ts";
import { addStageMs } from "../pipeline/stage_ms.ts";
import { resolveSettings } from "../settings/setting.ts";
import { writeAtomically } from "./atomic_file.ts";
import { describeValidation, writeBestModel } from "./best_model.ts";
import { createCsvFile, writeCsv } from "./csv_file.ts";
import { RunClips } from "./run_clips.ts";
import { writeReport } from "./run_report.ts";
import { savingSettings } from "./run_settings.ts";
import { scoreOptionsOf } from "./score_options.ts";
import { StateSaver } from "./state_saver.ts";
import { historyColumns, type HistoryRow, type TrainResult } from "./train_events.ts";
import type { TrainingParts } from "./training_parts.ts";
import { type BestEpoch, isBetter } from "./training_progress.ts";
import { validationCells, validationColumns } from "./validation_rows.ts";

/** A run under way: the loop over epochs, what is validated and kept, and its result. */
export class TrainingRun {
  readonly #clips: RunClips;
  readonly #saver: StateSaver;
  /** What a person gets without training, where a clip has one label. */
  readonly #baseline?: NearestMean;
  #lastReportMs = performance.now();

  /** Of these parts. */
  constructor(readonly parts: TrainingParts) {
    const { options, config, run, pool, progress } = parts;
    const { out } = run, { skipped } = progress, { signal } = options;
    const { saveMinutes } = resolveSettings(savingSettings, options, "train");
    this.#clips = new RunClips({ options, config, out, pool, skipped });
    this.#saver = new StateSaver({ ...parts, saveMinutes, signal });
    if (outputOf(config.network).activation === "softmax") {
      this.#baseline = new NearestMean(progress.classMeans, config.classes);
    }
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
      const better = await average.borrow(engine, () => this.#validate(tally));

      const row = progress.history[progress.history.length - 1];
      const sinceBest = progress.epoch - progress.best!.epoch;
      if (progress.best!.evaluation.examples > 0 && sinceBest >= plan.patience) {
        progress.ended = "early stopping";
      }
      progress.epoch++;
      progress.tally = undefined;
      if (progress.epoch === plan.epochs) progress.ended ??= "all epochs";
      await this.#saver.save();
      options.onEvent?.({ kind: "epoch", row, best: better });
      if (better && performance.now() - this.#lastReportMs > 60_000) {
        this.#lastReportMs = performance.now();
        await writeReport(run.out, options.onEvent);
      }
      if (!progress.ended) this.#saver.stopIfAsked();
    }
    run.check();
    await Deno.remove(`${run.out}/report.html`).catch(() => {}); // one of an epoch: see `hasEnded`
    const result = this.#summarise(progress.best!, progress.ended);
    await writeAtomically(`${run.out}/metrics.json`, `${JSON.stringify(result, null, 2)}\n`);
    await writeReport(run.out, options.onEvent); // it reads the figures
    return result;
  }

  /** Trains the epoch, or what is left of it. */
  async #train(tally: EpochTally): Promise<void> {
    const { config: { recipe, classes, mixSounds }, options, split, plan, engine, average } =
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
        this.#baseline?.learn(batch);
        this.#clips.noteRemarks(batch.rows);
      },
      onAverageStep: async () => {
        if (recipe.averageDecay > 0) await average.update(engine);
      },
      onProgress: (progress) => options.onEvent?.({ kind: "progress", epoch: epoch + 1, progress }),
      afterStep: async (settle) => {
        if (!this.#saver.isDue) return;
        await settle();
        await this.#saver.save(tally);
        this.#saver.stopIfAsked();
      },
    });
    if (tally.failures.length > 0) await this.#clips.checkClasses(split.train, tally.failures);
  }

  /** Asks the model about the validation clips, keeps it if it is the best so far, writes history. */
  async #validate(tally: EpochTally): Promise<boolean> {
    const { config, run: { out }, split, progress } = this.parts;
    const { classes, recipe, frontEnd } = config;
    const scoreOptions = scoreOptionsOf(config), sample = new ScoreSample(scoreOptions);
    const predictions = await createCsvFile(`${out}/validation.csv`, [
      ...validationColumns(split.train),
      ...classes,
    ]);
    try {
      const { evaluation, failures, stageMs } = await evaluate(
        this.parts.engine,
        this.#clips.batches(plainRequests(this.#clips.usable(split.validation))),
        {
          classes,
          seed: recipe.seed,
          testShifts: recipe.testShifts,
          onBatch: progress.epoch > 0 ? undefined : (batch) => {
            this.#baseline?.test(batch);
            this.#clips.noteRemarks(batch.rows);
          },
          onRow: async ({ request: { clip }, probabilities: known }) => {
            if (known) {
              const { labels = [], group } = clip;
              sample.add({ id: clipId(clip), labels, group, probabilities: known });
              const cells = validationCells(clip, frontEnd.sampleRateHz);
              await predictions.addRow([...cells, ...known]);
            }
            this.#saver.stopIfAsked();
          },
        },
      );
      if (progress.epoch === 0) this.#clips.sayRemarks();
      progress.baselineAccuracy ??= this.#baseline?.accuracy;
      await this.#clips.noteFailures([...tally.failures, ...failures]);
      progress.skipped = this.#clips.skipped;
      addStageMs(progress.stageMs, tally.stageMs);
      addStageMs(progress.stageMs, stageMs);
      const trainingLoss = tally.lossSum / tally.examples;
      const better = !progress.best || isBetter({ evaluation, trainingLoss }, progress.best);
      if (better) {
        const scores = fitScores(sample.rows, scoreOptions);
        progress.best = { epoch: progress.epoch, evaluation, scores, trainingLoss };
        await writeBestModel(this.parts, evaluation, scores?.scores);
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

  #summarise(best: BestEpoch, ended: TrainResult["ended"]): TrainResult {
    return {
      out: this.parts.run.out,
      classes: this.parts.config.classes,
      bestEpoch: best.epoch + 1,
      best: best.evaluation,
      scores: best.scores ?? null,
      nearestMeanAccuracy: this.parts.progress.baselineAccuracy ?? null,
      epochs: this.parts.progress.history.length,
      passes: this.parts.plan.passes,
      ended,
      skipped: this.#clips.skipped.length,
      seconds: this.#saver.seconds,
      stageMs: this.parts.progress.stageMs,
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

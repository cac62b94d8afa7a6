/** What follows the training of an epoch, however that was done: validation, and what is kept and written of it. */
import type { Answerer } from "../../model/engine.ts";
import { evaluate } from "../../model/evaluation/evaluate.ts";
import { NearestMean } from "../../model/evaluation/nearest_mean.ts";
import { outputOf } from "../../model/network.ts";
import { fitScores } from "../../model/scores/fit_scores.ts";
import { ScoreSample } from "../../model/scores/score_sample.ts";
import type { EpochTally } from "../../model/trainer.ts";
import type { Batch } from "../../pipeline/batch.ts";
import { clipId } from "../../pipeline/clip.ts";
import { addStageMs } from "../../pipeline/stage_ms.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { type BestModelParts, describeValidation, writeBestModel } from "./best_model.ts";
import { createCsvFile, writeCsv } from "../files/csv_file.ts";
import type { RunClips } from "./run_clips.ts";
import { writeReport } from "./run_report.ts";
import { scoreOptionsOf } from "../config/score_options.ts";
import { historyColumns, type HistoryRow, type TrainResult } from "./train_events.ts";
import type { TrainOptions } from "./train_options.ts";
import { higherOf, isBetter, type TrainingProgress } from "./training_progress.ts";
import { validationCells, validationColumns } from "./validation_rows.ts";

/** What an epoch is kept with. */
export interface KeeperParts extends BestModelParts {
  /** The options of the run. */
  readonly options: TrainOptions;
  /** The clips of the run. */
  readonly clips: RunClips;
  /** The network that learns. */
  readonly engine: Answerer;
  /** Progress of the run; kept up to date in place. */
  readonly progress: TrainingProgress;
  /** Ends the run where it was asked to stop. */
  readonly stopIfAsked: () => void;
}

/** What is known of an epoch beside its tally. */
export type EpochNote = Pick<HistoryRow, "learningRate" | "l2">;

/** Asks the model about the validation clips after each epoch, keeps it if it is the best so far, writes history. */
export class EpochKeeper {
  /** What a person gets without training, where a clip has one label. */
  readonly #baseline?: NearestMean;

  /** Of these parts. */
  constructor(readonly parts: KeeperParts) {
    const { config, progress } = parts;
    if (outputOf(config.network).activation === "softmax") {
      this.#baseline = new NearestMean(progress.classMeans, config.classes);
    }
  }

  /** Shows the baseline a batch of the first epoch's training. */
  learn(batch: Batch): void {
    this.#baseline?.learn(batch);
  }

  /**
   * Ends an epoch.
   *
   * @param batches Of the validation clips.
   * @returns whether it is kept.
   */
  async keep(
    tally: EpochTally,
    batches: ReadableStream<Batch>,
    note: EpochNote,
  ): Promise<boolean> {
    const { config, run: { out }, split, progress, clips, engine, stopIfAsked } = this.parts;
    const { classes, recipe, frontEnd } = config;
    const scoreOptions = scoreOptionsOf(config), sample = new ScoreSample(scoreOptions);
    const columns = validationColumns([...split.train, ...split.validation]);
    const predictions = await createCsvFile(`${out}/validation.csv`, [...columns, ...classes]);
    try {
      const { evaluation, failures, stageMs } = await evaluate(engine, batches, {
        classes,
        seed: recipe.seed,
        onBatch: progress.epoch > 0 ? undefined : (batch) => {
          this.#baseline?.test(batch);
          clips.noteRemarks(batch.rows);
        },
        onRow: async ({ request: { clip }, probabilities: known }) => {
          if (known) {
            const { labels = [], group } = clip;
            sample.add({ id: clipId(clip), labels, group, probabilities: known });
            const cells = validationCells(clip, frontEnd.sampleRateHz, columns);
            await predictions.addRow([...cells, ...known]);
          }
          stopIfAsked();
        },
      });
      if (progress.epoch === 0) clips.sayRemarks();
      progress.baselineAccuracy ??= this.#baseline?.accuracy;
      await clips.noteFailures([...tally.failures, ...failures]);
      progress.skipped = clips.skipped;
      addStageMs(progress.stageMs, tally.stageMs);
      addStageMs(progress.stageMs, stageMs);
      const trainingLoss = tally.lossSum / tally.examples;
      const { epoch, best } = progress;
      progress.highest ??= best && higherOf(undefined, best.evaluation); // of a state of an earlier version
      const rule = config.backbone ? "lower loss" : "later"; // there it is penalties that are compared
      const better = isBetter({ evaluation, trainingLoss }, progress, rule);
      progress.highest = higherOf(progress.highest, evaluation);
      if (better) {
        const scores = fitScores(sample.rows, scoreOptions);
        progress.best = { epoch, evaluation, scores, trainingLoss };
        await writeBestModel(this.parts, evaluation, scores?.scores);
        await predictions.commit();
      }
      await this.#writeRow({
        ...describeTraining(progress.epoch, tally, note),
        ...describeValidation(evaluation),
        validationMacroF1: evaluation.macroF1 ?? undefined,
      });
      return better;
    } finally {
      await predictions.abort(); // nothing, where it was committed
    }
  }

  /** Notes an epoch on all clips, after which nothing is validated. */
  async note(tally: EpochTally, note: EpochNote): Promise<void> {
    const { progress, clips } = this.parts;
    await clips.noteFailures(tally.failures);
    progress.skipped = clips.skipped;
    addStageMs(progress.stageMs, tally.stageMs);
    await this.#writeRow(describeTraining(progress.epoch, tally, note));
  }

  /** Keeps what the engine has learnt from all clips since: with the figures of the epoch that is kept. */
  async keepRefit(): Promise<void> {
    const { progress: { best }, split } = this.parts, { epoch, evaluation, scores } = best!;
    const refitClips = split.train.length + split.validation.length;
    const parts = { ...this.parts, progress: { epoch }, refitClips };
    await writeBestModel(parts, evaluation, scores?.scores);
  }

  async #writeRow(row: HistoryRow): Promise<void> {
    const { config, run: { out }, progress: { history } } = this.parts;
    history.push(row);
    const columns = historyColumns.filter((column) => column !== "l2" || config.backbone);
    const rows = history.map((row) => columns.map((column) => row[column] ?? ""));
    await writeCsv(`${out}/history.csv`, columns, rows);
  }

  /** Writes what the run came to. @param seconds Time of the whole run. @param passes Those of an epoch. */
  async end(seconds: number, passes: number): Promise<TrainResult> {
    const { run: { out }, config: { classes }, split, progress, options, clips } = this.parts;
    const { refitFrom } = progress;
    await Deno.remove(`${out}/report.html`).catch(() => {}); // one of an epoch: see `hasEnded`
    const best = progress.best!;
    const result: TrainResult = {
      out,
      classes,
      bestEpoch: best.epoch + 1,
      best: best.evaluation,
      highest: progress.highest?.score ?? null,
      scores: best.scores ?? null,
      nearestMeanAccuracy: progress.baselineAccuracy ?? null,
      refit: refitFrom === undefined ? null : {
        clips: split.train.length + split.validation.length,
        epochs: progress.epoch - refitFrom,
      },
      epochs: progress.history.length,
      passes,
      ended: progress.ended!,
      skipped: clips.skipped.length,
      seconds,
      stageMs: progress.stageMs,
    };
    await writeAtomically(`${out}/metrics.json`, `${JSON.stringify(result, null, 2)}\n`);
    await writeReport(out, options.onEvent); // it reads the figures
    return result;
  }
}

function describeTraining(epoch: number, tally: EpochTally, note: EpochNote): HistoryRow {
  const seconds = tally.elapsedMs / 1000;
  return {
    epoch: epoch + 1,
    loss: tally.lossSum / tally.examples,
    accuracy: tally.correct / tally.examples,
    ...note,
    clipsPerSecond: tally.examples / seconds,
    seconds,
    waitShare: tally.waitedMs / tally.elapsedMs,
  };
}

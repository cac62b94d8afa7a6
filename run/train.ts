/** A training run from a data set to a run's folder: joins the rooms and tells what happens. */
import { type Backend, createEngine } from "../model/create_engine.ts";
import type { Evaluation } from "../model/metrics.ts";
import { createModelSpec } from "../model/model_spec.ts";
import { encodeModel, modelFormatVersion } from "../model/saved_model.ts";
import {
  addStageMs,
  checkRecipe,
  defaultRecipe,
  evaluate,
  type Recipe,
  trainEpoch,
} from "../model/trainer.ts";
import { createInitialWeights } from "../model/weights.ts";
import { type AugmentPolicy, defaultPolicy } from "../pipeline/augment/augment.ts";
import type { ClipRef } from "../pipeline/clip.ts";
import type { ClipFailure, StageMs } from "../pipeline/feature_graph.ts";
import { checkFrontEnd, defaultFrontEnd, type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import { type FeatureRequest, plainRequests, trainingRequests } from "../pipeline/requests.ts";
import { type Dataset, DatasetError, groupByLabel } from "../pipeline/sources/dataset.ts";
import { splitByLabel } from "../pipeline/sources/split.ts";
import { createBatchStream } from "../workers/batch_stream.ts";
import { FeaturePool } from "../workers/feature_pool.ts";
import { writeAtomically } from "./atomic_file.ts";
import { createCsvFile, writeCsv } from "./csv_file.ts";
import { createGoldenVector } from "./golden.ts";
import { createRunFolder, writeModel } from "./run_folder.ts";
import { SkippedClips } from "./skipped_clips.ts";
import {
  historyColumns,
  type HistoryRow,
  type TrainEvent,
  type TrainResult,
  validationColumns,
} from "./train_events.ts";
import { program } from "./version.ts";

/** What a run is made of. Everything but the data set and the folder has a default. */
export interface TrainOptions {
  /** What to train on. */
  readonly dataset: Dataset;
  /** The run's folder; it must not hold a run. */
  readonly out: string;
  /** How features are made. @default {defaultFrontEnd} */
  readonly frontEnd?: FrontEnd;
  /** What differs from `defaultRecipe`. */
  readonly recipe?: Partial<Recipe>;
  /** What the augmented copies draw from. @default {defaultPolicy} */
  readonly augment?: AugmentPolicy;
  /** Share of each class to validate on; 0 trains on everything. @default {0.2} */
  readonly validationSplit?: number;
  /** Which engine trains. @default {"auto"} */
  readonly backend?: Backend;
  /** Threads of the CPU engine. @default {navigator.hardwareConcurrency} */
  readonly threads?: number;
  /** Feature workers. @default {navigator.hardwareConcurrency} */
  readonly workers?: number;
  /** Ends the run after the step under way. */
  readonly signal?: AbortSignal;
  /** Is told what happens. */
  readonly onEvent?: (event: TrainEvent) => void;
}

/**
 * Trains a model and writes the run's folder: `config.json`, `history.csv`, `best_model/`,
 * `validation.csv` (what the best model said of each validation clip), `skipped.csv`, `metrics.json`. The kept weights are those of the best validation accuracy (of equal
 * ones, the lower loss); without validation, those of the lowest training loss.
 *
 * @throws {RangeError} where an option is outside its range.
 * @throws {DatasetError} where the data set does not suffice.
 * @throws {RunError} where the folder holds a run already.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { dataset, out, frontEnd = defaultFrontEnd, augment = defaultPolicy } = options;
  const { validationSplit = 0.2, signal, onEvent = () => {} } = options;
  const { labels } = dataset;
  const recipe: Recipe = { ...defaultRecipe, ...options.recipe };
  const startMs = performance.now();
  checkFrontEnd(frontEnd);
  checkRecipe(recipe);
  if (labels.length < 2) {
    throw new DatasetError(
      `Cannot train on ${dataset.origin} as it must have at least 2 classes: ` +
        `current value is ${labels.length}`,
    );
  }
  const split = splitByLabel(dataset.train, validationSplit, recipe.seed);
  const classCounts = countLabels(split.train);
  const majorityLabel = labels.reduce((a, b) => classCounts[b] > classCounts[a] ? b : a);
  const spec = createModelSpec({
    melBands: frontEnd.melBands,
    numFrames: numFrames(frontEnd),
    numClasses: labels.length,
    dynamicRangeDb: frontEnd.dynamicRangeDb,
  });

  await createRunFolder(out);
  await writeAtomically(
    `${out}/config.json`,
    JSON.stringify(
      { program, data: dataset.origin, labels, validationSplit, recipe, augment, frontEnd, spec },
      null,
      2,
    ) + "\n",
  );
  const { engine, reason } = await createEngine(spec, {
    backend: options.backend,
    threads: options.threads,
    weights: createInitialWeights(spec, recipe.seed),
  });
  const pool = new FeaturePool({ workers: options.workers });
  try {
    onEvent({
      kind: "start",
      start: {
        out,
        data: dataset.origin,
        classCounts,
        numTrain: split.train.length,
        numValidation: split.validation.length,
        recipe,
        engine: `${engine.name} (${engine.device})`,
        engineReason: reason,
        workers: pool.workers,
      },
    });

    const stageMs: StageMs = { decode: 0, resample: 0, fit: 0, augment: 0, logMel: 0 };
    const skipped = new SkippedClips();
    const history: HistoryRow[] = [];
    let best: { epoch: number; evaluation: Evaluation; trainingLoss: number } | undefined;
    let ended: TrainResult["ended"] = "all epochs";

    const { batchSize, augmentFactor, seed } = recipe;
    const graph = { frontEnd, seed };
    const noteFailures = async (failures: readonly ClipFailure[]) => {
      const news = failures.filter((failure) => skipped.add(failure));
      for (const failure of news) onEvent({ kind: "skipped", failure });
      if (news.length > 0) await skipped.write(`${out}/skipped.csv`);
    };
    const usable = (clips: readonly ClipRef[]) => clips.filter((clip) => !skipped.has(clip.id));
    const batches = (requests: ReadableStream<FeatureRequest>, augmented: boolean) =>
      createBatchStream(pool, requests, {
        graph: augmented ? { ...graph, augment } : graph,
        batchSize,
      });
    await skipped.write(`${out}/skipped.csv`);

    for (let epoch = 0; epoch < recipe.epochs; epoch++) {
      const clips = usable(split.train);
      if (clips.length === 0) {
        throw new DatasetError(
          `Cannot train on ${dataset.origin} as none of its clips can be read: see ${out}/skipped.csv`,
        );
      }
      const trained = await trainEpoch(
        engine,
        batches(trainingRequests(clips, { epoch, seed, augmentFactor }), augmentFactor > 0),
        {
          epoch,
          steps: Math.ceil(clips.length * (1 + augmentFactor) / batchSize),
          recipe,
          labels,
          signal,
          onProgress: (progress) => onEvent({ kind: "progress", epoch: epoch + 1, progress }),
        },
      );
      await noteFailures(trained.failures);
      const predictions = await createCsvFile(`${out}/validation.csv`, [
        ...validationColumns,
        ...labels,
      ]);
      const validated = await evaluate(
        engine,
        batches(plainRequests(usable(split.validation)), false),
        labels,
        async ({ request: { clip } }, known) => {
          if (known) await predictions.addRow([clip.id, clip.path, clip.label!, ...known]);
        },
      );
      await noteFailures(validated.failures);
      addStageMs(stageMs, trained.stageMs);
      addStageMs(stageMs, validated.stageMs);

      const { evaluation } = validated;
      const row: HistoryRow = {
        epoch: epoch + 1,
        loss: trained.loss,
        accuracy: trained.accuracy,
        validationLoss: evaluation.loss,
        validationAccuracy: evaluation.accuracy,
        validationMacroF1: evaluation.macroF1,
        learningRate: trained.learningRate,
        clipsPerSecond: trained.examples / (trained.elapsedMs / 1000),
        seconds: trained.elapsedMs / 1000,
        waitShare: trained.waitedMs / trained.elapsedMs,
      };
      history.push(row);
      await writeCsv(
        `${out}/history.csv`,
        historyColumns,
        history.map((row) => historyColumns.map((column) => row[column])),
      );
      const better = !best || isBetter(evaluation, trained.loss, best);
      if (better) {
        best = { epoch, evaluation, trainingLoss: trained.loss };
        const card = {
          formatVersion: modelFormatVersion,
          program,
          spec,
          frontEnd,
          labels,
          majorityLabel,
          golden: await createGoldenVector(frontEnd, engine),
          epoch: epoch + 1,
          validationAccuracy: evaluation.accuracy,
          validationLoss: evaluation.loss,
        };
        const weights = await engine.exportWeights();
        await writeModel(`${out}/best_model`, encodeModel({ card, weights }));
        await predictions.commit();
      } else {
        await predictions.abort();
      }
      onEvent({ kind: "epoch", row, best: better });
      if (evaluation.examples > 0 && epoch - best!.epoch >= recipe.patience) {
        ended = "early stopping";
        break;
      }
    }

    const validationCounts = Object.values(countLabels(usable(split.validation)));
    const result: TrainResult = {
      out,
      labels,
      bestEpoch: best!.epoch + 1,
      best: best!.evaluation,
      majorityAccuracy: Math.max(0, ...validationCounts) / Math.max(1, best!.evaluation.examples),
      epochs: history.length,
      ended,
      skipped: skipped.all.length,
      seconds: (performance.now() - startMs) / 1000,
      stageMs,
    };
    await writeAtomically(`${out}/metrics.json`, JSON.stringify(result, null, 2) + "\n");
    return result;
  } finally {
    pool.close();
    await engine.dispose();
  }
}

function countLabels(clips: readonly ClipRef[]): Record<string, number> {
  return Object.fromEntries([...groupByLabel(clips)].map(([label, of]) => [label, of.length]));
}

function isBetter(
  evaluation: Evaluation,
  trainingLoss: number,
  best: { readonly evaluation: Evaluation; readonly trainingLoss: number },
): boolean {
  if (evaluation.examples === 0) return trainingLoss < best.trainingLoss;
  if (evaluation.accuracy !== best.evaluation.accuracy) {
    return evaluation.accuracy > best.evaluation.accuracy;
  }
  return evaluation.loss < best.evaluation.loss;
}

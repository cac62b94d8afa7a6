/** Labels recordings with a saved model and writes the CSV files, row by row as they are known. */
import { dirname } from "@std/path";
import { type Backend, createEngine } from "../model/create_engine.ts";
import { createEnsemble } from "../model/ensemble.ts";
import { namedClasses } from "../model/evaluator.ts";
import type { Evaluation } from "../model/metrics.ts";
import { evaluate } from "../model/trainer.ts";
import type { SavedModel } from "../model/saved_model.ts";
import { describeCacheCounts } from "../pipeline/cache/audio_cache.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";
import { clipId, firstClips } from "../pipeline/clip.ts";
import type { Recording } from "../pipeline/recording.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { plainRequests } from "../pipeline/requests.ts";
import { createBatchStream } from "../workers/batch_stream.ts";
import { FeaturePool } from "../workers/feature_pool.ts";
import { createCsvFile, type CsvFile } from "./csv_file.ts";
import { checkGoldenVector } from "./golden.ts";
import { RunError } from "./run_error.ts";
import { SkippedClips } from "./skipped_clips.ts";

/** What a prediction is made of. */
export interface PredictOptions {
  /** The model, by `readModel`; or several, by `readModels`, whose probabilities are averaged. */
  readonly model: SavedModel | readonly SavedModel[];
  /** The recordings, in the order of the rows to write. */
  readonly recordings: readonly Recording[];
  /** The CSV to write: `filename,label`, several labels with `;` between them. @default {"submission.csv"} */
  readonly out?: string;
  /** A CSV with the probability of every class, where it is wanted. */
  readonly probabilities?: string;
  /** Where the clips that could not be read are named. @default {`skipped.csv` beside `out`} */
  readonly skipped?: string;
  /** Clips asked about at a time. @default {16} */
  readonly batchSize?: number;
  /** Which engine answers. @default {"auto"} */
  readonly backend?: Backend;
  /** Threads of the CPU engine. @default {navigator.hardwareConcurrency} */
  readonly threads?: number;
  /** Feature workers. @default {navigator.hardwareConcurrency} */
  readonly workers?: number;
  /** Where decoded audio is kept for later runs; see `openCacheFolder`. @default {undefined} */
  readonly cache?: CacheFolder;
  /** Is told what a person should know and no clip is to blame for. */
  readonly onNotice?: (text: string) => void;
  /** Is told how many rows are written, after each. */
  readonly onRow?: (done: number) => void;
  /** Is told each clip that cannot be read. */
  readonly onSkipped?: (failure: ClipFailure) => void;
  /** Is told once which engine answers, and why it. */
  readonly onEngine?: (engine: string, reason: string) => void;
}

/** What a prediction came to. */
export interface PredictResult {
  /** Rows written: one for every clip. */
  readonly rows: number;
  /** Figures over the clips whose label is known. */
  readonly evaluation: Evaluation;
  /** The clips that could not be read. */
  readonly skipped: readonly ClipFailure[];
}

/**
 * Writes one row for every recording, in the order given. One that cannot be read is labelled with the
 * class that training saw most, at its probability 1 / classes, and named in `skipped`.
 *
 * @throws {RunError} where this machine does not make the features or answers that the model carries.
 */
export async function predict(options: PredictOptions): Promise<PredictResult> {
  const { model, recordings, batchSize = 16, out = "submission.csv" } = options;
  const models = [model].flat();
  const [{ card, weights }] = models;
  const { classes, frontEnd, spec } = card;
  checkSameKind(models);
  const { engine, reason } = await createEngine(spec, {
    weights,
    backend: options.backend,
    threads: options.threads,
  });
  const pool = new FeaturePool({ workers: options.workers, onNotice: options.onNotice });
  const files: CsvFile[] = [];
  try {
    options.onEngine?.(`${engine.name} (${engine.device})`, reason);
    for (const model of models) {
      await engine.importWeights(model.weights);
      await checkGoldenVector(model.card, engine);
    }
    const predictor = models.length === 1 ? engine : createEnsemble(engine, models);
    const submission = await createCsvFile(out, ["filename", "label"]);
    files.push(submission);
    let probabilitiesFile: CsvFile | undefined;
    if (options.probabilities !== undefined) {
      probabilitiesFile = await createCsvFile(options.probabilities, ["filename", ...classes]);
      files.push(probabilitiesFile);
    }

    const namesOf = (probabilities: Float32Array) =>
      namedClasses(probabilities, spec.activation).map((index) => classes[index]).join(";");
    const skipped = new SkippedClips();
    let rows = 0;
    const batches = createBatchStream(pool, plainRequests(firstClips(recordings)), {
      graph: { frontEnd, seed: 0 },
      cache: options.cache,
      batchSize,
    });
    const { evaluation } = await evaluate(predictor, batches, {
      classes,
      testShifts: card.testShifts,
      async onRow(row, known) {
        const id = clipId(row.request.clip);
        if (row.failure && skipped.add(row.failure)) options.onSkipped?.(row.failure);
        await submission.addRow([id, known ? namesOf(known) : card.majorityLabel]);
        const probabilities = known ?? classes.map(() => 1 / classes.length);
        await probabilitiesFile?.addRow([id, ...probabilities]);
        rows++;
        options.onRow?.(rows);
      },
    });
    const skippedPath = options.skipped ?? `${dirname(out)}/skipped.csv`;
    // One that an earlier prediction left must not be taken for this one's.
    const stale = await Deno.stat(skippedPath).then(() => true, () => false);
    if (skipped.all.length > 0 || stale) await skipped.write(skippedPath);
    for (const file of files.splice(0)) await file.commit();
    if (options.cache) options.onNotice?.(describeCacheCounts(pool.cacheCounts));
    return { rows, evaluation, skipped: skipped.all };
  } finally {
    for (const file of files) await file.abort();
    pool.close();
    await engine.dispose();
  }
}

/** @throws {RunError} where models cannot answer together. */
function checkSameKind([{ card: first }, ...rest]: readonly SavedModel[]): void {
  for (const { card } of rest) {
    for (const key of ["classes", "frontEnd", "spec"] as const) {
      if (JSON.stringify(card[key]) === JSON.stringify(first[key])) continue;
      throw new RunError(`Cannot average these models as they must have the same ${key}`);
    }
  }
}

/** The whole job on a GPU's machine: how fast its cores make features, then `train` and `predict`. */
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { defaultRecipe, type Recipe } from "../../model/recipe.ts";
import { defaultPolicy } from "../../pipeline/augment/augment.ts";
import type { FrontEnd } from "../../pipeline/front_end.ts";
import { firstClips } from "../../pipeline/clip.ts";
import { addStageMs, createStageMs } from "../../pipeline/stage_ms.ts";
import { trainingRequests } from "../../pipeline/requests.ts";
import { openDefaultDataset } from "../../pipeline/sources/default_dataset.ts";
import { predict } from "../../run/prediction/predict.ts";
import { readModel } from "../../run/run_folder.ts";
import { train } from "../../run/training/train.ts";
import type { HistoryRow } from "../../run/training/train_events.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import { FeaturePool } from "../../workers/feature_pool.ts";

/** How fast features are made with nothing else at work: no training can be faster. */
export interface FeatureSpeed {
  readonly workers: number;
  readonly clipsPerSecond: number;
  /** Milliseconds of one worker for a clip, by stage. */
  readonly stageMs: Readonly<Record<string, number>>;
}

/** Makes the default recordings' features for some seconds, as an epoch of the default recipe asks for them. */
export async function timeFeatures(frontEnd: FrontEnd, seconds: number): Promise<FeatureSpeed> {
  const clips = firstClips((await openDefaultDataset()).train);
  const { seed, augmentFactor, batchSize } = defaultRecipe;
  async function* requests() {
    for (let epoch = 0;; epoch++) yield* trainingRequests(clips, { epoch, seed, augmentFactor });
  }
  const pool = new FeaturePool();
  try {
    const graph = { frontEnd, seed, augment: defaultPolicy };
    const batches = createBatchStream(pool, ReadableStream.from(requests()), { graph, batchSize });
    const stages = createStageMs();
    let startMs = 0, count = 0;
    for await (const batch of batches) {
      batch.release();
      const now = performance.now();
      if (startMs === 0) { // the workers have started
        startMs = now;
        continue;
      }
      addStageMs(stages, batch.stageMs);
      count += batch.rows.length;
      if (now - startMs > 1000 * seconds) break;
    }
    const stageMs = Object.entries(stages).map(([stage, ms]) => [stage, ms / count]);
    return {
      workers: pool.numWorkers,
      clipsPerSecond: count / (performance.now() - startMs) * 1000,
      stageMs: Object.fromEntries(stageMs),
    };
  } finally {
    pool.close();
  }
}

/** What the program did with the default recordings. */
export interface JobResult {
  readonly engine: string;
  readonly epochs: number;
  /** Of the whole run, validation and report included. */
  readonly seconds: number;
  /** Training examples a second, features included, after the first epoch; of the first where it is alone. */
  readonly clipsPerSecond: number;
  /** Share of the training time spent waiting for features. */
  readonly waitShare: number;
  /** Which side the other waited for, as the progress line has it. */
  readonly limit: "features" | "model";
  /** Loss of the first and of the last epoch. */
  readonly losses: readonly [number, number];
  readonly validationAccuracy: number;
  readonly testAccuracy: number;
  readonly predictSeconds: number;
}

/** Trains on the default recordings through WebGPU and labels the test part with the best model. */
export async function runJob(frontEnd: FrontEnd, recipe: Partial<Recipe>): Promise<JobResult> {
  const dataset = await openDefaultDataset();
  const dir = await Deno.makeTempDir({ prefix: "melstream-job-" });
  try {
    const rows: HistoryRow[] = [];
    let engine = "";
    const result = await train({
      dataset,
      out: `${dir}/run`,
      frontEnd,
      recipe: { ...recipe, patience: recipe.epochs },
      backend: "webgpu",
      onEvent(event) {
        if (event.kind === "start") engine = event.start.engine;
        if (event.kind === "epoch") rows.push(event.row);
      },
    });
    const startMs = performance.now();
    const { evaluation } = await predict({
      model: await readModel(`${dir}/run`),
      recordings: dataset.test,
      out: `${dir}/submission.csv`,
      backend: "webgpu",
    });
    const timed = rows.slice(Math.min(1, rows.length - 1));
    const seconds = timed.reduce((sum, row) => sum + row.seconds, 0);
    const waited = timed.reduce((sum, row) => sum + row.seconds * row.waitShare, 0);
    return {
      engine,
      epochs: result.epochs,
      seconds: result.seconds,
      clipsPerSecond: timed.reduce((sum, row) => sum + row.seconds * row.clipsPerSecond, 0) /
        seconds,
      waitShare: waited / seconds,
      limit: waited > 0.2 * seconds ? "features" : "model",
      losses: [rows[0].loss, rows[rows.length - 1].loss],
      validationAccuracy: scoreOf(result.best) ?? NaN,
      testAccuracy: scoreOf(evaluation) ?? NaN,
      predictSeconds: (performance.now() - startMs) / 1000,
    };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

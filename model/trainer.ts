/**
 * The training recipe around an engine: soft targets, MixUp, the schedule, and what is counted. What
 * runs the arithmetic is behind `Engine`; what makes the batches is behind their stream.
 */
import type { Batch, BatchRow } from "../pipeline/batch.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { addStageMs, createStageMs, type StageMs } from "../pipeline/stage_ms.ts";
import { createRandom } from "../pipeline/random.ts";
import type { Engine, StepMetrics } from "./engine.ts";
import type { Predictor } from "./ensemble.ts";
import { createEvaluator } from "./evaluator.ts";
import type { Evaluation } from "./metrics.ts";
import type { Recipe } from "./recipe.ts";
import { cosineLearningRate } from "./schedule.ts";
import { mixUp, smoothTargets } from "./targets.ts";
import { predictShifted } from "./test_shifts.ts";

/** What is known while an epoch runs. */
export interface EpochProgress {
  /** Steps done of this epoch. */
  readonly step: number;
  /** Steps of this epoch. */
  readonly steps: number;
  /** Mean loss of the epoch so far, against the soft targets. */
  readonly loss: number;
  /** Share of examples so far whose highest output is the highest target. */
  readonly accuracy: number;
  /** Step size of the last step. */
  readonly learningRate: number;
  /** Clips trained on in this epoch so far. */
  readonly examples: number;
  /** Time since the epoch began. */
  readonly elapsedMs: number;
  /** Part of it spent waiting for features: near all, and the feature workers are the limit. */
  readonly waitedMs: number;
  /** Largest gradient norm before clipping. */
  readonly maxGradientNorm: number;
}

/** Where an epoch stands: plain data, so that a stopped run goes on from it. */
export interface EpochTally {
  /** Steps done. */
  step: number;
  /** Rows asked for so far, those that failed included. */
  rows: number;
  /** Sum of the examples' losses. */
  lossSum: number;
  /** Examples whose highest output is the highest target. */
  correct: number;
  /** Examples trained on. */
  examples: number;
  /** Largest gradient norm before clipping. */
  maxGradientNorm: number;
  /** Step size of the last step. */
  learningRate: number;
  /** Time spent on the epoch. */
  elapsedMs: number;
  /** Part of it spent waiting for features. */
  waitedMs: number;
  /** Clips that could not be read. */
  failures: ClipFailure[];
  /** Time spent by the feature workers, by stage, all threads added. */
  stageMs: StageMs;
}

/** The tally of an epoch that has not begun. */
export function createTally(): EpochTally {
  return {
    step: 0,
    rows: 0,
    lossSum: 0,
    correct: 0,
    examples: 0,
    maxGradientNorm: 0,
    learningRate: 0,
    elapsedMs: 0,
    waitedMs: 0,
    failures: [],
    stageMs: createStageMs(),
  };
}

/** Steps between two looks at the loss: an engine on a GPU runs ahead in between. */
const stepsPerReading = 10;

/** What an epoch of training is given. */
export interface EpochOptions {
  /** Counted from 0. */
  readonly epoch: number;
  /** Steps of a whole epoch, for the schedule. */
  readonly steps: number;
  /** How to train. */
  readonly recipe: Recipe;
  /** The classes, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /** Where the epoch stands; it is kept up to date in place. A new one begins the epoch. */
  readonly tally: EpochTally;
  /** Is shown every batch before MixUp. */
  readonly onBatch?: (batch: Batch) => void;
  /**
   * Called after each tenth step of the run, counted over all epochs. The steps after do not wait for it,
   * so that it asks the engine at once for what it wants of this moment.
   */
  readonly everyTenthStep?: () => Promise<void>;
  /** Called after every few steps and at the end. */
  readonly onProgress?: (progress: EpochProgress) => void;
  /**
   * Called after every step. `settle` brings the tally up to date with the engine, for saving; what
   * this throws ends the epoch.
   */
  readonly afterStep?: (settle: () => Promise<void>) => void | Promise<void>;
}

/**
 * Trains an epoch, or the rest of one.
 *
 * @param batches The epoch's rows from `tally.rows` on; the stream is read to its end.
 * @throws {Error} where the loss is no number any more, and what the engine and the stream throw.
 */
export async function trainEpoch(
  engine: Engine,
  batches: ReadableStream<Batch>,
  options: EpochOptions,
): Promise<void> {
  const { epoch, steps, recipe, classes, tally, onProgress } = options;
  const classOf = new Map(classes.map((label, index) => [label, index]));
  let lastMs = performance.now();
  /** Time since the last call, added to the epoch's. */
  const lap = () => {
    const nowMs = performance.now(), lapMs = nowMs - lastMs;
    lastMs = nowMs;
    tally.elapsedMs += lapMs;
    return lapMs;
  };
  const note = (metrics: StepMetrics) => {
    tally.lossSum += metrics.lossSum;
    tally.correct += metrics.correct;
    tally.examples += metrics.examples;
    tally.maxGradientNorm = Math.max(tally.maxGradientNorm, metrics.maxGradientNorm);
    if (!Number.isFinite(tally.lossSum)) {
      throw new Error(
        `Cannot go on training as the loss must be finite: it was lost in epoch ${
          epoch + 1
        } before ` +
          `step ${tally.step} (a lower --learning-rate may help)`,
      );
    }
    onProgress?.(describeProgress(tally, steps));
  };
  /** What the engine was asked for, which it answers while it runs the steps after. */
  let answers: Promise<unknown> = Promise.resolve();
  const settle = async () => {
    await answers;
    const metrics = await engine.takeMetrics();
    lap();
    note(metrics);
  };

  for await (const batch of batches) {
    tally.waitedMs += lap();
    addStageMs(tally.stageMs, batch.stageMs);
    for (const { failure } of batch.rows) if (failure) tally.failures.push(failure);
    options.onBatch?.(batch);
    const size = batch.clips.length;
    if (size > 0) {
      const indices = batch.clips.map(({ clip }) =>
        clip.recording.labels!.map((label) => classOf.get(label)!)
      );
      const targets = smoothTargets(indices, engine.spec, recipe.labelSmoothing);
      if (recipe.mixup > 0) {
        const random = createRandom(recipe.seed, epoch, tally.step, "mixup");
        mixUp(batch.inputs, targets, size, recipe.mixup, random);
      }
      const done = (epoch * steps + tally.step) / (recipe.epochs * steps);
      tally.learningRate = cosineLearningRate(done, recipe);
      await engine.step(batch.inputs, targets, {
        learningRate: tally.learningRate,
        clipNorm: recipe.clipNorm,
        weightDecay: recipe.weightDecay,
        dropoutSeed: createRandom(recipe.seed, epoch, tally.step, "dropout").nextUint32(),
      });
    }
    tally.rows += batch.rows.length;
    tally.step++;
    batch.release();
    const reads = tally.step % stepsPerReading === 0;
    const isTenth = (epoch * steps + tally.step) % 10 === 0;
    if (reads || isTenth) {
      await answers;
      answers = Promise.all([
        reads && engine.takeMetrics().then(note),
        isTenth && options.everyTenthStep?.(),
      ]);
      answers.catch(() => {}); // thrown where it is awaited
    }
    await options.afterStep?.(settle);
    lap();
  }
  await settle();
}

function describeProgress(tally: EpochTally, steps: number): EpochProgress {
  const { step, lossSum, correct, examples, learningRate, elapsedMs, waitedMs } = tally;
  return {
    step,
    steps,
    loss: lossSum / Math.max(1, examples),
    accuracy: correct / Math.max(1, examples),
    learningRate,
    examples,
    elapsedMs,
    waitedMs,
    maxGradientNorm: tally.maxGradientNorm,
  };
}

/** How a model is asked, and who is told. */
export interface EvaluateOptions {
  /** The classes, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /** See `Recipe`. @default {0} */
  readonly testShifts?: number;
  /** Is shown every batch. */
  readonly onBatch?: (batch: Batch) => void;
  /**
   * Is told every row in the order asked for: its probabilities, `[classes.length]`, or nothing where the
   * clip failed.
   */
  readonly onRow?: (row: BatchRow, probabilities: Float32Array | undefined) => void | Promise<void>;
}

/**
 * Asks the model about every row of a stream and compares with the rows' labels.
 *
 * @returns the figures over the rows whose label is known, and the rows that failed.
 */
export async function evaluate(
  engine: Predictor,
  batches: ReadableStream<Batch>,
  options: EvaluateOptions,
): Promise<{ evaluation: Evaluation; failures: ClipFailure[]; stageMs: StageMs }> {
  const { classes, testShifts = 0, onRow } = options;
  const builder = createEvaluator(engine.spec);
  const failures: ClipFailure[] = [];
  const stageMs = createStageMs();
  for await (const batch of batches) {
    addStageMs(stageMs, batch.stageMs);
    options.onBatch?.(batch);
    const all = batch.clips.length > 0
      ? await predictShifted(engine, batch.inputs, testShifts)
      : new Float32Array();
    let next = 0;
    for (const row of batch.rows) {
      if (row.failure) {
        failures.push(row.failure);
        await onRow?.(row, undefined);
        continue;
      }
      const probabilities = all.subarray(next * classes.length, (next + 1) * classes.length);
      next++;
      const { labels } = row.request.clip.recording;
      const trueClasses = labels?.map((label) => classes.indexOf(label)).filter((i) => i >= 0) ??
        [];
      // With several labels a clip, one that has none of them is known, too.
      const hasNone = labels?.length === 0 && engine.spec.activation === "sigmoid";
      if (trueClasses.length > 0 || hasNone) builder.add(trueClasses, probabilities);
      await onRow?.(row, probabilities);
    }
    batch.release();
  }
  return { evaluation: builder.build(), failures, stageMs };
}

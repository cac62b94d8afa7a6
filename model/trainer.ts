/**
 * The training recipe around an engine: soft targets, MixUp, the schedule, and what is counted. What
 * runs the arithmetic is behind `Engine`; what makes the batches is behind their stream.
 */
import type { Batch } from "../pipeline/batch.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { addStageMs, createStageMs, type StageMs } from "../pipeline/stage_ms.ts";
import { createRandom } from "../pipeline/random.ts";
import type { Engine, StepMetrics } from "./engine.ts";
import { outputOf } from "./network.ts";
import type { Recipe } from "./recipe.ts";
import { cosineLearningRate } from "./schedule.ts";
import { mixUp, targetsOf } from "./targets.ts";

/** Progress of an epoch that runs. */
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

/** Tally of an epoch: plain data, so that a stopped run goes on from it. */
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
/** Steps between two updates of the weights' moving average. */
const stepsPerAverage = 10;

/** Options of an epoch of training. */
export interface EpochOptions {
  /** Counted from 0. */
  readonly epoch: number;
  /** Epochs of the schedule. */
  readonly epochs: number;
  /** The epoch that the schedule begins with. @default {0} */
  readonly firstEpoch?: number;
  /** Steps of a whole epoch. */
  readonly steps: number;
  /** How to train. */
  readonly recipe: Recipe;
  /** The classes, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /** Tally of the epoch; it is kept up to date in place. A new one begins the epoch. */
  readonly tally: EpochTally;
  /** Is shown every batch before MixUp. */
  readonly onBatch?: (batch: Batch) => void;
  /**
   * Called where the moving average of the weights is to take them in: every `stepsPerAverage` steps of
   * the run, counted over all epochs. The steps after do not wait for it, so that it asks the engine at
   * once for what it wants of this moment.
   */
  readonly onAverageStep?: () => Promise<void>;
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
  const { epoch, epochs, firstEpoch = 0, steps, recipe, classes, tally, onProgress } = options;
  const output = outputOf(engine.network);
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
  /** Questions to the engine, which it answers while it runs the steps after. */
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
      const targets = targetsOf(batch.clips, classOf, output, recipe.labelSmoothing);
      if (recipe.mixup > 0) {
        const random = createRandom(recipe.seed, epoch, tally.step, "mixup");
        mixUp(batch.inputs, targets, size, recipe.mixup, random);
      }
      const done = ((epoch - firstEpoch) * steps + tally.step) / (epochs * steps);
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
    const averages = (epoch * steps + tally.step) % stepsPerAverage === 0;
    if (reads || averages) {
      await answers;
      answers = Promise.all([
        reads && engine.takeMetrics().then(note),
        averages && options.onAverageStep?.(),
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

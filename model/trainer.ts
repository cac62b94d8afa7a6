/**
 * The training recipe around an engine: soft targets, MixUp, the schedule, and what is counted. What
 * runs the arithmetic is behind `Engine`; what makes the batches is behind their stream.
 */
import type { Batch, BatchRow } from "../pipeline/batch.ts";
import type { ClipFailure, StageMs } from "../pipeline/feature_graph.ts";
import { createRandom } from "../pipeline/random.ts";
import type { Engine } from "./engine.ts";
import { type Evaluation, EvaluationBuilder } from "./metrics.ts";
import { cosineLearningRate } from "./schedule.ts";
import { mixUp, smoothTargets } from "./targets.ts";

/** How a model is trained. */
export interface Recipe {
  /** Passes over the recordings. @default {40} */
  readonly epochs: number;
  /** Examples of one step. @default {16} */
  readonly batchSize: number;
  /** Highest step size of Adam. @default {0.001} */
  readonly learningRate: number;
  /** Share of the run in which the step size rises from 0. @default {0} */
  readonly warmup: number;
  /** Decoupled weight decay of the kernels. @default {0} */
  readonly weightDecay: number;
  /** Largest global norm of the gradient; 0 switches clipping off. @default {1} */
  readonly clipNorm: number;
  /** α of MixUp's Beta(α, α); 0 switches it off. @default {0.2} */
  readonly mixup: number;
  /** Share of a target spread over all classes. @default {0.05} */
  readonly labelSmoothing: number;
  /** Augmented copies beside every recording, drawn afresh each epoch. @default {1} */
  readonly augmentFactor: number;
  /** Epochs without a better validation accuracy after which training ends. @default {10} */
  readonly patience: number;
  /** Key of every random draw. @default {1} */
  readonly seed: number;
}

/** The source recipe's values. */
export const defaultRecipe: Recipe = Object.freeze({
  epochs: 40,
  batchSize: 16,
  learningRate: 1e-3,
  warmup: 0,
  weightDecay: 0,
  clipNorm: 1,
  mixup: 0.2,
  labelSmoothing: 0.05,
  augmentFactor: 1,
  patience: 10,
  seed: 1,
});

/**
 * Refuses a recipe that cannot be followed.
 *
 * @throws {RangeError} naming the setting, the rule and the value seen.
 */
export function checkRecipe(recipe: Recipe): void {
  const whole = (value: number, low: number) => Number.isInteger(value) && value >= low;
  const rules: [keyof Recipe, boolean, string][] = [
    ["epochs", whole(recipe.epochs, 1), "a whole number of at least 1"],
    ["batchSize", whole(recipe.batchSize, 2), "a whole number of at least 2"],
    ["learningRate", recipe.learningRate > 0 && recipe.learningRate <= 1, "above 0 and at most 1"],
    ["warmup", recipe.warmup >= 0 && recipe.warmup < 1, "at least 0 and below 1"],
    ["weightDecay", recipe.weightDecay >= 0, "at least 0"],
    ["clipNorm", recipe.clipNorm >= 0, "at least 0"],
    ["mixup", recipe.mixup >= 0, "at least 0"],
    [
      "labelSmoothing",
      recipe.labelSmoothing >= 0 && recipe.labelSmoothing < 1,
      "at least 0 and below 1",
    ],
    ["augmentFactor", whole(recipe.augmentFactor, 0), "a whole number of at least 0"],
    ["patience", whole(recipe.patience, 1), "a whole number of at least 1"],
    ["seed", whole(recipe.seed, 0), "a whole number of at least 0"],
  ];
  for (const [name, holds, rule] of rules) {
    if (!holds) {
      throw new RangeError(
        `Cannot train with this recipe as ${name} must be ${rule}: current value is ${
          recipe[name]
        }`,
      );
    }
  }
}

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

/** No time spent in any stage. */
export function createStageMs(): StageMs {
  return { decode: 0, resample: 0, fit: 0, augment: 0, logMel: 0 };
}

/** Adds one batch's stage times to a sum. */
export function addStageMs(sum: StageMs, more: StageMs): void {
  for (const name of Object.keys(sum) as (keyof StageMs)[]) sum[name] += more[name];
}

/** What an epoch of training is given. */
export interface EpochOptions {
  /** Counted from 0. */
  readonly epoch: number;
  /** Steps of a whole epoch, for the schedule. */
  readonly steps: number;
  /** How to train. */
  readonly recipe: Recipe;
  /** The classes, in the order of the model's outputs. */
  readonly labels: readonly string[];
  /** Where the epoch stands; it is kept up to date in place. A new one begins the epoch. */
  readonly tally: EpochTally;
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
  const { epoch, steps, recipe, labels, tally, onProgress } = options;
  const classOf = new Map(labels.map((label, index) => [label, index]));
  let lastMs = performance.now();
  /** Time since the last call, added to the epoch's. */
  const lap = () => {
    const nowMs = performance.now(), lapMs = nowMs - lastMs;
    lastMs = nowMs;
    tally.elapsedMs += lapMs;
    return lapMs;
  };
  const settle = async () => {
    const metrics = await engine.takeMetrics();
    lap();
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

  for await (const batch of batches) {
    tally.waitedMs += lap();
    addStageMs(tally.stageMs, batch.stageMs);
    for (const { failure } of batch.rows) if (failure) tally.failures.push(failure);
    const size = batch.clips.length;
    if (size > 0) {
      const classes = batch.clips.map(({ clip }) => classOf.get(clip.label ?? "")!);
      const targets = smoothTargets(classes, labels.length, recipe.labelSmoothing);
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
    lap();
    if (tally.step % stepsPerReading === 0) await settle();
    await options.afterStep?.(settle);
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

/**
 * Asks the model about every row of a stream and compares with the rows' labels.
 *
 * @param onRow Is told every row in the order asked for: its probabilities, `[labels.length]`, or
 * nothing where the clip failed.
 * @returns the figures over the rows whose label is known, and the rows that failed.
 */
export async function evaluate(
  engine: Engine,
  batches: ReadableStream<Batch>,
  labels: readonly string[],
  onRow?: (row: BatchRow, probabilities: Float32Array | undefined) => void | Promise<void>,
): Promise<{ evaluation: Evaluation; failures: ClipFailure[]; stageMs: StageMs }> {
  const builder = new EvaluationBuilder(labels.length);
  const failures: ClipFailure[] = [];
  const stageMs = createStageMs();
  for await (const batch of batches) {
    addStageMs(stageMs, batch.stageMs);
    const all = batch.clips.length > 0 ? await engine.predict(batch.inputs) : new Float32Array();
    let next = 0;
    for (const row of batch.rows) {
      if (row.failure) {
        failures.push(row.failure);
        await onRow?.(row, undefined);
        continue;
      }
      const probabilities = all.subarray(next * labels.length, (next + 1) * labels.length);
      next++;
      const trueClass = labels.indexOf(row.request.clip.label ?? "");
      if (trueClass >= 0) builder.add(trueClass, probabilities);
      await onRow?.(row, probabilities);
    }
    batch.release();
  }
  return { evaluation: builder.build(), failures, stageMs };
}

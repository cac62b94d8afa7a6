/**
 * What trains: the one interface between the trainer and the arithmetic. MixUp, label smoothing, the
 * schedule, early stopping and checkpoints live outside it. Every engine starts from the same
 * weights, reads what another wrote, and is held to the same losses.
 */
import { type Network, outputOf } from "./network.ts";
import type { Weight } from "./weights.ts";

/** What one training step needs beyond its batch. */
export interface StepOptions {
  /** Step size of Adam. */
  readonly learningRate: number;
  /** Largest global norm of the gradient; a longer one is scaled down to it. 0 switches it off. */
  readonly clipNorm: number;
  /**
   * Decoupled weight decay (AdamW, Loshchilov & Hutter 2019): kernels shrink by learningRate ·
   * weightDecay before the step; biases, gamma and beta do not. 0 is plain Adam.
   */
  readonly weightDecay: number;
  /** Key of this step's dropout mask: unit u of example b is kept or not by (seed, b, u) alone. */
  readonly dropoutSeed: number;
}

/** Sums over the steps since they were last taken. */
export interface StepMetrics {
  /** Number of steps. */
  readonly steps: number;
  /** Number of examples in them. */
  readonly examples: number;
  /** Sum of the examples' losses. */
  readonly lossSum: number;
  /** Examples whose highest output is the highest target (softmax), or outputs on the right side (sigmoid, a mean over classes). */
  readonly correct: number;
  /** Largest global norm of the gradient, before clipping. */
  readonly maxGradientNorm: number;
}

/** Adam's state: first and second moments of every trained weight, by the weight's name. */
export interface OptimizerState {
  /** Steps taken, for the bias correction. */
  readonly steps: number;
  /** First moments, one entry a trained weight, in the weights' layout. */
  readonly firstMoments: readonly Weight[];
  /** Second moments. */
  readonly secondMoments: readonly Weight[];
}

/** Adam's constants, the same in every engine. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** A model that is asked, wherever its arithmetic runs. */
export interface Answerer {
  /** Which engine it is, as `--backend` names it. */
  readonly name: "cpu" | "webgpu";
  /** What it runs on, in words: `2 threads, relaxed SIMD` or the adapter's name. */
  readonly device: string;
  /** The network that it holds. */
  readonly network: Network;

  /**
   * Class probabilities, `[batch, numClasses]`, by the running statistics and without dropout.
   *
   * @param inputs Features in dB, `[batch, melBands, numFrames]`, row-major; any batch size. Read before the
   * promise resolves.
   */
  predict(inputs: Float32Array): Promise<Float32Array>;

  /** A copy of every weight, in the canonical order of `weightShapes`. */
  exportWeights(): Promise<Weight[]>;
  /** Takes over weights; the optimizer's state stays. @throws {TypeError} where a shape differs. */
  importWeights(weights: readonly Weight[]): Promise<void>;

  /** Frees memory and threads. The engine cannot be used afterwards. */
  dispose(): Promise<void>;
}

/** A model that is being trained or asked. */
export interface Engine extends Answerer {
  /**
   * One training step: forward, backward, Adam.
   *
   * @param inputs Features in dB, `[batch, melBands, numFrames]`, row-major. Read before the
   * promise resolves; the caller may reuse the memory afterwards.
   * @param targets Soft labels, `[batch, numClasses]`; each row sums to 1 for softmax. The loss is
   * the mean over the batch.
   * @returns when the next step may be given; its arithmetic may still be under way.
   * @throws {TypeError} where the lengths do not fit the network or each other.
   */
  step(inputs: Float32Array, targets: Float32Array, options: StepOptions): Promise<void>;

  /** Waits for the steps under way and returns their sums since the last call. */
  takeMetrics(): Promise<StepMetrics>;

  /** A copy of Adam's state. */
  exportOptimizer(): Promise<OptimizerState>;
  /** Takes over Adam's state. @throws {TypeError} where a shape differs. */
  importOptimizer(state: OptimizerState): Promise<void>;
}

/** Checks one batch against the network and returns its size. @throws {TypeError} where it does not fit. */
export function batchSizeOf(
  network: Network,
  inputs: Float32Array,
  targets?: Float32Array,
): number {
  const { melBands, numFrames } = network, { numClasses } = outputOf(network);
  const cells = melBands * numFrames, batch = inputs.length / cells;
  if (!Number.isInteger(batch) || batch === 0) {
    throw new TypeError(
      `Cannot run this batch as its inputs must have a positive multiple of ${cells} values ` +
        `([batch, ${melBands}, ${numFrames}]): current value is ${inputs.length}`,
    );
  }
  if (targets && targets.length !== batch * numClasses) {
    throw new TypeError(
      `Cannot run this batch as its targets must have ${batch * numClasses} values ` +
        `([${batch}, ${numClasses}]): current value is ${targets.length}`,
    );
  }
  return batch;
}

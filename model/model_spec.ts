/**
 * The convolutional network, described once for every engine: `blocks` of 3×3 convolution (no bias,
 * zero padding, stride 1), batch normalisation, ReLU and 2×2 max pooling; then global average
 * pooling, a dense layer with ReLU, dropout, and a dense layer of one output a class.
 */
export interface ModelSpec {
  /** Mel bands: the rows of the input `[batch, melBands, numFrames]`. */
  readonly melBands: number;
  /** STFT frames: the columns of the input. */
  readonly numFrames: number;
  /** Output channels of each block, first to last. @default {[32, 64, 128, 256]} */
  readonly channels: readonly number[];
  /** Units of the hidden dense layer. @default {128} */
  readonly denseUnits: number;
  /** Number of classes. */
  readonly numClasses: number;
  /** Share of hidden units set to zero in a training step (inverted dropout). @default {0} */
  readonly dropoutRate: number;
  /**
   * `softmax` with cross-entropy: one class a clip; `sigmoid` with binary cross-entropy (the mean
   * over the classes): any number of classes a clip. @default {"softmax"}
   */
  readonly activation: "softmax" | "sigmoid";
  /**
   * The first layer of the network: x ↦ x·inputScale + inputOffset. It maps the decibels of the
   * front end, [−range, 0], to [0, 2], so that the convolution's zero padding means silence.
   */
  readonly inputScale: number;
  /** See `inputScale`. */
  readonly inputOffset: number;
}

/** Added to the variance in batch normalisation, as PyTorch does. */
export const batchNormEpsilon = 1e-5;

/**
 * Share of the running mean and variance kept at each training step: running ← 0.9·running +
 * 0.1·batch (tfjs's `momentum`; PyTorch calls 0.1 the momentum). The batch's variance is the
 * biased one, divided by N, as in tfjs; PyTorch's running variance divides by N − 1.
 */
export const batchNormMomentum = 0.9;

/** Output channels of each block of the default network. */
export const defaultChannels: readonly number[] = [32, 64, 128, 256];

/** Fewest mel bands, and frames, of which the blocks' poolings leave something. */
export function smallestInput(channels: readonly number[]): number {
  return 2 ** channels.length;
}

/**
 * The network of the defaults for a shape of features.
 *
 * @throws {RangeError} where pooling would leave nothing of the input.
 */
export function createModelSpec(
  shape: { melBands: number; numFrames: number; numClasses: number; dynamicRangeDb: number },
  overrides: Partial<ModelSpec> = {},
): ModelSpec {
  const spec: ModelSpec = {
    melBands: shape.melBands,
    numFrames: shape.numFrames,
    numClasses: shape.numClasses,
    channels: defaultChannels,
    denseUnits: 128,
    dropoutRate: 0,
    activation: "softmax",
    inputScale: 2 / shape.dynamicRangeDb,
    inputOffset: 2,
    ...overrides,
  };
  const smallest = smallestInput(spec.channels);
  if (spec.melBands < smallest || spec.numFrames < smallest) {
    throw new RangeError(
      `Cannot build the model as ${spec.channels.length} poolings need features of at least ` +
        `[${smallest}, ${smallest}]: current value is [${spec.melBands}, ${spec.numFrames}]`,
    );
  }
  return spec;
}

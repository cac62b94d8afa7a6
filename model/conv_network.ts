import { resolveSettings, type SettingsOf } from "../settings/setting.ts";
import { oneOf, wholeNumberIn, wholeNumbersIn } from "../settings/value_range.ts";
import type { Network, NetworkNode, OutputActivation } from "./network.ts";
import { resolveNetwork } from "./resolve_network.ts";

/**
 * How the last block's output becomes one value a channel: the `mean` of all positions; or the mean over
 * mel bands, and of that the mean plus the maximum over time (`mean-max`; Kong et al. 2020, PANNs), in
 * which the silence that short clips are padded with weighs less.
 */
export const globalPoolings = ["mean", "mean-max"] as const;
/** See `globalPoolings`. */
export type GlobalPooling = typeof globalPoolings[number];

/** What may be chosen of a `createConvNetwork`. */
export interface ConvNetworkOptions {
  /** Mel bands: the rows of the features `[batch, melBands, numFrames]`. */
  readonly melBands: number;
  /** STFT frames: the columns of the features. */
  readonly numFrames: number;
  /** Number of classes. */
  readonly numClasses: number;
  /** Output channels of each block, first to last. @default {[32, 64, 128, 256]} */
  readonly channels?: readonly number[];
  /** Behind the last block. @default {"mean-max"} */
  readonly globalPooling?: GlobalPooling;
  /** Units of the hidden dense layer. @default {128} */
  readonly denseUnits?: number;
  /** Share of hidden units set to zero in a training step. @default {0} */
  readonly dropoutRate?: number;
  /** What the outputs go through. @default {"softmax"} */
  readonly activation?: OutputActivation;
  /**
   * Factor of the features. With `inputOffset` it maps the decibels of the front end, [−range, 0], to
   * [0, 2], so that the convolution's zero padding means silence. @default {2 / 80}
   */
  readonly inputScale?: number;
  /** Addend of the features. @default {2} */
  readonly inputOffset?: number;
}

/** What is chosen of a `createConvNetwork`; `networkSettings` has the defaults. */
export interface NetworkSettings {
  /** Output channels of each block, first to last. */
  readonly channels: readonly number[];
  /** Behind the last block. */
  readonly globalPooling: GlobalPooling;
  /** Units of the hidden dense layer. */
  readonly denseUnits: number;
}

/** The settings of the network. */
export const networkSettings: SettingsOf<NetworkSettings> = {
  channels: {
    range: wholeNumbersIn({ min: 1 }),
    default: [32, 64, 128, 256],
    help: "channels of the network's blocks",
    group: "Network",
    placeholder: "list",
  },
  globalPooling: {
    range: oneOf(...globalPoolings),
    default: "mean-max",
    help: "how its blocks' output is pooled; mean-max: mean plus maximum over time",
    group: "Network",
    placeholder: "how",
  },
  denseUnits: {
    range: wholeNumberIn({ min: 1 }),
    default: 128,
    help: "units of its hidden dense layer",
    group: "Network",
  },
};

/** What earlier versions left unsaid of a network, as there was no other. */
export const earlierNetwork: Pick<NetworkSettings, "globalPooling"> = { globalPooling: "mean" };

/** The fewest mel bands, and frames, of which the poolings behind so many blocks leave something. */
export function smallestInput(channels: readonly number[]): number {
  return 2 ** channels.length;
}

/** Added to the variance in batch normalisation, as PyTorch does. */
export const batchNormEpsilon = 1e-5;
/** Share of the running mean and variance kept at each training step. */
export const batchNormMomentum = 0.9;

const globalPoolingNodes: Readonly<Record<GlobalPooling, readonly NetworkNode[]>> = {
  mean: [{ op: "mean", name: "global_average_pool", axes: [0, 1] }],
  "mean-max": [
    { op: "mean", name: "mean_over_mel_bands", axes: [0] },
    { op: "mean", name: "mean_over_time", axes: [0] },
    { op: "max", name: "max_over_time", inputs: ["mean_over_mel_bands"], axes: [0] },
    { op: "add", name: "global_mean_max_pool", inputs: ["mean_over_time", "max_over_time"] },
  ],
};

/**
 * The network of the defaults: blocks of 3×3 convolution, batch normalisation, ReLU and 2×2 max pooling;
 * then global pooling, a dense layer with ReLU, dropout, and a dense layer of one output a class.
 *
 * @throws {RangeError} where pooling would leave nothing of the features, or a choice is out of range.
 */
export function createConvNetwork(options: ConvNetworkOptions): Network {
  const { melBands, numFrames, numClasses, activation = "softmax", dropoutRate = 0 } = options;
  const { channels, globalPooling, denseUnits } = resolveSettings<NetworkSettings>(
    networkSettings,
    options,
    "build the network",
  );
  const { inputScale = 2 / 80, inputOffset = 2 } = options;
  const blocks = channels.flatMap((outputs, i): NetworkNode[] => [
    { op: "conv", name: `conv_${i + 1}`, channels: outputs, kernelSize: [3, 3] },
    {
      op: "batch-norm",
      name: `batch_norm_${i + 1}`,
      epsilon: batchNormEpsilon,
      momentum: batchNormMomentum,
    },
    { op: "relu", name: `relu_${i + 1}` },
    { op: "max-pool", name: `max_pool_${i + 1}`, size: [2, 2] },
  ]);
  const network: Network = {
    melBands,
    numFrames,
    nodes: [
      { op: "rescale", name: "rescaling", scale: inputScale, offset: inputOffset },
      ...blocks,
      ...globalPoolingNodes[globalPooling],
      { op: "dense", name: "dense", units: denseUnits, activation: "relu" },
      { op: "dropout", name: "dropout", rate: dropoutRate },
      { op: "dense", name: "logits", units: numClasses, activation },
    ],
  };
  resolveNetwork(network);
  return network;
}

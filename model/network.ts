/**
 * The network, described once: an ordered list of nodes as plain data, sendable to workers and JSON in
 * a saved model. All that knows the layers is derived from it: names, shapes and roles of the weights
 * (`operations.ts`, `resolve_network.ts`), the layers of the saved file (`layers_topology.ts`), and the
 * engines' plans, by patterns over the nodes (`match_blocks.ts`).
 */

/** Shape of what a node gives, without the batch: `[mel bands, frames, channels]`, or what is left of it. */
export type Shape = readonly number[];

/** What every node has. */
export interface NodeBase {
  /** Its name, of which there is one; its weights are `NAME/ROLE`. */
  readonly name: string;
  /** Names of the nodes whose outputs it takes. @default {the node before it; the features for the first} */
  readonly inputs?: readonly string[];
  /**
   * Whether training leaves its weights as they are; a batch normalisation then takes its running statistics
   * in training, too. @default {false}
   */
  readonly frozen?: boolean;
  /** What the learning rate is multiplied by for its weights, above 0. @default {1} */
  readonly learningRateFactor?: number;
}

/** x ↦ x·scale + offset. */
export interface RescaleNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "rescale";
  /** Factor. */
  readonly scale: number;
  /** Addend. */
  readonly offset: number;
}

/** Convolution over mel bands and frames: stride 1, zero padding that keeps the size, no bias. */
export interface ConvNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "conv";
  /** Output channels. */
  readonly channels: number;
  /** Size of the kernel: mel bands, frames. */
  readonly kernelSize: readonly [number, number];
}

/**
 * Batch normalisation of each channel. The batch's variance is the biased one, divided by N, as in
 * tfjs; PyTorch's running variance divides by N − 1.
 */
export interface BatchNormNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "batch-norm";
  /** Added to the variance. */
  readonly epsilon: number;
  /** Share of the running mean and variance kept at a training step (tfjs's `momentum`; PyTorch's is 1 − it). */
  readonly momentum: number;
}

/** max(x, 0). */
export interface ReluNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "relu";
}

/** The largest value of windows that do not overlap; an odd last row or column is dropped. */
export interface MaxPoolNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "max-pool";
  /** Size of a window, which is the stride too: mel bands, frames. */
  readonly size: readonly [number, number];
}

/** The sum of two or more outputs of one shape. */
export interface AddNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "add";
}

/** The mean over whole axes, which are gone afterwards. */
export interface MeanNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "mean";
  /** Axes of the input: `[0, 1]` of `[mel bands, frames, channels]` is global pooling. */
  readonly axes: readonly number[];
}

/** The largest value over whole axes, which are gone afterwards. */
export interface MaxNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "max";
  /** As of `MeanNode`. */
  readonly axes: readonly number[];
}

/** All values as one axis, in their order. */
export interface FlattenNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "flatten";
}

/** A dense layer over the last axis, with bias and activation. */
export interface DenseNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "dense";
  /** Outputs. */
  readonly units: number;
  /** What its sums go through. */
  readonly activation: "linear" | "relu" | OutputActivation;
}

/** Sets a share of the values to zero in a training step and scales the others up (inverted dropout). */
export interface DropoutNode extends NodeBase {
  /** Which operation it is. */
  readonly op: "dropout";
  /** That share. */
  readonly rate: number;
}

/** One operation of the network and its settings. */
export type NetworkNode =
  | RescaleNode
  | ConvNode
  | BatchNormNode
  | ReluNode
  | MaxPoolNode
  | AddNode
  | MeanNode
  | MaxNode
  | FlattenNode
  | DenseNode
  | DropoutNode;

/**
 * What a network ends in: `softmax` with cross-entropy, one class a clip; or `sigmoid` with binary
 * cross-entropy (the mean over the classes), any number of classes a clip.
 */
export type OutputActivation = "softmax" | "sigmoid";

/**
 * A network from features `[batch, melBands, numFrames]` in dB to probabilities `[batch, numClasses]`; a head's
 * features are embeddings, `[batch, numbers of an embedding, 1]`.
 */
export interface Network {
  /** Mel bands: the rows of the features. */
  readonly melBands: number;
  /** STFT frames: the columns of the features. */
  readonly numFrames: number;
  /** The operations, each behind those whose outputs it takes; the last one gives the probabilities. */
  readonly nodes: readonly NetworkNode[];
}

/** What a network's last node says of its answers. */
export interface NetworkOutput {
  /** Number of classes. */
  readonly numClasses: number;
  /** What the probabilities come from. */
  readonly activation: OutputActivation;
}

/** The answers that a network gives; one that `resolveNetwork` takes has them. */
export function outputOf({ nodes }: Network): NetworkOutput {
  const { units, activation } = nodes[nodes.length - 1] as DenseNode;
  return { numClasses: units, activation: activation as OutputActivation };
}

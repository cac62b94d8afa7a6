import type { Network, NetworkNode, OutputActivation } from "../network.ts";

/** What a head is made of. */
export interface HeadOptions {
  /** Numbers of an embedding. */
  readonly size: number;
  /** Number of classes. */
  readonly numClasses: number;
  /** Units of its hidden layer; 0 for none: logistic regression. */
  readonly hiddenUnits: number;
  /** What the outputs go through. */
  readonly activation: OutputActivation;
}

/** A head: the network from an embedding, `[batch, size, 1]`, to probabilities, in one dense layer or two. */
export function createHeadNetwork(
  { size, numClasses, hiddenUnits, activation }: HeadOptions,
): Network {
  const hidden: NetworkNode[] = hiddenUnits === 0
    ? []
    : [{ op: "dense", name: "dense", units: hiddenUnits, activation: "relu" }];
  return {
    melBands: size,
    numFrames: 1,
    nodes: [
      { op: "flatten", name: "embedding" },
      ...hidden,
      { op: "dense", name: "logits", units: numClasses, activation },
    ],
  };
}

/** The sizes of the dense layers of a head, inputs first. */
export function layerSizes({ melBands, nodes }: Network): number[] {
  return [melBands, ...nodes.flatMap((node) => node.op === "dense" ? [node.units] : [])];
}

/** The operations that a network may be made of: settings, shapes and weights of each. */
import type { MaxNode, MeanNode, NetworkNode, NodeBase, Shape } from "./network.ts";
import { count, countPair, finite, isList, oneOf, positive, type Rule, share } from "./rules.ts";

/** What the optimizer does with a weight. */
export type WeightRole =
  /** Follows its gradient. */
  | "trained"
  /** Follows its gradient and shrinks by weight decay: kernels. */
  | "decayed"
  /** Follows the batches: running mean and variance. */
  | "running-statistic"
  /** Stays as it is. */
  | "frozen";

/** Name, shape and role of one weight, and how it begins. */
export interface WeightShape {
  /** Node and part: `conv_1/kernel`, `batch_norm_1/gamma`, `dense/bias`. */
  readonly name: string;
  /** Convolution kernels are `[height, width, in, out]`, dense kernels `[in, out]`. */
  readonly shape: Shape;
  /** What the optimizer does with it. */
  readonly role: WeightRole;
  /** What it multiplies the learning rate by. */
  readonly learningRateFactor: number;
  /** One value for all, or the bound of uniform draws around 0. */
  readonly initial: { readonly fill: number } | { readonly bound: number };
}

/** What an operation says of a weight: the rest is its node's. */
export type OwnWeightShape = Omit<WeightShape, "learningRateFactor">;

/** Whether the optimizer has moments for a weight. */
export function isTrained({ role }: Pick<WeightShape, "role">): boolean {
  return role === "trained" || role === "decayed";
}

/** What has to be known of an operation. */
export interface Operation<Node extends NetworkNode = NetworkNode> {
  /** The rule of each setting. */
  readonly settings: Readonly<
    Record<Exclude<keyof Node, keyof NodeBase | "op">, Rule>
  >;
  /** Fewest inputs; where it is 2, any number above will do. @default {1} */
  readonly minInputs?: number;
  /** Whether it can take an input of this shape, and which it can. @default {of any shape} */
  readonly takes?: readonly [holds: (input: Shape, node: Node) => boolean, words: string];
  /** Shape of the output. @default {that of the input} */
  readonly shape?: (node: Node, input: Shape) => Shape;
  /** Cells of the input that one of the output stands for: mel bands, frames. @default {[1, 1]} */
  readonly stride?: (node: Node) => readonly [number, number];
  /** The weights in their order, named without the node. @default {none} */
  readonly weights?: (node: Node, input: Shape) => OwnWeightShape[];
}

/** Number of values of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

const axisList: Rule = [
  (value) =>
    isList(value, (axis) => axis === 0 || axis === 1) && new Set(value).size === value.length,
  "0, 1 or both",
];

const image: Operation["takes"] = [({ length }) => length === 3, "[mel bands, frames, channels]"];
const last = (shape: Shape) => shape[shape.length - 1];
const ones = { fill: 1 }, zeros = { fill: 0 };

/** A kernel, drawn uniformly in ±√(gain / fan-in), the fan-in being all axes but the last. */
function kernel(shape: Shape, gain: number): OwnWeightShape {
  const bound = Math.sqrt(gain / sizeOf(shape.slice(0, -1)));
  return { name: "kernel", shape, role: "decayed", initial: { bound } };
}

const reduce: Operation<MeanNode | MaxNode> = {
  settings: { axes: axisList },
  takes: [
    (input, { axes }) => input.length > Math.max(...axes) + 1,
    "of those axes, with channels behind them",
  ],
  shape: ({ axes }, input) => input.filter((_, axis) => !axes.includes(axis)),
};

/** Every operation. */
export const operations: {
  readonly [Op in NetworkNode["op"]]: Operation<Extract<NetworkNode, { op: Op }>>;
} = {
  rescale: { settings: { scale: finite, offset: finite } },
  conv: {
    settings: { channels: count, kernelSize: countPair },
    takes: image,
    shape: ({ channels }, [height, width]) => [height, width, channels],
    // He-uniform (He et al. 2015, for ReLU).
    weights: ({ channels, kernelSize }, input) => [
      kernel([...kernelSize, last(input), channels], 6),
    ],
  },
  "batch-norm": {
    settings: { epsilon: positive, momentum: share },
    // It starts as the identity.
    weights: (_, input) => {
      const shape = [last(input)];
      return [
        { name: "gamma", shape, role: "trained", initial: ones },
        { name: "beta", shape, role: "trained", initial: zeros },
        { name: "moving_mean", shape, role: "running-statistic", initial: zeros },
        { name: "moving_variance", shape, role: "running-statistic", initial: ones },
      ];
    },
  },
  relu: { settings: {} },
  "max-pool": {
    settings: { size: countPair },
    takes: image,
    shape: ({ size }, [height, width, channels]) => [
      Math.floor(height / size[0]),
      Math.floor(width / size[1]),
      channels,
    ],
    stride: ({ size }) => size,
  },
  add: { settings: {}, minInputs: 2 },
  mean: reduce,
  max: reduce,
  flatten: { settings: {}, shape: (_, input) => [sizeOf(input)] },
  dense: {
    settings: { units: count, activation: oneOf("linear", "relu", "softmax", "sigmoid") },
    shape: ({ units }, input) => [...input.slice(0, -1), units],
    weights: ({ units }, input) => [
      kernel([last(input), units], 1),
      { name: "bias", shape: [units], role: "trained", initial: zeros },
    ],
  },
  dropout: { settings: { rate: share } },
};

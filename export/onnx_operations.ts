/** The nodes of ONNX for each operation of a network, on tensors with their channels behind the batch. */
import type { MaxNode, MeanNode, NetworkNode, OutputActivation } from "../model/network.ts";
import type { ResolvedNode } from "../model/resolve_network.ts";
import { findWeight, type Weight } from "../model/weights.ts";
import type { OnnxGraph, ValueName } from "./onnx_graph.ts";
import { channelsFirst, type Tensor } from "./tensor.ts";

/** What a node is made of. */
interface NodeContext {
  /** Where it is added, under its name. */
  readonly graph: OnnxGraph;
  /** What it takes: `[batch, channels, …]`. */
  readonly inputs: readonly ValueName[];
  /** Axes of each input without the batch. */
  readonly numAxes: number;
  /** Adds one of its weights, by the name that follows the node's. */
  readonly weight: (part: string, arrange?: (weight: Tensor) => Tensor) => ValueName;
}

const adders: {
  readonly [Op in NetworkNode["op"]]: (
    node: Extract<NetworkNode, { op: Op }>,
    context: NodeContext,
  ) => ValueName;
} = {
  rescale: ({ scale, offset }, { graph, inputs: [input] }) =>
    graph.add("Add", [graph.add("Mul", [input, graph.number(scale)]), graph.number(offset)]),
  // Of padding that cannot be even, the end has more, as in tfjs.
  conv: ({ kernelSize }, { graph, inputs: [input], weight }) =>
    graph.add("Conv", [input, weight("kernel", channelsFirst)], {
      kernel_shape: kernelSize,
      pads: [Math.floor, Math.ceil].flatMap((round) =>
        kernelSize.map((size) => round((size - 1) / 2))
      ),
    }),
  "batch-norm": ({ epsilon }, { graph, inputs: [input], weight }) =>
    graph.add(
      "BatchNormalization",
      [input, ...["gamma", "beta", "moving_mean", "moving_variance"].map((part) => weight(part))],
      { epsilon: { float32: epsilon } },
    ),
  relu: (_, { graph, inputs }) => graph.add("Relu", inputs),
  "max-pool": ({ size }, { graph, inputs }) =>
    graph.add("MaxPool", inputs, { kernel_shape: size, strides: size }),
  add: (_, { graph, inputs }) => inputs.reduce((sum, input) => graph.add("Add", [sum, input])),
  mean: (node, context) => reduce("ReduceMean", node, context),
  max: (node, context) => reduce("ReduceMax", node, context),
  flatten: (_, { graph, inputs: [input], numAxes }) => {
    // In the order that they have with their channels last.
    const others = Array.from({ length: numAxes - 1 }, (_, axis) => axis + 2);
    const last = graph.add("Transpose", [input], { perm: [0, ...others, 1] });
    return graph.add("Flatten", [last], { axis: 1 });
  },
  dense: ({ activation }, { graph, inputs: [input], numAxes, weight }) => {
    // A matrix product is over the last axis: the channels go there, and back.
    const axes = Array.from({ length: numAxes + 1 }, (_, axis) => axis);
    const [batch, channels, ...others] = axes;
    const back = [batch, axes.length - 1, ...others.map((axis) => axis - 1)];
    const last = numAxes > 1
      ? graph.add("Transpose", [input], { perm: [batch, ...others, channels] })
      : input;
    const sum = graph.add("Add", [graph.add("MatMul", [last, weight("kernel")]), weight("bias")]);
    const first = numAxes > 1 ? graph.add("Transpose", [sum], { perm: back }) : sum;
    if (activation === "linear") return first;
    return activation === "relu"
      ? graph.add("Relu", [first])
      : addActivation(graph, first, activation);
  },
  dropout: (_, { inputs: [input] }) => input,
};

function reduce(
  operator: string,
  { axes }: MeanNode | MaxNode,
  { graph, inputs }: NodeContext,
): ValueName {
  return graph.add(operator, inputs, { axes: axes.map((axis) => axis + 2), keepdims: 0 });
}

/** Makes probabilities of `[batch, classes]` logits. */
export function addActivation(
  graph: OnnxGraph,
  logits: ValueName,
  activation: OutputActivation,
): ValueName {
  return activation === "softmax"
    ? graph.add("Softmax", [logits], { axis: 1 })
    : graph.add("Sigmoid", [logits]);
}

/** Adds one node of a network, with its weights. */
export function addNode(
  whole: OnnxGraph,
  { node, inputShape, weights: shapes }: ResolvedNode,
  inputs: readonly ValueName[],
  weights: readonly Weight[],
): ValueName {
  const graph = whole.part(node.name);
  const weight = (part: string, arrange = (weight: Tensor) => weight) => {
    const shape = shapes.find(({ name }) => name === `${node.name}/${part}`)!;
    return graph.constant(part, arrange(findWeight(weights, shape)));
  };
  // Each entry of the table takes nodes of its own operation.
  const add = adders[node.op] as (node: NetworkNode, context: NodeContext) => ValueName;
  return add(node, { graph, inputs, numAxes: inputShape.length, weight });
}

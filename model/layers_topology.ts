import type { MaxNode, MeanNode, Network, NetworkNode, Shape } from "./network.ts";
import { featuresName, type ResolvedNode, resolveNetwork } from "./resolve_network.ts";

type Config = Readonly<Record<string, unknown>>;

/** One layer in the JSON that Keras and tfjs share: its class, and its settings beyond the name. */
type LayerKind = readonly [className: string, config?: Config];

/** The layers of each operation, one after the other; weights are named `LAYER/PART` as in `weightShapes`. */
const layerKinds: {
  readonly [Op in NetworkNode["op"]]: (
    node: Extract<NetworkNode, { op: Op }>,
    input: Shape,
    output: Shape,
  ) => readonly LayerKind[];
} = {
  rescale: ({ scale, offset }) => [["Rescaling", { scale, offset }]],
  conv: ({ channels, kernelSize }) => [["Conv2D", {
    filters: channels,
    kernel_size: kernelSize,
    strides: [1, 1],
    padding: "same",
    data_format: "channels_last",
    dilation_rate: [1, 1],
    activation: "linear",
    use_bias: false,
  }]],
  "batch-norm": ({ momentum, epsilon }, { length }) => [["BatchNormalization", {
    axis: length, // the channels', counted with the batch
    momentum,
    epsilon,
    center: true,
    scale: true,
  }]],
  relu: () => [["ReLU"]],
  "max-pool": ({ size }) => [pooling("Max", size)],
  add: () => [["Add"]],
  mean: (...reduction) => reduce("Average", ...reduction),
  max: (...reduction) => reduce("Max", ...reduction),
  flatten: () => [["Flatten", { data_format: "channels_last" }]],
  dense: ({ units, activation }) => [["Dense", { units, activation, use_bias: true }]],
  dropout: ({ rate }) => [["Dropout", { rate }]],
};

type PoolingKind = "Average" | "Max";

function pooling(kind: PoolingKind, size: readonly [number, number]): LayerKind {
  const config = { pool_size: size, strides: size, padding: "valid" };
  return [`${kind}Pooling2D`, { ...config, data_format: "channels_last" }];
}

/** One axis of two is a pooling whose windows are that whole axis, which is then of length 1 and left out. */
function reduce(
  kind: PoolingKind,
  { axes }: MeanNode | MaxNode,
  input: Shape,
  output: Shape,
): readonly LayerKind[] {
  if (axes.length === input.length - 1) {
    return [[`Global${kind}Pooling${axes.length}D`, { data_format: "channels_last" }]];
  }
  const [height, width] = input;
  const windows = pooling(kind, axes[0] === 0 ? [height, 1] : [1, width]);
  return [windows, ["Reshape", { target_shape: output }]];
}

/** The layers of a node, of which the last has its name. */
function layersOf({ node, inputShape, shape }: ResolvedNode, features?: Shape) {
  // Each entry of the table takes nodes of its own operation.
  const kindsOf = layerKinds[node.op] as (
    node: NetworkNode,
    ...shapes: [Shape, Shape]
  ) => readonly LayerKind[];
  const { name, frozen = false } = node;
  return kindsOf(node, inputShape, shape).map(([class_name, config], i, { length }) => ({
    class_name,
    config: {
      name: i < length - 1 ? `${name}.${i + 1}` : name,
      trainable: !frozen,
      dtype: "float32",
      ...i === 0 && features && { batch_input_shape: [null, ...features] },
      ...config,
    },
  }));
}

/** The same where a node may take any others' outputs. */
function connectedLayersOf(node: ResolvedNode) {
  const connect = (name: string) => [name, 0, 0, {}];
  return layersOf(node).map((layer, i, layers) => ({
    name: layer.config.name,
    ...layer,
    inbound_nodes: [
      i === 0 ? node.inputs.map(connect) : [connect(layers[i - 1].config.name)],
    ],
  }));
}

/**
 * The network as the topology part of a tfjs `LayersModel` file (`modelTopology`), for
 * `tf.loadLayersModel`: a model from `[batch, melBands, numFrames, 1]`, features in dB, to
 * `[batch, numClasses]` probabilities. It is a `Sequential` one where every node takes the node
 * before. Its weights carry the names, shapes and order of `weightShapes`.
 *
 * @throws {RangeError} where it is no network: see `resolveNetwork`.
 */
export function layersTopology(network: Network): object {
  const nodes = resolveNetwork(network), [{ inputShape }] = nodes, name = "melstream";
  const isChain = nodes.every(({ inputs }, i) =>
    inputs.join() === (nodes[i - 1]?.node.name ?? featuresName)
  );
  const last = nodes[nodes.length - 1].node.name;
  const model_config = isChain
    ? {
      class_name: "Sequential",
      config: {
        name,
        layers: nodes.flatMap((node, i) => layersOf(node, i ? undefined : inputShape)),
      },
    }
    : {
      class_name: "Model",
      config: {
        name,
        layers: [
          {
            name: featuresName,
            class_name: "InputLayer",
            config: { name: featuresName, batch_input_shape: [null, ...inputShape] },
            inbound_nodes: [],
          },
          ...nodes.flatMap(connectedLayersOf),
        ],
        input_layers: [[featuresName, 0, 0]],
        output_layers: [[last, 0, 0]],
      },
    };
  return { keras_version: "tfjs-layers 4.22.0", backend: "tensor_flow.js", model_config };
}

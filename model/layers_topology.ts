import type { MaxNode, MeanNode, Network, NetworkNode, Shape } from "./network.ts";
import { featuresName, type ResolvedNode, resolveNetwork } from "./resolve_network.ts";

type Config = Readonly<Record<string, unknown>>;

/** One layer in the JSON that Keras and tfjs share: its class, and its settings beyond the name. */
type LayerKind = readonly [className: string, config?: Config];

/** The layer of each operation; weights are named `LAYER/PART` as in `weightShapes`. */
const layerKinds: {
  readonly [Op in NetworkNode["op"]]: (
    node: Extract<NetworkNode, { op: Op }>,
    input: Shape,
  ) => LayerKind;
} = {
  rescale: ({ scale, offset }) => ["Rescaling", { scale, offset }],
  conv: ({ channels, kernelSize }) => ["Conv2D", {
    filters: channels,
    kernel_size: kernelSize,
    strides: [1, 1],
    padding: "same",
    data_format: "channels_last",
    dilation_rate: [1, 1],
    activation: "linear",
    use_bias: false,
  }],
  "batch-norm": ({ momentum, epsilon }, { length }) => ["BatchNormalization", {
    axis: length, // the channels', counted with the batch
    momentum,
    epsilon,
    center: true,
    scale: true,
  }],
  relu: () => ["ReLU"],
  "max-pool": ({ size }) => ["MaxPooling2D", {
    pool_size: size,
    strides: size,
    padding: "valid",
    data_format: "channels_last",
  }],
  add: () => ["Add"],
  mean: (node, input) => globalPooling("Average", node, input),
  max: (node, input) => globalPooling("Max", node, input),
  dense: ({ units, activation }) => ["Dense", { units, activation, use_bias: true }],
  dropout: ({ rate }) => ["Dropout", { rate }],
};

/** @throws {RangeError} where tfjs has no layer for it: it reduces all axes but the channels'. */
function globalPooling(kind: "Average" | "Max", node: MeanNode | MaxNode, input: Shape): LayerKind {
  if (node.axes.length < input.length - 1) {
    throw new RangeError(
      `Cannot write ${node.name} as a layer as it must reduce all of [${input}] but the channels: ` +
        `current value is axes ${node.axes}`,
    );
  }
  return [`Global${kind}Pooling${node.axes.length}D`, { data_format: "channels_last" }];
}

function layerOf({ node, inputShape }: ResolvedNode, features?: Shape) {
  // Each entry of the table takes nodes of its own operation.
  const kind = layerKinds[node.op] as (node: NetworkNode, input: Shape) => LayerKind;
  const [class_name, config] = kind(node, inputShape);
  const { name, frozen = false } = node;
  return {
    class_name,
    config: {
      name,
      trainable: !frozen,
      dtype: "float32",
      ...features && { batch_input_shape: [null, ...features] },
      ...config,
    },
  };
}

/**
 * The network as the topology part of a tfjs `LayersModel` file (`modelTopology`), for
 * `tf.loadLayersModel`: a model from `[batch, melBands, numFrames, 1]`, features in dB, to
 * `[batch, numClasses]` probabilities. It is a `Sequential` one where every node takes the node
 * before. Its weights carry the names, shapes and order of `weightShapes`.
 *
 * @throws {RangeError} where an operation is none of tfjs's layers.
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
      config: { name, layers: nodes.map((node, i) => layerOf(node, i ? undefined : inputShape)) },
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
          ...nodes.map((node) => ({
            name: node.node.name,
            ...layerOf(node),
            inbound_nodes: [node.inputs.map((input) => [input, 0, 0, {}])],
          })),
        ],
        input_layers: [[featuresName, 0, 0]],
        output_layers: [[last, 0, 0]],
      },
    };
  return { keras_version: "tfjs-layers 4.22.0", backend: "tensor_flow.js", model_config };
}

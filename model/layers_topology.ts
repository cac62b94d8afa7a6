import { batchNormEpsilon, batchNormMomentum, type ModelSpec } from "./model_spec.ts";

/** One layer in the JSON that Keras and tfjs share. */
interface Layer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
}

/** The layers of the network, first to last; weights are named `LAYER/ROLE` as in `weightShapes`. */
function layersOf(spec: ModelSpec): Layer[] {
  const layer = (
    class_name: string,
    name: string,
    config: Record<string, unknown> = {},
  ): Layer => ({
    class_name,
    config: { name, trainable: true, dtype: "float32", ...config },
  });
  const blocks = spec.channels.flatMap((filters, i) => [
    layer("Conv2D", `conv_${i + 1}`, {
      filters,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: "same",
      data_format: "channels_last",
      dilation_rate: [1, 1],
      activation: "linear",
      use_bias: false,
    }),
    layer("BatchNormalization", `batch_norm_${i + 1}`, {
      axis: 3,
      momentum: batchNormMomentum,
      epsilon: batchNormEpsilon,
      center: true,
      scale: true,
    }),
    layer("ReLU", `relu_${i + 1}`),
    layer("MaxPooling2D", `max_pool_${i + 1}`, {
      pool_size: [2, 2],
      strides: [2, 2],
      padding: "valid",
      data_format: "channels_last",
    }),
  ]);
  return [
    layer("Rescaling", "rescaling", {
      batch_input_shape: [null, spec.melBands, spec.numFrames, 1],
      scale: spec.inputScale,
      offset: spec.inputOffset,
    }),
    ...blocks,
    layer("GlobalAveragePooling2D", "global_average_pool", { data_format: "channels_last" }),
    layer("Dense", "dense", { units: spec.denseUnits, activation: "relu", use_bias: true }),
    layer("Dropout", "dropout", { rate: spec.dropoutRate }),
    layer("Dense", "logits", {
      units: spec.numClasses,
      activation: spec.activation,
      use_bias: true,
    }),
  ];
}

/**
 * The network as the topology part of a tfjs `LayersModel` file (`modelTopology`), for
 * `tf.loadLayersModel`: a `Sequential` model from `[batch, melBands, numFrames, 1]`, features in
 * dB, to `[batch, numClasses]` probabilities. Its weights carry the names, shapes and order of
 * `weightShapes`.
 */
export function layersTopology(spec: ModelSpec): object {
  return {
    keras_version: "tfjs-layers 4.22.0",
    backend: "tensor_flow.js",
    model_config: {
      class_name: "Sequential",
      config: { name: "melstream", layers: layersOf(spec) },
    },
  };
}

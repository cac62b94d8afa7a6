/** Every operation of a network in ONNX, branches and odd sizes included, against tfjs. */
import { assert, assertEquals } from "@std/assert";
import * as tf from "../../deps/tfjs_core.ts";
import "@tensorflow/tfjs-backend-cpu";
import { createOnnx } from "../../export/export.ts";
import type { Network, NetworkNode } from "../../model/network.ts";
import { operations } from "../../model/operations.ts";
import type { Weight } from "../../model/weights.ts";
import { defaultFrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { mix } from "../pipeline/dsp/signals.ts";
import { createModelOf } from "./models.ts";
import { openOnnx } from "./run_onnx.ts";

const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 15 };

const norm = { op: "batch-norm", epsilon: 1e-3, momentum: 0.9 } as const;
const network: Network = {
  melBands: 15,
  numFrames: numFrames(frontEnd),
  nodes: [
    { op: "rescale", name: "rescaling", scale: 0.05, offset: 1 },
    { op: "conv", name: "even", channels: 4, kernelSize: [2, 4] },
    { ...norm, name: "norm" },
    { op: "relu", name: "relu" },
    { op: "conv", name: "odd", channels: 4, kernelSize: [3, 5] },
    { op: "dense", name: "of_channels", units: 4, activation: "softmax", inputs: ["relu"] },
    { op: "add", name: "sum", inputs: ["odd", "relu", "of_channels"] },
    { op: "max-pool", name: "pool", size: [2, 3] },
    { op: "mean", name: "mean_of_bands", axes: [0] },
    { ...norm, name: "norm_of_frames" },
    { op: "dense", name: "of_frames", units: 6, activation: "relu" },
    { op: "dense", name: "scores", units: 5, activation: "linear" },
    { op: "mean", name: "mean_of_time", axes: [0] },
    { op: "max", name: "peak", inputs: ["scores"], axes: [0] },
    { op: "max-pool", name: "few", inputs: ["pool"], size: [3, 3] },
    { op: "flatten", name: "all" },
    { op: "dense", name: "of_all", units: 5, activation: "relu" },
    { op: "add", name: "both", inputs: ["mean_of_time", "peak", "of_all"] },
    { op: "dropout", name: "dropout", rate: 0.5 },
    { op: "dense", name: "logits", units: 3, activation: "softmax" },
  ],
};

/** The answer by tfjs's own operations. */
function predictByTfjs(features: tf.Tensor, weights: readonly Weight[]): Float32Array {
  const weight = (node: NetworkNode, part: string) => {
    const { shape, values } = weights.find(({ name }) => name === `${node.name}/${part}`)!;
    return tf.tensor(values, [...shape]);
  };
  const compute = (node: NetworkNode, inputs: tf.Tensor[]): tf.Tensor => {
    const [x] = inputs;
    switch (node.op) {
      case "rescale":
        return tf.add(tf.mul(x, node.scale), node.offset);
      case "conv":
        return tf.conv2d(x as tf.Tensor4D, weight(node, "kernel") as tf.Tensor4D, 1, "same");
      case "batch-norm": {
        const [mean, variance, beta, gamma] = ["moving_mean", "moving_variance", "beta", "gamma"]
          .map((part) => weight(node, part));
        const scale = tf.div(gamma, tf.sqrt(tf.add(variance, node.epsilon)));
        return tf.add(tf.mul(tf.sub(x, mean), scale), beta);
      }
      case "relu":
        return tf.relu(x);
      case "max-pool":
        return tf.maxPool(x as tf.Tensor4D, [...node.size], [...node.size], "valid");
      case "add":
        return tf.addN(inputs);
      case "mean":
        return tf.mean(x, node.axes.map((axis) => axis + 1));
      case "max":
        return tf.max(x, node.axes.map((axis) => axis + 1));
      case "flatten":
        return tf.reshape(x, [x.shape[0], -1]);
      case "dense": {
        const flat = tf.reshape(x, [-1, x.shape.at(-1)!]) as tf.Tensor2D;
        const product = tf.matMul(flat, weight(node, "kernel") as tf.Tensor2D);
        const sum = tf.reshape(
          tf.add(product, weight(node, "bias")),
          [...x.shape.slice(0, -1), node.units],
        );
        if (node.activation === "linear") return sum;
        return tf[node.activation](sum);
      }
      case "dropout":
        return x;
    }
  };
  const outputs = new Map<string, tf.Tensor>();
  let last = features;
  for (const node of network.nodes) {
    last = compute(node, node.inputs?.map((name) => outputs.get(name)!) ?? [last]);
    outputs.set(node.name, last);
  }
  return last.dataSync() as Float32Array;
}

Deno.test("every operation is computed as tfjs does, on images, on frames and on clips", async () => {
  const used = new Set(network.nodes.map(({ op }) => op));
  assertEquals([...used].sort(), Object.keys(operations).sort() as NetworkNode["op"][]);
  await tf.setBackend("cpu");
  const model = createModelOf(network, frontEnd), sounds = [mix(11025), mix(9000)];
  await using frontEndAlone = await openOnnx(await createOnnx(model, { featuresOnly: true }));
  await using whole = await openOnnx(await createOnnx(model));
  for (const [i, sound] of sounds.entries()) {
    const features = await frontEndAlone.run([sound]), answer = await whole.run([sound]);
    const expected = tf.tidy(() =>
      predictByTfjs(tf.tensor(features.values, [...features.shape, 1]), model.weights)
    );
    assertEquals(answer.shape, [1, 3]);
    answer.values.forEach((value, k) =>
      assert(Math.abs(value - expected[k]) < 1e-5, `sound ${i}: ${answer.values}, not ${expected}`)
    );
  }
});

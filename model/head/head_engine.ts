import { type Answerer, batchSizeOf } from "../engine.ts";
import { type Network, outputOf } from "../network.ts";
import { weightShapes } from "../resolve_network.ts";
import { findWeight, type Weight } from "../weights.ts";
import { productOfRows, rectify } from "./dense_rows.ts";
import { layerSizes } from "./head_network.ts";

/**
 * Answers by a head. A head is a matrix product or two for a clip, so that one thread and no kernels do.
 *
 * @param network By `createHeadNetwork`.
 * @param weights Its weights; they are copied.
 */
export function createHeadEngine(network: Network, weights: readonly Weight[]): Answerer {
  const shapes = weightShapes(network), sizes = layerSizes(network);
  const { activation } = outputOf(network);
  let own: Weight[] = [];
  const importWeights = (given: readonly Weight[]) => {
    own = shapes.map((shape) => {
      const { name, values } = findWeight(given, shape);
      return { name, shape: shape.shape, values: values.slice() };
    });
    return Promise.resolve();
  };
  importWeights(weights);
  const answer = (embedding: Float32Array, out: Float32Array) => {
    let from: ArrayLike<number> = embedding;
    for (let layer = 0; layer + 1 < sizes.length; layer++) {
      const to = new Float64Array(sizes[layer + 1]);
      productOfRows(from, own[2 * layer].values, own[2 * layer + 1].values, to);
      const isLast = layer + 2 === sizes.length;
      if (isLast) activate(to, activation);
      else rectify(to);
      from = to;
    }
    out.set(from);
  };
  return {
    name: "cpu",
    device: "1 thread",
    network,
    predict(inputs) {
      const batch = batchSizeOf(network, inputs), [size] = sizes, numClasses = sizes.at(-1)!;
      const out = new Float32Array(batch * numClasses);
      for (let i = 0; i < batch; i++) {
        answer(
          inputs.subarray(i * size, (i + 1) * size),
          out.subarray(i * numClasses, (i + 1) * numClasses),
        );
      }
      return Promise.resolve(out);
    },
    exportWeights: () =>
      Promise.resolve(own.map((weight) => ({ ...weight, values: weight.values.slice() }))),
    importWeights,
    dispose: () => Promise.resolve(),
  };
}

/** Makes probabilities of logits, in place. */
export function activate(logits: Float64Array, activation: "softmax" | "sigmoid"): void {
  if (activation === "sigmoid") {
    for (let k = 0; k < logits.length; k++) logits[k] = 1 / (1 + Math.exp(-logits[k]));
    return;
  }
  const highest = Math.max(...logits);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += logits[k] = Math.exp(logits[k] - highest);
  for (let k = 0; k < logits.length; k++) logits[k] /= sum;
}

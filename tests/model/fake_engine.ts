/** An engine without arithmetic: probabilities are a function that a test gives, weights what it sets. */
import type { Engine } from "../../model/engine.ts";
import { createConvNetwork } from "../../model/conv_network.ts";
import { createInitialWeights, type Weight } from "../../model/weights.ts";

/** Makes one for features of `[2, 8]` and a network of two blocks: pooling stride 4. */
export function createFakeEngine(
  predictOne: (features: Float32Array) => readonly number[] = () => [0.5, 0.5],
): Engine & { readonly seen: Float32Array[] } {
  const network = createConvNetwork({
    ...{ melBands: 4, numFrames: 8, numClasses: 2 },
    ...{ channels: [2, 2], denseUnits: 2 },
  });
  let weights: readonly Weight[] = createInitialWeights(network, 1);
  const seen: Float32Array[] = [];
  const unused = () => Promise.reject(new Error("not part of this test"));
  return {
    name: "cpu",
    device: "none",
    network,
    seen,
    step: unused,
    takeMetrics: unused,
    predict(inputs) {
      seen.push(inputs.slice());
      const cells = network.melBands * network.numFrames, rows: number[] = [];
      for (let i = 0; i < inputs.length; i += cells) {
        rows.push(...predictOne(inputs.subarray(i, i + cells)));
      }
      return Promise.resolve(Float32Array.from(rows));
    },
    exportWeights: () => Promise.resolve(weights.map((w) => ({ ...w, values: w.values.slice() }))),
    importWeights(given) {
      weights = given.map((w) => ({ ...w, values: w.values.slice() }));
      return Promise.resolve();
    },
    exportOptimizer: unused,
    importOptimizer: unused,
    dispose: () => Promise.resolve(),
  };
}

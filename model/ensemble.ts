import type { Engine } from "./engine.ts";
import type { Weight } from "./weights.ts";

/** What answers: an engine, or several models on one. */
export type Predictor = Pick<Engine, "spec" | "predict">;

/**
 * Several models of one network that answer with the mean of their probabilities. They take turns on
 * one engine, batch by batch: the features are made once, and of the models beyond the first only
 * their weights take memory.
 *
 * @param engine Holds one of the models, whichever, after each answer.
 */
export function createEnsemble(
  engine: Engine,
  models: readonly { readonly weights: readonly Weight[] }[],
): Predictor {
  return {
    spec: engine.spec,
    async predict(inputs) {
      const mean = new Float32Array(inputs.length / cellsOf(engine) * engine.spec.numClasses);
      for (const { weights } of models) {
        await engine.importWeights(weights);
        const probabilities = await engine.predict(inputs);
        for (let i = 0; i < mean.length; i++) mean[i] += probabilities[i] / models.length;
      }
      return mean;
    },
  };
}

function cellsOf({ spec: { melBands, numFrames } }: Engine): number {
  return melBands * numFrames;
}

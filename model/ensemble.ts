import { batchSizeOf, type Engine } from "./engine.ts";
import type { ModelCard } from "./model_card.ts";
import { outputOf } from "./network.ts";
import type { Weight } from "./weights.ts";

/** What answers: an engine, or several models on one. */
export type Predictor = Pick<Engine, "network" | "predict">;

/**
 * Refuses models that cannot answer together.
 *
 * @throws {RangeError} naming what is not the same in all.
 */
export function checkSameKind(
  [first, ...rest]: readonly { readonly card: ModelCard }[],
): void {
  for (const { card } of rest) {
    for (const key of ["classes", "frontEnd", "network"] as const) {
      if (JSON.stringify(card[key]) === JSON.stringify(first.card[key])) continue;
      throw new RangeError(`Cannot average these models as they must have the same ${key}`);
    }
  }
}

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
  const { network } = engine, { numClasses } = outputOf(network);
  return {
    network,
    async predict(inputs) {
      const mean = new Float32Array(batchSizeOf(network, inputs) * numClasses);
      for (const { weights } of models) {
        await engine.importWeights(weights);
        const probabilities = await engine.predict(inputs);
        for (let i = 0; i < mean.length; i++) mean[i] += probabilities[i] / models.length;
      }
      return mean;
    },
  };
}

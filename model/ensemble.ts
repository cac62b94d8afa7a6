import { type BackboneOrigin, keyOf } from "../backbone/origin.ts";
import type { Answerer } from "./engine.ts";
import type { ModelCard } from "./model_card.ts";
import type { Weight } from "./weights.ts";

/** What answers: an engine, or several models on one. */
export type Predictor = Pick<Answerer, "network" | "predict">;

/**
 * Refuses models that cannot answer together.
 *
 * @throws {RangeError} naming what is not the same in all.
 */
export function checkSameKind(
  [first, ...rest]: readonly { readonly card: ModelCard }[],
): void {
  for (const { card } of rest) {
    for (const key of ["classes", "frontEnd", "network", "backbone"] as const) {
      if (describe(card[key]) === describe(first.card[key])) continue;
      throw new RangeError(`Cannot average these models as they must have the same ${key}`);
    }
  }
}

function describe(part: unknown): string | undefined {
  return isOrigin(part) ? keyOf(part) : JSON.stringify(part);
}

function isOrigin(part: unknown): part is BackboneOrigin {
  return typeof part === "object" && part !== null && "feeding" in part;
}

/**
 * Several models of one network that answer with the mean of their probabilities. They take turns on
 * one engine, batch by batch: the features are made once, and of the models beyond the first only
 * their weights take memory.
 *
 * @param engine Holds one of the models, whichever, after each answer.
 */
export function createEnsemble(
  engine: Answerer,
  models: readonly { readonly weights: readonly Weight[] }[],
): Predictor {
  return {
    network: engine.network,
    async predict(inputs) {
      const answers: Float32Array[] = [];
      for (const { weights } of models) {
        await engine.importWeights(weights);
        answers.push(await engine.predict(inputs));
      }
      return meanAnswer(answers);
    },
  };
}

/** The mean of several models' probabilities, value by value, added up in float32. */
export function meanAnswer(answers: readonly ArrayLike<number>[]): Float32Array {
  const mean = new Float32Array(answers[0].length);
  for (const answer of answers) {
    for (let i = 0; i < mean.length; i++) mean[i] += answer[i] / answers.length;
  }
  return mean;
}

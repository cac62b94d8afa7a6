import type { Recipe } from "./recipe.ts";

/** A run's steps, laid out in epochs. */
export interface EpochPlan {
  /** Epochs of the run; it is validated after each. */
  readonly epochs: number;
  /** Passes over the clips in one of them. */
  readonly passes: number;
  /** Steps of one of them, where every clip can be read. */
  readonly steps: number;
  /** Epochs without a better validation after which it ends. */
  readonly patience: number;
}

/** Of the recipe's step size, what a model that is trained already goes on with. */
export const refitRate = 0.5;

/**
 * Lays out what follows on all clips, those that were validated on included, once nothing is left to be chosen by
 * them: `recipe.refit` of the steps until then, in epochs of as many passes, from the kept weights on.
 *
 * @param plan The run's until then; `epochs` that there were, where early stopping ended it.
 * @param numClips All of them.
 * @returns nothing where the recipe has none.
 */
export function planRefit(
  { refit, batchSize, augmentFactor }: Recipe,
  plan: EpochPlan,
  numClips: number,
): EpochPlan | undefined {
  if (refit === 0) return undefined;
  const steps = Math.ceil(numClips * (1 + augmentFactor) * plan.passes / batchSize);
  const epochs = Math.max(1, Math.round(refit * plan.epochs * plan.steps / steps));
  return { epochs, passes: plan.passes, steps, patience: epochs };
}

/**
 * Lays a recipe's steps out for so many clips. Where its epochs, of a pass each, have `recipe.steps` already,
 * they are as it says. Else there are more passes, and as many in an epoch as leave at least `recipe.epochs` of
 * them: of few clips a pass takes a second, and each would be validated and saved. Patience is the same share
 * of the run, to the nearest epoch.
 */
export function planEpochs(recipe: Recipe, numClips: number): EpochPlan {
  const { steps, batchSize, augmentFactor } = recipe;
  const rows = numClips * (1 + augmentFactor);
  const allPasses = Math.max(recipe.epochs, Math.ceil(steps * batchSize / rows));
  const passes = Math.floor(allPasses / recipe.epochs), epochs = Math.ceil(allPasses / passes);
  return {
    epochs,
    passes,
    steps: Math.ceil(rows * passes / batchSize),
    patience: Math.max(1, Math.round(recipe.patience * epochs / recipe.epochs)),
  };
}

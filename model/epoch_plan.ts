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

/** Epochs on all clips: nothing is left to have patience with. */
export type RefitPlan = Omit<EpochPlan, "patience">;

/** The epochs of a run, in two parts. */
export interface RunPlan {
  /** Those that are validated. */
  readonly plan: EpochPlan;
  /** Those that follow on all clips; absent where there are none. */
  readonly refit?: RefitPlan;
}

/**
 * Lays out a run whose last epochs, a share of `recipe.refit`, are on all clips, those that were validated on included:
 * by then nothing is left to be chosen by them. Without such clips all of it is one part.
 *
 * @param numTrain Clips to train on.
 * @param numOthers Clips to validate on.
 */
export function planRun(recipe: Recipe, numTrain: number, numOthers: number): RunPlan {
  const whole = planEpochs(recipe, numTrain), { epochs, passes } = whole;
  const last = Math.min(Math.round(recipe.refit * epochs), epochs - 1);
  if (last === 0 || numOthers === 0) return { plan: whole };
  const rows = (numTrain + numOthers) * (1 + recipe.augmentFactor);
  return {
    plan: { ...whole, epochs: epochs - last },
    refit: { epochs: last, passes, steps: Math.ceil(rows * passes / recipe.batchSize) },
  };
}

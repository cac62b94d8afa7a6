/** Variants of the default recipe for `accuracy_bench.ts`: each changes one thing, or names a recipe. */
import { recipes } from "../../model/recipe.ts";
import { defaultSpecAugment, parsePolicy } from "../../pipeline/augment/augment.ts";
import type { RunChoices } from "../../run/config.ts";

/** A recipe by another name. */
export interface Variant {
  readonly name: string;
  /** What differs from the defaults. */
  readonly choices: Omit<RunChoices, "dataset">;
}

/** The default recipe first, then without one of its parts, then with one part more. */
export const accuracyVariants: readonly Variant[] = [
  { name: "default", choices: {} },
  { name: "no-average", choices: { recipe: { averageDecay: 0 } } },
  { name: "no-mixup", choices: { recipe: { mixup: 0 } } },
  { name: "no-label-smoothing", choices: { recipe: { labelSmoothing: 0 } } },
  { name: "no-augmentation", choices: { augment: parsePolicy("none") } },
  { name: "spec-augment", choices: { specAugment: defaultSpecAugment } },
  { name: "random-crop", choices: { crop: "random" } },
  { name: "triple-rate", choices: { recipe: { learningRate: 3e-3 } } },
  { name: "adamw-warmup", choices: { recipe: { warmup: 0.05, weightDecay: 0.01 } } },
  { name: "balanced", choices: { recipe: { classWeights: "balanced" } } },
  { name: "test-shifts", choices: { recipe: { testShifts: 3 } } },
  { name: "strong", choices: { recipe: recipes.strong } },
];

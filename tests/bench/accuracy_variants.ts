/** Recipes for `accuracy_bench.ts` to compare. */
import type { Recipe } from "../../model/recipe.ts";
import { defaultSpecAugment, parsePolicy } from "../../pipeline/augment/augment.ts";
import type { RunChoices } from "../../run/config.ts";
import { recipes } from "../../run/recipes.ts";

/** A recipe by another name. */
export interface Variant {
  readonly name: string;
  /** What differs from the defaults. */
  readonly choices: Omit<RunChoices, "dataset">;
}

/** One that changes the recipe alone. */
function changed(name: string, recipe: Partial<Recipe>): Variant {
  return { name, choices: { recipe } };
}

/** The source recipe's strength of MixUp: variants named `mixup-…` change one thing beside it. */
const mixup = 0.2;

/** The source recipe's transforms, and an equaliser, each for a third of the copies. */
const chain = "chain:white-noise=0.3,pitch-shift=0.3,speed-change=0.3,time-shift=0.3,reverb=0.3," +
  "equalise=0.3";

/** The default recipe first, then what differs from it in one thing, then recipes of their own. */
export const accuracyVariants: readonly Variant[] = [
  changed("default", {}),
  { name: "mean", choices: { globalPooling: "mean" } },
  { name: "mean-max", choices: { globalPooling: "mean-max" } },
  changed("no-average", { averageDecay: 0 }),
  changed("no-label-smoothing", { labelSmoothing: 0 }),
  { name: "no-augmentation", choices: { augment: parsePolicy("none") } },
  { name: "spec-augment", choices: { specAugment: defaultSpecAugment } },
  {
    name: "spec-augment-half",
    choices: { specAugment: { ...defaultSpecAugment, probability: 0.5 } },
  },
  { name: "chain", choices: { augment: parsePolicy(chain) } },
  { name: "pad-random", choices: { pad: "random" } },
  { name: "pad-mixed", choices: { pad: "mixed" } },
  { name: "resized-crop", choices: { resizedCrop: 0.5 } },
  { name: "mix-sounds", choices: { mixSounds: 1 } },
  { name: "random-crop", choices: { crop: "random" } },
  changed("adamw-warmup", { warmup: 0.05, weightDecay: 0.01 }),
  changed("balanced", { classWeights: "balanced" }),
  changed("batch-8", { batchSize: 8 }),
  changed("dropout", { dropout: 0.3 }),
  changed("three-copies", { augmentFactor: 3 }),
  changed("test-shifts", { testShifts: 3 }),
  changed("mixup", { mixup }),
  changed("mixup-no-average", { mixup, averageDecay: 0 }),
  { name: "mixup-no-augmentation", choices: { recipe: { mixup }, augment: parsePolicy("none") } },
  { name: "mixup-spec-augment", choices: { recipe: { mixup }, specAugment: defaultSpecAugment } },
  changed("mixup-triple-rate", { mixup, learningRate: 3e-3 }),
  changed("steps-4000", { steps: 4000 }),
  { name: "source-values", choices: recipes.source },
  { name: "strong", choices: recipes.strong },
  changed("strong-dropout", { ...recipes.strong.recipe, dropout: 0.3 }),
  { name: "strong-random-crop", choices: { recipe: recipes.strong.recipe, crop: "random" } },
  {
    name: "strong-spec-augment",
    choices: { recipe: recipes.strong.recipe, specAugment: defaultSpecAugment },
  },
];

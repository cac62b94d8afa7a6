/** Ways to train that have a name: what each chooses, in recipe, copies and network. */
import { defaultRecipe, type Recipe } from "../../model/recipe.ts";
import type { RunChoices } from "./config.ts";
import { defaultPolicy } from "../../pipeline/augment/augment.ts";

/** What a name stands for: choices of `train`, where the rest is said beside them. */
export interface NamedRecipe extends Omit<RunChoices, "dataset"> {
  /** Every setting of how the model is trained. */
  readonly recipe: Recipe;
  /** Clips as long as the recordings, by `chooseSeconds`; a run that starts from another keeps that one's. */
  readonly durationSeconds?: "auto";
}

/** The names, in the order that they are shown in. */
export const recipeNames = ["default", "strong", "source"] as const;

/**
 * The default recipe; one that takes longer for a better model (docs/accuracy.md): clips as long as the
 * recordings, more steps, MixUp, balanced classes; and the source recipe, which the program set out from, with all
 * its values, so that it stays what it is when a default changes.
 */
export const recipes: Readonly<Record<typeof recipeNames[number], NamedRecipe>> = {
  default: { recipe: defaultRecipe },
  strong: {
    recipe: {
      ...defaultRecipe,
      steps: 4800,
      mixup: 0.2,
      classWeights: "balanced",
    },
    durationSeconds: "auto",
    pad: "mixed",
  },
  source: {
    recipe: {
      epochs: 60,
      steps: 0,
      refit: 0,
      patience: 20,
      batchSize: 16,
      learningRate: 1e-3,
      warmup: 0,
      weightDecay: 0,
      clipNorm: 1,
      mixup: 0.2,
      labelSmoothing: 0.05,
      augmentFactor: 1,
      classWeights: "none",
      dropout: 0,
      averageDecay: 0,
      seed: 1,
    },
    augment: defaultPolicy,
    specAugment: false,
    crop: "start",
    pad: "end",
    resizedCrop: 0,
    mixSounds: 0,
    channels: [32, 64, 128, 256],
    globalPooling: "mean",
    denseUnits: 128,
  },
};

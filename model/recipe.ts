/** How a model is trained: every choice of the recipe, its default, and what is allowed. */
import { numberIn, oneOf, wholeNumberIn } from "../settings/value_range.ts";
import { anyOf, logBetween } from "../settings/search_range.ts";
import { checkSettings, defaultsOf, type SettingsOf } from "../settings/setting.ts";

/** How a model is trained; `recipeSettings` has the defaults. */
export interface Recipe {
  /** Epochs, each a pass over the recordings, or several where `steps` asks for more. */
  readonly epochs: number;
  /** Fewest steps of a run: see `planEpochs`. */
  readonly steps: number;
  /** Examples of one step. */
  readonly batchSize: number;
  /** Highest step size of Adam. */
  readonly learningRate: number;
  /**
   * Share of the epochs, the last ones, that are on all clips, those that were validated on included; 0 for none. What
   * is stated of the model is from before them: see `planRun`.
   */
  readonly refit: number;
  /** Share of the run in which the step size rises from 0. */
  readonly warmup: number;
  /** Decoupled weight decay of the kernels. */
  readonly weightDecay: number;
  /** Largest global norm of the gradient; 0 switches clipping off. */
  readonly clipNorm: number;
  /** α of MixUp's Beta(α, α), 0.2 in the source recipe; 0 switches it off. */
  readonly mixup: number;
  /** Share of a target spread over all classes. */
  readonly labelSmoothing: number;
  /** Augmented copies beside every recording, drawn afresh each epoch. */
  readonly augmentFactor: number;
  /** Epochs after which training ends, where none was worth keeping (`isBetter` in `run/`). */
  readonly patience: number;
  /** `balanced` draws every class equally often; `none` takes every clip once. */
  readonly classWeights: "none" | "balanced";
  /** Share of the hidden dense units that a training step leaves out. */
  readonly dropout: number;
  /**
   * Decay of the moving average of the weights that is validated and saved, at each of its updates
   * (every tenth step); 0 takes the weights as they are.
   */
  readonly averageDecay: number;
  /** Key of every random draw. */
  readonly seed: number;
}

/**
 * The settings of a recipe. The defaults are the source recipe's but for what was measured to be better
 * (docs/accuracy.md): weights are averaged, which steadies the validation figures of small data sets; there is no
 * MixUp, which costs accuracy where steps are few; Adam warms up and kernels decay; few clips get a thousand steps
 * all the same; and the last fifth of them are on all clips.
 */
export const recipeSettings: SettingsOf<Recipe> = {
  epochs: {
    range: wholeNumberIn({ min: 1 }),
    default: 60,
    help: "passes over the recordings",
    group: "Recipe",
  },
  steps: {
    range: wholeNumberIn({ min: 0 }),
    default: 1000,
    defaultWords: "1000, or none with --epochs",
    help: "at least so many steps: of few recordings, there are more passes",
    group: "Recipe",
  },
  refit: {
    range: numberIn({ min: 0, below: 1 }),
    default: 0.2,
    help: "share of the epochs, the last ones, on all clips, those to validate on included",
    group: "Recipe",
    placeholder: "share",
  },
  patience: {
    range: wholeNumberIn({ min: 1 }),
    default: 20,
    help: "epochs without progress before it ends",
    group: "Recipe",
  },
  batchSize: {
    range: wholeNumberIn({ min: 2 }),
    default: 16,
    help: "clips of one step",
    group: "Recipe",
  },
  learningRate: {
    range: numberIn({ above: 0, max: 1 }),
    default: 1e-3,
    help: "highest step size",
    group: "Recipe",
    placeholder: "rate",
    search: logBetween(3e-4, 3e-3),
  },
  warmup: {
    range: numberIn({ min: 0, below: 1 }),
    default: 0.05,
    help: "share of the run that warms up",
    group: "Recipe",
    placeholder: "share",
    search: anyOf(0, 0.05, 0.1),
  },
  weightDecay: {
    range: numberIn({ min: 0 }),
    default: 0.01,
    help: "decoupled weight decay (AdamW)",
    group: "Recipe",
    placeholder: "rate",
    search: anyOf(0, 0.003, 0.01, 0.03),
  },
  clipNorm: {
    range: numberIn({ min: 0 }),
    default: 1,
    help: "largest gradient norm, 0: no limit",
    group: "Recipe",
    placeholder: "norm",
  },
  mixup: {
    range: numberIn({ min: 0 }),
    default: 0,
    help: "strength of MixUp, 0 for none",
    group: "Recipe",
    placeholder: "alpha",
    search: anyOf(0, 0.1, 0.2, 0.4),
  },
  labelSmoothing: {
    range: numberIn({ min: 0, below: 1 }),
    default: 0.05,
    help: "share of a target spread over all classes",
    group: "Recipe",
    placeholder: "share",
    search: anyOf(0, 0.05, 0.1),
  },
  classWeights: {
    range: oneOf("none", "balanced"),
    default: "none",
    help: "balanced: every class is drawn equally often",
    group: "Recipe",
    placeholder: "how",
    search: anyOf("none", "balanced"),
  },
  dropout: {
    range: numberIn({ min: 0, below: 1 }),
    default: 0,
    help: "hidden units left out",
    group: "Recipe",
    placeholder: "share",
    search: anyOf(0, 0.2, 0.4),
  },
  averageDecay: {
    range: numberIn({ min: 0, below: 1 }),
    default: 0.9,
    help: "decay of the weights' moving average, 0 for none",
    group: "Recipe",
    placeholder: "decay",
  },
  seed: {
    range: wholeNumberIn({ min: 0 }),
    default: 1,
    help: "key of every random draw",
    group: "Recipe",
  },
  augmentFactor: {
    range: wholeNumberIn({ min: 0 }),
    default: 1,
    help: "augmented copies of each clip",
    group: "Augmentation",
    search: anyOf(1, 2, 3),
  },
};

/** The recipe of the defaults: see `recipeSettings`; `recipes` in `run/` has those that have a name. */
export const defaultRecipe: Recipe = Object.freeze(defaultsOf(recipeSettings));

/** What is said of a recipe: who says how many epochs means those, and no more steps. */
export function saidOf(recipe: Partial<Recipe>): Partial<Recipe> {
  return recipe.epochs === undefined ? recipe : { steps: 0, ...recipe };
}

/**
 * Refuses a recipe that cannot be followed.
 *
 * @throws {SettingError} naming the setting, the rule and the value seen.
 */
export function checkRecipe(recipe: Recipe): void {
  checkSettings(recipeSettings, recipe, "train with this recipe");
}

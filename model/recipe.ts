/** How a model is trained: every choice of the recipe, its defaults, and what is allowed. */

/** Most further looks at a clip. */
export const maxTestShifts = 15;

/** How a model is trained. */
export interface Recipe {
  /** Passes over the recordings. @default {60} */
  readonly epochs: number;
  /** Examples of one step. @default {16} */
  readonly batchSize: number;
  /** Highest step size of Adam. @default {0.001} */
  readonly learningRate: number;
  /** Share of the run in which the step size rises from 0. @default {0} */
  readonly warmup: number;
  /** Decoupled weight decay of the kernels. @default {0} */
  readonly weightDecay: number;
  /** Largest global norm of the gradient; 0 switches clipping off. @default {1} */
  readonly clipNorm: number;
  /** α of MixUp's Beta(α, α), 0.2 in the source recipe; 0 switches it off. @default {0} */
  readonly mixup: number;
  /** Share of a target spread over all classes. @default {0.05} */
  readonly labelSmoothing: number;
  /** Augmented copies beside every recording, drawn afresh each epoch. @default {1} */
  readonly augmentFactor: number;
  /** Epochs without a better validation accuracy after which training ends. @default {20} */
  readonly patience: number;
  /** `balanced` draws every class equally often; `none` takes every clip once. @default {"none"} */
  readonly classWeights: "none" | "balanced";
  /** Share of the hidden dense units that a training step leaves out. @default {0} */
  readonly dropout: number;
  /**
   * Decay of the moving average of the weights that is validated and saved, at each of its updates
   * (every tenth step); 0 takes the weights as they are. @default {0.9}
   */
  readonly averageDecay: number;
  /**
   * Further looks at a clip in prediction, each shifted by a part of the network's pooling stride;
   * the probabilities are averaged. @default {0}
   */
  readonly testShifts: number;
  /** Key of every random draw. @default {1} */
  readonly seed: number;
}

/**
 * The source recipe's values but for two, both measured (BENCHMARKS.md, «Accuracy»). Weights are averaged,
 * which steadies the validation figures of small data sets, so that the epoch that is kept is not merely
 * the luckiest; and there is no MixUp, which cost accuracy on one data set and gained none on the other.
 */
export const defaultRecipe: Recipe = Object.freeze({
  epochs: 60,
  batchSize: 16,
  learningRate: 1e-3,
  warmup: 0,
  weightDecay: 0,
  clipNorm: 1,
  mixup: 0,
  labelSmoothing: 0.05,
  augmentFactor: 1,
  patience: 20,
  classWeights: "none",
  dropout: 0,
  averageDecay: 0.9,
  testShifts: 0,
  seed: 1,
});

/**
 * The default recipe, and one that takes twice the time for a better model (BENCHMARKS.md, «Accuracy»): more
 * augmented copies, AdamW with warm-up, balanced classes.
 */
export const recipes: Readonly<Record<"default" | "strong", Recipe>> = {
  default: defaultRecipe,
  strong: Object.freeze({
    ...defaultRecipe,
    augmentFactor: 3,
    warmup: 0.05,
    weightDecay: 0.01,
    classWeights: "balanced",
  }),
};

/**
 * Refuses a recipe that cannot be followed.
 *
 * @throws {RangeError} naming the setting, the rule and the value seen.
 */
export function checkRecipe(recipe: Recipe): void {
  const whole = (value: number, low: number) => Number.isInteger(value) && value >= low;
  const rules: [keyof Recipe, boolean, string][] = [
    ["epochs", whole(recipe.epochs, 1), "a whole number of at least 1"],
    ["batchSize", whole(recipe.batchSize, 2), "a whole number of at least 2"],
    ["learningRate", recipe.learningRate > 0 && recipe.learningRate <= 1, "above 0 and at most 1"],
    ["warmup", recipe.warmup >= 0 && recipe.warmup < 1, "at least 0 and below 1"],
    ["weightDecay", recipe.weightDecay >= 0, "at least 0"],
    ["clipNorm", recipe.clipNorm >= 0, "at least 0"],
    ["mixup", recipe.mixup >= 0, "at least 0"],
    [
      "labelSmoothing",
      recipe.labelSmoothing >= 0 && recipe.labelSmoothing < 1,
      "at least 0 and below 1",
    ],
    ["augmentFactor", whole(recipe.augmentFactor, 0), "a whole number of at least 0"],
    ["patience", whole(recipe.patience, 1), "a whole number of at least 1"],
    ["classWeights", ["none", "balanced"].includes(recipe.classWeights), "none or balanced"],
    ["dropout", recipe.dropout >= 0 && recipe.dropout < 1, "at least 0 and below 1"],
    ["averageDecay", recipe.averageDecay >= 0 && recipe.averageDecay < 1, "at least 0 and below 1"],
    [
      "testShifts",
      whole(recipe.testShifts, 0) && recipe.testShifts <= maxTestShifts,
      `from 0 to ${maxTestShifts}`,
    ],
    ["seed", whole(recipe.seed, 0), "a whole number of at least 0"],
  ];
  for (const [name, holds, rule] of rules) {
    if (!holds) {
      throw new RangeError(
        `Cannot train with this recipe as ${name} must be ${rule}: current value is ${
          recipe[name]
        }`,
      );
    }
  }
}

/** What `tune` tries: recipes drawn at random, fewer and fewer of them for longer and longer. */
import { type Recipe, recipeSettings } from "../../model/recipe.ts";
import { createRandom } from "../../pipeline/random.ts";
import type { Setting, SettingsOf } from "../../settings/setting.ts";
import { wholeNumberIn } from "../../settings/value_range.ts";

/** How much is tried; `tuneSettings` has the defaults. */
export interface TuneSettings {
  /** Recipes in the first rung. */
  readonly trials: number;
  /** Rungs: in the last one trials have all their epochs. */
  readonly rungs: number;
  /** Of so many trials of a rung one goes on, for so many times as many epochs. */
  readonly keep: number;
}

/** The settings of how much is tried. */
export const tuneSettings: SettingsOf<TuneSettings> = {
  trials: {
    range: wholeNumberIn({ min: 2, max: 1000 }),
    default: 12,
    help: "recipes to try: the one that is asked for, and others drawn at random",
    group: "Run",
  },
  rungs: {
    range: wholeNumberIn({ min: 1, max: 6 }),
    default: 2,
    help: "rounds of halving; in the last one all epochs are trained",
    group: "Run",
  },
  keep: {
    range: wholeNumberIn({ min: 2, max: 10 }),
    default: 3,
    help: "of so many trials of a round the best goes on, for so many times the epochs",
    group: "Run",
  },
};

/** A round of trials. */
export interface Rung {
  /** Trials in it. */
  readonly trials: number;
  /** Epochs of each. */
  readonly epochs: number;
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): each rung takes the best of the one before.
 *
 * @param epochs Of the last rung.
 */
export function planRungs({ trials, rungs, keep }: TuneSettings, epochs: number): Rung[] {
  return Array.from({ length: rungs }, (_, i) => ({
    trials: Math.ceil(trials / keep ** i),
    epochs: Math.max(1, Math.round(epochs / keep ** (rungs - 1 - i))),
  }));
}

/** The settings of a recipe that are searched. */
export const searchedSettings: readonly (keyof Recipe)[] =
  (Object.keys(recipeSettings) as (keyof Recipe)[]).filter((name) => recipeSettings[name].search);

/**
 * The recipes to try: first the one that is asked for, then such as differ from it in the settings that are
 * searched. The same seed gives the same ones, the first of them whatever their number.
 */
export function drawTrials(base: Recipe, numTrials: number): Recipe[] {
  return Array.from({ length: numTrials }, (_, trial) => {
    if (trial === 0) return base;
    const drawn = searchedSettings.map((name) => {
      const { search }: Setting<unknown> = recipeSettings[name];
      return [name, search!.draw(createRandom(base.seed, "tune", trial, name).next)];
    });
    return { ...base, ...Object.fromEntries(drawn) };
  });
}

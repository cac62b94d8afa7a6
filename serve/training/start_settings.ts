/** What may be chosen on the page that trains: few settings of `train`, each as its own table has it. */
import { recipeSettings } from "../../model/recipe.ts";
import { type RunWords, runWords } from "../../run/config/choose_run.ts";
import type { SettingsOf } from "../../settings/setting.ts";
import { text } from "../../settings/value_range.ts";

/** Choices of a run that the page begins. */
export interface StartChoices {
  /** The folder, by its way from the one that is allowed; without it, the recordings that come along. */
  readonly folder?: string;
  /** Most epochs; without them, as the recipe has. */
  readonly epochs?: number;
  /** Length of a clip. */
  readonly seconds: RunWords["durationSeconds"];
  /** The recipe's name. */
  readonly recipe: RunWords["recipe"];
}

/** See `StartChoices`. */
export const startSettings: SettingsOf<StartChoices> = {
  folder: {
    range: text,
    help: "the folder of the recordings",
    group: "Data",
    defaultWords: "the recordings that come along",
  },
  epochs: recipeSettings.epochs,
  seconds: runWords.durationSeconds,
  recipe: runWords.recipe,
};

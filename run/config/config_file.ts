/** A run's `config.json` as a file, and what earlier versions of the program wrote there. */
import {
  type ConvNetworkOptions,
  createConvNetwork,
  earlierNetwork,
  type NetworkSettings,
  networkSettings,
} from "../../model/conv_network.ts";
import { type HeadSettings, headSettings } from "../../model/head/head_settings.ts";
import { checkRecipe, type Recipe, recipeSettings } from "../../model/recipe.ts";
import { defaultSpecAugment, type SpecAugmentSettings } from "../../pipeline/augment/augment.ts";
import { earlierCopies } from "../../pipeline/augment/copy_settings.ts";
import { checkFrontEnd } from "../../pipeline/front_end.ts";
import { type WindowSettings, windowSettings } from "../../pipeline/window_settings.ts";
import { defaultsOf, pickSettings } from "../../settings/setting.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import type { RunConfig } from "./run_config.ts";
import { RunError } from "../run_error.ts";
import { type KeptSettings, keptSettings } from "./run_settings.ts";

/** Writes a run's `config.json`. */
export async function writeConfig(dir: string, config: RunConfig): Promise<void> {
  await writeAtomically(`${dir}/config.json`, JSON.stringify(config, null, 2) + "\n");
}

/**
 * Reads a `config.json`.
 *
 * @throws {RunError} where it is missing or not what melstream wrote.
 */
export async function readConfig(path: string): Promise<RunConfig> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw new RunError(`Cannot find a run's options in ${path}`, { cause });
  }
  try {
    return parseConfig(JSON.parse(text));
  } catch (cause) {
    throw new RunError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** What every version wrote of a recipe. */
type FirstRecipe = Pick<
  Recipe,
  | "epochs"
  | "patience"
  | "batchSize"
  | "learningRate"
  | "warmup"
  | "weightDecay"
  | "clipNorm"
  | "mixup"
  | "labelSmoothing"
  | "augmentFactor"
  | "classWeights"
  | "dropout"
  | "averageDecay"
  | "seed"
>;

/** What every version wrote of a run. */
type FirstConfig =
  & Pick<
    RunConfig,
    | "program"
    | "data"
    | "labelsFile"
    | "columns"
    | "groups"
    | "fingerprint"
    | "fold"
    | "folds"
    | "augment"
    | "background"
    | "frontEnd"
    | "validationSplit"
    | "precision"
  >
  & {
    readonly recipe: FirstRecipe & Partial<Recipe>;
    readonly specAugment: Partial<SpecAugmentSettings> | null;
  };

/** What a version wrote, and what of it is called otherwise by now. */
type EarlierConfig = FirstConfig & Partial<Omit<RunConfig, keyof FirstConfig>> & {
  /** The choices of the one network that there was. */
  readonly spec?: ConvNetworkOptions;
  /** The classes. */
  readonly labels?: readonly string[];
};

/** A setting that came later, as it was before it could be said: whoever adds one is asked for it here. */
const unsaidRecipe: Omit<Recipe, keyof FirstRecipe> = { steps: 0, refit: 0 };

const unsaidConfig: Omit<
  RunConfig,
  keyof FirstConfig | keyof NetworkSettings | "network" | "classes"
> = {
  ...defaultsOf<WindowSettings>(windowSettings),
  ...earlierCopies,
  ...defaultsOf<KeptSettings>(keptSettings),
  ...defaultsOf<HeadSettings>(headSettings),
  ...{ backgroundClasses: null, ensemble: null, init: null, backbone: null, splitFrom: null },
};

/**
 * A config as this version has it, from what any version wrote.
 *
 * @throws {SettingError} where it is none that can be followed.
 */
export function parseConfig(data: unknown): RunConfig {
  const config = ofThisVersion(data as EarlierConfig);
  checkRecipe(config.recipe);
  checkFrontEnd(config.frontEnd);
  return config;
}

function ofThisVersion({ spec, labels, ...written }: EarlierConfig): RunConfig {
  const choices = spec && { ...earlierNetwork, ...spec };
  const network = {
    ...defaultsOf<NetworkSettings>(networkSettings),
    ...earlierNetwork,
    ...choices && pickSettings<NetworkSettings>(networkSettings, choices),
    network: choices ? createConvNetwork(choices) : written.network!,
    classes: labels ?? written.classes!,
  };
  const { specAugment } = written, recipe: Recipe = { ...unsaidRecipe, ...written.recipe };
  return {
    ...unsaidConfig,
    ...network,
    ...written,
    // Without what is no setting any more; `readConfig` checks it.
    recipe: pickSettings<Recipe>(recipeSettings, recipe) as Recipe,
    specAugment: specAugment && { ...defaultSpecAugment, ...specAugment },
  };
}

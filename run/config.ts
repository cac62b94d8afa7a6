/** What a run is: every option as resolved, enough to repeat it. It is the run's `config.json`. */
import { createHash } from "node:crypto";
import type { Backbone } from "../backbone/backbone.ts";
import {
  type ConvNetworkOptions,
  createConvNetwork,
  earlierNetwork,
  type NetworkSettings,
  networkSettings,
  smallestInput,
} from "../model/conv_network.ts";
import { freezeBlocks } from "../model/freeze_blocks.ts";
import { createHeadNetwork } from "../model/head/head_network.ts";
import { type HeadSettings, headSettings } from "../model/head/head_settings.ts";
import type { Network, OutputActivation } from "../model/network.ts";
import { checkRecipe, type Recipe, recipeSettings } from "../model/recipe.ts";
import {
  type AugmentPolicy,
  backgroundPolicy,
  defaultPolicy,
  defaultSpecAugment,
  needsBackground,
  type SpecAugmentSettings,
} from "../pipeline/augment/augment.ts";
import { type CopySettings, copySettings } from "../pipeline/augment/copy_settings.ts";
import { cutDataset, type DatasetClips } from "../pipeline/cut_clips.ts";
import type { FeatureGraphOptions } from "../pipeline/feature_graph.ts";
import { checkFrontEnd, type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import { openLocation } from "../pipeline/locations/open_location.ts";
import { type Columns, columnSettings } from "../pipeline/sources/column_settings.ts";
import { type Dataset, DatasetError } from "../pipeline/sources/dataset.ts";
import { type WindowSettings, windowSettings } from "../pipeline/window_settings.ts";
import type { Fold } from "../pipeline/split/folds.ts";
import { openRecordings } from "../pipeline/sources/open_recordings.ts";
import { defaultsOf, pickSettings, resolveSettings, SettingError } from "../settings/setting.ts";
import { writeAtomically } from "./atomic_file.ts";
import { resolveBackgroundClasses, unannotatedClass } from "./background_classes.ts";
import {
  checkHeadChoices,
  checkNoHead,
  type ConfigBackbone,
  describeBackbone,
  frontEndOf,
} from "./backbone_choices.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { RunError } from "./run_error.ts";
import {
  type FreezeSettings,
  freezeSettings,
  type RunSettings,
  runSettings,
} from "./run_settings.ts";
import { program } from "./version.ts";

/** Everything that decides what a run learns. */
export interface RunConfig extends RunSettings {
  /** Name and version of the program. */
  readonly program: string;
  /** The data set's folder, archive or manifest; null for the recordings that come along. */
  readonly data: string | null;
  /** The CSV file that labels them; null where folders do. */
  readonly labelsFile: string | null;
  /** The columns of the table that are read, as far as they were said. */
  readonly columns: Columns;
  /** What puts its clips in groups; null where nothing does. */
  readonly groups: string | null;
  /** Of its recordings, by `fingerprintOf`. */
  readonly fingerprint: string;
  /** The classes, sorted. */
  readonly classes: readonly string[];
  /** Those that are never given out as labels; null where there are none. */
  readonly backgroundClasses: readonly string[] | null;
  /** Which fold it validates on instead; null where it is not one of a cross-validation. */
  readonly fold: Fold | null;
  /** How many folds the cross-validation has whose folder this is; null where it is a single run. */
  readonly folds: number | null;
  /** How many members the ensemble has whose folder this is; null where it is a single run. */
  readonly ensemble: number | null;
  /** The run whose weights it starts from; null where they are drawn. */
  readonly init: InitialModel | null;
  /** How it is trained. */
  readonly recipe: Recipe;
  /** What the augmented copies draw from. */
  readonly augment: AugmentPolicy;
  /** Where `background-noise` finds its recordings; null where it is not drawn. */
  readonly background: BackgroundSource | null;
  /** How the augmented copies' features are masked; null for not at all. */
  readonly specAugment: SpecAugmentSettings | null;
  /** How features are made. */
  readonly frontEnd: FrontEnd;
  /** The backbone whose embeddings are the features; null where they are log-mel spectrograms. */
  readonly backbone: ConfigBackbone | null;
  /** The network. */
  readonly network: Network;
}

/** A run whose weights another one starts from. */
export interface InitialModel {
  /** Its absolute path. */
  readonly run: string;
  /** Of its weights, by `hashWeights`. */
  readonly weights: string;
}

/** A folder of background recordings. */
export interface BackgroundSource {
  /** Its absolute path. */
  readonly dir: string;
  /** Of its recordings, by `fingerprintOf`. */
  readonly fingerprint: string;
}

/** What may be chosen; the rest follows. */
export interface RunChoices extends Partial<RunSettings> {
  /** What to train on. */
  readonly dataset: Dataset;
  /** Classes that are never given out as labels; see `resolveBackgroundClasses`. @default {null} */
  readonly backgroundClasses?: readonly string[] | true | null;
  /** Folder of a run whose weights it starts from; front end and network are that run's: see `takeOver`. */
  readonly init?: string;
  /** What differs from `defaultFrontEnd`. */
  readonly frontEnd?: Partial<FrontEnd>;
  /** What differs from `defaultRecipe`; on a backbone, no augmented copies are made where none are said. */
  readonly recipe?: Partial<Recipe>;
  /** What the augmented copies draw from. @default {defaultPolicy, with `background` `backgroundPolicy`} */
  readonly augment?: AugmentPolicy;
  /** Folder of the recordings that `background-noise` mixes in. */
  readonly background?: string;
  /** How the augmented copies' features are masked; `true`: by `defaultSpecAugment`. @default {false} */
  readonly specAugment?: Partial<SpecAugmentSettings> | boolean;
  /** Which fold to validate on, instead of a share. */
  readonly fold?: Fold;
  /** A frozen network whose embeddings a head is trained on, by `openBackbone`. */
  readonly backbone?: Backbone;
}

/**
 * Cuts a run's data set into its clips.
 *
 * @throws {RangeError} where a setting is outside its range.
 */
export async function cutClips(choices: RunChoices): Promise<DatasetClips> {
  const frontEnd = frontEndOf(choices.backbone, choices.frontEnd);
  const settings = resolveSettings(runSettings, choices, "train");
  const { dataset, backgroundClasses } = choices;
  const backgroundClass = unannotatedClass(dataset.classes, backgroundClasses);
  return await cutDataset(dataset, frontEnd, { ...settings, backgroundClass }, openLocation);
}

/**
 * Fills in the defaults and checks the whole.
 *
 * @param clips Those of the data set, where they are cut already.
 * @throws {SettingError} where a value is outside its range.
 * @throws {DatasetError} where there are fewer than two classes.
 */
export async function resolveConfig(
  choices: RunChoices,
  clips?: DatasetClips,
): Promise<RunConfig> {
  const { dataset, specAugment = false } = choices;
  const augment = choices.augment ??
    (choices.background === undefined ? defaultPolicy : backgroundPolicy);
  const frontEnd = frontEndOf(choices.backbone, choices.frontEnd), { backbone } = choices;
  // Copies cost a head accuracy, where it was measured, and every one takes as long as its clip.
  const usual: Partial<Recipe> = backbone ? { augmentFactor: 0 } : {};
  const asked = { ...usual, ...pickSettings<Recipe>(recipeSettings, choices.recipe ?? {}) };
  const recipe = resolveSettings(recipeSettings, asked, "train with this recipe");
  const settings = resolveSettings(runSettings, choices, "train");
  const { classes, train } = clips ?? await cutClips(choices);
  if (classes.length < 2) {
    const isAnnotated = dataset.train.some(({ annotations }) => annotations);
    throw new DatasetError(
      `Cannot train on ${dataset.origin} as it must have at least 2 classes: ` +
        `current value is ${classes.length}` +
        (isAnnotated ? " (--background-class NAME makes one of what is not annotated)" : ""),
    );
  }
  const copies = Object.keys(copySettings) as (keyof CopySettings)[];
  const changesCopies = specAugment || choices.background !== undefined ||
    copies.some((name) => settings[name] !== copySettings[name].default);
  if (changesCopies && recipe.augmentFactor === 0) {
    throw new SettingError(
      "change augmented copies",
      "augmentFactor",
      "at least 1 for it, since only augmented copies are changed",
      0,
    );
  }
  if (backbone && choices.init !== undefined) {
    throw new SettingError(
      "train",
      "init",
      "left out, as a backbone's head has none",
      choices.init,
    );
  }
  if (backbone) checkHeadChoices(recipe, settings, specAugment !== false);
  else checkNoHead(settings);
  const severalLabels = train.some(({ labels }) => labels!.length !== 1);
  const activation = severalLabels ? "sigmoid" : "softmax", numClasses = classes.length;
  const network = backbone
    ? createHeadNetwork({
      ...{ size: backbone.feeding.size, hiddenUnits: settings.headUnits, numClasses, activation },
    })
    : createNetwork(frontEnd, settings, {
      ...{ recipe, numClasses, activation, init: choices.init },
    });
  return {
    program,
    data: dataset.dir ?? null,
    labelsFile: dataset.labelsFile ?? null,
    columns: pickSettings<Columns>(columnSettings, dataset),
    groups: dataset.groups ?? null,
    fingerprint: await fingerprintOf([...dataset.train, ...dataset.validation ?? []]),
    classes,
    backgroundClasses: resolveBackgroundClasses(classes, choices.backgroundClasses),
    ...settings,
    fold: choices.fold ?? null,
    folds: null,
    ensemble: null,
    init: await resolveInitialModel(choices.init),
    recipe,
    augment,
    background: await resolveBackground(augment, choices.background),
    specAugment: specAugment
      ? { ...defaultSpecAugment, ...specAugment === true ? {} : specAugment }
      : null,
    frontEnd,
    backbone: backbone ? describeBackbone(backbone) : null,
    network,
  };
}

async function resolveInitialModel(init: string | undefined): Promise<InitialModel | null> {
  if (init === undefined) return null;
  return { run: await Deno.realPath(init), weights: await hashWeights(init) };
}

/**
 * SHA-256 of the weights that a run has kept, in hexadecimal digits.
 *
 * @throws {RunError} where it has none.
 */
export async function hashWeights(run: string): Promise<string> {
  const path = `${run}/best_model/weights.bin`;
  try {
    return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
  } catch (cause) {
    throw new RunError(`Cannot start from ${run} as ${path} must be there`, { cause });
  }
}

function createNetwork(
  frontEnd: FrontEnd,
  { channels, globalPooling, denseUnits, freeze }: NetworkSettings & FreezeSettings,
  { recipe, numClasses, activation, init }: {
    readonly recipe: Recipe;
    readonly numClasses: number;
    readonly activation: OutputActivation;
    readonly init?: string;
  },
): Network {
  checkInputSize(frontEnd, channels);
  const network = createConvNetwork({
    melBands: frontEnd.melBands,
    numFrames: numFrames(frontEnd),
    numClasses,
    channels,
    globalPooling,
    denseUnits,
    dropoutRate: recipe.dropout,
    activation,
    inputScale: 2 / frontEnd.dynamicRangeDb,
  });
  if (freeze > 0 && init === undefined) {
    throw new SettingError("freeze blocks", "init", "a run whose blocks they are", "none");
  }
  if (freeze > channels.length) {
    const rule = `at most ${channels.length}, the network's blocks`;
    throw new SettingError("freeze blocks", "freeze", rule, freeze);
  }
  return freezeBlocks(network, freeze);
}

/** @throws {SettingError} where the network's poolings would leave nothing of the features. */
function checkInputSize(frontEnd: FrontEnd, channels: readonly number[]): void {
  const { sampleRateHz, hopSamples, fftSize, centering, melBands, durationSeconds } = frontEnd;
  const smallest = smallestInput(channels), action = "train on these features";
  const reason = `for the network's ${channels.length} poolings`;
  if (melBands < smallest) {
    throw new SettingError(action, "melBands", `at least ${smallest} ${reason}`, melBands);
  }
  if (numFrames(frontEnd) < smallest) {
    const samples = (smallest - 1) * hopSamples + (centering === "off" ? fftSize : 0);
    const seconds = Math.ceil(1000 * samples / sampleRateHz) / 1000;
    const rule = `at least ${seconds} ${reason} at a hop of ${hopSamples} samples`;
    throw new SettingError(action, "durationSeconds", rule, durationSeconds);
  }
}

async function resolveBackground(
  augment: AugmentPolicy,
  dir: string | undefined,
): Promise<BackgroundSource | null> {
  const isNeeded = needsBackground(augment);
  if (dir !== undefined && isNeeded) {
    const recordings = await openRecordings(dir);
    if (recordings.some(({ part }) => part)) {
      const rule = "recordings as a whole, not parts of them";
      throw new SettingError("mix in backgrounds", "background", rule, dir);
    }
    return {
      dir: await Deno.realPath(dir).catch(() => dir),
      fingerprint: await fingerprintOf(recordings),
    };
  }
  if (dir === undefined && !isNeeded) return null;
  if (isNeeded) {
    const rule = "a folder of recordings";
    throw new SettingError("draw background-noise", "background", rule, "none");
  }
  const kinds = augment.choices.map(({ kind }) => kind).join(",");
  const rule = "a list that names background-noise";
  throw new SettingError(`use the recordings in ${dir}`, "augment", rule, kinds);
}

/** What makes a run's augmented copies, beside its front end and seed. */
export async function augmentationOf(
  { augment, background, specAugment, ...settings }: RunConfig,
): Promise<Omit<FeatureGraphOptions, "frontEnd" | "seed" | "cache">> {
  return {
    ...pickSettings<CopySettings>(copySettings, settings),
    augment,
    specAugment: specAugment ?? undefined,
    background: background
      ? (await openRecordings(background.dir)).map(({ location }) => location)
      : undefined,
  };
}

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
    const config = ofThisVersion(JSON.parse(text));
    checkRecipe(config.recipe);
    checkFrontEnd(config.frontEnd);
    return config;
  } catch (cause) {
    throw new RunError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** What a run of an earlier version stood in, under this version's names. */
type EarlierConfig = RunConfig & {
  /** The choices of the one network that there was. */
  readonly spec?: ConvNetworkOptions;
  /** The classes. */
  readonly labels?: readonly string[];
};

function ofThisVersion({ spec, labels, ...rest }: EarlierConfig): RunConfig {
  const classes = rest.classes ?? labels, backgroundClasses = rest.backgroundClasses ?? null;
  const unsaid = {
    ...defaultsOf<WindowSettings>(windowSettings),
    ...defaultsOf<CopySettings>(copySettings),
    ...defaultsOf<FreezeSettings>(freezeSettings),
    ...defaultsOf<HeadSettings>(headSettings),
    ...earlierNetwork,
    ...{ ensemble: null, init: null, backbone: null },
  };
  const said = { ...{ steps: recipeSettings.steps.default }, ...rest.recipe };
  const recipe = pickSettings<Recipe>(recipeSettings, said) as Recipe; // `readConfig` checks it
  const specAugment = rest.specAugment && { ...defaultSpecAugment, ...rest.specAugment };
  const config = { ...unsaid, ...rest, recipe, specAugment, classes, backgroundClasses };
  if (!spec) return config;
  const choices = { ...earlierNetwork, ...spec };
  const settings = {
    ...defaultsOf<NetworkSettings>(networkSettings),
    ...pickSettings<NetworkSettings>(networkSettings, choices),
  };
  return { ...config, ...settings, network: createConvNetwork(choices) };
}

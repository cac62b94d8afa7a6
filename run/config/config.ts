/** From what was chosen of a run to its config: the defaults filled in, and the whole checked. */
import { createHash } from "node:crypto";
import type { Backbone } from "../../backbone/backbone.ts";
import { createHeadNetwork } from "../../model/head/head_network.ts";
import { type Recipe, recipeSettings, saidOf } from "../../model/recipe.ts";
import {
  type AugmentPolicy,
  backgroundPolicy,
  defaultPolicy,
  defaultSpecAugment,
  needsBackground,
  type SpecAugmentSettings,
} from "../../pipeline/augment/augment.ts";
import {
  type CopySettings,
  copySettings,
  earlierCopies,
} from "../../pipeline/augment/copy_settings.ts";
import { cutDataset, type DatasetClips } from "../../pipeline/cut_clips.ts";
import type { FeatureGraphOptions } from "../../pipeline/graph_options.ts";
import type { FrontEnd } from "../../pipeline/front_end.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import { type Columns, columnSettings } from "../../pipeline/sources/column_settings.ts";
import { type Dataset, DatasetError } from "../../pipeline/sources/dataset.ts";
import type { Fold } from "../../pipeline/split/folds.ts";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { pickSettings, resolveSettings, SettingError } from "../../settings/setting.ts";
import { resolveBackgroundClasses, unannotatedClass } from "./background_classes.ts";
import { checkHeadChoices, checkNoHead, describeBackbone, frontEndOf } from "./backbone_choices.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { BackgroundSource, InitialModel, RunConfig } from "./run_config.ts";
import { RunError } from "../run_error.ts";
import { createNetwork } from "./run_network.ts";
import { type RunSettings, runSettings } from "./run_settings.ts";
import { readSetApart } from "../training/seen_before.ts";
import { program } from "../version.ts";

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
  /**
   * A run whose validation clips are this one's, too; null draws them. @default {the run that it starts from, or
   * whose network is its backbone, where that is of the same recordings and nothing is said of the split}
   */
  readonly splitFrom?: string | null;
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
  const usual: Partial<Recipe> = backbone ? { augmentFactor: 0, refit: 0 } : {};
  const asked = { ...usual, ...saidOf(pickSettings<Recipe>(recipeSettings, choices.recipe ?? {})) };
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
  // How copies were made by earlier versions says nothing of a wish for them either.
  const isUsual = (name: keyof CopySettings) =>
    [copySettings[name].default, earlierCopies[name]].includes(settings[name]);
  const changesCopies = specAugment || choices.background !== undefined || !copies.every(isUsual);
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
  const fingerprint = await fingerprintOf([...dataset.train, ...dataset.validation ?? []]);
  return {
    program,
    data: dataset.dir ?? null,
    labelsFile: dataset.labelsFile ?? null,
    columns: pickSettings<Columns>(columnSettings, dataset),
    groups: dataset.groups ?? null,
    fingerprint,
    classes,
    backgroundClasses: resolveBackgroundClasses(classes, choices.backgroundClasses),
    ...settings,
    fold: choices.fold ?? null,
    folds: null,
    ensemble: null,
    init: await resolveInitialModel(choices.init),
    splitFrom: await resolveSplitFrom(choices, fingerprint),
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

/** The run that the split is taken from. What it was trained on must not be validated on. */
async function resolveSplitFrom(
  { init, backbone, splitFrom, fold, validationSplit, splitSeed, dataset }: RunChoices,
  fingerprint: string,
): Promise<string | null> {
  if (splitFrom !== undefined) return splitFrom;
  const run = init ?? backbone?.from, isSaid = validationSplit ?? splitSeed ?? fold;
  if (run === undefined || isSaid !== undefined || dataset.validation) return null;
  const setApart = await readSetApart(run, fingerprint);
  return setApart && setApart.size > 0 ? await Deno.realPath(run) : null;
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

/** What a run is: every option as resolved, enough to repeat it. It is the run's `config.json`. */
import type { Precision } from "../model/precision.ts";
import { createModelSpec, type ModelSpec } from "../model/model_spec.ts";
import { checkRecipe, defaultRecipe, type Recipe } from "../model/recipe.ts";
import {
  type AugmentPolicy,
  backgroundPolicy,
  defaultPolicy,
  defaultSpecAugment,
  needsBackground,
  type SpecAugmentSettings,
} from "../pipeline/augment/augment.ts";
import type { CropMode } from "../pipeline/clip_reader.ts";
import type { FeatureGraphOptions } from "../pipeline/feature_graph.ts";
import { checkFrontEnd, defaultFrontEnd, type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import { type Dataset, DatasetError } from "../pipeline/sources/dataset.ts";
import type { Fold } from "../pipeline/split/folds.ts";
import { openRecordings } from "../pipeline/sources/folder.ts";
import { writeAtomically } from "./atomic_file.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { RunError } from "./run_error.ts";
import { program } from "./version.ts";

/** Everything that decides what a run learns. */
export interface RunConfig {
  /** Name and version of the program. */
  readonly program: string;
  /** The data set's folder; null for the recordings that come along. */
  readonly data: string | null;
  /** The CSV file that labels them; null where folders do. */
  readonly labelsFile: string | null;
  /** What puts its clips in groups; null where nothing does. */
  readonly groups: string | null;
  /** Of its recordings, by `fingerprintOf`. */
  readonly fingerprint: string;
  /** The classes, sorted. */
  readonly classes: readonly string[];
  /** Share of each class to validate on, where the data set sets nothing apart for it. */
  readonly validationSplit: number;
  /** Which fold it validates on instead; null where it is not one of a cross-validation. */
  readonly fold: Fold | null;
  /** How many folds the cross-validation has whose folder this is; null where it is a single run. */
  readonly folds: number | null;
  /** How it is trained. */
  readonly recipe: Recipe;
  /** What the augmented copies draw from. */
  readonly augment: AugmentPolicy;
  /** Where `background-noise` finds its recordings; null where it is not drawn. */
  readonly background: BackgroundSource | null;
  /** Which part of a recording longer than a clip the augmented copies take. */
  readonly crop: CropMode;
  /** How the augmented copies' features are masked; null for not at all. */
  readonly specAugment: SpecAugmentSettings | null;
  /** How the products are computed: `float16` through WebGPU alone. */
  readonly precision: Precision;
  /** How features are made. */
  readonly frontEnd: FrontEnd;
  /** The network. */
  readonly spec: ModelSpec;
}

/** A folder of background recordings. */
export interface BackgroundSource {
  /** Its absolute path. */
  readonly dir: string;
  /** Of its recordings, by `fingerprintOf`. */
  readonly fingerprint: string;
}

/** What may be chosen; the rest follows. */
export interface RunChoices {
  /** What to train on. */
  readonly dataset: Dataset;
  /** How features are made. @default {defaultFrontEnd} */
  readonly frontEnd?: FrontEnd;
  /** What differs from `defaultRecipe`. */
  readonly recipe?: Partial<Recipe>;
  /** What the augmented copies draw from. @default {defaultPolicy, with `background` `backgroundPolicy`} */
  readonly augment?: AugmentPolicy;
  /** Folder of the recordings that `background-noise` mixes in. */
  readonly background?: string;
  /** Which part of a recording longer than a clip the augmented copies take. @default {"start"} */
  readonly crop?: CropMode;
  /** How the augmented copies' features are masked; `true`: by `defaultSpecAugment`. @default {false} */
  readonly specAugment?: SpecAugmentSettings | boolean;
  /** How the products are computed; `float16` needs the backend `webgpu`. @default {"float32"} */
  readonly precision?: Precision;
  /** Share of each class to validate on; 0 trains on everything. @default {0.2} */
  readonly validationSplit?: number;
  /** Which fold to validate on, instead of a share. */
  readonly fold?: Fold;
}

/**
 * Fills in the defaults and checks the whole.
 *
 * @throws {RangeError} where a value is outside its range.
 * @throws {DatasetError} where there are fewer than two classes.
 */
export async function resolveConfig(choices: RunChoices): Promise<RunConfig> {
  const { dataset, frontEnd = defaultFrontEnd, crop = "start", specAugment = false } = choices;
  const augment = choices.augment ??
    (choices.background === undefined ? defaultPolicy : backgroundPolicy);
  const { classes } = dataset;
  const recipe: Recipe = { ...defaultRecipe, ...choices.recipe };
  checkFrontEnd(frontEnd);
  checkRecipe(recipe);
  if (classes.length < 2) {
    throw new DatasetError(
      `Cannot train on ${dataset.origin} as it must have at least 2 classes: ` +
        `current value is ${classes.length}`,
    );
  }
  const changesCopies = crop === "random" || specAugment || choices.background !== undefined;
  if (changesCopies && recipe.augmentFactor === 0) {
    throw new RangeError(
      "Cannot crop at random, mask features or mix in backgrounds as --augment-factor must be at " +
        "least 1 for it, since only augmented copies are changed: current value is 0",
    );
  }
  const severalLabels = dataset.train.some(({ labels }) => labels!.length !== 1);
  const spec = createModelSpec({
    melBands: frontEnd.melBands,
    numFrames: numFrames(frontEnd),
    numClasses: classes.length,
    dynamicRangeDb: frontEnd.dynamicRangeDb,
  }, { dropoutRate: recipe.dropout, activation: severalLabels ? "sigmoid" : "softmax" });
  return {
    program,
    data: dataset.dir ?? null,
    labelsFile: dataset.labelsFile ?? null,
    groups: dataset.groups ?? null,
    fingerprint: await fingerprintOf([...dataset.train, ...dataset.validation ?? []]),
    classes,
    validationSplit: choices.validationSplit ?? 0.2,
    fold: choices.fold ?? null,
    folds: null,
    recipe,
    augment,
    background: await resolveBackground(augment, choices.background),
    crop,
    specAugment: specAugment === true ? defaultSpecAugment : specAugment || null,
    precision: choices.precision ?? "float32",
    frontEnd,
    spec,
  };
}

async function resolveBackground(
  augment: AugmentPolicy,
  dir: string | undefined,
): Promise<BackgroundSource | null> {
  const isNeeded = needsBackground(augment);
  if (dir !== undefined && isNeeded) {
    return {
      dir: await Deno.realPath(dir).catch(() => dir),
      fingerprint: await fingerprintOf(await openRecordings(dir)),
    };
  }
  if (dir === undefined && !isNeeded) return null;
  throw new RangeError(
    isNeeded
      ? "Cannot draw background-noise as --background must name a folder of recordings: " +
        "current value is none"
      : `Cannot use the recordings in ${dir} as --augment must name background-noise: ` +
        `current value is ${augment.choices.map(({ kind }) => kind).join(",")}`,
  );
}

/** What makes a run's augmented copies, beside its front end and seed. */
export async function augmentationOf(
  { augment, background, crop, specAugment }: RunConfig,
): Promise<Pick<FeatureGraphOptions, "augment" | "background" | "crop" | "specAugment">> {
  return {
    augment,
    crop,
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
    const config: RunConfig = JSON.parse(text);
    checkRecipe(config.recipe);
    checkFrontEnd(config.frontEnd);
    return config;
  } catch (cause) {
    throw new RunError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

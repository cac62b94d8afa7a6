/** What to train and how, from words: those that are said, before those of an earlier run, before the defaults. */
import { type Recipe, recipeSettings, saidOf } from "../../model/recipe.ts";
import { parsePolicy } from "../../pipeline/augment/augment.ts";
import { type FrontEnd, frontEndSettings, resolveFrontEnd } from "../../pipeline/front_end.ts";
import type { OnAsked } from "../../pipeline/sources/ask_servers.ts";
import type { Columns } from "../../pipeline/sources/column_settings.ts";
import type { Dataset } from "../../pipeline/sources/dataset.ts";
import { openDataset } from "../../pipeline/sources/open_dataset.ts";
import { pickSettings, SettingError, type SettingsOf } from "../../settings/setting.ts";
import { oneOf, onOrOff, orWord, text } from "../../settings/value_range.ts";
import { type AugmentationWords, readSpecAugment } from "./augmentation_words.ts";
import { adviseSeconds, chooseSeconds } from "./clip_seconds.ts";
import type { RunChoices } from "./config.ts";
import { recipeNames, recipes } from "./recipes.ts";
import type { RunConfig } from "./run_config.ts";
import { readModel } from "../run_folder.ts";
import { type RunSettings, runSettings } from "./run_settings.ts";

/** Words for what a run takes as objects. */
export interface RunWords {
  /** The recordings. */
  readonly data?: string;
  /** The table that labels them. */
  readonly labels?: string;
  /** What puts them in groups. */
  readonly groups?: string;
  /** The class that is never a label; true: those that are usually called so. */
  readonly backgroundClass?: string | true;
  /** A backbone's file, or a run. */
  readonly backbone?: string;
  /** Whether the model's folder holds the backbone itself. */
  readonly embedBackbone: boolean;
  /** The name of a recipe. */
  readonly recipe: typeof recipeNames[number];
  /** The run whose weights it starts from. */
  readonly init?: string;
  /** Length of a clip; `auto`: what fits the recordings. */
  readonly durationSeconds: number | "auto";
}

const { durationSeconds } = frontEndSettings;

/** The settings of what is said in words. */
export const runWords: SettingsOf<RunWords> = {
  data: {
    range: text,
    defaultWords: "the ones that come along",
    help: "folder or archive of CLASS/*, or train/CLASS/* and test/*; a manifest, or shards",
    group: "Data",
    placeholder: "path",
  },
  labels: {
    range: text,
    help:
      "CSV that labels the files of --data: filename,label; or annotations, see docs/annotations.md",
    group: "Data",
    placeholder: "path",
  },
  groups: {
    range: text,
    help: "keep a speaker's clips on one side: a column of --labels, or a pattern like '(spk\\d+)'",
    group: "Data",
    placeholder: "what",
  },
  backgroundClass: {
    range: text,
    mayStandAlone: true,
    help:
      "a class that is never a label, and what is not annotated; without NAME, those called noise, " +
      "background, silence, other",
    group: "Data",
    placeholder: "name",
  },
  backbone: {
    range: text,
    help:
      "train a head on a frozen network: an ONNX file, or an earlier run; see docs/backbones.md",
    group: "Network",
    placeholder: "path",
  },
  embedBackbone: {
    range: onOrOff,
    default: false,
    help: "keep a copy of the backbone in the model's folder",
    group: "Network",
  },
  recipe: {
    range: oneOf(...recipeNames),
    default: "default",
    help: "strong: more time, a better model; source: what the defaults set out from",
    group: "Recipe",
    placeholder: "name",
  },
  init: {
    range: text,
    help: "start from that run's weights, with its features and network",
    group: "Recipe",
    placeholder: "run",
  },
  durationSeconds: {
    ...durationSeconds,
    range: orWord(durationSeconds.range, "auto"),
    help: `${durationSeconds.help}; auto: what fits the recordings`,
  },
};

/** What is said of a run; the rest is an earlier run's, or the default. */
export interface SaidOfRun {
  /** In words. */
  readonly words: Partial<RunWords>;
  /** Columns of the table. */
  readonly columns?: Partial<Columns>;
  /** What copies draw from. */
  readonly copies?: Partial<AugmentationWords>;
  /** How features are made. */
  readonly features?: Partial<Omit<FrontEnd, "durationSeconds">>;
  /** How it is trained. */
  readonly recipe?: Partial<Recipe>;
  /** What else decides what it learns. */
  readonly settings?: Partial<RunSettings>;
}

/** Choices of a run, and how many models it trains where that is not one. */
export interface ChosenRun extends RunChoices {
  /** Folds of a cross-validation. */
  readonly folds?: number;
  /** Members of an ensemble. */
  readonly ensemble?: number;
}

/**
 * Chooses a run: opens its recordings, and what else the words name.
 *
 * @param config An earlier run's, or the one's that is to be gone on with.
 * @param onAsked Is told how many of a manifest's addresses have been asked for what lies there.
 * @throws {DatasetError} where the recordings cannot be used.
 * @throws {SettingError} where a word is of no use.
 */
export async function chooseRun(
  { words, columns, copies = {}, features = {}, recipe, settings = {} }: SaidOfRun,
  config?: RunConfig,
  onAsked?: OnAsked,
): Promise<ChosenRun> {
  const named = words.recipe && recipes[words.recipe], { augment } = copies;
  const dataset = await openDataset({
    dir: words.data ?? config?.data ?? undefined,
    labelsFile: words.labels ?? config?.labelsFile ?? undefined,
    groups: words.groups ?? config?.groups ?? undefined,
    ...config?.columns,
    ...columns,
    onAsked,
  });
  const init = words.init ?? config?.init?.run;
  const base = config?.frontEnd ?? (init ? (await readModel(init)).card.frontEnd : undefined);
  const { backgroundClass } = words, from = words.backbone ?? config?.backbone?.from;
  if (from === undefined && words.embedBackbone) {
    throw new SettingError("train", "embedBackbone", "left out, as no backbone is said", "on");
  }
  // Loaded here, as every other run does without.
  const backbone = from === undefined
    ? undefined
    : await (await import("../open_backbone.ts")).openBackbone(from);
  const ownSeconds = init || backbone ? undefined : named?.durationSeconds;
  const { validationSplit, splitSeed } = settings;
  return {
    ...await fitClips(
      dataset,
      words.durationSeconds ?? ownSeconds,
      (durationSeconds) =>
        backbone
          ? { ...features, durationSeconds: durationSeconds ?? config?.frontEnd.durationSeconds }
          : resolveFrontEnd({ ...features, durationSeconds }, base),
    ),
    init,
    backbone,
    backgroundClasses: typeof backgroundClass === "string"
      ? [backgroundClass]
      : backgroundClass ?? config?.backgroundClasses,
    recipe: {
      ...named?.recipe ?? config?.recipe,
      ...saidOf(pickSettings<Recipe>(recipeSettings, recipe ?? {})),
    },
    augment: augment === undefined ? named?.augment ?? config?.augment : parsePolicy(augment),
    background: copies.background ?? config?.background?.dir,
    specAugment: copies.specAugment === undefined
      ? named?.specAugment ?? config?.specAugment ?? undefined
      : readSpecAugment(copies.specAugment),
    ...pickSettings<RunSettings>(runSettings, config ?? {}),
    ...pickSettings<RunSettings>(runSettings, named ?? {}),
    ...settings,
    splitFrom: validationSplit !== undefined || splitSeed !== undefined
      ? null
      : words.init === undefined && words.backbone === undefined
      ? config?.splitFrom
      : undefined,
    fold: config?.fold ?? undefined,
    folds: config?.folds ?? undefined,
    ensemble: config?.ensemble ?? undefined,
  };
}

/** The features of clips that are as long as it was said, and a note where the recordings decided that or might. */
async function fitClips(
  dataset: Dataset,
  said: number | "auto" | undefined,
  resolve: (durationSeconds?: number) => Partial<FrontEnd>,
): Promise<Required<Pick<RunChoices, "dataset" | "frontEnd">>> {
  const { train, notes = [] } = dataset;
  const frontEnd = resolve(said === "auto" ? await chooseSeconds(train) : said);
  const what = train.some(({ annotations }) => annotations) ? "annotations" : "recordings";
  const note = said === "auto"
    ? `clips of ${frontEnd.durationSeconds} s: what nineteen of twenty ${what} last, from 0.5 to 5 s`
    : isWhole(frontEnd)
    ? await adviseSeconds(train, frontEnd, "--seconds auto")
    : undefined;
  return {
    dataset: note === undefined ? dataset : { ...dataset, notes: [...notes, note] },
    frontEnd,
  };
}

/** Tells features that are chosen from those that follow from a backbone. */
function isWhole(frontEnd: Partial<FrontEnd>): frontEnd is FrontEnd {
  return frontEnd.sampleRateHz !== undefined;
}

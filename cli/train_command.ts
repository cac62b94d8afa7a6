import { Command } from "../deps/commander.ts";
import { type Recipe, recipeSettings } from "../model/recipe.ts";
import { parsePolicy } from "../pipeline/augment/augment.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { type FrontEnd, frontEndSettings, resolveFrontEnd } from "../pipeline/front_end.ts";
import type { Dataset } from "../pipeline/sources/dataset.ts";
import { type Columns, columnSettings } from "../pipeline/sources/column_settings.ts";
import { openDataset } from "../pipeline/sources/open_dataset.ts";
import { adviseSeconds, chooseSeconds } from "../run/clip_seconds.ts";
import type { RunChoices } from "../run/config.ts";
import { readConfig } from "../run/config_file.ts";
import { prepareOutputs } from "../run/outputs.ts";
import { faultSettings } from "../run/fault_settings.ts";
import { recipeNames, recipes } from "../run/recipes.ts";
import { newestRun, readModel, runsFolder } from "../run/run_folder.ts";
import {
  machineSettings,
  type RunSettings,
  runSettings,
  savingSettings,
} from "../run/run_settings.ts";
import { train } from "../run/train.ts";
import type { TrainOptions } from "../run/train_options.ts";
import { jobShardSettings, type Shard } from "../run/shards/shard.ts";
import { trainEnsemble } from "../run/train_ensemble.ts";
import { trainFold, trainFolds } from "../run/train_folds.ts";
import { callOf } from "../settings/call_of.ts";
import { oneOf, onOrOff, orWord, text, wholeNumberIn } from "../settings/value_range.ts";
import {
  pickSettings,
  SettingError,
  type SettingsOf,
  type SettingTable,
} from "../settings/setting.ts";
import { augmentationWords, readSpecAugment } from "./augmentation_words.ts";
import { readCache } from "./cache_option.ts";
import { commonSettings } from "./common_settings.ts";
import { runStoppable } from "./run_stoppable.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { readShard } from "./shard_words.ts";
import { createTerminal } from "./terminal.ts";
import { createJsonNarrator, createTextNarrator } from "./train_narrator.ts";

/** What only the command line knows: where things lie, and words for what a run takes as objects. */
interface TrainWords {
  readonly data?: string;
  readonly labels?: string;
  readonly groups?: string;
  readonly backgroundClass?: string | true;
  readonly folds?: number;
  readonly ensemble?: number;
  readonly seeds?: number;
  readonly out?: string;
  readonly resume?: string | true;
  readonly config?: string;
  readonly log: "text" | "json";
  readonly backbone?: string;
  readonly embedBackbone: boolean;
  readonly recipe: typeof recipeNames[number];
  readonly init?: string;
  readonly durationSeconds: number | "auto";
}

const { durationSeconds, ...otherFeatures } = frontEndSettings;

/** What only the command line knows. */
const words: SettingsOf<TrainWords> = {
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
  folds: {
    range: wholeNumberIn({ min: 2 }),
    help: "train k models in turn: cross-validation",
    group: "Data",
    placeholder: "k",
    excludes: "validationSplit",
  },
  ensemble: {
    range: wholeNumberIn({ min: 2 }),
    help: "train k models of other seeds, whose mean answers",
    group: "Run",
    placeholder: "k",
    excludes: "folds",
  },
  seeds: {
    range: wholeNumberIn({ min: 2 }),
    help: "the same as --ensemble, for the mean and spread of their figures",
    group: "Run",
    placeholder: "k",
    excludes: ["folds", "ensemble"],
  },
  out: {
    range: text,
    defaultWords: "a new one in runs/",
    help: "folder of the run",
    group: "Run",
    placeholder: "dir",
  },
  resume: {
    range: text,
    mayStandAlone: true,
    help: "go on with a stopped run; without DIR, the newest one",
    group: "Run",
    placeholder: "dir",
  },
  config: {
    range: text,
    help: "take all choices from a run's config.json",
    group: "Run",
    placeholder: "file",
  },
  log: {
    range: oneOf("text", "json"),
    default: "text",
    help: "text for people, json for one object a line on stdout",
    group: "Run",
    placeholder: "how",
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

const { folds, ensemble, seeds, out, resume, log, ...others } = words;
/** The words that say what to train on and how, and not where. */
export const choiceWords: Pick<typeof words, keyof typeof others> = others;

/** The settings by which `readChoices` decides what to train and how, and where. */
export const choiceSettings: readonly SettingTable[] = [
  ...[choiceWords, columnSettings, jobShardSettings, faultSettings, savingSettings],
  ...[recipeSettings, augmentationWords, otherFeatures],
  ...[cacheSettings, machineSettings, runSettings, commonSettings],
];

/** The settings of `train`. */
export const trainSettings: readonly SettingTable[] = [
  { folds, ensemble, seeds, out, resume, log },
  ...choiceSettings,
];

/** `train`: from a folder of recordings to a run's folder. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("Train a classifier on a folder of recordings (or on the ones that come along)")
    .action(runTrain);
  return addOptions(command, trainSettings);
}

async function runTrain(_: unknown, command: Command): Promise<void> {
  const { log, resume, out: named, embedBackbone } = readValues(command, words);
  const shard = readShard(command);
  const createNarrator = log === "json"
    ? createJsonNarrator
    : (onClosed: () => void) => createTextNarrator(createTerminal(onClosed));
  const given = resume === true ? named : resume ?? named;
  // Shards share a folder: whichever is the newest by now may be another's.
  const out = given ?? (resume && !shard ? await newestRun("config") : undefined);
  // Of the shards of a cross-validation, the first to come begins it: which one that is nobody knows.
  const isBegun = resume !== undefined &&
    (!shard || out !== undefined && await isThere(`${out}/config.json`));
  const { config } = readSaid(command, words);
  const { folds, ensemble, ...choices } = await readChoices(
    command,
    isBegun ? `${out}/config.json` : config,
  );
  if (!isBegun) {
    const path = out ?? runsFolder;
    await prepareOutputs([{ setting: "out", path, kind: "folder" }], choices.dataset.dir);
  }
  const job = foldOf(shard, { folds, out });
  await runStoppable(createNarrator, async (narrator, signal) => {
    const options: TrainOptions = {
      ...choices,
      ...readValues(command, machineSettings),
      ...readValues(command, savingSettings),
      ...readValues(command, faultSettings),
      ...{ out, embedBackbone },
      mode: resume === undefined ? "new" : "resume",
      cache: readCache(command),
      signal,
      onEvent: narrator.tell,
    };
    if (job) {
      narrator.end(await trainFold({ ...options, ...job }, job.index));
      narrator.notice(`when all ${job.folds} folds are there: ${callOf("merge")} ${job.out}`);
      return;
    }
    narrator.end(
      folds !== undefined
        ? await trainFolds({ ...options, folds })
        : ensemble !== undefined
        ? await trainEnsemble({ ...options, ensemble })
        : await train(options),
    );
  });
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The fold that is a shard of a cross-validation; undefined where no shard is asked for. */
function foldOf(
  shard: Shard | undefined,
  { folds, out }: { readonly folds?: number; readonly out?: string },
): { readonly index: number; readonly folds: number; readonly out: string } | undefined {
  if (!shard) return undefined;
  const { index, of } = shard, action = "train a part of a cross-validation";
  const refuse = (name: string, rule: string, seen: string): never => {
    throw new SettingError(action, name, rule, seen);
  };
  if (folds === undefined) return refuse("folds", `${of}, the number of shards`, "none");
  if (of !== folds) return refuse("shard", `one of as many as there are folds, ${folds}`, `${of}`);
  if (out === undefined) return refuse("out", "named, the same for all shards", "none");
  return { index, folds, out };
}

/**
 * What to train and how. What the command line says goes before the config.json of a run that is named or
 * gone on with, and that before the defaults.
 *
 * @param path That config.json, if any.
 */
export async function readChoices(
  command: Command,
  path: string | undefined,
): Promise<RunChoices & { readonly folds?: number; readonly ensemble?: number }> {
  const said = readSaid(command, words),
    { augment, ...copies } = readSaid(command, augmentationWords);
  const config = path === undefined ? undefined : await readConfig(path);
  const terminal = said.log === "json" ? undefined : createTerminal();
  const named = said.recipe && recipes[said.recipe];
  const dataset = await openDataset({
    dir: said.data ?? config?.data ?? undefined,
    labelsFile: said.labels ?? config?.labelsFile ?? undefined,
    groups: said.groups ?? config?.groups ?? undefined,
    ...config?.columns,
    ...readSaid<Columns>(command, columnSettings),
    onAsked: (numAsked, numAll) =>
      terminal?.status(`asking servers for the recordings: ${numAsked}/${numAll}`),
  });
  terminal?.clearStatus();
  const init = said.init ?? config?.init?.run;
  const base = config?.frontEnd ?? (init ? (await readModel(init)).card.frontEnd : undefined);
  const { backgroundClass, ensemble = said.seeds } = said;
  const isOther = said.folds !== undefined || ensemble !== undefined;
  const from = said.backbone ?? config?.backbone?.from;
  if (from === undefined && said.embedBackbone) {
    throw new SettingError("train", "embedBackbone", "left out, as no backbone is said", "on");
  }
  // Loaded here, as every other run does without.
  const backbone = from === undefined
    ? undefined
    : await (await import("../run/open_backbone.ts")).openBackbone(from);
  const features = readSaid<Omit<FrontEnd, "durationSeconds">>(command, otherFeatures);
  const ownSeconds = init || backbone ? undefined : named?.durationSeconds;
  const saidSettings = readSaid<RunSettings>(command, runSettings);
  const { validationSplit, splitSeed } = saidSettings;
  return {
    ...await fitClips(
      dataset,
      said.durationSeconds ?? ownSeconds,
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
      ...readSaid<Recipe>(command, recipeSettings),
    },
    augment: augment === undefined ? named?.augment ?? config?.augment : parsePolicy(augment),
    background: copies.background ?? config?.background?.dir,
    specAugment: copies.specAugment === undefined
      ? named?.specAugment ?? config?.specAugment ?? undefined
      : readSpecAugment(copies.specAugment),
    ...pickSettings<RunSettings>(runSettings, config ?? {}),
    ...pickSettings<RunSettings>(runSettings, named ?? {}),
    ...saidSettings,
    splitFrom: validationSplit !== undefined || splitSeed !== undefined
      ? null
      : said.init === undefined && said.backbone === undefined
      ? config?.splitFrom
      : undefined,
    fold: config?.fold ?? undefined,
    folds: isOther ? said.folds : config?.folds ?? undefined,
    ensemble: isOther ? ensemble : config?.ensemble ?? undefined,
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

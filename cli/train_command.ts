import { Command } from "../deps/commander.ts";
import { type Recipe, recipeSettings } from "../model/recipe.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { type FrontEnd, frontEndSettings } from "../pipeline/front_end.ts";
import { type Columns, columnSettings } from "../pipeline/sources/column_settings.ts";
import { augmentationWords } from "../run/config/augmentation_words.ts";
import { chooseRun, type ChosenRun, type RunWords, runWords } from "../run/config/choose_run.ts";
import { readConfig } from "../run/config/config_file.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { faultSettings } from "../run/config/fault_settings.ts";
import { newestRun, runsFolder } from "../run/run_folder.ts";
import {
  machineSettings,
  type RunSettings,
  runSettings,
  savingSettings,
} from "../run/config/run_settings.ts";
import { train } from "../run/training/train.ts";
import type { TrainOptions } from "../run/training/train_options.ts";
import { jobShardSettings, type Shard } from "../run/shards/shard.ts";
import { trainEnsemble } from "../run/training/train_ensemble.ts";
import { trainFold, trainFolds } from "../run/training/train_folds.ts";
import { callOf } from "../settings/call_of.ts";
import { oneOf, text, wholeNumberIn } from "../settings/value_range.ts";
import { SettingError, type SettingsOf, type SettingTable } from "../settings/setting.ts";
import { readCache } from "./cache_option.ts";
import { commonSettings } from "./common_settings.ts";
import { runStoppable } from "./run_stoppable.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { readShard } from "./shard_words.ts";
import { createTerminal } from "./terminal.ts";
import { createJsonNarrator, createTextNarrator } from "./train_narrator.ts";

const { durationSeconds: _, ...otherFeatures } = frontEndSettings;

/** What only the command line knows: how many models, and where the run lies. */
interface TrainWords {
  readonly folds?: number;
  readonly ensemble?: number;
  readonly seeds?: number;
  readonly out?: string;
  readonly resume?: string | true;
  readonly config?: string;
  readonly log: "text" | "json";
}

const words: SettingsOf<TrainWords> = {
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
};

const { config, ...others } = words;
/** The setting of how many folds a cross-validation has. */
export const foldWords: SettingsOf<Pick<TrainWords, "folds">> = { folds: words.folds };

/** The words that say what to train on and how, and not where. */
export const choiceWords: SettingsOf<RunWords & Pick<TrainWords, "config">> = {
  ...runWords,
  config,
};

/** The settings by which `readChoices` decides what to train and how, and where. */
export const choiceSettings: readonly SettingTable[] = [
  ...[choiceWords, columnSettings, jobShardSettings, faultSettings, savingSettings],
  ...[recipeSettings, augmentationWords, otherFeatures],
  ...[cacheSettings, machineSettings, runSettings, commonSettings],
];

/** The settings of `train`. */
export const trainSettings: readonly SettingTable[] = [
  others,
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
  const { log, resume, out: named } = readValues(command, words);
  const { embedBackbone } = readValues(command, runWords);
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
export async function readChoices(command: Command, path: string | undefined): Promise<ChosenRun> {
  const said = readSaid(command, words), { folds, ensemble = said.seeds } = said;
  const config = path === undefined ? undefined : await readConfig(path);
  const terminal = said.log === "json" ? undefined : createTerminal();
  const chosen = await chooseRun(
    {
      words: readSaid(command, runWords),
      columns: readSaid<Columns>(command, columnSettings),
      copies: readSaid(command, augmentationWords),
      features: readSaid<Omit<FrontEnd, "durationSeconds">>(command, otherFeatures),
      recipe: readSaid<Recipe>(command, recipeSettings),
      settings: readSaid<RunSettings>(command, runSettings),
    },
    config,
    (numAsked, numAll) =>
      terminal?.status(`asking servers for the recordings: ${numAsked}/${numAll}`),
  );
  terminal?.clearStatus();
  return folds === undefined && ensemble === undefined ? chosen : { ...chosen, folds, ensemble };
}

import { Command, Option } from "commander";
import { type Precision, precisions } from "../model/precision.ts";
import { defaultRecipe, type Recipe, recipes } from "../model/recipe.ts";
import { parsePolicy } from "../pipeline/augment/augment.ts";
import type { CropMode } from "../pipeline/clip_reader.ts";
import { openDataset } from "../pipeline/sources/open_dataset.ts";
import { readConfig, type RunChoices } from "../run/config.ts";
import { newestRun } from "../run/run_folder.ts";
import { train } from "../run/train.ts";
import type { TrainOptions } from "../run/train_options.ts";
import type { FoldsResult, TrainResult } from "../run/train_events.ts";
import { trainFolds } from "../run/train_folds.ts";
import { frontEndOptions, readFrontEnd } from "./front_end_options.ts";
import {
  cacheOptions,
  type CacheValues,
  machineOptions,
  type MachineValues,
  numberFrom,
  openCache,
  wholeNumber,
} from "./options.ts";
import { createTerminal } from "./terminal.ts";
import { createJsonNarrator, createTextNarrator, type Narrator } from "./train_narrator.ts";

interface TrainValues extends MachineValues, CacheValues {
  readonly data?: string;
  readonly labels?: string;
  readonly groups?: string;
  readonly folds?: number;
  readonly out?: string;
  readonly resume?: string | true;
  readonly config?: string;
  readonly recipe: keyof typeof recipes;
  readonly augment?: string;
  readonly background?: string;
  readonly crop: CropMode;
  readonly specAugment?: boolean;
  readonly precision?: Precision;
  readonly validationSplit: number;
  readonly saveMinutes: number;
  readonly log: "text" | "json";
}

/** `train`: from a folder of recordings to a run's folder. */
export function trainCommand(): Command {
  const { epochs, batchSize, seed, augmentFactor, mixup } = defaultRecipe;
  const { labelSmoothing, clipNorm, learningRate, patience } = defaultRecipe;
  const command = new Command("train")
    .description("Train a classifier on a folder of recordings (or on the ones that come along)")
    .optionsGroup("Data:")
    .option("--data <dir>", "one folder per class, or train/CLASS/* and test/*")
    .option("--labels <file>", "CSV that labels the files of --data: filename,label")
    .option(
      "--groups <what>",
      "keep a speaker's clips on one side: a column of --labels, or a pattern like '(spk\\d+)'",
    )
    .option("--validation-split <share>", "share of each class kept aside", numberFrom(0, 0.9), 0.2)
    .addOption(
      new Option("--folds <k>", "train k models in turn: cross-validation")
        .argParser(wholeNumber(2)).conflicts("validationSplit"),
    )
    .optionsGroup("Run:")
    .option("--out <dir>", "folder of the run (default: a new one in runs/)")
    .option("--resume [dir]", "go on with a stopped run (default: the newest one)")
    .option("--config <file>", "take all choices from a run's config.json")
    .option("--save-minutes <n>", "save the state at least this often", numberFrom(0), 10)
    .addOption(
      new Option("--log <how>", "text for people, json for one object a line on stdout")
        .choices(["text", "json"]).default("text"),
    )
    .optionsGroup("Recipe:")
    .addOption(
      new Option("--recipe <name>", "strong: twice the time, a better model").choices(
        Object.keys(recipes),
      ).default("default"),
    )
    .option("--epochs <n>", "passes over the recordings", wholeNumber(1), epochs)
    .option("--patience <n>", "epochs without progress before it ends", wholeNumber(1), patience)
    .option("--batch-size <n>", "clips of one step", wholeNumber(2), batchSize)
    .option("--learning-rate <rate>", "highest step size", numberFrom(0, 1), learningRate)
    .option(
      "--warmup <share>",
      "share of the run that warms up",
      numberFrom(0, 0.99),
      defaultRecipe.warmup,
    )
    .option(
      "--weight-decay <rate>",
      "decoupled weight decay (AdamW)",
      numberFrom(0),
      defaultRecipe.weightDecay,
    )
    .option("--clip-norm <norm>", "largest gradient norm, 0: no limit", numberFrom(0), clipNorm)
    .option("--mixup <alpha>", "strength of MixUp, 0 for none", numberFrom(0), mixup)
    .option(
      "--label-smoothing <share>",
      "share of a target spread over all classes",
      numberFrom(0, 0.99),
      labelSmoothing,
    )
    .addOption(
      new Option("--class-weights <how>", "balanced: every class is drawn equally often")
        .choices(["none", "balanced"]).default(defaultRecipe.classWeights),
    )
    .option(
      "--dropout <share>",
      "hidden units left out",
      numberFrom(0, 0.99),
      defaultRecipe.dropout,
    )
    .option(
      "--average-decay <decay>",
      "decay of the weights' moving average, 0 for none",
      numberFrom(0, 0.9999),
      defaultRecipe.averageDecay,
    )
    .option(
      "--test-shifts <n>",
      "further looks at a clip, a little shifted",
      wholeNumber(0),
      defaultRecipe.testShifts,
    )
    .option("--seed <n>", "key of every random draw", wholeNumber(0), seed)
    .optionsGroup("Augmentation:")
    .option("--augment-factor <n>", "augmented copies of each clip", wholeNumber(0), augmentFactor)
    .option("--augment <list>", "what copies draw from, such as white-noise=2,reverb,none")
    .option("--background <dir>", "recordings of background for copies that draw background-noise")
    .addOption(
      new Option("--crop <part>", "part of long recordings that copies take").choices([
        "start",
        "random",
      ]).default("start"),
    )
    .option("--spec-augment", "mask bands and stretches of the copies' features");
  command.optionsGroup("Features:");
  for (const option of [...frontEndOptions(), ...cacheOptions()]) command.addOption(option);
  command.optionsGroup("Machine:");
  for (const option of machineOptions()) command.addOption(option);
  command.addOption(
    new Option("--precision <name>", "of the products, with --backend webgpu (default: float32)")
      .choices(precisions),
  );
  return command.action((values: TrainValues) => runTrain(values, command));
}

async function runTrain(values: TrainValues, command: Command): Promise<void> {
  const narrator = values.log === "json"
    ? createJsonNarrator()
    : createTextNarrator(createTerminal());
  const out = values.resume === true
    ? values.out ?? await newestRun("config")
    : values.resume ?? values.out;
  const { folds, ...choices } = await readChoices(values, command, out);
  const { backend, threads, workers, saveMinutes } = values;
  const result = await stopOnSignals<TrainResult | FoldsResult>(narrator, (signal) => {
    const options: TrainOptions = {
      ...choices,
      out,
      mode: values.resume === undefined ? "new" : "resume",
      backend,
      threads,
      workers,
      cache: openCache(values),
      saveMinutes,
      signal,
      onEvent: narrator.tell,
    };
    return folds === undefined ? train(options) : trainFolds({ ...options, folds });
  });
  narrator.end(result);
}

/** What to train and how: from the options, and from the config.json of a run that is gone on with. */
async function readChoices(
  values: TrainValues,
  command: Command,
  out: string | undefined,
): Promise<RunChoices & { readonly folds?: number }> {
  const path = values.resume === undefined ? values.config : `${out}/config.json`;
  const config = path === undefined ? undefined : await readConfig(path);
  const recipe: Recipe = { ...(config?.recipe ?? recipes[values.recipe]) };
  const said = Object.keys(recipe).filter((name) => command.getOptionValueSource(name) === "cli");
  for (const name of said) Object.assign(recipe, { [name]: command.getOptionValue(name) });
  const dir = values.data ?? config?.data ?? undefined;
  const labelsFile = values.labels ?? config?.labelsFile ?? undefined;
  const groups = values.groups ?? config?.groups ?? undefined;
  const split = command.getOptionValueSource("validationSplit") === "cli";
  const crop = command.getOptionValueSource("crop") === "cli";
  return {
    dataset: await openDataset({ dir, labelsFile, groups }),
    recipe,
    frontEnd: readFrontEnd(command, config?.frontEnd),
    augment: values.augment === undefined ? config?.augment : parsePolicy(values.augment),
    background: values.background ?? config?.background?.dir,
    crop: crop ? values.crop : config?.crop,
    specAugment: values.specAugment ?? config?.specAugment ?? undefined,
    precision: values.precision ?? config?.precision,
    validationSplit: split ? values.validationSplit : config?.validationSplit,
    fold: config?.fold ?? undefined,
    folds: values.folds ?? config?.folds ?? undefined,
  };
}

/** Runs a job that Ctrl-C, or the end of the session, stops in good order; a second Ctrl-C ends it at once. */
async function stopOnSignals<T>(
  narrator: Narrator,
  job: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const stop = () => {
    if (abort.signal.aborted) Deno.exit(130);
    narrator.notice("stopping after this step; Ctrl-C again ends at once");
    abort.abort();
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    return await job(abort.signal);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
}

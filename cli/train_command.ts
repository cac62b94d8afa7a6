import { Command, Option } from "commander";
import { defaultRecipe, type Recipe } from "../model/trainer.ts";
import { parsePolicy } from "../pipeline/augment/augment.ts";
import type { CropMode } from "../pipeline/clip_reader.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openFolder } from "../pipeline/sources/folder.ts";
import { readConfig, type RunChoices } from "../run/config.ts";
import { newestRun, newRunName } from "../run/run_folder.ts";
import { train } from "../run/train.ts";
import type { HistoryRow, RunStart, TrainEvent, TrainResult } from "../run/train_events.ts";
import { machineOptions, type MachineValues, numberFrom, wholeNumber } from "./options.ts";
import { createTerminal, formatSeconds, formatShare, type Terminal } from "./terminal.ts";

interface TrainValues extends MachineValues {
  readonly data?: string;
  readonly out?: string;
  readonly resume?: string | true;
  readonly config?: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly augment?: string;
  readonly augmentFactor: number;
  readonly background?: string;
  readonly crop: CropMode;
  readonly specAugment?: boolean;
  readonly mixup: number;
  readonly labelSmoothing: number;
  readonly clipNorm: number;
  readonly learningRate: number;
  readonly patience: number;
  readonly validationSplit: number;
  readonly saveMinutes: number;
}

/** `train`: from a folder of recordings to a run's folder. */
export function trainCommand(): Command {
  const { epochs, batchSize, seed, augmentFactor, mixup } = defaultRecipe;
  const { labelSmoothing, clipNorm, learningRate, patience } = defaultRecipe;
  const command = new Command("train")
    .description("Train a classifier on a folder of recordings (or on the ones that come along)")
    .option("--data <dir>", "one folder per class, or train/CLASS/* and test/*")
    .option("--out <dir>", "folder of the run (default: a new one in runs/)")
    .option("--resume [dir]", "go on with a stopped run (default: the newest one)")
    .option("--config <file>", "take all choices from a run's config.json")
    .option("--epochs <n>", "passes over the recordings", wholeNumber(1), epochs)
    .option("--batch-size <n>", "clips of one step", wholeNumber(2), batchSize)
    .option("--seed <n>", "key of every random draw", wholeNumber(0), seed)
    .option("--augment <list>", "what copies draw from, such as white-noise=2,reverb,none")
    .option("--augment-factor <n>", "augmented copies of each clip", wholeNumber(0), augmentFactor)
    .option("--background <dir>", "recordings of background for copies that draw background-noise")
    .addOption(
      new Option("--crop <part>", "part of long recordings that copies take").choices([
        "start",
        "random",
      ]).default("start"),
    )
    .option("--spec-augment", "mask bands and stretches of the copies' features")
    .option("--mixup <alpha>", "strength of MixUp, 0 for none", numberFrom(0), mixup)
    .option(
      "--label-smoothing <share>",
      "share of a target spread over all classes",
      numberFrom(0, 0.99),
      labelSmoothing,
    )
    .option("--clip-norm <norm>", "largest gradient norm, 0: no limit", numberFrom(0), clipNorm)
    .option("--learning-rate <rate>", "highest step size", numberFrom(0, 1), learningRate)
    .option("--patience <n>", "epochs without progress before it ends", wholeNumber(1), patience)
    .option("--validation-split <share>", "share of each class kept aside", numberFrom(0, 0.9), 0.2)
    .option("--save-minutes <n>", "save the state at least this often", numberFrom(0), 10);
  for (const option of machineOptions()) command.addOption(option);
  return command.action((values: TrainValues) => runTrain(values, command));
}

async function runTrain(values: TrainValues, command: Command): Promise<void> {
  const terminal = createTerminal();
  const out = values.resume === true
    ? await newestRun("config")
    : values.resume ?? values.out ?? newRunName();
  const choices = await readChoices(values, command, out);
  const { backend, threads, workers, saveMinutes } = values;
  const result = await stopOnSignals(terminal, (signal) =>
    train({
      ...choices,
      out,
      mode: values.resume === undefined ? "new" : "resume",
      backend,
      threads,
      workers,
      saveMinutes,
      signal,
      onEvent: createNarrator(terminal),
    }));
  printResult(terminal, result);
}

/** What to train and how: from the options, and from the config.json of a run that is gone on with. */
async function readChoices(
  values: TrainValues,
  command: Command,
  out: string,
): Promise<RunChoices> {
  const path = values.resume === undefined ? values.config : `${out}/config.json`;
  const config = path === undefined ? undefined : await readConfig(path);
  const recipe: Partial<Record<keyof Recipe, number>> = { ...config?.recipe };
  for (const name of Object.keys(defaultRecipe) as (keyof Recipe)[]) {
    const said = command.getOptionValueSource(name) === "cli";
    if (said) recipe[name] = command.getOptionValue(name);
  }
  const data = values.data ?? config?.data ?? undefined;
  const split = command.getOptionValueSource("validationSplit") === "cli";
  const crop = command.getOptionValueSource("crop") === "cli";
  return {
    dataset: data === undefined ? await openDefaultDataset() : await openFolder(data),
    recipe: recipe as Partial<Recipe>,
    frontEnd: config?.frontEnd,
    augment: values.augment === undefined ? config?.augment : parsePolicy(values.augment),
    background: values.background ?? config?.background?.dir,
    crop: crop ? values.crop : config?.crop,
    specAugment: values.specAugment ?? config?.specAugment ?? undefined,
    validationSplit: split ? values.validationSplit : config?.validationSplit,
  };
}

/** Runs a job that Ctrl-C, or the end of the session, stops in good order; a second Ctrl-C ends it at once. */
async function stopOnSignals<T>(
  terminal: Terminal,
  job: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const stop = () => {
    if (abort.signal.aborted) Deno.exit(130);
    terminal.line("stopping after this step; Ctrl-C again ends at once");
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

/** Turns a run's events into words. */
function createNarrator(terminal: Terminal): (event: TrainEvent) => void {
  let start: RunStart | undefined;
  const startMs = performance.now();
  return (event) => {
    switch (event.kind) {
      case "start":
        start = event.start;
        return printStart(terminal, start);
      case "notice":
        return terminal.line(event.message);
      case "skipped":
        return terminal.line(`skipped: ${event.failure.message}`);
      case "epoch":
        return terminal.line(describeEpoch(event.row, start!.recipe.epochs, event.best));
      case "progress": {
        const { epoch, progress } = event, epochs = start!.recipe.epochs;
        const done = (epoch - 1 + progress.step / progress.steps) / epochs;
        const doneBefore = (start!.resumedFrom?.epoch ?? 0) / epochs;
        const leftSeconds = (performance.now() - startMs) / 1000 * (1 - done) /
          Math.max(done - doneBefore, 1e-9);
        const rate = progress.examples / (progress.elapsedMs / 1000);
        const limit = progress.waitedMs > 0.2 * progress.elapsedMs ? "features" : "model";
        return terminal.status(
          `epoch ${epoch}/${epochs}  step ${progress.step}/${progress.steps}  ` +
            `loss ${progress.loss.toFixed(3)}  accuracy ${formatShare(progress.accuracy)}  ` +
            `lr ${progress.learningRate.toExponential(1)}  ${rate.toFixed(0)} clips/s ` +
            `(limit: ${limit})  at most ${formatSeconds(leftSeconds)} left`,
        );
      }
    }
  };
}

function printStart(terminal: Terminal, start: RunStart): void {
  const classes = Object.entries(start.classCounts).map(([label, n]) => `${label} ${n}`);
  terminal.line(`data       ${start.data}`);
  terminal.line(`classes    ${classes.length}: ${classes.join(", ")}`);
  terminal.line(`clips      ${start.numTrain} to train on, ${start.numValidation} to validate on`);
  terminal.line(`engine     ${start.engine} — ${start.engineReason}`);
  terminal.line(`features   ${start.workers} workers`);
  terminal.line(`run        ${start.out}`);
  if (start.resumedFrom) {
    const { epoch, step } = start.resumedFrom;
    terminal.line(`resumed    in epoch ${epoch + 1}, ${step} steps of it done`);
  }
  terminal.line("");
  terminal.line("epoch    loss  accuracy | validation: loss  accuracy  macro-F1 | clips/s   time");
}

function describeEpoch(row: HistoryRow, epochs: number, best: boolean): string {
  const cells = [
    `${row.epoch}/${epochs}`.padStart(5),
    row.loss.toFixed(3).padStart(7),
    formatShare(row.accuracy).padStart(9),
    "|",
    row.validationLoss.toFixed(3).padStart(16),
    formatShare(row.validationAccuracy).padStart(9),
    row.validationMacroF1.toFixed(3).padStart(9),
    "|",
    row.clipsPerSecond.toFixed(0).padStart(7),
    formatSeconds(row.seconds).padStart(6),
    best ? "  best" : "",
  ];
  return cells.join(" ").trimEnd();
}

function printResult(terminal: Terminal, result: TrainResult): void {
  terminal.clearStatus();
  const { best, labels } = result;
  terminal.line(
    `\nbest epoch ${result.bestEpoch}: validation accuracy ${formatShare(best.accuracy)} ` +
      `(always naming the largest class: ${formatShare(result.majorityAccuracy)}), ` +
      `macro-F1 ${best.macroF1.toFixed(3)}, loss ${best.loss.toFixed(3)}`,
  );
  best.confusion.forEach((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    const wrong = row.map((n, j) => ({ n, label: labels[j] })).filter(({ n, label }) =>
      n > 0 && label !== labels[i]
    );
    const taken = wrong.sort((a, b) => b.n - a.n).map(({ n, label }) => `${n} as ${label}`);
    if (total > 0) {
      terminal.line(
        `  ${labels[i].padEnd(16)} ${row[i]}/${total}` +
          (taken.length > 0 ? `  (${taken.join(", ")})` : ""),
      );
    }
  });
  const why = result.ended === "early stopping" ? "no better epoch for a while" : "all epochs done";
  terminal.line(`\n${result.epochs} epochs in ${formatSeconds(result.seconds)} (${why})`);
  if (result.skipped > 0) {
    terminal.line(`${result.skipped} clips could not be read: ${result.out}/skipped.csv`);
  }
  terminal.line(`model: ${result.out}/best_model — label recordings with: deno task predict`);
}

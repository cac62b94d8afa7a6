import { Command } from "commander";
import { defaultRecipe } from "../model/trainer.ts";
import { defaultPolicy, parsePolicy } from "../pipeline/augment/augment.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openFolder } from "../pipeline/sources/folder.ts";
import { newRunName } from "../run/run_folder.ts";
import { train } from "../run/train.ts";
import type { HistoryRow, RunStart, TrainEvent, TrainResult } from "../run/train_events.ts";
import { machineOptions, type MachineValues, numberFrom, wholeNumber } from "./options.ts";
import { createTerminal, formatSeconds, formatShare, type Terminal } from "./terminal.ts";

interface TrainValues extends MachineValues {
  readonly data?: string;
  readonly out?: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly augment?: string;
  readonly augmentFactor: number;
  readonly mixup: number;
  readonly labelSmoothing: number;
  readonly clipNorm: number;
  readonly learningRate: number;
  readonly patience: number;
  readonly validationSplit: number;
}

/** `train`: from a folder of recordings to a run's folder. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description("Train a classifier on a folder of recordings (or on the ones that come along)")
    .option("--data <dir>", "one folder per class, or train/CLASS/* and test/*")
    .option("--out <dir>", "folder of the run (default: a new one in runs/)")
    .option("--epochs <n>", "passes over the recordings", wholeNumber(1), defaultRecipe.epochs)
    .option("--batch-size <n>", "clips of one step", wholeNumber(2), defaultRecipe.batchSize)
    .option("--seed <n>", "key of every random draw", wholeNumber(0), defaultRecipe.seed)
    .option("--augment <list>", "what copies draw from, such as white-noise=2,reverb,none")
    .option(
      "--augment-factor <n>",
      "augmented copies beside every recording",
      wholeNumber(0),
      defaultRecipe.augmentFactor,
    )
    .option("--mixup <alpha>", "strength of MixUp, 0 for none", numberFrom(0), defaultRecipe.mixup)
    .option(
      "--label-smoothing <share>",
      "share of a target spread over all classes",
      numberFrom(0, 0.99),
      defaultRecipe.labelSmoothing,
    )
    .option(
      "--clip-norm <norm>",
      "largest gradient norm, 0 for no limit",
      numberFrom(0),
      defaultRecipe.clipNorm,
    )
    .option(
      "--learning-rate <rate>",
      "highest step size",
      numberFrom(0, 1),
      defaultRecipe.learningRate,
    )
    .option(
      "--patience <n>",
      "epochs without progress before it ends",
      wholeNumber(1),
      defaultRecipe.patience,
    )
    .option(
      "--validation-split <share>",
      "share of each class kept aside",
      numberFrom(0, 0.9),
      0.2,
    );
  for (const option of machineOptions()) command.addOption(option);
  return command.action(runTrain);
}

async function runTrain(values: TrainValues): Promise<void> {
  const { data, out = newRunName(), backend, threads, workers, validationSplit, ...recipe } =
    values;
  const terminal = createTerminal();
  const dataset = data === undefined ? await openDefaultDataset() : await openFolder(data);
  const augment = values.augment === undefined ? defaultPolicy : parsePolicy(values.augment);
  const { epochs, batchSize, seed, augmentFactor, mixup, labelSmoothing } = recipe;
  const { clipNorm, learningRate, patience } = recipe;
  const result = await train({
    dataset,
    out,
    augment,
    validationSplit,
    backend,
    threads,
    workers,
    recipe: {
      epochs,
      batchSize,
      seed,
      augmentFactor,
      mixup,
      labelSmoothing,
      clipNorm,
      learningRate,
      patience,
    },
    onEvent: createNarrator(terminal),
  });
  printResult(terminal, result);
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
      case "skipped":
        return terminal.line(`skipped: ${event.failure.message}`);
      case "epoch":
        return terminal.line(describeEpoch(event.row, start!.recipe.epochs, event.best));
      case "progress": {
        const { epoch, progress } = event, epochs = start!.recipe.epochs;
        const done = (epoch - 1 + progress.step / progress.steps) / epochs;
        const leftSeconds = (performance.now() - startMs) / 1000 * (1 - done) /
          Math.max(done, 1e-9);
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
  terminal.line(`run        ${start.out}\n`);
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

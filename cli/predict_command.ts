import { Command } from "commander";
import type { SavedModel } from "../model/saved_model.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { openTestFolder } from "../pipeline/sources/folder.ts";
import { predict } from "../run/predict.ts";
import { newestRun, readModels } from "../run/run_folder.ts";
import {
  cacheOptions,
  type CacheValues,
  machineOptions,
  type MachineValues,
  openCache,
} from "./options.ts";
import { createTerminal, formatSeconds, formatShare } from "./terminal.ts";

interface PredictValues extends MachineValues, CacheValues {
  readonly model?: string;
  readonly data?: string;
  readonly out: string;
  readonly probabilities?: string;
}

/** `predict`: from recordings and a model to a CSV file. */
export function predictCommand(): Command {
  const command = new Command("predict")
    .description("Label recordings with a trained model and write a CSV file")
    .option("--model <path>", "a run's folder or its model.json (default: the newest run)")
    .option(
      "--data <dir>",
      "the recordings: DIR/test/*, or all below DIR (default: the ones that come along)",
    )
    .option("--out <file>", "CSV file to write: filename,label", "submission.csv")
    .option("--probabilities <file>", "CSV file with the probability of every class");
  for (const option of [...machineOptions(), ...cacheOptions()]) command.addOption(option);
  return command.action(runPredict);
}

async function runPredict(values: PredictValues): Promise<void> {
  const { out, probabilities, backend, threads, workers } = values;
  const terminal = createTerminal();
  const path = values.model ?? await newestRun();
  const models = await readModels(path);
  const [{ card }] = models;
  const clips = values.data === undefined
    ? (await openDefaultDataset()).test
    : await openTestFolder(values.data, card.labels);
  terminal.line(`model      ${path} (${describeModels(models)}, ${card.labels.length} classes)`);
  terminal.line(`clips      ${clips.length}`);
  const startMs = performance.now();
  const result = await predict({
    model: models,
    clips,
    out,
    probabilities,
    backend,
    threads,
    workers,
    cache: openCache(values),
    onNotice: (text) => terminal.line(text),
    onEngine: (engine, reason) => terminal.line(`engine     ${engine} — ${reason}`),
    onSkipped: (failure) => terminal.line(`skipped: ${failure.message}`),
    onRow: (done) => {
      const rate = done / ((performance.now() - startMs) / 1000);
      const left = formatSeconds((clips.length - done) / rate);
      terminal.status(`${done}/${clips.length} clips  ${rate.toFixed(0)} clips/s  ${left} left`);
    },
  });
  terminal.clearStatus();
  const { examples, accuracy, macroF1, meanAveragePrecision } = result.evaluation;
  if (examples > 0) {
    const precision = meanAveragePrecision === undefined
      ? ""
      : `, mean average precision ${formatShare(meanAveragePrecision)}`;
    terminal.line(
      `accuracy   ${formatShare(accuracy)} of ${examples} clips whose label is known ` +
        `(macro-F1 ${macroF1.toFixed(3)}${precision})`,
    );
  }
  if (result.skipped.length > 0) {
    terminal.line(
      `${result.skipped.length} clips could not be read: labelled ${card.majorityLabel}, ` +
        `the commonest class, and named in skipped.csv beside ${out}`,
    );
  }
  const seconds = formatSeconds((performance.now() - startMs) / 1000);
  terminal.line(`${result.rows} rows in ${out} (${seconds})`);
}

function describeModels(models: readonly SavedModel[]): string {
  const figures = models.map(({ card }) =>
    card.validationMeanAveragePrecision ?? card.validationAccuracy
  );
  const mean = formatShare(figures.reduce((a, b) => a + b) / models.length);
  const name = models[0].card.validationMeanAveragePrecision === undefined
    ? "validation accuracy"
    : "validation mean average precision";
  return models.length === 1
    ? `epoch ${models[0].card.epoch}, ${name} ${mean}`
    : `the mean of ${models.length} folds' models, ${name} ${mean} each on average`;
}

import { Command } from "commander";
import type { SavedModel } from "../model/saved_model.ts";
import type { Recording } from "../pipeline/recording.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { labelRecordings } from "../pipeline/sources/labelled_folder.ts";
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
  readonly labels?: string;
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
    .option("--labels <file>", "CSV with true labels to score by: filename,label")
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
  const recordings = await openInputs(values, card.classes, (note) => terminal.line(note));
  terminal.line(`model      ${path} (${describeModels(models)}, ${card.classes.length} classes)`);
  terminal.line(`clips      ${recordings.length}`);
  const startMs = performance.now();
  const result = await predict({
    model: models,
    recordings,
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
      const left = formatSeconds((recordings.length - done) / rate);
      terminal.status(
        `${done}/${recordings.length} clips  ${rate.toFixed(0)} clips/s  ${left} left`,
      );
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

async function openInputs(
  { data, labels: labelsFile }: PredictValues,
  classes: readonly string[],
  onNote: (note: string) => void,
): Promise<readonly Recording[]> {
  const recordings = data === undefined
    ? (await openDefaultDataset()).test
    : await openTestFolder(data, classes, onNote);
  return labelsFile === undefined ? recordings : await labelRecordings(recordings, labelsFile);
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

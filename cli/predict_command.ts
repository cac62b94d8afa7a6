import { Command } from "commander";
import { meanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import type { SavedModel } from "../model/saved_model.ts";
import type { Recording } from "../pipeline/recording.ts";
import { cacheSettings } from "../pipeline/cache/cache_folder.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { labelRecordings } from "../pipeline/sources/labelled_folder.ts";
import { openTestFolder } from "../pipeline/sources/folder.ts";
import { plural } from "../report/format.ts";
import { predictOutputs, prepareOutputs } from "../run/outputs.ts";
import { predict } from "../run/predict.ts";
import { newestRun, readModels } from "../run/run_folder.ts";
import { machineSettings } from "../run/run_settings.ts";
import { text } from "../settings/value_range.ts";
import type { SettingsOf, SettingTable } from "../settings/setting.ts";
import { readCache } from "./cache_option.ts";
import { commonSettings } from "./common_settings.ts";
import { describeEvaluation } from "./describe_evaluation.ts";
import { addOptions, readValues } from "./setting_options.ts";
import { createTerminal, formatSeconds, formatShare } from "./terminal.ts";

interface PredictFiles {
  readonly model?: string;
  readonly data?: string;
  readonly labels?: string;
  readonly out: string;
  readonly probabilities?: string;
}

const files: SettingsOf<PredictFiles> = {
  model: {
    range: text,
    defaultWords: "the newest run",
    help: "a run's folder or its model.json",
    group: "Data",
    placeholder: "path",
  },
  data: {
    range: text,
    defaultWords: "the ones that come along",
    help: "the recordings: DIR/test/*, or all below DIR",
    group: "Data",
    placeholder: "dir",
  },
  labels: {
    range: text,
    help: "CSV with true labels to score by: filename,label",
    group: "Data",
    placeholder: "file",
  },
  out: {
    range: text,
    default: "submission.csv",
    help: "CSV file to write: filename,label",
    group: "Output",
    placeholder: "file",
  },
  probabilities: {
    range: text,
    help: "CSV file with the probability of every class",
    group: "Output",
    placeholder: "file",
  },
};

/** The settings of `predict`. */
export const predictSettings: readonly SettingTable[] = [
  ...[files, cacheSettings, machineSettings, commonSettings],
];

/** `predict`: from recordings and a model to a CSV file. */
export function predictCommand(): Command {
  const command = new Command("predict")
    .description("Label recordings with a trained model and write a CSV file")
    .action(runPredict);
  return addOptions(command, predictSettings);
}

async function runPredict(_: unknown, command: Command): Promise<void> {
  const values = readValues(command, files), { out, probabilities } = values;
  await prepareOutputs(predictOutputs(values), values.data);
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
    ...readValues(command, machineSettings),
    cache: readCache(command),
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
  const { evaluation } = result;
  const { examples, foreignExamples } = evaluation;
  if (examples > 0) {
    const foreign = foreignExamples === 0
      ? ""
      : `, ${foreignExamples} of them of classes that the model lacks and so wrong`;
    terminal.line(
      `score      ${
        describeEvaluation(evaluation)
      } of ${examples} clips whose label is known${foreign}`,
    );
  }
  if (result.skipped.length > 0) {
    terminal.line(
      `${
        plural(result.skipped.length, "clip")
      } could not be read: labelled ${card.majorityLabel}, ` +
        `the commonest class, and named in skipped.csv beside ${out}`,
    );
  }
  const seconds = formatSeconds((performance.now() - startMs) / 1000);
  terminal.line(`${result.rows} rows in ${out} (${seconds})`);
}

async function openInputs(
  { data, labels: labelsFile }: PredictFiles,
  classes: readonly string[],
  onNote: (note: string) => void,
): Promise<readonly Recording[]> {
  const recordings = data === undefined
    ? (await openDefaultDataset()).test
    : await openTestFolder(data, classes, onNote);
  return labelsFile === undefined ? recordings : await labelRecordings(recordings, labelsFile);
}

function describeModels(models: readonly SavedModel[]): string {
  const [{ card }] = models;
  const mean = meanAndSpread(
    models.map(({ card }) =>
      card.validationMeanAveragePrecision ?? card.validationAccuracy ?? null
    ),
  )?.mean;
  const name = card.validationMeanAveragePrecision === undefined
    ? "validation accuracy"
    : "validation mean average precision";
  const score = mean === undefined ? "not validated" : `${name} ${formatShare(mean)}`;
  if (models.length === 1) return `epoch ${card.epoch}, ${score}`;
  const each = mean === undefined ? "" : " each on average";
  return `the mean of ${models.length} folds' models, ${score}${each}`;
}

import { Command } from "../deps/commander.ts";
import { decisionSettings } from "../model/decision.ts";
import { meanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import type { SavedModel } from "../model/saved_model.ts";
import type { Recording } from "../pipeline/recording.ts";
import type { Clip } from "../pipeline/clip.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import {
  checkNoColumns,
  type Columns,
  columnSettings,
} from "../pipeline/sources/column_settings.ts";
import { openDefaultDataset } from "../pipeline/sources/default_dataset.ts";
import { labelRecordings } from "../pipeline/sources/labelled_folder.ts";
import { openTestFolder } from "../pipeline/sources/open_recordings.ts";
import { matchTemplate, readTemplate } from "../pipeline/sources/template.ts";
import { createWindowing } from "../pipeline/windows.ts";
import { plural } from "../report/format.ts";
import { faultSettings } from "../run/config/fault_settings.ts";
import { prepareOutputs } from "../run/files/outputs.ts";
import { predict, type PredictOptions } from "../run/prediction/predict.ts";
import { predictEvents, type PredictEventsOptions } from "../run/prediction/predict_events.ts";
import { predictWindowSettings } from "../run/prediction/predict_windows.ts";
import type { PredictionOptions } from "../run/prediction/prediction.ts";
import { machineSettings } from "../run/config/run_settings.ts";
import { partFolder } from "../run/shards/part.ts";
import { checkSubmission, columnsOf } from "../run/prediction/submission.ts";
import type { Queues } from "../workers/feature_pool.ts";
import { readCache } from "./cache_option.ts";
import { describeEvents, describeLabels } from "./describe_evaluation.ts";
import { describeQueues } from "./describe_queues.ts";
import { exitCodes } from "./exit_codes.ts";
import { fileSettings, jobOf, type PredictFiles, predictSettings } from "./predict_settings.ts";
import { openModels } from "./open_models.ts";
import { addOptions, readSaid, readValues } from "./setting_options.ts";
import { readShard, runShard, tellShare } from "./shard_words.ts";
import { createTerminal, formatSeconds, formatShare, type Terminal } from "./terminal.ts";
import { describeUnknownTruth } from "./unknown_truth.ts";

/** `predict`: from recordings and a model to a CSV file. */
export function predictCommand(): Command {
  const command = new Command("predict")
    .description(
      "Label recordings with a trained model: a row each, or what is heard in them, and when",
    )
    .action(runPredict);
  return addOptions(command, predictSettings);
}

async function runPredict(_: unknown, command: Command): Promise<void> {
  const values = readValues(command, fileSettings),
    windows = readValues(command, predictWindowSettings);
  const job = jobOf(values, windows), shard = readShard(command);
  await prepareOutputs(job.outputs, values.data);
  const template = values.template === undefined ? undefined : await readTemplate(values.template);
  const terminal = createTerminal();
  const { models, path } = await openModels(values.model), [{ card }] = models;
  const listed = await openInputs(
    values,
    readSaid<Columns>(command, columnSettings),
    card.classes,
    terminal.line,
  );
  const warning = values.model === undefined && describeUnknownTruth(listed, card.classes, path);
  if (warning) terminal.line(warning);
  const recordings = template
    ? matchTemplate(template, listed, values.data ?? ".", terminal.line)
    : listed;
  terminal.line(`model      ${path} (${describeModels(models)}, ${card.classes.length} classes)`);
  const numOwn = tellShare(terminal, recordings, shard);
  const progress = createProgress(terminal, numOwn, card.frontEnd);
  const lengths = { windowSeconds: windows.window, hopSeconds: windows.hop };
  const options: PredictionOptions = {
    ...{ model: models, recordings, shard, resume: values.resume, cache: readCache(command) },
    backbone: values.backbone,
    ...readValues(command, decisionSettings),
    ...readValues(command, machineSettings),
    ...readValues(command, faultSettings),
    onNotice: (text) => terminal.line(text),
    onEngine: (engine, reason) => terminal.line(`engine     ${engine} — ${reason}`),
    onSkipped: (failure) => terminal.line(`skipped: ${failure.message}`),
    onRow: progress.row,
    onClip: progress.clip,
  };
  const run = () =>
    job.kind === "labels"
      ? runLabels(terminal, {
        ...{ ...options, out: job.out, probabilities: values.probabilities },
        columns: template && columnsOf(template, card.classes, terminal.line),
        windows: windows.aggregate && {
          aggregate: windows.aggregate,
          windowing: createWindowing(card.frontEnd, lengths),
        },
      })
      : runEvents(terminal, {
        ...{ ...options, ...job, ...lengths },
        ...{ top: windows.top, minScore: windows.minScore, mergeSeconds: windows.merge },
        ...{ toleranceSeconds: windows.tolerance, report: values.report },
      });
  if (shard) return await runShard(terminal, job.out, { ...options, shard }, run);
  const done = await run();
  if (template) await checkSubmission(job.out, template);
  const like = template ? `, as ${template.path} has them` : "";
  terminal.line(`${done} in ${job.out}${like} (${progress.time()})`);
}

/** Writes a row a recording. @returns What was written. */
async function runLabels(terminal: Terminal, options: PredictOptions): Promise<string> {
  const result = await predict(options), { rows, standIns } = result;
  terminal.clearStatus();
  describeLabels(result).forEach(terminal.line);
  if (standIns > 0) {
    const [{ card }] = [options.model].flat();
    const label = options.unknown ?? `${card.majorityLabel}, the commonest class`;
    terminal.line(
      `${plural(standIns, "clip")} could not be read: labelled ${label}, ` +
        `and named in skipped.csv ${placeOfSkipped(options)}`,
    );
    Deno.exitCode = exitCodes.incomplete;
  }
  return plural(rows, "row");
}

function placeOfSkipped(
  { out = "", isFolder, shard }: Partial<PredictEventsOptions>,
): string {
  if (shard) return `in ${partFolder(out, shard)}`;
  return isFolder ? "there" : `beside ${out}`;
}

/** Writes what is heard, and when. @returns What was written. */
async function runEvents(terminal: Terminal, options: PredictEventsOptions): Promise<string> {
  const { recordings, events, skipped, evaluation } = await predictEvents(options);
  terminal.clearStatus();
  if (evaluation) { for (const line of describeEvents(evaluation)) terminal.line(line); }
  if (skipped.length > 0) {
    const place = placeOfSkipped(options);
    terminal.line(
      `${plural(skipped.length, "window")} could not be read: named in skipped.csv ${place}`,
    );
    Deno.exitCode = exitCodes.incomplete;
  }
  return `${plural(events, "event")} of ${plural(recordings, "recording")}`;
}

/** Says where a prediction stands. */
function createProgress(terminal: Terminal, numRecordings: number, { sampleRateHz }: FrontEnd) {
  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1000;
  let done = 0, doneNow = 0, heardSeconds = 0, lastEnd = 0;
  return {
    row(all: number, queues: Queues) {
      done = all;
      const rate = ++doneNow / seconds(), left = formatSeconds((numRecordings - done) / rate);
      terminal.status(
        `${done}/${numRecordings} recordings  ${rate.toFixed(0)}/s  ${describeQueues(queues)}  ` +
          `${left} left`,
      );
    },
    /** Of a recording in which there are several clips, how far it is. */
    clip({ recording, start }: Clip) {
      if (start === 0) lastEnd = 0;
      heardSeconds += (start - lastEnd) / sampleRateHz;
      lastEnd = start;
      if (start === 0) return;
      const at = formatSeconds(start / sampleRateHz), speed = heardSeconds / seconds();
      terminal.status(
        `${done}/${numRecordings} recordings  ${recording.id} at ${at}  ${
          speed.toFixed(0)
        } × real time`,
      );
    },
    time: () => formatSeconds(seconds()),
  };
}

async function openInputs(
  { data, labels: labelsFile }: PredictFiles,
  columns: Columns,
  classes: readonly string[],
  onNote: (note: string) => void,
): Promise<readonly Recording[]> {
  const { fileColumn, labelColumn, idColumn } = columns;
  if (data === undefined && labelsFile === undefined) checkNoColumns(columns);
  const recordings = data === undefined ? (await openDefaultDataset()).test : await openTestFolder(
    data,
    classes,
    onNote,
    labelsFile === undefined ? columns : { idColumn },
  );
  if (labelsFile === undefined) return recordings;
  const named = { file: fileColumn, label: labelColumn };
  return await labelRecordings(recordings, labelsFile, named, onNote);
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
  const isOne = models.length === 1, { refitClips } = card;
  const which = isOne ? `epoch ${card.epoch}` : `the mean of ${models.length} models`;
  const each = isOne || mean === undefined ? "" : " each on average";
  const refit = refitClips === undefined ? "" : ` before ${isOne ? "it" : "they"} learned from all`;
  return `${which}, ${score}${each}${refit}`;
}

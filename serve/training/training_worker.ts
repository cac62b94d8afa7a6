/// <reference lib="deno.worker" />
/** A thread that trains a run, or looks at a folder: the server answers while it does. */
import "../../wasm/deno_files.ts";
import { defaultFrontEnd as frontEnd } from "../../pipeline/front_end.ts";
import { openDefaultDataset } from "../../pipeline/sources/default_dataset.ts";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { chooseRun } from "../../run/config/choose_run.ts";
import { readConfig } from "../../run/config/config_file.ts";
import { prepareOutputs } from "../../run/files/outputs.ts";
import { RunError } from "../../run/run_error.ts";
import { createRunFolder } from "../../run/run_folder.ts";
import { train } from "../../run/training/train.ts";
import type { TrainResult } from "../../run/training/train_events.ts";
import { Interrupted } from "../../run/training/train_options.ts";
import type { FromTrainingWorker, ToTrainingWorker } from "./protocol.ts";

const send = (message: FromTrainingWorker) => self.postMessage(message);
const stop = new AbortController(), { signal } = stop;

self.onmessage = async ({ data }: MessageEvent<ToTrainingWorker>) => {
  try {
    switch (data.kind) {
      case "survey":
        return await survey(data.dir);
      case "train":
        return send({ kind: "end", result: await trainNew(data) });
      case "resume":
        return send({ kind: "end", result: await goOn(data) });
      case "stop":
        return stop.abort();
    }
  } catch (error) {
    const isStopped = error instanceof Interrupted || signal.aborted && error === signal.reason;
    if (isStopped) return send({ kind: "stopped" });
    const { message } = error as Error;
    const isResumable = error instanceof RunError && error.resumable !== undefined;
    send({ kind: "failed", message, isResumable });
  }
};

async function survey(dir?: string): Promise<void> {
  // Loaded here, as runs do without.
  const { describeSurvey, surveyFolder } = await import("../../report/survey_folder.ts");
  const { renderSurvey } = await import("../../report/inspect_folder.ts");
  const dataset = dir === undefined ? await openDefaultDataset() : undefined;
  const recordings = dataset ? [...dataset.train, ...dataset.test] : await openRecordings(dir!);
  const onClip = (done: number) => send({ kind: "looked", done, total: recordings.length });
  const name = dir ?? "The recordings that come along";
  const found = await surveyFolder(name, recordings, { frontEnd, dataset, onClip });
  const held = {
    figures: describeSurvey(found),
    classes: found.classes,
    remarks: found.remarks,
    skipped: found.skipped.map(({ filename, cause }) => [filename, cause] as const),
  };
  send({ kind: "held", held, page: renderSurvey(found, frontEnd) });
}

const tell = {
  signal,
  onEvent: (event: (FromTrainingWorker & { kind: "event" })["event"]) =>
    send({ kind: "event", event }),
};

async function trainNew(
  { said, runs, machine }: Extract<ToTrainingWorker, { kind: "train" }>,
): Promise<TrainResult> {
  const choices = await chooseRun(said);
  await prepareOutputs([{ setting: "out", path: runs, kind: "folder" }], choices.dataset.dir);
  signal.throwIfAborted();
  const out = await createRunFolder(runs);
  try {
    return await train({ ...choices, ...machine, ...tell, out });
  } catch (error) {
    await Deno.remove(out).catch(() => {}); // where it holds nothing, there is no run
    throw error;
  }
}

async function goOn(
  { out, machine }: Extract<ToTrainingWorker, { kind: "resume" }>,
): Promise<TrainResult> {
  const choices = await chooseRun({ words: {} }, await readConfig(`${out}/config.json`));
  return await train({ ...choices, ...machine, ...tell, out, mode: "resume" });
}

/** Labels the windows of recordings of any length, and writes what is heard in them, and when. */
import type { EventEvaluation } from "../../model/evaluation/event_evaluation.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import { createWindowing } from "../../pipeline/windows.ts";
import { type EventFormatName, eventFormats } from "../events/event_format.ts";
import { openEventFile, openEventFolder } from "../events/event_files.ts";
import { type EventOptions, eventsOf, resolveEventOptions } from "../events/events.ts";
import { Prediction, type PredictionOptions } from "./prediction.ts";
import type { PartFile } from "../shards/part.ts";
import { SettingError } from "../../settings/setting.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { EventScorer } from "../events/event_scorer.ts";
import { RunError } from "../run_error.ts";

/** What events are made of. */
export interface PredictEventsOptions extends PredictionOptions, Omit<EventOptions, "onRecording"> {
  /** The file to write, or the folder, with a file for each recording. */
  readonly out: string;
  /** Set where `out` is a folder. */
  readonly isFolder?: boolean;
  /** How they are written. */
  readonly format: EventFormatName;
  /** Length of a window, in seconds. @default {what the model hears} */
  readonly windowSeconds?: number;
  /** From a window's start to that of the next, in seconds. @default {windowSeconds} */
  readonly hopSeconds?: number;
  /** Most seconds between the starts of an event and an annotation that is it. @default {windowSeconds} */
  readonly toleranceSeconds?: number;
  /** A page to write of the events' figures, where recordings are annotated. */
  readonly report?: string;
}

/** What the events came to. */
export interface PredictEventsResult {
  /** Recordings that were listened to. */
  readonly recordings: number;
  /** Events written. */
  readonly events: number;
  /** The windows, or whole recordings, that could not be read. */
  readonly skipped: readonly ClipFailure[];
  /** Figures over the annotated recordings; absent where there are none. */
  readonly evaluation?: EventEvaluation;
}

/**
 * Writes the events of recordings, each listened to from beginning to end in one pass. With one label a window
 * its most probable one is looked at, with several all that are at least as probable as not, where nothing else
 * is asked for; with `unknown`, those that reach their threshold. A background class is no event's.
 *
 * @throws {SettingError} where two of the files are one, or no file or folder as they should be.
 * @throws {RangeError} where a window or a hop cannot be.
 * @throws {RunError} as `predict`, and where one file is to hold several recordings whose format says nothing of
 *   which an event is.
 */
export async function predictEvents(options: PredictEventsOptions): Promise<PredictEventsResult> {
  const { model, recordings, format, out, isFolder, batchSize, signal } = options;
  const [{ card }] = [model].flat(), { frontEnd } = card;
  const windowing = createWindowing(frontEnd, options);
  if (eventFormats[format].isOfOneRecording && !isFolder && recordings.length > 1) {
    throw new RunError(
      `Cannot write the events of ${recordings.length} recordings to ${out} as the format ${format} does not ` +
        "say which one an event is of: name a folder, with a / at its end, or another format",
    );
  }
  if (eventFormats[format].isOfOneRecording && !isFolder && options.shard) {
    const rule = "csv, jsonl or parquet for a part of a job, or the output a folder, DIR/";
    throw new SettingError("write a part of the events", "format", rule, format);
  }
  if (options.report !== undefined && options.shard) {
    const rule = "left out, as a part of a job has figures of its own alone";
    throw new SettingError("write a page of figures", "report", rule, options.report);
  }
  const isAnnotated = recordings.some(({ annotations }) => annotations);
  if (options.report !== undefined && !isAnnotated) {
    const rule = "left out, as no recording has annotations to score by";
    throw new SettingError("write a page of figures", "report", rule, options.report);
  }
  const { mergeSeconds } = options, { top, minScore } = resolveEventOptions(card, options);
  const choices = { format, windowing, top, minScore, mergeSeconds };
  const isMerged = mergeSeconds !== undefined, partFile = partFileOf(format, out, isMerged);
  const written = isFolder
    ? { out, isFolder, kind: "files", partFiles: [] } as const
    : { out, kind: "events", partFiles: [partFile] } as const;
  await using prediction = await Prediction.open(options, written, choices);
  const { labeller, output, rest } = prediction;
  const files = isFolder
    // Named among all recordings: shards write to one folder.
    ? openEventFolder(output, recordings, { out, format, frontEnd, isMerged })
    : await openEventFile(output, {
      out: prediction.pathOf(partFile.name, out),
      format: options.shard ? partFile.format : format,
      ...{ frontEnd, isMerged },
    });
  const scorer = isAnnotated
    ? await EventScorer.open(output, prediction.recordings, {
      ...options,
      windowing,
      decision: labeller.decision,
    })
    : undefined;
  const rows = prediction.watch(labeller.labelWindows(rest, windowing, { batchSize, signal }));
  const events = eventsOf(rows, labeller.decision, windowing, {
    ...{ top, minScore, mergeSeconds },
    async onRecording(recording) {
      await scorer?.end(recording);
      await files.end(recording);
      await prediction.endRecording();
    },
  });
  for await (const event of events) {
    scorer?.add(event);
    await files.add(event);
    prediction.countRow();
  }
  const skipped = await prediction.end(), scored = scorer?.build();
  if (scored && options.report !== undefined) {
    // Loaded late: its charts take a moment.
    const { createEventsReport } = await import("../../report/report.ts");
    const { evaluation, shown } = scored;
    const page = await createEventsReport({ evaluation, recordings: shown, frontEnd });
    await writeAtomically(options.report, page);
  }
  return {
    ...{ recordings: output.done, events: prediction.rows, skipped },
    evaluation: scored?.evaluation,
  };
}

/** The file of a shard's events: those of a Parquet file stay JSON lines until they are merged. */
function partFileOf(format: EventFormatName, out: string, hasPeak: boolean): PartFile {
  const isParquet = format === "parquet", lines = isParquet || format === "jsonl" ? "jsonl" : "csv";
  return { name: `events.${lines}`, format: lines, out, ...isParquet && { parquet: { hasPeak } } };
}

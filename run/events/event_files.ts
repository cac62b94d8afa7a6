/** Where events go: one file for all recordings, or in a folder one a recording. */
import { dirname } from "../../deps/std_path.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { type GrowingFile, moveFile } from "../files/growing_file.ts";
import type { ResumableOutput } from "../files/resumable_output.ts";
import { type EventContext, type EventFormatName, eventFormats } from "./event_format.ts";
import type { Event } from "./events.ts";
import { convertToParquet } from "./parquet_file.ts";

/** Takes the events of recordings, one recording after the other. */
export interface EventFiles {
  /** Takes an event. @throws {RunError} where it cannot be written. */
  add(event: Event): Promise<void>;
  /** Says that all events of a recording are there, if there are any. @throws {RunError} as `add`. */
  end(recording: Recording): Promise<void>;
}

/** What becomes of events. */
export interface EventFilesOptions extends EventContext {
  /** The file, or the folder. */
  readonly out: string;
  /** How they are written. */
  readonly format: EventFormatName;
}

/** Opens one file for all events. @throws {RunError} where it cannot be written. */
export async function openEventFile(
  output: ResumableOutput<unknown>,
  { out, format: name, ...context }: EventFilesOptions,
): Promise<EventFiles> {
  const file = await output.file("events", out, finishOf(name, context));
  const lines = new EventLines(name, context);
  if (file?.size === 0) await file.write(lines.header);
  return {
    add: async (event) => await file?.write(lines.next(event)),
    end: () => Promise.resolve(),
  };
}

/**
 * Opens a folder in which every recording gets a file, if only with a header: its id with the format's ending
 * in place of its own, or behind it, where two recordings' files would have one name.
 */
export function openEventFolder(
  output: ResumableOutput<unknown>,
  recordings: readonly Recording[],
  { out, format: name, ...context }: EventFilesOptions,
): EventFiles {
  const { suffix } = eventFormats[name], pathOf = namePaths(recordings, out, suffix);
  const finish = finishOf(name, context);
  let under: { readonly file: GrowingFile; readonly lines: EventLines } | undefined;
  const begin = async () => {
    const lines = new EventLines(name, context), file = await output.scratch("recording");
    await file.write(lines.header);
    return { file, lines };
  };
  return {
    async add(event) {
      under ??= await begin();
      await under.file.write(under.lines.next(event));
    },
    async end(recording) {
      const { file } = under ?? await begin(), path = pathOf(recording);
      under = undefined;
      await file.sync();
      file.close();
      await Deno.mkdir(dirname(path), { recursive: true });
      await finish(file.path, path);
    },
  };
}

/** The lines of one file. */
class EventLines {
  #place = 0;

  constructor(readonly name: EventFormatName, readonly context: EventContext) {}

  get header(): string {
    return eventFormats[this.name].header(this.context);
  }

  next(event: Event): string {
    return eventFormats[this.name].line(event, this.#place++, this.context);
  }
}

function finishOf(name: EventFormatName, { isMerged }: EventContext): typeof moveFile {
  return name === "parquet" ? (from, to) => convertToParquet(from, to, isMerged) : moveFile;
}

function namePaths(
  recordings: readonly Recording[],
  out: string,
  suffix: string,
): (recording: Recording) => string {
  const stemOf = ({ id }: Recording) => id.replace(/\.[^./]+$/, "");
  const counts = new Map([["skipped", 1]]); // skipped.csv lies there, too
  for (const recording of recordings) {
    counts.set(stemOf(recording), (counts.get(stemOf(recording)) ?? 0) + 1);
  }
  return (recording) => {
    const stem = stemOf(recording), name = counts.get(stem) === 1 ? stem : recording.id;
    return `${out}/${name}${suffix}`;
  };
}

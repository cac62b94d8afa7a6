/** The files that events are written to, each known by how its name ends. */
import { basename } from "../../deps/std_path.ts";
import type { FrontEnd } from "../../pipeline/front_end.ts";
import { formatRow } from "../files/csv_file.ts";
import type { Event } from "./events.ts";

/** What a format may say beside the events themselves. */
export interface EventContext {
  /** The model's: a selection has its edges of frequency. */
  readonly frontEnd: FrontEnd;
  /** Whether events were joined from several windows: their peak is said, too. */
  readonly isMerged: boolean;
}

/** A way to write events down, a line each. */
export interface EventFormat {
  /** How its files' names end. */
  readonly suffix: string;
  /** Set where a file is about one recording, as its lines do not say which. */
  readonly isOfOneRecording?: true;
  /** The file's first line; empty where it has none. */
  header(context: EventContext): string;
  /** An event's line. @param place Counted from 0 in the file. */
  line(event: Event, place: number, context: EventContext): string;
}

/** What is said of an event where names are free. Times are in seconds, exact to a millionth. */
export interface EventRow {
  /** The recording's id. */
  readonly filename: string;
  /** Where it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Its label. */
  readonly label: string;
  /** Mean of its windows' probabilities. */
  readonly probability: number;
  /** The highest of them, where windows were joined. */
  readonly peak?: number;
}

/** An event as a row. */
export function rowOf(event: Event, { isMerged }: EventContext): EventRow {
  return {
    filename: event.recording.id,
    start: micro(event.startSeconds),
    end: micro(event.endSeconds),
    label: event.label,
    probability: micro(event.probability),
    ...isMerged && { peak: micro(event.peak) },
  };
}

const csv: EventFormat = {
  suffix: ".csv",
  header: ({ isMerged }) =>
    formatRow(["filename", "start", "end", "label", "probability", ...isMerged ? ["peak"] : []]),
  line: (event, _, context) => formatRow(Object.values(rowOf(event, context))),
};

const jsonl: EventFormat = {
  suffix: ".jsonl",
  header: () => "",
  line: (event, _, context) => `${JSON.stringify(rowOf(event, context))}\n`,
};

/** Written as JSON lines, which become a Parquet file when all are there. */
const parquet: EventFormat = { ...jsonl, suffix: ".parquet" };

/** Audacity's label track: start, end and label between tabs. */
const audacity: EventFormat = {
  suffix: ".txt",
  isOfOneRecording: true,
  header: () => "",
  line: ({ startSeconds, endSeconds, label }) =>
    tabbed(startSeconds.toFixed(6), endSeconds.toFixed(6), label),
};

/** Raven's selection table. */
const raven: EventFormat = {
  suffix: ".selections.txt",
  isOfOneRecording: true,
  header: () =>
    tabbed(
      ...["Selection", "View", "Channel", "Begin Time (s)", "End Time (s)"],
      ...["Low Freq (Hz)", "High Freq (Hz)", "Begin File", "Annotation", "Score"],
    ),
  line: (event, place, { frontEnd: { minHz, maxHz } }) =>
    tabbed(
      ...[
        place + 1,
        "Spectrogram 1",
        1,
        event.startSeconds.toFixed(6),
        event.endSeconds.toFixed(6),
      ],
      ...[minHz, maxHz, basename(event.recording.id), event.label, event.probability.toFixed(6)],
    ),
};

/** The formats by the names that they are asked for by. */
export const eventFormats = { csv, jsonl, parquet, audacity, raven } as const;
/** See `eventFormats`. */
export type EventFormatName = keyof typeof eventFormats;

/** The format that a file's name asks for; undefined where it asks for none. */
export function formatOfName(path: string): EventFormatName | undefined {
  const names = Object.keys(eventFormats) as EventFormatName[];
  const fitting = names.filter((name) => path.toLowerCase().endsWith(eventFormats[name].suffix));
  return fitting.sort((a, b) => eventFormats[b].suffix.length - eventFormats[a].suffix.length)[0];
}

/** A line of a table whose cells tabs separate: they hold none, and no end of line. */
function tabbed(...cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => String(cell).replaceAll(/[\t\r\n]+/g, " ")).join("\t")}\n`;
}

/** A number to a millionth: below the sample of any rate, and short to read. */
export function micro(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

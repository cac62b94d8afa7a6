/** Reads one file that tells what is to be heard where in recordings, row by row. */
import { TextLineStream } from "../../deps/std_streams.ts";
import { findAnnotationColumns, namesStretches } from "./annotation_columns.ts";
import { DatasetError } from "./dataset.ts";
import { readerOf } from "./folder_reader.ts";
import { type LabelColumns, readTableRows, splitLabels } from "./label_table.ts";
import { openTable } from "./open_table.ts";
import { encodingOf } from "./text_encoding.ts";

/** What a file of annotations is. */
export type AnnotationFormat =
  /** A table whose first line names its columns: a CSV file, or a selection table of Raven. */
  | "table"
  /** A label track of Audacity: `start<TAB>end<TAB>label`, without a first line of names. */
  | "label track";

/** One row: a stretch of a recording. */
export interface AnnotationRow {
  /** The recording, as the row names it; absent where the file is called like its recording. */
  readonly name?: string;
  /** Its beginning, in seconds. */
  readonly startSeconds: number;
  /** Its end, in seconds. */
  readonly endSeconds: number;
  /** Its labels; none where its cell is empty. */
  readonly labels: readonly string[];
  /** The cell of the column that groups. */
  readonly group?: string;
  /** Its line, counted from 1. */
  readonly line: number;
}

/** What a file says beside its rows. */
export interface AnnotationFile {
  /** Column of the labels, where it was guessed. */
  labelColumn?: string;
  /** The columns; none of a label track. */
  columns: readonly string[];
  /** Whether its rows name files. */
  namesFiles: boolean;
  /** What a person should know of it, a line each. */
  readonly notes: string[];
}

/** A line of a label track, as far as it tells one from a table. */
const trackLine = /^\s*-?[\d.,]+(e[-+]?\d+)?\t\s*-?[\d.,]+(e[-+]?\d+)?\s*(\t|$)/i;

/** So much of a file tells what it is. */
const startBytes = 1 << 16;

/**
 * Tells what a file of annotations is by its first line; a text file without any is a label track without
 * a label.
 *
 * @returns `undefined` for a file that tells of no stretches.
 * @throws {Error} where it cannot be read.
 */
export async function annotationFormatOf(path: string): Promise<AnnotationFormat | undefined> {
  if (/\.(jsonl|parquet)$/i.test(path)) {
    for await (const { row } of readTableRows(path, [])) {
      return namesStretches(row.map((name) => name.trim())) ? "table" : undefined;
    }
  }
  const bytes = await (await readerOf(path)).readStart(path, startBytes);
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe || bytes[0] === 0xfe && bytes[1] === 0xff;
  const encoding = !isWide ? "utf-8" : bytes[0] === 0xff ? "utf-16le" : "utf-16be";
  const lines = new TextDecoder(encoding).decode(bytes).split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== "");
  if (first === undefined) return path.toLowerCase().endsWith(".txt") ? "label track" : undefined;
  if (trackLine.test(first)) return "label track";
  const names = first.split(/[,;\t]/).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  return namesStretches(names) ? "table" : undefined;
}

/**
 * Reads the rows of a file.
 *
 * @param file Is told what the file says beside its rows.
 * @throws {DatasetError} where it lacks a column, or a time is none.
 */
export function readAnnotationRows(
  path: string,
  format: AnnotationFormat,
  wanted: LabelColumns,
  file: AnnotationFile,
): AsyncGenerator<AnnotationRow> {
  return format === "table" ? readTable(path, wanted, file) : readTrack(path);
}

/** @throws {DatasetError} always. */
function refuse(path: string, words: string): never {
  throw new DatasetError(`Cannot read annotations from ${path} ${words}`);
}

async function* readTable(
  path: string,
  wanted: LabelColumns,
  file: AnnotationFile,
): AsyncGenerator<AnnotationRow> {
  let columns: ReturnType<typeof findAnnotationColumns> | undefined;
  for await (const { row, line } of readTableRows(path, file.notes)) {
    if (!columns) {
      const header = row.map((name) => name.trim().normalize("NFC"));
      columns = findAnnotationColumns(header, wanted);
      const missing = columns.labelAt < 0
        ? `labels (${wanted.label ?? "Species, Annotation, Label, … or --label-column"})`
        : wanted.file !== undefined && columns.fileAt < 0
        ? `files (${wanted.file})`
        : undefined;
      if (missing !== undefined) {
        refuse(
          path,
          `as its first line must name a column of ${missing}: it has ${header.join(", ")}`,
        );
      }
      file.columns = header;
      file.namesFiles = columns.fileAt >= 0;
      if (wanted.label === undefined) file.labelColumn = header[columns.labelAt];
      continue;
    }
    const { startAt, endAt, labelAt, fileAt, fileOffsetAt, groupAt } = columns;
    const secondsAt = (at: number) => parseSeconds(row[at], file.columns[at], path, line);
    const start = secondsAt(startAt), end = secondsAt(endAt);
    const startSeconds = fileOffsetAt < 0 ? start : secondsAt(fileOffsetAt);
    yield {
      name: fileAt < 0 ? undefined : row[fileAt],
      startSeconds,
      endSeconds: fileOffsetAt < 0 ? end : startSeconds + (end - start),
      labels: splitLabels(row[labelAt]),
      group: row[groupAt]?.trim().normalize("NFC") || undefined,
      line,
    };
  }
}

async function* readTrack(path: string): AsyncGenerator<AnnotationRow> {
  let line = 0;
  for await (const text of linesOf(path, await encodingOf(path))) {
    line++;
    // What begins with a backslash is the band of frequencies of the label before.
    if (text.trim() === "" || text.startsWith("\\")) continue;
    const [start, end = "", ...label] = text.split("\t");
    yield {
      startSeconds: parseSeconds(start, "start", path, line),
      endSeconds: parseSeconds(end, "end", path, line),
      labels: splitLabels(label.join(" ")),
      line,
    };
  }
}

/** Seconds in a cell, which has a decimal comma where its program's language does. */
function parseSeconds(cell: string, column: string, path: string, line: number): number {
  const seconds = cell.trim() === "" ? NaN : Number(cell.trim().replace(",", "."));
  if (Number.isFinite(seconds)) return seconds;
  refuse(
    path,
    `as ${column} must be a number of seconds: line ${line} has ${cell.trim() || "none"}`,
  );
}

async function* linesOf(path: string, encoding: string): AsyncGenerator<string> {
  const bytes = await openTable(path);
  yield* bytes.pipeThrough(new TextDecoderStream(encoding)).pipeThrough(new TextLineStream());
}

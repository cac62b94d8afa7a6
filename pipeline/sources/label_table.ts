/** Reads a table that labels recordings: `filename,label`, and more columns where there are any. */
import type { Annotation } from "../annotation.ts";
import { DecodeError } from "../decode/audio.ts";
import { type CsvRow, readCsvRows } from "./csv_rows.ts";
import { DatasetError } from "./dataset.ts";
import { readJsonRows } from "./json_rows.ts";
import { extensionOf } from "./remote_path.ts";
import { soundColumns } from "./sound_columns.ts";
import { encodingOf } from "./text_encoding.ts";
import { describeCount } from "./unused.ts";

/** What a table says of one file. */
export interface LabelledFile {
  /** Its labels, each once, in the order in which they stand; empty where its cell is. */
  readonly labels: Set<string>;
  /** The stretches that have them, where the table tells of stretches. */
  readonly annotations?: readonly Annotation[];
  /** The cell of the column that groups; absent where it is empty or there is none. */
  group?: string;
  /** The name as it is written, where it is known by another. */
  readonly path?: string;
  /** The cells of the other columns that are wanted, as far as they are there and not empty. */
  readonly cells?: Readonly<Record<string, string>>;
}

/** What a labels file says. */
export interface LabelTable {
  /** By the name as it is written, with `/` between folders. */
  readonly files: ReadonlyMap<string, LabelledFile>;
  /** The columns. */
  readonly columns: readonly string[];
  /** Whether a file may have any number of labels, none included. */
  readonly severalLabels: boolean;
  /** Whether it tells of stretches of the files. @default {false} */
  readonly isAnnotated?: boolean;
  /** What a person should know of it, a line each. */
  readonly notes: readonly string[];
  /** The files that it was read from. */
  readonly paths: readonly string[];
}

/** Which columns of a labels file are read. */
export interface LabelColumns {
  /** The one that names the file. @default {the first of `fileColumns`, in any letter case} */
  readonly file?: string;
  /** The one with the label. @default {"label", in any letter case; without it the columns of 0 and 1} */
  readonly label?: string;
  /** The one that says a file's group. @default {none} */
  readonly group?: string;
  /**
   * The one with the second at which the part of its file begins that a row means, in any letter case: rows of
   * a file that begin elsewhere are entries of their own. @default {none}
   */
  readonly start?: string;
  /** Others whose cells are wanted, in any letter case. @default {none} */
  readonly others?: readonly string[];
  /** Whether files without a label, or a table without any, are as good as others. @default {false} */
  readonly mayLackLabels?: boolean;
}

/** What the column that names the files is called, unless a person says it. */
const fileColumns = [soundColumns.name, "filename", "path", "audio_filepath"];

/** A table of one label a file in which fewer files than this share have rows that differ is wrong there. */
const leastSeveral = 0.05;

/**
 * Reads a labels file, separated by commas, tabs or semicolons, or JSON Lines (`.jsonl`). Several labels of one file are several
 * rows or one cell with `;` or `|` between them; or there is no label column but one a label, with 1 where
 * the file has it and 0 where it does not. An empty cell is a file without any of the labels, where files
 * have several; else nothing is known of it. Line ends, a byte order mark, letter case of the header
 * and the order of the columns do not matter. All text is compared in NFC.
 *
 * @throws {DatasetError} where the file cannot be read, lacks a column, or contradicts itself.
 */
export async function readLabelTable(
  path: string,
  columns: LabelColumns = {},
): Promise<LabelTable> {
  const files = new Map<string, LabelledFile>(), notes: string[] = [];
  const cannot = (words: string) => new DatasetError(`Cannot read labels from ${path} ${words}`);
  let header: Header | undefined, numRepeats = 0;
  const fromCells = new Set<string>(), fromRows = new Map<string, number>();
  const notLabels = new Set<number>();
  for await (const { row, line } of readTableRows(path, notes)) {
    if (!header) {
      header = readHeader(row, columns, cannot);
      continue;
    }
    const name = normalizeName(row[header.fileAt]);
    if (name === "") throw cannot(`as every row must name a file: line ${line} does not`);
    const key = keyOf(name, cellOf(row, header.startAt));
    const labels = labelsOf(row, header, notLabels);
    const group = cellOf(row, header.groupAt), cells = othersOf(row, header);
    if (labels.length > 1) fromCells.add(key);
    const known = files.get(key);
    if (!known) {
      const written = row[header.fileAt].trim(), path = written === key ? undefined : written;
      files.set(key, { labels: new Set(labels), group, path, cells });
      continue;
    }
    const pairs = [[columns.group, known.group, group] as const].concat(
      (columns.others ?? []).map((column) => [column, known.cells?.[column], cells[column]]),
    );
    for (const [column, before, now] of pairs) {
      if (before === now) continue;
      throw cannot(
        `as all rows of a file must have one ${column}: ${key} has ` +
          `${before ?? "none"} and, in line ${line}, ${now ?? "none"}`,
      );
    }
    if (labels.every((label) => known.labels.has(label))) numRepeats++;
    else if (known.labels.size > 0 && !fromRows.has(key)) fromRows.set(key, line);
    for (const label of labels) known.labels.add(label);
  }
  if (!header) throw cannot("as it must have the columns filename and label: it is empty");
  if (header.isOneHot) notes.push(keepLabelColumns(files, header, notLabels, cannot));
  else if (fromCells.size === 0) checkMeant(files, fromRows, cannot);

  const several = [...files].filter(([, { labels }]) => labels.size > 1);
  const bare = [...files].filter(([, { labels }]) => labels.size === 0);
  const severalLabels = several.length > 0 || header.isOneHot && bare.length > 0;
  if (several.length > 0) {
    notes.push(
      `several labels: ${several.length} of ${files.size} files, such as ${several[0][0]}`,
    );
  }
  if (bare.length > 0 && !columns.mayLackLabels) {
    const what = severalLabels
      ? "its files that have none of the labels"
      : "its files whose label is empty, left out";
    notes.push(describeCount(what, bare[0][0], bare.length));
  }
  if (numRepeats > 0) notes.push(`its rows that repeat another: ${numRepeats}`);
  return { files, columns: header.columns, severalLabels, notes, paths: [path] };
}

/** A file's name as a table's rows are compared: `/` between folders, in NFC, no `./` before it. */
export function normalizeName(name: string): string {
  return name.trim().replaceAll("\\", "/").replace(/^(\.\/)+/, "").normalize("NFC");
}

/** What an entry is known by: its file, and where in it its part begins. */
function keyOf(name: string, start: string | undefined): string {
  return start === undefined || Number(start) === 0 ? name : `${name}@${start}`;
}

/** The labels in a cell, in NFC: several have `;` or `|` between them. */
export function splitLabels(cell: string): string[] {
  return cell.normalize("NFC").split(/[;|]/).map((label) => label.trim()).filter(Boolean);
}

/** Where a table's columns are. */
interface Header {
  readonly columns: readonly string[];
  readonly fileAt: number;
  /** Below 0 where there is none. */
  readonly labelAt: number;
  /** Whether every label has a column instead. */
  readonly isOneHot: boolean;
  /** Of other columns that are wanted, by their names as they were asked for. */
  readonly othersAt: ReadonlyMap<string, number>;
  /** Below 0 where nothing groups. */
  readonly groupAt: number;
  /** Below 0 where every row means all of its file. */
  readonly startAt: number;
}

type Refuse = (words: string) => DatasetError;

function readHeader(row: readonly string[], wanted: LabelColumns, cannot: Refuse): Header {
  const columns = row.map((name) => name.trim().normalize("NFC"));
  const lower = columns.map((name) => name.toLowerCase());
  const find = (name: string | undefined, ...common: string[]) =>
    name === undefined
      ? common.map((each) => lower.indexOf(each)).find((at) => at >= 0) ?? -1
      : columns.indexOf(name.normalize("NFC"));
  const fileAt = find(wanted.file, ...fileColumns), labelAt = find(wanted.label, "label");
  const twice = columns.find((name, at) => name !== "" && columns.indexOf(name) < at);
  if (twice !== undefined) {
    throw cannot(`as each of its columns must have a name of its own: two are called ${twice}`);
  }
  const mayLack = wanted.mayLackLabels === true && wanted.label === undefined;
  const isOneHot = labelAt < 0 && wanted.label === undefined && !mayLack && columns.length > 2;
  if (fileAt < 0 || labelAt < 0 && !isOneHot && !mayLack) {
    throw missingColumns(columns, wanted, cannot);
  }
  const groupAt = find(wanted.group), startAt = lower.indexOf(wanted.start ?? " ");
  const othersAt = new Map(wanted.others?.map((name) => [name, lower.indexOf(name.toLowerCase())]));
  return { columns, fileAt, labelAt, isOneHot, groupAt, startAt, othersAt };
}

function cellOf(row: readonly string[], at: number): string | undefined {
  return row[at]?.trim().normalize("NFC") || undefined;
}

function othersOf(row: readonly string[], { othersAt }: Header): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [name, at] of othersAt) {
    const cell = cellOf(row, at);
    if (cell !== undefined) cells[name] = cell;
  }
  return cells;
}

function missingColumns(
  columns: readonly string[],
  { file = "filename", label = "label" }: LabelColumns,
  cannot: Refuse,
): DatasetError {
  return cannot(
    `as its first line must name the columns ${file} and ${label}: ` +
      `current value is ${columns.join(",")}`,
  );
}

/** The labels that a row gives; of columns of 0 and 1 those that hold something else are noted. */
function labelsOf(row: readonly string[], header: Header, notLabels: Set<number>): string[] {
  const { columns, labelAt, isOneHot } = header;
  if (labelAt >= 0) {
    return splitLabels(row[labelAt]);
  }
  if (!isOneHot) return [];
  return columns.filter((_, at) => {
    if (!mayBeLabel(at, header) || notLabels.has(at)) return false;
    const isOne = /^(1(\.0*)?|true)$/i.test(row[at].trim());
    if (!isOne && !/^(0(\.0*)?|false)?$/i.test(row[at].trim())) notLabels.add(at);
    return isOne;
  });
}

function mayBeLabel(at: number, { fileAt, groupAt, startAt, othersAt }: Header): boolean {
  return ![fileAt, groupAt, startAt, ...othersAt.values()].includes(at);
}

/** Takes columns that were no labels after all out of them. @returns a note that names the labels. */
function keepLabelColumns(
  files: ReadonlyMap<string, LabelledFile>,
  header: Header,
  notLabels: ReadonlySet<number>,
  cannot: Refuse,
): string {
  const { columns } = header, others = columns.filter((_, at) => notLabels.has(at));
  const labels = columns.filter((_, at) => mayBeLabel(at, header) && !notLabels.has(at));
  if (labels.length === 0) throw missingColumns(columns, {}, cannot);
  if (others.length > 0) {
    for (const file of files.values()) for (const other of others) file.labels.delete(other);
  }
  const shown = labels.length > 20 ? [...labels.slice(0, 20), "…"] : labels;
  return `labels by its columns of 0 and 1: ${shown.join(", ")}` +
    (others.length > 0 ? `; not by ${others.join(", ")}` : "");
}

/** @throws {DatasetError} where a few files have rows that differ, and all others one label. */
function checkMeant(
  files: ReadonlyMap<string, LabelledFile>,
  fromRows: ReadonlyMap<string, number>,
  cannot: Refuse,
): void {
  const isOdd = fromRows.size === 1 && files.size > 2 || fromRows.size < leastSeveral * files.size;
  const [first] = fromRows;
  if (!first || !isOdd) return;
  const [name, line] = first, labels = [...files.get(name)!.labels];
  throw cannot(
    `as either each file must have one label or many must have several: ${fromRows.size} of ` +
      `${files.size} have rows that differ, such as ${name} (line ${line}: ${
        labels.join(", ")
      }). ` +
      `Remove what is wrong or, where both hold, write them in one cell: ${labels.join(";")}`,
  );
}

/**
 * The rows of a table, separated by commas, tabs or semicolons, its header included.
 *
 * @param notes Is told where it is in an encoding of old.
 * @throws {DatasetError} where it cannot be read.
 */
export async function* readTableRows(path: string, notes: string[]): AsyncGenerator<CsvRow> {
  try {
    if (extensionOf(path) === ".jsonl") return yield* readJsonRows(path);
    if (extensionOf(path) === ".parquet") {
      return yield* (await import("../parquet/parquet_table.ts")).readParquetTable(path);
    }
    const encoding = await encodingOf(path);
    if (encoding === "windows-1252") notes.push(`${path} is not UTF-8: read as Windows-1252`);
    yield* readCsvRows(path, { encoding, separators: [",", "\t", ";"] });
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    const missing = cause instanceof Deno.errors.NotFound;
    const words = missing
      ? "expected a CSV file, saw nothing there"
      : cause instanceof DecodeError
      ? `expected ${cause.expected}, saw ${cause.seen}`
      : (cause as Error).message;
    throw new DatasetError(`Cannot read labels from ${path}: ${words}`, { cause });
  }
}

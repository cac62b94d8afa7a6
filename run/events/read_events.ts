/** Reads events back from the files that they were written to, or that another program wrote in their form. */
import { parquetMetadataAsync, parquetReadObjects } from "../../deps/hyparquet.ts";
import { openFile } from "../../pipeline/locations/open_location.ts";
import { parquetBuffer } from "../../pipeline/parquet/parquet_file.ts";
import { type CsvRow, readCsvRows } from "../../pipeline/sources/csv_rows.ts";
import { readJsonRows } from "../../pipeline/sources/json_rows.ts";
import { RunError } from "../run_error.ts";
import { type EventRow, formatOfName } from "./event_format.ts";

/** Rows of a Parquet file that are decoded together at the most. */
const mostGroupRows = 1_000_000;

/** A row as it was read, not looked at yet. */
interface RawRow {
  readonly values: Readonly<Record<string, unknown>>;
  /** Where it stands, for people. */
  readonly place: string;
}

const readers: Readonly<Record<string, (path: string) => AsyncGenerator<RawRow>>> = {
  csv: (path) => readTable(readCsvRows(path, { separators: [",", ";", "\t"] })),
  jsonl: (path) => readTable(readJsonRows(path)),
  parquet: readParquet,
};

/** Columns that every event has. */
const columns = ["filename", "start", "end", "label", "probability"] as const;

/**
 * Reads the events of a CSV, JSON lines or Parquet file, one after the other: the file's size does not matter.
 *
 * @throws {RunError} where it cannot be read or a row is no event: the message names the row.
 */
export async function* readEvents(path: string): AsyncGenerator<EventRow> {
  const read = readers[formatOfName(path) ?? ""];
  if (!read) {
    const endings = Object.keys(readers).map((name) => `.${name}`).join(", ");
    throw cannotRead(path, `as its name must end in one of ${endings}`);
  }
  const rows = read(path);
  for (;;) {
    let next: IteratorResult<RawRow>;
    try {
      next = await rows.next();
    } catch (cause) {
      const missing = cause instanceof Deno.errors.NotFound;
      const why = missing ? "there is no such file" : (cause as Error).message;
      throw cannotRead(path, `: ${why}`, cause);
    }
    if (next.done) return;
    yield checkRow(next.value, path);
  }
}

async function* readTable(rows: AsyncIterable<CsvRow>): AsyncGenerator<RawRow> {
  let header: readonly string[] | undefined;
  for await (const { row, line } of rows) {
    if (header) {
      const names = header;
      const values = Object.fromEntries(row.map((cell, i) => [names[i], cell]));
      yield { values, place: `line ${line}` };
      continue;
    }
    header = row.map((name) => name.trim().toLowerCase());
    const missing = columns.filter((name) => !header!.includes(name));
    if (missing.length > 0) {
      throw new SyntaxError(
        `it must have the columns ${columns.join(", ")}: ${missing.join(", ")} is missing`,
      );
    }
  }
}

async function* readParquet(path: string): AsyncGenerator<RawRow> {
  using source = openFile(path);
  const file = parquetBuffer(source);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const numRows = Number(group.num_rows), rowEnd = rowStart + numRows;
    if (!(numRows >= 0 && numRows <= mostGroupRows)) {
      throw new SyntaxError(
        `a group must have at most ${mostGroupRows} rows: one has ${group.num_rows}`,
      );
    }
    const rows = await parquetReadObjects({ file, metadata, rowStart, rowEnd });
    for (const [i, values] of rows.entries()) yield { values, place: `row ${rowStart + i + 1}` };
    rowStart = rowEnd;
  }
}

/** The event that a row is. @throws {RunError} where it is none. */
function checkRow({ values, place }: RawRow, path: string): EventRow {
  const refuse = (name: string, rule: string): never => {
    const value = values[name], seen = value === undefined ? "none" : shown(value);
    throw cannotRead(path, `as ${name} must be ${rule}: ${place} has ${seen}`);
  };
  const text = (name: string): string => {
    const value = values[name];
    return typeof value === "string" && value.trim() !== ""
      ? value
      : refuse(name, "a text that is not empty");
  };
  const filename = text("filename"), label = text("label");
  const start = numberOf(values.start), end = numberOf(values.end);
  const probability = numberOf(values.probability);
  if (!(start >= 0 && start < Infinity)) refuse("start", "a number of at least 0");
  if (!(end > start && end < Infinity)) refuse("end", `a number above its start, ${start}`);
  if (!(probability >= 0 && probability <= 1)) refuse("probability", "a number from 0 to 1");
  return { filename, start, end, label, probability };
}

/** A number, or one that a text says; NaN for everything else. */
function numberOf(value: unknown): number {
  if (typeof value === "string") return value.trim() === "" ? NaN : Number(value);
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : NaN;
}

/** A value as one short piece of text. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function cannotRead(path: string, why: string, cause?: unknown): RunError {
  const space = why.startsWith(":") ? "" : " ";
  return new RunError(`Cannot read events from ${path}${space}${why}`, { cause });
}

/** Tables in Parquet, such as the data sets of Hugging Face, as rows of text. */
import { openLocation } from "../locations/open_location.ts";
import { type ParquetFooter, readParquetFooter, readParquetRows } from "./parquet_file.ts";
import type { CsvRow } from "../sources/csv_rows.ts";
import { readerOf } from "../sources/folder_reader.ts";
import { soundColumns } from "../sources/sound_columns.ts";

/** Rows that are read at a time at the most. */
const mostRows = 10_000;

/**
 * Reads a table, of which sound is left where it lies: its rows get `soundColumns` instead. Numbers of a
 * Hugging Face `ClassLabel` are read as its names. A list is a cell with `;` between its items.
 *
 * @throws {Error} where it is no Parquet file.
 */
export async function* readParquetTable(path: string): AsyncGenerator<CsvRow> {
  const reader = await readerOf(path);
  await reader.stat(path);
  using source = await openLocation(reader.locationOf(path));
  const footer = await readParquetFooter(source), places = topColumns(footer);
  const [sound, place] = places.entries().find(([, at]) => holdsBytes(footer, at)) ??
    places.entries().find(([, at]) => isSound(footer, at)) ?? [];
  const isHere = place !== undefined && holdsBytes(footer, place);
  const texts = [...places.keys()].filter((name) => name !== sound);
  const light = place === undefined ? footer : withoutBytes(footer, place);
  const classNames = readClassNames(footer);
  const { name, row, column } = soundColumns;
  const more = sound === undefined ? [] : isHere ? [name, row, column] : [name];
  yield { row: [...texts, ...more], line: 0 };
  const known = new Map<string, number>(), numRows = Number(footer.num_rows);
  for (let rowStart = 0; rowStart < numRows; rowStart += mostRows) {
    const rowEnd = Math.min(numRows, rowStart + mostRows);
    const rows = await readParquetRows(source, light, { rowStart, rowEnd });
    for (const [i, values] of rows.entries()) {
      const row = rowStart + i;
      const cells = texts.map((name) => cellOf(values[name], classNames.get(name)));
      if (sound === undefined) yield { row: cells, line: row + 1 };
      else if (!isHere) yield { row: [...cells, pathOf(values[sound])], line: row + 1 };
      else {
        const name = nameOf(values[sound], row, known);
        yield { row: [...cells, name, `${row}`, sound], line: row + 1 };
      }
    }
  }
}

/** What the sound of a row is called: as its `path` says, once. */
function nameOf(value: unknown, row: number, known: Map<string, number>): string {
  const name = pathOf(value) || `row-${row}`, count = (known.get(name) ?? 0) + 1;
  known.set(name, count);
  return count === 1 ? name : `${name}#${count}`;
}

function pathOf(value: unknown): string {
  const { path } = (value ?? {}) as { readonly path?: unknown };
  return typeof path === "string" ? path : "";
}

function cellOf(value: unknown, names: readonly string[] | undefined): string {
  if (value === null || value === undefined || value instanceof Uint8Array) return "";
  if (Array.isArray(value)) return value.map((item) => cellOf(item, names)).join(";");
  if (names && Number(value) < 0) return ""; // as the labels of a test set often are
  if (typeof value === "object") return value instanceof Date ? value.toISOString() : "";
  return names?.[Number(value)] ?? String(value);
}

/** The columns, each with its place in the schema. */
function topColumns({ schema }: ParquetFooter): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = 1; at < schema.length; at += sizeAt(schema, at)) places.set(schema[at].name, at);
  return places;
}

type Schema = ParquetFooter["schema"];

/** Elements of a schema's tree from one on, itself included. */
function sizeAt(schema: Schema, at: number): number {
  let size = 1;
  for (let i = 0; i < (schema[at].num_children ?? 0); i++) size += sizeAt(schema, at + size);
  return size;
}

/** Whether a column has bytes that are no text, or a field `bytes` of them; all of them may be missing. */
function holdsBytes({ schema, row_groups }: ParquetFooter, at: number): boolean {
  const fields = schema.slice(at, at + sizeAt(schema, at));
  const field = fields.find(({ name }) => name === "bytes" || fields.length === 1);
  const isText = field?.converted_type !== undefined || field?.logical_type !== undefined;
  if (field?.type !== "BYTE_ARRAY" || isText) return false;
  return !row_groups.every(({ columns }) =>
    columns.some(({ meta_data }) =>
      meta_data?.path_in_schema[0] === schema[at].name &&
      meta_data.path_in_schema.at(-1) === field.name &&
      meta_data.statistics?.null_count === meta_data.num_values
    )
  );
}

/** Whether a column is sound by its fields, `bytes` and `path`. */
function isSound({ schema }: ParquetFooter, at: number): boolean {
  const names = schema.slice(at + 1, at + sizeAt(schema, at)).map(({ name }) => name);
  return names.includes("bytes") && names.includes("path");
}

/** A table's footer as if the bytes of a column were not there, so that they are not read. */
function withoutBytes(footer: ParquetFooter, top: number): ParquetFooter {
  const { schema, row_groups } = footer, size = sizeAt(schema, top);
  const isAll = size <= 2, first = schema.findIndex(({ name }, i) => i > top && name === "bytes");
  const gone = isAll ? [top, top + size] : [first, first + 1], parent = isAll ? 0 : top;
  return {
    ...footer,
    schema: schema.map((element, i) =>
      i === parent ? { ...element, num_children: element.num_children! - 1 } : element
    ).filter((_, i) => i < gone[0] || i >= gone[1]),
    row_groups: row_groups.map((group) => ({
      ...group,
      columns: group.columns.filter(({ meta_data }) => {
        const [name, field] = meta_data?.path_in_schema ?? [];
        return name !== schema[top].name || !(isAll || field === "bytes");
      }),
    })),
  };
}

/** The names of the classes that columns have as numbers, as Hugging Face's `datasets` writes them down. */
function readClassNames(
  { key_value_metadata = [] }: ParquetFooter,
): Map<string, readonly string[]> {
  const text = key_value_metadata.find(({ key }) => key === "huggingface")?.value;
  const found = new Map<string, readonly string[]>();
  if (text === undefined) return found;
  try {
    const features = Object.entries(JSON.parse(text).info.features) as [string, Feature][];
    for (const [name, feature] of features) {
      const { names } = feature.feature ?? feature;
      if (Array.isArray(names)) found.set(name, names);
    }
  } catch { /* numbers are labels, too */ }
  return found;
}

interface Feature {
  readonly names?: readonly string[];
  /** Of a list's items. */
  readonly feature?: Feature;
}

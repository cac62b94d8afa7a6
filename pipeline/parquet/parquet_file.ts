/** Parquet files by their parts, read where they lie. */
import * as zlib from "node:zlib"; // whole, as older runtimes lack a part of it
import { parquetMetadataAsync, parquetReadObjects } from "../../deps/hyparquet.ts";
import { DecodeError } from "../decode/audio.ts";
import {
  type ByteSource,
  bytesSource,
  type OpenLocation,
  type OpenSource,
} from "../locations/byte_source.ts";
import {
  type CellLocation,
  describeLocation,
  identityOf,
  type Location,
} from "../locations/location.ts";

/** Bytes as the Parquet library reads them. */
export interface ParquetBuffer {
  /** All of them. */
  readonly byteLength: number;
  /** Some of them, a copy. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** What stands at a Parquet file's end: its columns, and where their parts lie. */
export type ParquetFooter = Awaited<ReturnType<typeof parquetMetadataAsync>>;

/** Footers that are kept, as many cells of one table are opened one after the other. */
const mostFooters = 8;

const footers = new Map<string, ParquetFooter>();

/** The view of a source that the Parquet library has. */
export function parquetBuffer(source: ByteSource): ParquetBuffer {
  return {
    byteLength: source.size,
    slice: async (start, end = source.size) => {
      const bytes = await source.read(start, end - start);
      return Uint8Array.from(bytes).buffer;
    },
  };
}

/** What packs a table's pages, beside what the library knows. */
const compressors = {
  GZIP: (bytes: Uint8Array) => zlib.gunzipSync(bytes),
  BROTLI: (bytes: Uint8Array) => zlib.brotliDecompressSync(bytes),
  ZSTD: (bytes: Uint8Array) => zlib.zstdDecompressSync(bytes),
};

/** Rows of a table, as objects by its columns; bytes that are no text stay bytes. */
export async function readParquetRows(
  source: ByteSource,
  metadata: ParquetFooter,
  range: { readonly rowStart: number; readonly rowEnd: number; readonly columns?: string[] },
): Promise<Record<string, unknown>[]> {
  const options = { compressors, utf8: false, useOffsetIndex: true, geoparquet: false };
  return await parquetReadObjects({ file: parquetBuffer(source), metadata, ...options, ...range });
}

/**
 * What stands at the end of a Parquet file: its columns, and where their parts lie.
 *
 * @throws {Error} where it is no such file.
 */
export async function readParquetFooter(source: ByteSource): Promise<ParquetFooter> {
  return await parquetMetadataAsync(parquetBuffer(source));
}

/**
 * Opens the bytes in a cell of a table: of the table as much is read as the file's index allows, a page or all
 * rows of a group.
 *
 * @param open Opens the table.
 * @param stampOf Tells one state of the table from another.
 * @throws {DecodeError} where there are none.
 */
export async function openCell(
  cell: CellLocation,
  open: OpenLocation,
  stampOf: (table: Location) => string | undefined,
): Promise<OpenSource> {
  const { table, column, row } = cell, path = describeLocation(cell);
  using source = await open(table);
  let value: unknown;
  try {
    const key = stampOf(table) ?? identityOf(table),
      metadata = footers.get(key) ?? await readParquetFooter(source);
    footers.delete(key);
    footers.set(key, metadata); // the last used goes last
    for (const oldest of [...footers.keys()].slice(0, -mostFooters)) footers.delete(oldest);
    const range = { rowStart: row, rowEnd: row + 1, columns: [column] };
    const [found] = await readParquetRows(source, metadata, range);
    value = found?.[column];
  } catch (cause) {
    if (cause instanceof DecodeError || (cause as Error).name === "TransientError") throw cause;
    const seen = (cause as Error).message;
    throw new DecodeError({ path, expected: "a cell of a Parquet table", seen }, { cause });
  }
  const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null)?.bytes;
  if (bytes instanceof Uint8Array) return bytesSource(path, bytes);
  throw new DecodeError({ path, expected: "bytes in the cell", seen: "none" });
}

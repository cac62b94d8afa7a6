/** Embeddings that `writeEmbeddings` wrote as `.npy`, read back row by row: memory does not grow with them. */
import { readCsvRows } from "../../pipeline/sources/csv_rows.ts";
import { RunError } from "../run_error.ts";
import { tableOf } from "./write_embeddings.ts";

/** An embedding of a stretch of a recording, times in seconds. */
export interface StoredEmbedding {
  /** The recording's id. */
  readonly filename: string;
  /** Where the stretch begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** A view that the next few rows leave as it is. */
  readonly embedding: Float32Array;
}

/** Rows that are read at a time. */
const rowsAtOnce = 512;

/**
 * Reads a file of embeddings and the table beside it.
 *
 * @param size Numbers of an embedding.
 * @throws {RunError} where one of them cannot be read, or they are not of each other or not of that size.
 */
export async function* readEmbeddings(path: string, size: number): AsyncGenerator<StoredEmbedding> {
  const table = refuseOther(path);
  try {
    using file = await Deno.open(path);
    const numRows = await readHeader(file, size);
    const bytes = new Uint8Array(rowsAtOnce * size * 4);
    let values: Float32Array | undefined, row = 0;
    for await (const { filename, start, end } of readTable(table)) {
      if (row === numRows) throw new RangeError(`${table} must have ${numRows} rows: it has more`);
      const at = row++ % rowsAtOnce;
      if (at === 0) {
        const length = Math.min(rowsAtOnce, numRows - row + 1) * size * 4;
        await readFully(file, bytes.subarray(0, length));
        values = floatsOf(bytes.subarray(0, length));
      }
      yield { filename, start, end, embedding: values!.subarray(at * size, (at + 1) * size) };
    }
    if (row < numRows) throw new RangeError(`${table} must have ${numRows} rows: it has ${row}`);
  } catch (cause) {
    throw named(path, cause);
  }
}

/**
 * The length of the windows that a file of embeddings is of, in seconds: of the longest, as the last one of a short
 * recording ends where that ends; where all recordings are shorter than a window, too short.
 *
 * @throws {RunError} where the table beside it cannot be read.
 */
export async function storedSeconds(path: string): Promise<number> {
  let longest = 0;
  try {
    for await (const { start, end } of readTable(refuseOther(path))) {
      longest = Math.max(longest, end - start);
    }
  } catch (cause) {
    throw named(path, cause);
  }
  if (longest > 0) return Math.round(longest * 1e6) / 1e6;
  throw new RunError(`Cannot search ${path} as there must be windows in it: there are none`);
}

/** The table of a file. @throws {RunError} where it is none that has one. */
function refuseOther(path: string): string {
  const table = tableOf(path);
  if (table !== undefined) return table;
  throw new RunError(`Cannot search ${path} as it must be an .npy file that embed wrote`);
}

function named(path: string, cause: unknown): Error {
  if (cause instanceof RunError) return cause;
  const { message } = cause as Error;
  return new RunError(`Cannot search ${path}, which embed has to have written: ${message}`, {
    cause,
  });
}

async function* readTable(path: string): AsyncGenerator<Omit<StoredEmbedding, "embedding">> {
  let isHeader = true;
  for await (const { row, line } of readCsvRows(path)) {
    if (isHeader) {
      if (row.join() !== "filename,start,end") {
        throw new SyntaxError(`${path} must have the columns filename,start,end: it has ${row}`);
      }
      isHeader = false;
      continue;
    }
    const [filename, ...times] = row, [start, end] = times.map(Number);
    if (!(start >= 0 && end > start)) {
      throw new SyntaxError(`line ${line} of ${path} must have a start before its end: ${times}`);
    }
    yield { filename, start, end };
  }
}

/** Reads the header that `npyHeader` writes. @returns How many rows follow. */
async function readHeader(file: Deno.FsFile, size: number): Promise<number> {
  const prefix = new Uint8Array(10);
  await readFully(file, prefix);
  const rest = new Uint8Array(new DataView(prefix.buffer).getUint16(8, true));
  await readFully(file, rest);
  const text = new TextDecoder("latin1").decode(rest);
  const shape = /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(text);
  if (!shape) throw new SyntaxError("it must be a table of float32 numbers, [rows, numbers]");
  const [numRows, numbers] = shape.slice(1).map(Number);
  if (numbers === size) return numRows;
  throw new RangeError(
    `its rows must have ${size} numbers, as this backbone's: they have ${numbers}`,
  );
}

async function readFully(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) throw new RangeError("it must be whole: its end is missing");
    done += count;
  }
}

function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

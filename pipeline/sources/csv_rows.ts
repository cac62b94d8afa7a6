import { parse } from "csv-parse/stream";

/** One row of a CSV file, its header included. */
export interface CsvRow {
  /** The cells. */
  readonly row: readonly string[];
  /** The line on which it ends, counted from 1. */
  readonly line: number;
}

/**
 * Reads a CSV file row by row, so that its size does not matter. A byte order mark and empty lines
 * are passed over; a line may end in either way.
 *
 * @throws {Error} where it cannot be read or is no CSV with equally long rows.
 */
export async function* readCsvRows(path: string): AsyncGenerator<CsvRow> {
  const file = await Deno.open(path);
  // The stream's types are those of any stream; its chunks are rows with where they stand.
  const parser = parse({ bom: true, info: true, skip_empty_lines: true }) as TransformStream<
    Uint8Array,
    { record: string[]; info: { lines: number } }
  >;
  for await (const { record, info } of file.readable.pipeThrough(parser)) {
    yield { row: record, line: info.lines };
  }
}

/** Parquet files of events, written in groups of rows: memory does not grow with the file. */
import { ByteWriter, ParquetWriter } from "../../deps/hyparquet_writer.ts";
import { TextLineStream } from "../../deps/std_streams.ts";
import { createAtomicFile } from "../files/atomic_file.ts";
import type { EventRow } from "./event_format.ts";

/** Rows that are encoded together. */
const groupRows = 20_000;

const columns = {
  filename: "STRING",
  start: "DOUBLE",
  end: "DOUBLE",
  label: "STRING",
  probability: "DOUBLE",
  peak: "DOUBLE",
} as const;

/**
 * Writes a Parquet file of the events in a file of JSON lines.
 *
 * @param hasPeak Whether the events say their peak.
 * @throws {RunError} where it cannot be written: what was there stays.
 */
export async function convertToParquet(
  from: string,
  path: string,
  hasPeak: boolean,
): Promise<void> {
  const names = (Object.keys(columns) as (keyof typeof columns)[])
    .filter((name) => name !== "peak" || hasPeak);
  const out = await createAtomicFile(path);
  try {
    const writer = new (class extends ByteWriter {
      flush = async () => {
        await out.write(this.getBytes());
        this.index = 0;
      };
    })();
    const parquet = new ParquetWriter({
      writer,
      schema: [
        { name: "root", num_children: names.length },
        ...names.map((name) => ({
          name,
          repetition_type: "REQUIRED" as const,
          ...columns[name] === "STRING"
            ? { type: "BYTE_ARRAY" as const, converted_type: "UTF8" as const }
            : { type: columns[name] },
        })),
      ],
      createdBy: "melstream",
    });
    let rows: EventRow[] = [];
    const writeGroup = async () => {
      const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]) }));
      await parquet.write({ columnData, rowGroupSize: groupRows });
      rows = [];
    };
    const file = await Deno.open(from);
    const lines = file.readable.pipeThrough(new TextDecoderStream()).pipeThrough(
      new TextLineStream(),
    );
    for await (const line of lines) {
      rows.push(JSON.parse(line));
      if (rows.length === groupRows) await writeGroup();
    }
    if (rows.length > 0) await writeGroup();
    await parquet.finish();
    await writer.flush();
    await out.commit();
  } finally {
    await out.abort(); // nothing, where it was committed
  }
}

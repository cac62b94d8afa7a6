/** Embeddings as files for other programs: NumPy's `.npy` with a table of its rows beside it, or Parquet. */
import { ByteWriter, ParquetWriter } from "../../deps/hyparquet_writer.ts";
import { extname } from "../../deps/std_path.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import { npyHeader } from "../../pipeline/npy.ts";
import { createAtomicFile } from "../files/atomic_file.ts";
import { doOnExit } from "../files/clean_up.ts";
import { formatRow } from "../files/csv_file.ts";
import { micro } from "../events/event_format.ts";
import { GrowingFile } from "../files/growing_file.ts";
import { acquireLock, type Lock, lockPathOf } from "../files/lock.ts";
import { RunError } from "../run_error.ts";
import { SkippedClips } from "../skipped_clips.ts";
import { embeddingFrontEnd, type EmbedOptions, embedRecordings } from "./embed_recordings.ts";

/** What is embedded, and where it goes. */
export interface WriteEmbeddingsOptions extends EmbedOptions {
  /** A file whose name ends in `.npy` or `.parquet`. */
  readonly out: string;
  /** Where the clips that could not be read are named. */
  readonly skipped: string;
  /** Is told how many clips are done. */
  readonly onClip?: (done: number) => void;
  /** Is told each clip that cannot be read. */
  readonly onSkipped?: (failure: ClipFailure) => void;
}

/** What was written. */
export interface WriteEmbeddingsResult {
  /** Rows. */
  readonly rows: number;
  /** Numbers of an embedding. */
  readonly size: number;
  /** The clips that have none. */
  readonly skipped: readonly ClipFailure[];
  /** The table that says what the rows of an `.npy` file are. */
  readonly table?: string;
}

/** Where a row comes from. */
interface RowPlace {
  readonly filename: string;
  readonly start: number;
  readonly end: number;
}

/** A file of embeddings under way; disposed of before it is committed, what was there stays. */
interface EmbeddingFile extends AsyncDisposable {
  add(place: RowPlace, embedding: Float32Array): Promise<void>;
  commit(): Promise<void>;
}

/** The table beside an `.npy` file. */
export function tableOf(out: string): string | undefined {
  return extname(out) === ".npy" ? out.replace(/\.npy$/, ".csv") : undefined;
}

/**
 * Embeds recordings and writes a row each, or one a window: `filename`, `start` and `end` in seconds, and the numbers.
 *
 * @throws {RunError} where nothing can be read, or a file cannot be written, or another is writing it: what was there stays.
 */
export async function writeEmbeddings(
  options: WriteEmbeddingsOptions,
): Promise<WriteEmbeddingsResult> {
  const { backbone, out, onClip, onSkipped } = options, { size } = backbone.feeding;
  const { sampleRateHz, durationSeconds } = embeddingFrontEnd(backbone, options.seconds);
  using lock = await acquireLock(lockPathOf(out), out);
  await using file =
    await (extname(out) === ".npy" ? openNpy(out, lock, size) : openParquet(out, size));
  const skipped = new SkippedClips();
  let rows = 0, done = 0;
  for await (
    const { request: { clip }, embedding, failure, endSample } of embedRecordings(options)
  ) {
    if (failure && skipped.add(failure)) onSkipped?.(failure);
    if (embedding) {
      const start = clip.start / sampleRateHz;
      const end = endSample === undefined ? start + durationSeconds : endSample / sampleRateHz;
      const filename = clip.recording.id;
      await file.add({ filename, start: micro(start), end: micro(end) }, embedding);
      rows++;
    }
    onClip?.(++done);
  }
  await skipped.writeIfNeeded(options.skipped);
  if (rows === 0) {
    throw new RunError(
      `Cannot write ${out} as none of the recordings can be read: see ${options.skipped}`,
    );
  }
  await file.commit();
  return { rows, size, skipped: skipped.all, table: tableOf(out) };
}

/** The numbers wait in a file of their own until it is known how many rows there are: the header says it. */
async function openNpy(out: string, lock: Lock, size: number): Promise<EmbeddingFile> {
  await using stack = new AsyncDisposableStack();
  const waiting = lock.path.replace(/lock$/, "rows");
  const numbers = await GrowingFile.open(waiting, 0);
  stack.defer(doOnExit(() => Deno.removeSync(waiting)));
  stack.defer(() => Deno.remove(waiting).catch(() => {}));
  stack.defer(() => numbers.close());
  const table = await createAtomicFile(tableOf(out)!);
  stack.defer(() => table.abort());
  await table.write(formatRow(["filename", "start", "end"]));
  const open = stack.move();
  let rows = 0;
  return {
    async add({ filename, start, end }, embedding) {
      const bytes = new Uint8Array(4 * size), view = new DataView(bytes.buffer);
      embedding.forEach((value, i) => view.setFloat32(4 * i, value, true));
      await numbers.write(bytes);
      await table.write(formatRow([filename, start, end]));
      rows++;
    },
    async commit() {
      await numbers.sync();
      const file = await createAtomicFile(out);
      open.defer(() => file.abort());
      await file.write(npyHeader([rows, size]));
      const made = await Deno.open(waiting);
      for await (const piece of made.readable) await file.write(piece);
      await file.commit();
      await table.commit();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Rows that are encoded together. */
const groupRows = 1024;

async function openParquet(out: string, size: number): Promise<EmbeddingFile> {
  const file = await createAtomicFile(out);
  const writer = new (class extends ByteWriter {
    flush = async () => {
      await file.write(this.getBytes());
      this.index = 0;
    };
  })();
  const numbers = Array.from({ length: size }, (_, i) => `e${i}`);
  const column = (name: string, type: object) => ({
    ...{ name, repetition_type: "REQUIRED" as const },
    ...type,
  });
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: "root", num_children: 3 + size },
      column("filename", { type: "BYTE_ARRAY", converted_type: "UTF8" }),
      ...["start", "end"].map((name) => column(name, { type: "DOUBLE" })),
      ...numbers.map((name) => column(name, { type: "FLOAT" })),
    ],
    createdBy: "melstream",
  });
  let places: RowPlace[] = [], embeddings: Float32Array[] = [];
  const writeGroup = async () => {
    if (places.length === 0) return;
    const columnData = [
      ...(["filename", "start", "end"] as const).map((name) => ({
        name,
        data: places.map((place) => place[name]),
      })),
      ...numbers.map((name, i) => ({ name, data: embeddings.map((row) => row[i]) })),
    ];
    await parquet.write({ columnData, rowGroupSize: groupRows });
    places = [];
    embeddings = [];
  };
  return {
    async add(place, embedding) {
      places.push(place);
      embeddings.push(embedding.slice());
      if (places.length === groupRows) await writeGroup();
    },
    async commit() {
      await writeGroup();
      await parquet.finish();
      await writer.flush();
      await file.commit();
    },
    [Symbol.asyncDispose]: () => file.abort(),
  };
}

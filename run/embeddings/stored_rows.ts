/** Rows of a store of embeddings, as what heads are fitted to and as batches that models are asked about. */
import type { HeadRows } from "../../model/head/fit_head.ts";
import type { Batch } from "../../pipeline/batch.ts";
import { createStageMs } from "../../pipeline/stage_ms.ts";
import type { EmbeddedRow } from "./embed_rows.ts";
import type { EmbeddingStore } from "./embedding_store.ts";

/** Embeddings up to so many bytes are kept in memory while a head is fitted; more are read again at every step. */
const mostKeptBytes = 2 ** 27;
/** Rows that are read at a time. */
const rowsAtOnce = 1024;

/** What each row counts, and its classes' indices. */
export interface RowLabels {
  /** Classes of each row. */
  readonly classes: readonly (readonly number[])[];
  /** What each row counts. */
  readonly weights: Float64Array;
}

/** Rows to fit a head to. @param rows All of them have a place in the store. @param mostBytes Kept in memory. */
export function createHeadRows(
  store: EmbeddingStore,
  rows: readonly EmbeddedRow[],
  labels: RowLabels,
  mostBytes = mostKeptBytes,
): HeadRows {
  const { size } = store, places = Uint32Array.from(rows, ({ place }) => place!);
  function* parts(): Generator<Float32Array> {
    const part = new Float32Array(rowsAtOnce * size);
    for (let from = 0; from < places.length; from += rowsAtOnce) {
      const asked = places.subarray(from, from + rowsAtOnce);
      const filled = part.subarray(0, asked.length * size);
      store.read(asked, filled);
      yield filled;
    }
  }
  if (4 * size * places.length > mostBytes) return { size, ...labels, parts };
  const all = new Float32Array(places.length * size);
  store.read(places, all);
  return { size, ...labels, parts: () => [all] };
}

/** Rows as batches, those that failed in their places. */
export function storedBatches(
  store: EmbeddingStore,
  rows: readonly EmbeddedRow[],
): ReadableStream<Batch> {
  return ReadableStream.from((function* () {
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const part = rows.slice(from, from + rowsAtOnce);
      const good = part.filter(({ place }) => place !== undefined);
      const inputs = new Float32Array(good.length * store.size);
      store.read(good.map(({ place }) => place!), inputs);
      const clips = good.map(({ request }) => request);
      yield { inputs, clips, rows: part, stageMs: createStageMs(), release: () => {} };
    }
  })());
}

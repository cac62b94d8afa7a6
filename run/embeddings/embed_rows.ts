/** Embeddings of clips, each made once and kept: what is kept already is not made again. */
import type { Batch, BatchRow } from "../../pipeline/batch.ts";
import { clipId } from "../../pipeline/clip.ts";
import type { FrontEnd } from "../../pipeline/front_end.ts";
import { contentHashOf } from "../../pipeline/locations/content_stamp.ts";
import { identityOf, type Location } from "../../pipeline/locations/location.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { addStageMs, createStageMs, type StageMs } from "../../pipeline/stage_ms.ts";
import { type EmbeddingStore, keyOfRow } from "./embedding_store.ts";

/** A clip or copy as it was asked for: its embedding is in the store, or it failed. */
export interface EmbeddedRow extends BatchRow {
  /** Place of its record; absent where it failed. */
  readonly place?: number;
}

/** What embeddings are made with. */
export interface EmbedRowsOptions {
  /** Where they are kept. */
  readonly store: EmbeddingStore;
  /** The length and rate of a clip. */
  readonly frontEnd: FrontEnd;
  /** What decides how copies are augmented, as a text; their draws follow from it and the clip. */
  readonly augmentation: string;
  /** Makes embeddings, in the requests' order. */
  readonly batches: (requests: ReadableStream<FeatureRequest>) => ReadableStream<Batch>;
  /** Is told how many are there, of how many, and how many of these were kept already. */
  readonly onProgress?: (done: number, total: number, kept: number) => void;
  /** Called after every few clips: what it throws ends it; what was made is kept. */
  readonly check?: () => void;
}

/** What was embedded. */
export interface EmbeddedRows {
  /** A row for every request, in their order. */
  readonly rows: readonly EmbeddedRow[];
  /** How many were kept already. */
  readonly kept: number;
  /** Time that the workers spent, by stage. */
  readonly stageMs: StageMs;
}

/**
 * Makes the embeddings that are not there yet.
 *
 * @throws {RunError} where they cannot be kept; what `check` and the stream throw.
 */
export async function embedRows(
  requests: readonly FeatureRequest[],
  options: EmbedRowsOptions,
): Promise<EmbeddedRows> {
  const { store, onProgress = () => {}, check = () => {} } = options;
  const contents = new Contents(), keys: (string | undefined)[] = [];
  const rows: (EmbeddedRow | undefined)[] = requests.map(() => undefined);
  const stageMs = createStageMs();
  let kept = 0, done = 0;
  const missing: number[] = [];
  for (const [i, request] of requests.entries()) {
    const content = await contents.of(request.clip.recording.location);
    const key = keys[i] = content && keyOf(request, content, options);
    const place = key === undefined ? undefined : store.find(key);
    if (place === undefined) missing.push(i);
    else {
      rows[i] = { request, place };
      kept++;
    }
    if (i % 256 === 0) check();
  }
  done = kept;
  onProgress(done, requests.length, kept);
  let next = 0;
  const asked = ReadableStream.from((function* () {
    for (const i of missing) yield requests[i];
  })());
  try {
    for await (const batch of options.batches(asked)) {
      addStageMs(stageMs, batch.stageMs);
      let good = 0;
      for (const row of batch.rows) {
        const i = missing[next++];
        if (row.failure) rows[i] = row;
        else {
          const embedding = batch.inputs.subarray(good * store.size, ++good * store.size);
          // What cannot be told by its contents is kept for this job alone.
          const key = keys[i] ?? keyOfRow([crypto.randomUUID()]);
          store.add(key, embedding);
          rows[i] = { ...row, place: store.find(key) };
        }
      }
      done += batch.rows.length;
      batch.release();
      onProgress(done, requests.length, kept);
      check();
    }
  } finally {
    store.flush();
  }
  return { rows: rows as EmbeddedRow[], kept, stageMs };
}

function keyOf(
  { clip, epoch, copy }: FeatureRequest,
  content: string,
  { frontEnd, augmentation }: EmbedRowsOptions,
): string {
  const { start, length } = clip, { sampleRateHz, durationSeconds } = frontEnd;
  const sound = [content, start, length ?? "", sampleRateHz, durationSeconds].map(String);
  return keyOfRow(
    copy === 0 ? sound : [...sound, augmentation, clipId(clip), String(epoch), String(copy)],
  );
}

/** Texts by which recordings of the same contents are known; that of the last one is at hand. */
class Contents {
  #last?: { readonly identity: string; readonly content: Promise<string | undefined> };

  of(location: Location): Promise<string | undefined> {
    const identity = identityOf(location);
    if (this.#last?.identity !== identity) {
      this.#last = { identity, content: contentHashOf(location) };
    }
    return this.#last.content;
  }
}

/** Finds the stretches of recordings that sound most like some clips: by the cosine of their embeddings, all of them. */
import type { EventRow } from "../events/event_format.ts";
import { micro } from "../events/event_format.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { describeCount } from "../../pipeline/sources/unused.ts";
import { RunError } from "../run_error.ts";
import { SkippedClips } from "../skipped_clips.ts";
import { embeddingFrontEnd, type EmbedOptions, embedRecordings } from "./embed_recordings.ts";
import { readEmbeddings, type StoredEmbedding } from "./read_embeddings.ts";

/** What is looked for, and where. */
export interface SearchOptions extends EmbedOptions {
  /** Clips: a stretch counts by the one that it is nearest to. */
  readonly like: readonly Recording[];
  /** What the matches are called. */
  readonly label: string;
  /** Most matches. */
  readonly top: number;
  /** From a window's start to that of the next, in seconds. */
  readonly hopSeconds: number;
  /** A file that `writeEmbeddings` made of the recordings: its rows are compared, and nothing is heard again. */
  readonly embeddings?: string;
  /** Ends it early: what was found so far is the answer. */
  readonly signal?: AbortSignal;
  /** Is told how far a recording is, in seconds. */
  readonly onWindow?: (filename: string, endSeconds: number) => void;
  /** Is told each window that cannot be read. */
  readonly onSkipped?: (failure: ClipFailure) => void;
}

/** What was found. */
export interface SearchResult {
  /** The matches, the nearest first; their probability is the cosine, 0 where that is negative. */
  readonly matches: readonly EventRow[];
  /** Stretches that were compared. */
  readonly windows: number;
  /** Those that could not be read. */
  readonly skipped: readonly ClipFailure[];
  /** True where it was ended early. */
  readonly isPartial: boolean;
}

/** A stretch that is compared, or the reason why it is not. */
interface SearchedWindow extends Omit<StoredEmbedding, "embedding"> {
  readonly embedding?: Float32Array;
  readonly failure?: ClipFailure;
}

/**
 * Compares every window of the recordings with the clips. Of windows of one recording that overlap only the nearest is
 * a match. Memory is that of the matches and of one recording's scores.
 *
 * @throws {RunError} where a clip cannot be read, or `embeddings` is not of these recordings and this backbone.
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { backbone, like, label, top, seconds, embeddings, signal, onWindow, onSkipped } = options;
  const wanted = await embedLike(backbone, like, seconds);
  const best = new Best(top), skipped = new SkippedClips();
  let current: string | undefined, scores: Stretch[] = [], windows = 0, isPartial = false;
  const endRecording = () => {
    if (current === undefined) return;
    for (const { start, end, score } of withoutOverlaps(scores)) {
      const filename = current;
      best.add({ filename, label, start: micro(start), end: micro(end), probability: score });
    }
    scores = [];
  };
  const all = embeddings === undefined ? heard(options) : stored(embeddings, options);
  for await (const { filename, start, end, embedding, failure } of all) {
    if (filename !== current) endRecording();
    current = filename;
    if (failure && skipped.add(failure)) onSkipped?.(failure);
    if (embedding) {
      const vector = unit(embedding);
      const cosine = Math.max(...wanted.map((other) => dot(vector, other)));
      scores.push({ start, end, score: Math.min(1, Math.max(0, cosine)) });
      windows++;
      onWindow?.(filename, end);
    }
    isPartial = signal?.aborted ?? false;
    if (isPartial) break;
  }
  endRecording();
  return { matches: best.sorted(), windows, skipped: skipped.all, isPartial };
}

/** All of the clips, in windows that do not overlap: the last of each counts where half of it is sound, or it is alone. */
async function embedLike(
  backbone: SearchOptions["backbone"],
  like: readonly Recording[],
  seconds: number | undefined,
): Promise<Float32Array[]> {
  const wanted: Float32Array[] = [];
  const { sampleRateHz, durationSeconds } = embeddingFrontEnd(backbone, seconds);
  const options = { backbone, recordings: like, seconds, hopSeconds: durationSeconds, workers: 1 };
  for await (
    const { request: { clip }, embedding, failure, endSample } of embedRecordings(options)
  ) {
    if (failure) throw new RunError(failure.message);
    const rest = endSample === undefined ? Infinity : (endSample - clip.start) / sampleRateHz;
    if (clip.start === 0 || rest >= durationSeconds / 2) wanted.push(unit(embedding!));
  }
  return wanted;
}

/** Every window of the recordings, embedded now. */
async function* heard(options: SearchOptions): AsyncGenerator<SearchedWindow> {
  const { backbone, seconds } = options;
  const { sampleRateHz, durationSeconds } = embeddingFrontEnd(backbone, seconds);
  for await (
    const { request: { clip }, embedding, failure, endSample } of embedRecordings(options)
  ) {
    const start = clip.start / sampleRateHz;
    const end = endSample === undefined ? start + durationSeconds : endSample / sampleRateHz;
    yield { filename: clip.recording.id, start, end, embedding, failure };
  }
}

/** The least cosine of an embedding and itself, made twice. */
const sameCosine = 0.9999;

/** Every window of a file of embeddings; the first that begins a recording is made once more, to see whose they are. */
async function* stored(path: string, options: SearchOptions): AsyncGenerator<SearchedWindow> {
  const { backbone, recordings, seconds, onNotice } = options;
  const found = new Set<string>();
  const { durationSeconds } = embeddingFrontEnd(backbone, seconds);
  let isChecked = false, numRows = 0, areFull = true;
  for await (const row of readEmbeddings(path, backbone.feeding.size)) {
    found.add(row.filename);
    numRows++;
    areFull &&= row.end - row.start > durationSeconds - 1e-3;
    if (!isChecked && row.start === 0) {
      const recording = await find(recordings, row.filename);
      if (!recording) {
        throw new RunError(
          `Cannot search ${path} as its recordings must be those to look through: ${row.filename} is not there`,
        );
      }
      const again = embedRecordings({ backbone, recordings: [recording], seconds, workers: 1 });
      for await (const { embedding, failure } of again) {
        if (failure) throw new RunError(failure.message);
        if (dot(unit(embedding!), unit(row.embedding)) > sameCosine) continue;
        throw new RunError(
          `Cannot search ${path} as ${backbone.card.name} must have made it of these recordings: it has other ` +
            `numbers of ${row.filename} (where all are shorter than the windows were, --seconds says how long those are)`,
        );
      }
      isChecked = true;
    }
    yield row;
  }
  const missing: string[] = [];
  let numRecordings = 0;
  for await (const { id } of recordings) {
    numRecordings++;
    if (!found.has(id)) missing.push(id);
  }
  if (missing.length > 0) {
    const what = `recordings that ${path} does not hold, not looked through`;
    onNotice?.(describeCount(what, missing[0], missing.length));
  }
  const numOthers = found.size - (numRecordings - missing.length);
  if (numOthers > 0) onNotice?.(`recordings in ${path} that are none of these: ${numOthers}`);
  if (numRows === found.size && areFull) {
    onNotice?.(`${path} has one window of each recording: embed --hop makes all of them`);
  }
}

async function find(
  recordings: Iterable<Recording> | AsyncIterable<Recording>,
  filename: string,
): Promise<Recording | undefined> {
  for await (const recording of recordings) if (recording.id === filename) return recording;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** The nearest stretches of a recording of which no two overlap. @param stretches By their starts. */
function withoutOverlaps(stretches: readonly Stretch[]): Stretch[] {
  const taken = new Uint8Array(stretches.length), kept: Stretch[] = [];
  const order = stretches.map((_, i) => i).sort((a, b) =>
    stretches[b].score - stretches[a].score || a - b
  );
  for (const i of order) {
    if (taken[i]) continue;
    const { start, end } = stretches[i];
    kept.push(stretches[i]);
    for (let j = i; j >= 0 && stretches[j].end > start; j--) taken[j] = 1;
    for (let j = i; j < stretches.length && stretches[j].start < end; j++) taken[j] = 1;
  }
  return kept;
}

/** The best rows of any number. */
class Best {
  readonly #size: number;
  #rows: EventRow[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  add(row: EventRow): void {
    this.#rows.push(row);
    if (this.#rows.length >= 2 * this.#size + 64) this.#rows = this.sorted();
  }

  sorted(): EventRow[] {
    return this.#rows.toSorted((a, b) => b.probability - a.probability).slice(0, this.#size);
  }
}

/** A vector of length 1; one of zeros stays so. */
function unit(values: Float32Array): Float32Array {
  const length = Math.sqrt(dot(values, values)) || 1;
  return values.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

import type { ClipRef } from "./clip.ts";
import { createRandom, shuffle } from "./random.ts";

/** One row of a batch to be made: which recording, for which epoch, as which copy. */
export interface FeatureRequest {
  /** The recording. */
  readonly clip: ClipRef;
  /** Counted from 0; with `copy`, it keys the random draws. Always 0 outside training. */
  readonly epoch: number;
  /** 0 is the recording as it is; 1 and above are augmented copies of it. */
  readonly copy: number;
}

/**
 * The rows of one training epoch: every recording and its augmented copies, freshly shuffled.
 *
 * @param options.skip Rows at the epoch's start that are left out: a resumed run had them.
 */
export function trainingRequests(
  clips: readonly ClipRef[],
  options: {
    readonly epoch: number;
    readonly seed: number;
    readonly augmentFactor: number;
    readonly skip?: number;
  },
): ReadableStream<FeatureRequest> {
  const { epoch, seed, augmentFactor, skip = 0 } = options;
  // Only whole numbers are shuffled, four bytes a row: clip and copy are read off them.
  const copies = 1 + augmentFactor;
  const order = Uint32Array.from({ length: clips.length * copies }, (_, i) => i);
  shuffle(order, createRandom(seed, epoch, "order"));
  return ReadableStream.from(
    (function* () {
      for (const row of order.subarray(skip)) {
        yield { clip: clips[Math.floor(row / copies)], epoch, copy: row % copies };
      }
    })(),
  );
}

/** The rows of validation and prediction: every recording once, in the order given. */
export function plainRequests(clips: Iterable<ClipRef>): ReadableStream<FeatureRequest> {
  return ReadableStream.from(
    (function* () {
      for (const clip of clips) yield { clip, epoch: 0, copy: 0 };
    })(),
  );
}

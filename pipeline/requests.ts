import type { Clip } from "./clip.ts";
import { createRandom, type Random, shuffle } from "./random.ts";
import { countLabels } from "./split/units.ts";

/** One row of a batch to be made: which clip, for which epoch, as which copy. */
export interface FeatureRequest {
  /** The clip. */
  readonly clip: Clip;
  /** Counted from 0; with `copy`, it keys the random draws. Always 0 outside training. */
  readonly epoch: number;
  /** 0 is the clip as it is; 1 and above are augmented copies of it. */
  readonly copy: number;
}

/** What an epoch's rows are made of. */
export interface EpochRows {
  /** Counted from 0. */
  readonly epoch: number;
  /** Key of the order. */
  readonly seed: number;
  /** Augmented copies beside every clip. */
  readonly augmentFactor: number;
  /** `balanced` gives every class as many rows; `none` every clip. @default {"none"} */
  readonly classWeights?: "none" | "balanced";
  /** Rows at the epoch's start that are left out, as a resumed run had them. @default {0} */
  readonly skip?: number;
}

/**
 * Clips whose copies are mixed with each other: so many are to be kept at hand for every one
 * to be decoded once an epoch.
 */
export const clipsAtOnce = 64;

/**
 * The rows of one training epoch, freshly shuffled: every clip and its augmented copies. Balanced,
 * there are as many rows in all, every class has its even share of them, and a clip of a small
 * class comes again as further copies. The clips come in any order, 64 at a time, and the rows of
 * these again in any order.
 */
export function trainingRequests(
  clips: readonly Clip[],
  options: EpochRows,
): ReadableStream<FeatureRequest> {
  const { epoch, seed, augmentFactor, classWeights = "none", skip = 0 } = options;
  const copies = 1 + augmentFactor, total = clips.length * copies;
  // Only whole numbers are shuffled, four bytes a row: clip and copy are read off them.
  const order = classWeights === "balanced"
    ? balancedRows(clips, total, seed, epoch)
    : Uint32Array.from({ length: total }, (_, i) => i);
  mix(order, clips.length, createRandom(seed, epoch, "order"));
  return ReadableStream.from(
    (function* () {
      for (const row of order.subarray(skip)) {
        const clip = clips[row % clips.length], copy = Math.floor(row / clips.length);
        // Without augmentation a clip that comes again is itself again.
        yield { clip, epoch, copy: augmentFactor === 0 ? 0 : copy };
      }
    })(),
  );
}

/** Puts rows in an order by chance in which those of one clip are near to each other. */
function mix(rows: Uint32Array, numClips: number, random: Random): void {
  // Where each clip's rows begin, in a shuffled order of the clips.
  const clips = shuffle(Uint32Array.from({ length: numClips }, (_, i) => i), random);
  const counts = new Uint32Array(numClips), starts = new Uint32Array(numClips);
  for (const row of rows) counts[row % numClips]++;
  let start = 0;
  for (const clip of clips) {
    starts[clip] = start;
    start += counts[clip];
  }
  const bounds = clips.filter((_, i) => i % clipsAtOnce === 0).map((clip) => starts[clip]);
  for (const row of rows.slice()) rows[starts[row % numClips]++] = row;
  bounds.forEach((from, i) => shuffle(rows.subarray(from, bounds[i + 1]), random));
}

/** Rows, as copy · clips + clip, of which every class has an even share; who has one more is drawn. */
function balancedRows(
  clips: readonly Clip[],
  total: number,
  seed: number,
  epoch: number,
): Uint32Array {
  const counts = countLabels(clips);
  const members = new Map<string, number[]>();
  clips.forEach(({ labels = [""] }, i) => {
    // A clip of several labels stands under its rarest one, those of none together.
    const label = labels.reduce((a, b) => counts.get(b)! < counts.get(a)! ? b : a, labels[0] ?? "");
    const of = members.get(label);
    if (of) of.push(i);
    else members.set(label, [i]);
  });
  const random = createRandom(seed, epoch, "balance");
  const classes = shuffle([...members.values()], random);
  const rows = new Uint32Array(total);
  let next = 0;
  classes.forEach((of, i) => {
    const end = Math.floor(total * (i + 1) / classes.length);
    const once = shuffle([...of], random);
    for (let k = 0; next < end; k++, next++) {
      rows[next] = Math.floor(k / once.length) * clips.length + once[k % once.length];
    }
  });
  return rows;
}

/** The rows of validation and prediction: every clip once, in the order given. */
export function plainRequests(
  clips: Iterable<Clip> | AsyncIterable<Clip>,
): ReadableStream<FeatureRequest> {
  return ReadableStream.from(
    (async function* () {
      for await (const clip of clips) yield { clip, epoch: 0, copy: 0 };
    })(),
  );
}

import { type Clip, clipId } from "./clip.ts";
import { createRandom, type Random, shuffle } from "./random.ts";
import { countLabels } from "./split/units.ts";

/** What a copy is mixed with. */
export interface SoundMix {
  /** The other clip. */
  readonly clip: Clip;
  /** Share of the copy's own clip in the sound and in the targets, 0 to 1. */
  readonly ratio: number;
}

/** One row of a batch to be made: which clip, for which epoch, as which copy. */
export interface FeatureRequest {
  /** The clip. */
  readonly clip: Clip;
  /** Pass over the clips, counted from 0; with `copy`, it keys the random draws. Always 0 outside training. */
  readonly epoch: number;
  /** 0 is the clip as it is; 1 and above are augmented copies of it. */
  readonly copy: number;
  /** The copy is a mix of two clips; absent where it is not. */
  readonly mix?: SoundMix;
}

/** What an epoch's rows are made of. */
export interface EpochRows {
  /** Counted from 0. */
  readonly epoch: number;
  /** Key of the order. */
  readonly seed: number;
  /** Augmented copies beside every clip. */
  readonly augmentFactor: number;
  /** Passes over the clips. @default {1} */
  readonly passes?: number;
  /** `balanced` gives every class as many rows; `none` every clip. @default {"none"} */
  readonly classWeights?: "none" | "balanced";
  /** Share of the augmented copies that are mixed with a clip of another class. @default {0} */
  readonly mixSounds?: number;
  /** Rows at the epoch's start that are left out, as a resumed run had them. @default {0} */
  readonly skip?: number;
}

/**
 * Clips whose copies are mixed with each other: so many are to be kept at hand for every one
 * to be decoded once an epoch.
 */
export const clipsAtOnce = 64;

/**
 * The rows of one training epoch, freshly shuffled in each of its passes: every clip and its augmented
 * copies. Balanced, there are as many rows in all, every class has its even share of them, and a clip
 * of a small class comes again as further copies. The clips come in any order, 64 at a time, and the
 * rows of these again in any order. A run's passes are the same ones however many make an epoch.
 */
export function trainingRequests(
  clips: readonly Clip[],
  options: EpochRows,
): ReadableStream<FeatureRequest> {
  const { epoch, passes = 1, augmentFactor, skip = 0 } = options;
  const total = clips.length * (1 + augmentFactor);
  return ReadableStream.from(
    (function* () {
      for (let index = Math.floor(skip / total); index < passes; index++) {
        yield* passRequests(
          clips,
          epoch * passes + index,
          Math.max(0, skip - index * total),
          options,
        );
      }
    })(),
  );
}

/** The rows of a pass, but for the first ones. */
function* passRequests(
  clips: readonly Clip[],
  pass: number,
  skip: number,
  { seed, augmentFactor, classWeights = "none", mixSounds = 0 }: EpochRows,
): Generator<FeatureRequest> {
  const total = clips.length * (1 + augmentFactor);
  // Only whole numbers are shuffled, four bytes a row: clip and copy are read off them.
  const order = classWeights === "balanced"
    ? balancedRows(clips, total, seed, pass)
    : Uint32Array.from({ length: total }, (_, i) => i);
  const blocks = shuffleRows(order, clips.length, createRandom(seed, pass, "order"));
  const mixes = new MixDraws(clips, blocks);
  for (const row of order.subarray(skip)) {
    const clip = clips[row % clips.length], copy = Math.floor(row / clips.length);
    // Without augmentation a clip that comes again is itself again.
    if (augmentFactor === 0 || copy === 0) {
      yield { clip, epoch: pass, copy: 0 };
      continue;
    }
    const random = createRandom(seed, pass, clipId(clip), copy, "mix");
    const mix = random.next() < mixSounds ? mixes.draw(row % clips.length, random) : undefined;
    yield { clip, epoch: pass, copy, ...mix && { mix } };
  }
}

/**
 * Puts rows in an order by chance in which those of one clip are near to each other.
 *
 * @returns The clips in the order in which they come, 64 at a time.
 */
function shuffleRows(rows: Uint32Array, numClips: number, random: Random): Uint32Array {
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
  return clips;
}

/** Draws what copies are mixed with: the clips whose copies come at the same time, as they are at hand. */
class MixDraws {
  /** Of each clip, where it stands in `order`. */
  readonly #places: Uint32Array;

  constructor(readonly clips: readonly Clip[], readonly order: Uint32Array) {
    this.#places = new Uint32Array(order.length);
    order.forEach((index, place) => this.#places[index] = place);
  }

  /** A partner that shares no label with a clip, each as likely; none where there is none. */
  draw(index: number, random: Random): SoundMix | undefined {
    const { clips, order } = this, labels = new Set(clips[index].labels);
    const block = Math.floor(this.#places[index] / clipsAtOnce) * clipsAtOnce;
    const from = Math.max(0, Math.min(block, order.length - clipsAtOnce)); // the last one is whole, too
    const partners = order.subarray(from, from + clipsAtOnce).filter((other) =>
      other !== index && !clips[other].labels?.some((label) => labels.has(label))
    );
    if (partners.length === 0) return undefined;
    return { clip: clips[partners[random.integer(partners.length)]], ratio: random.next() };
  }
}

/** Rows of a pass of which every class has an even share; who has one more is drawn. */
function balancedRows(
  clips: readonly Clip[],
  total: number,
  seed: number,
  pass: number,
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
  const random = createRandom(seed, pass, "balance");
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

import type { ClipRef } from "../clip.ts";
import { createRandom, shuffle } from "../random.ts";
import { groupByLabel } from "./dataset.ts";

/** Two disjoint parts of the labelled recordings. */
export interface Split {
  /** Clips to train on, in the order given. */
  readonly train: readonly ClipRef[];
  /** Clips to validate on, in the order given. */
  readonly validation: readonly ClipRef[];
}

/**
 * Takes a share of every class for validation, by a draw that depends on the seed and the class
 * alone. It happens before anything is augmented, and an augmented copy belongs to its recording, so
 * no recording is ever on both sides. A class of two or more gives at least one clip to each side;
 * a class of one is trained on.
 *
 * @param share From 0 (no validation) to below 1.
 * @throws {RangeError} where `share` is outside that range.
 */
export function splitByLabel(clips: readonly ClipRef[], share: number, seed: number): Split {
  if (!(share >= 0 && share < 1)) {
    throw new RangeError(
      `Cannot split as the validation share must be at least 0 and below 1: current value is ${share}`,
    );
  }
  const chosen = new Set<ClipRef>();
  for (const [label, members] of groupByLabel(clips)) {
    const wanted = Math.round(members.length * share);
    const count = share === 0 ? 0 : Math.min(Math.max(wanted, 1), members.length - 1);
    const shuffled = shuffle([...members], createRandom(seed, "split", label));
    for (const clip of shuffled.slice(0, count)) chosen.add(clip);
  }
  return {
    train: clips.filter((clip) => !chosen.has(clip)),
    validation: clips.filter((clip) => chosen.has(clip)),
  };
}

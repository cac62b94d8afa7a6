import { DatasetError } from "../sources/dataset.ts";
import type { Split } from "./split.ts";
import { countStrata, drawOrder, type Labelled, type Unit, unitsOf } from "./units.ts";

/** One of several parts of a data set that take turns in being validated on. */
export interface Fold {
  /** Which one, counted from 1. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/**
 * Deals clips out to folds, each class evenly and all clips of one group to the same fold. Groups are
 * dealt in a shuffled order, the rarest class first and the largest group of a class first, each to
 * the fold where its classes are least present: where Σ over them of clips there · clips of the group
 * / clips in all is lowest, and of equals to the one with the fewest clips.
 *
 * Every class keeps clips to train on, whichever fold is validated: a group that would put all clips
 * of a class in one fold, such as one that alone holds a class, is in no fold and always trained on.
 *
 * @returns The fold of every clip, counted from 1, in the order given; 0 for those in no fold.
 * @throws {RangeError} where `numFolds` is not a whole number of at least 2.
 * @throws {DatasetError} where there are too few groups to give each fold one.
 */
export function assignFolds(
  clips: readonly Labelled[],
  numFolds: number,
  seed: number,
): Uint16Array {
  if (!(Number.isInteger(numFolds) && numFolds >= 2)) {
    throw new RangeError(
      `Cannot make folds as their number must be a whole number of at least 2: ` +
        `current value is ${numFolds}`,
    );
  }
  const units = unitsOf(clips), totals = countStrata(clips);
  const folds = Array.from({ length: numFolds }, () => new FoldTally(totals));
  const foldOfClip = new Map<Labelled, number>();
  for (const unit of largestFirst(drawOrder(units, totals, [seed, "folds"]), totals)) {
    let best: number | undefined;
    folds.forEach((fold, i) => {
      if (!fold.leavesTraining(unit)) return;
      if (best === undefined || fold.compareFor(unit, folds[best]) < 0) best = i;
    });
    if (best === undefined) continue;
    folds[best].add(unit);
    for (const clip of unit.clips) foldOfClip.set(clip, best + 1);
  }
  if (folds.some(({ size }) => size === 0)) {
    throw new DatasetError(
      `Cannot make ${numFolds} folds as each must get a group or a clip of its own: ` +
        `there are ${units.length}`,
    );
  }
  return Uint16Array.from(clips, (clip) => foldOfClip.get(clip) ?? 0);
}

/** The clips of one fold to validate on, all others to train on. See `assignFolds`. */
export function splitByFold<Clip extends Labelled>(
  clips: readonly Clip[],
  { index, of }: Fold,
  seed: number,
): Split<Clip> {
  const folds = assignFolds(clips, of, seed);
  return {
    train: clips.filter((_, i) => folds[i] !== index),
    validation: clips.filter((_, i) => folds[i] === index),
  };
}

/** Units with the largest first within each run of the same rarest class; equal ones stay in order. */
function largestFirst(order: readonly Unit[], totals: ReadonlyMap<string, number>): Unit[] {
  const rarestTotal = ({ counts }: Unit) =>
    Math.min(...[...counts.keys()].map((label) => totals.get(label)!));
  return order.map((unit) => ({ unit, rarest: rarestTotal(unit) }))
    .sort((a, b) => a.rarest - b.rarest || b.unit.clips.length - a.unit.clips.length)
    .map(({ unit }) => unit);
}

/** What is in a fold so far. */
class FoldTally {
  readonly #counts = new Map<string, number>();
  size = 0;

  constructor(readonly totals: ReadonlyMap<string, number>) {}

  /** Whether every class of the unit would still have clips outside this fold. */
  leavesTraining({ counts }: Unit): boolean {
    return [...counts].every(([label, count]) =>
      (this.#counts.get(label) ?? 0) + count < this.totals.get(label)!
    );
  }

  /** Below 0 where the unit fits better here than in another fold. */
  compareFor(unit: Unit, other: FoldTally): number {
    const difference = this.#presence(unit) - other.#presence(unit);
    return Math.abs(difference) > 1e-9 ? difference : this.size - other.size;
  }

  #presence({ counts }: Unit): number {
    let sum = 0;
    for (const [label, count] of counts) {
      sum += (this.#counts.get(label) ?? 0) * count / this.totals.get(label)!;
    }
    return sum;
  }

  add({ clips, counts }: Unit): void {
    this.size += clips.length;
    for (const [label, count] of counts) {
      this.#counts.set(label, (this.#counts.get(label) ?? 0) + count);
    }
  }
}

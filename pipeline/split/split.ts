import { numberIn, wholeNumberIn } from "../../settings/value_range.ts";
import { checkSettings, type SettingsOf } from "../../settings/setting.ts";
import { countStrata, drawOrder, type Labelled, type Unit, unitsOf } from "./units.ts";

/** Two disjoint parts of the labelled clips. */
export interface Split<Clip extends Labelled> {
  /** Clips to train on, in the order given. */
  readonly train: readonly Clip[];
  /** Clips to validate on, in the order given. */
  readonly validation: readonly Clip[];
}

/** How a data set is split; `splitSettings` has the default. */
export interface SplitSettings {
  /** Share of each class to validate on; 0 trains on everything. */
  readonly validationSplit: number;
  /** Key of the draw of what is kept aside; without it, the run's seed. */
  readonly splitSeed?: number;
}

/** The settings of a split. */
export const splitSettings: SettingsOf<SplitSettings> = {
  validationSplit: {
    range: numberIn({ min: 0, below: 1 }),
    default: 0.2,
    help: "share of each class kept aside",
    group: "Data",
    placeholder: "share",
  },
  splitSeed: {
    range: wholeNumberIn({ min: 0 }),
    defaultWords: "--seed",
    help: "key of the draw of what is kept aside: runs of several seeds then share it",
    group: "Data",
  },
};

/** Draws of which the best is taken, where groups do not let the first one meet every share. */
const maxDraws = 20;

/**
 * Takes a share of every class for validation; all clips of one group go to the same side. It
 * happens before anything is augmented, and an augmented copy belongs to its recording, so no
 * recording is ever on both sides. A class of two or more groups (or clips without one) gives at
 * least one clip to each side, where the groups of other classes let it; every class keeps a clip
 * to train on, and a class that is in one group alone is only trained on.
 *
 * The draw depends on the seed alone. Groups are visited in a shuffled order, the rarest class first,
 * and taken where that brings the counts of its classes closer to what is wanted: the sum over the
 * classes of (taken − wanted)² / clips falls. Clips of one label and no group meet every share at
 * once; else the best of 20 such draws counts.
 *
 * @param share From 0 (no validation) to below 1.
 * @throws {SettingError} where `share` is outside that range.
 */
export function splitByLabel<Clip extends Labelled>(
  clips: readonly Clip[],
  share: number,
  seed: number,
): Split<Clip> {
  checkSettings(splitSettings, { validationSplit: share }, "split");
  const chosen = new Set(chooseUnits(unitsOf(clips), share, seed).flatMap((unit) => unit.clips));
  return {
    train: clips.filter((clip) => !chosen.has(clip)),
    validation: clips.filter((clip) => chosen.has(clip)),
  };
}

/** A class while units are taken: its clips in all, how many are wanted, how many are taken. */
interface ClassTally {
  readonly total: number;
  readonly wanted: number;
  taken: number;
}

function chooseUnits<Clip extends Labelled>(
  units: readonly Unit<Clip>[],
  share: number,
  seed: number,
): readonly Unit<Clip>[] {
  let best: readonly Unit<Clip>[] = [], bestDeviation = Infinity;
  if (share === 0) return best;
  const totals = countStrata(units.flatMap(({ clips }) => clips));
  const unitsOfLabel = new Map<string, number>();
  for (const { counts } of units) {
    for (const label of counts.keys()) {
      unitsOfLabel.set(label, (unitsOfLabel.get(label) ?? 0) + 1);
    }
  }
  for (let draw = 0; draw < maxDraws && bestDeviation > 0; draw++) {
    const tallies = new Map(
      [...totals].map(([label, total]): [string, ClassTally] => {
        const rounded = Math.min(Math.max(Math.round(total * share), 1), total - 1);
        const wanted = unitsOfLabel.get(label)! > 1 ? rounded : 0;
        return [label, { total, wanted, taken: 0 }];
      }),
    );
    const key = draw === 0 ? [seed, "split"] : [seed, "split", draw];
    const taken = takeUnits(drawOrder(units, totals, key), tallies);
    let deviation = 0;
    for (const { total, wanted, taken } of tallies.values()) {
      deviation += (taken - wanted) ** 2 / total;
    }
    if (deviation < bestDeviation) [best, bestDeviation] = [taken, deviation];
  }
  return best;
}

/** One draw: takes units in their order, and keeps the tallies. */
function takeUnits<Clip extends Labelled>(
  order: readonly Unit<Clip>[],
  tallies: Map<string, ClassTally>,
): Unit<Clip>[] {
  const taken: Unit<Clip>[] = [];
  const take = (unit: Unit<Clip>) => {
    taken.push(unit);
    for (const [label, count] of unit.counts) tallies.get(label)!.taken += count;
  };
  /** What taking a unit adds to the deviation; infinite where a class would be left untrained. */
  const costOf = ({ counts }: Unit<Clip>) => {
    let cost = 0;
    for (const [label, count] of counts) {
      const { total, wanted, taken } = tallies.get(label)!;
      if (taken + count >= total) return Infinity;
      cost += count * (count - 2 * (wanted - taken)) / total;
    }
    return cost;
  };
  for (const unit of order) if (costOf(unit) < 0) take(unit);
  // A class whose groups are all larger than its share has none yet: the one that costs least is taken.
  for (const [label, tally] of tallies) {
    if (tally.wanted === 0 || tally.taken > 0) continue;
    let cheapest: Unit<Clip> | undefined, lowest = Infinity;
    for (const unit of order) {
      const cost = unit.counts.has(label) ? costOf(unit) : Infinity;
      if (cost < lowest) [cheapest, lowest] = [unit, cost];
    }
    if (cheapest) take(cheapest);
  }
  return taken;
}

/** What a split deals out: groups of clips, and how many clips of each class are in them. */
import { createRandom, shuffle } from "../random.ts";

/** What a split knows of a clip, or of a recording that is one. */
export interface Labelled {
  /** Its labels. */
  readonly labels?: readonly string[];
  /** Its group; one without stands for itself. */
  readonly group?: string;
}

/** Clips that stay together: all of one group, or one clip without a group. */
export interface Unit<Clip extends Labelled = Labelled> {
  /** The clips, in the order given. */
  readonly clips: readonly Clip[];
  /** Clips of each label, as `countStrata` has them; one of several labels counts under each of them. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The units of a list, in the order of their first clips. */
export function unitsOf<Clip extends Labelled>(clips: readonly Clip[]): Unit<Clip>[] {
  const byGroup = new Map<string, Clip[]>(), all: Clip[][] = [];
  for (const clip of clips) {
    const group = clip.group === undefined ? undefined : byGroup.get(clip.group);
    if (group) {
      group.push(clip);
      continue;
    }
    const members = [clip];
    all.push(members);
    if (clip.group !== undefined) byGroup.set(clip.group, members);
  }
  // Most are one clip, and have as many different counts as there are sets of labels.
  const countsOf = new Map<string, Unit["counts"]>();
  return all.map((members) => {
    if (members.length > 1) return { clips: members, counts: countStrata(members) };
    const key = JSON.stringify(members[0].labels ?? null);
    const counts = countsOf.get(key) ?? countStrata(members);
    countsOf.set(key, counts);
    return { clips: members, counts };
  });
}

/** Clips of each label, the labels sorted; those that have none of the labels count under the empty one. */
export function countStrata(clips: Iterable<Pick<Labelled, "labels">>): Map<string, number> {
  return countLabels(clips, [""]);
}

/** Clips of each label, the labels sorted. @param none What those count under of which is known that they have none. */
export function countLabels(
  clips: Iterable<Pick<Labelled, "labels">>,
  none: readonly string[] = [],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { labels } of clips) {
    for (const label of labels?.length === 0 ? none : labels ?? []) {
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  return new Map([...counts].sort(([a], [b]) => a < b ? -1 : 1));
}

/**
 * Puts units in the order in which they are dealt out: class by class, the rarest first, so that the
 * others can make up for what it forces (as in the iterative stratification of Sechidis et al.
 * 2011), and shuffled within a class. A unit of several classes stands under its rarest.
 *
 * @param totals Clips of each label in all.
 * @param key With the label, the key of the shuffle.
 */
export function drawOrder<Clip extends Labelled>(
  units: readonly Unit<Clip>[],
  totals: ReadonlyMap<string, number>,
  key: readonly (string | number)[],
): Unit<Clip>[] {
  const rarestFirst = [...totals.keys()].sort((a, b) =>
    totals.get(a)! - totals.get(b)! || (a < b ? -1 : 1)
  );
  const rank = new Map(rarestFirst.map((label, i) => [label, i]));
  const byClass: Unit<Clip>[][] = rarestFirst.map(() => []);
  for (const unit of units) {
    const first = Math.min(...[...unit.counts.keys()].map((label) => rank.get(label)!));
    byClass[first]?.push(unit); // one without any label is dealt to nobody
  }
  return byClass.flatMap((members, i) => shuffle(members, createRandom(...key, rarestFirst[i])));
}

/** Figures of one class against all others. `null` where there is nothing to divide by. */
export interface ClassFigures {
  /** The class. */
  readonly name: string;
  /** Clips that are of the class. */
  readonly support: number;
  /** Clips that were named so. */
  readonly predicted: number;
  /** Share of the clips named so that are; `null` where none was. */
  readonly precision: number | null;
  /** Share of the class's clips that were named so; `null` where there are none. */
  readonly recall: number | null;
  /** Harmonic mean of precision and recall; `null` where the class neither occurs nor was named. */
  readonly f1: number | null;
}

/** Figures of one class of which a clip may have several; it is named where it is above one half. */
export interface RankedClassFigures extends ClassFigures {
  /** Average precision of the ranking by this class's probability; `null` where no clip has it. */
  readonly averagePrecision: number | null;
}

/** Clips of each class that are of it, were named so, and both: `[numClasses]` each. */
export interface ClassCounts {
  /** Clips that are of the class. */
  readonly support: Float64Array;
  /** Clips that were named so. */
  readonly predicted: Float64Array;
  /** Clips that are and were. */
  readonly hits: Float64Array;
}

/** Counts of nothing yet. */
export function createClassCounts(numClasses: number): ClassCounts {
  const zeros = () => new Float64Array(numClasses);
  return { support: zeros(), predicted: zeros(), hits: zeros() };
}

/** Sets all counts to 0. */
export function clearClassCounts({ support, predicted, hits }: ClassCounts): void {
  for (const counts of [support, predicted, hits]) counts.fill(0);
}

/** The figures of every class. */
export function describeClasses(
  classes: readonly string[],
  { support, predicted, hits }: ClassCounts,
): ClassFigures[] {
  return classes.map((name, i) => ({
    name,
    support: support[i],
    predicted: predicted[i],
    precision: ratio(hits[i], predicted[i]),
    recall: ratio(hits[i], support[i]),
    f1: ratio(2 * hits[i], support[i] + predicted[i]),
  }));
}

/** Mean F1 over the classes that occur; `null` where none does. */
export function macroF1({ support, predicted, hits }: ClassCounts): number | null {
  return meanOverPresent(support, (i) => 2 * hits[i] / (support[i] + predicted[i]));
}

/** Mean recall over the classes that occur; `null` where none does. */
export function balancedAccuracy({ support, hits }: ClassCounts): number | null {
  return meanOverPresent(support, (i) => hits[i] / support[i]);
}

/** Mean of a figure over the classes that occur; `null` where none does. */
export function meanOverPresent(
  support: ArrayLike<number>,
  figure: (index: number) => number,
): number | null {
  let total = 0, present = 0;
  for (let i = 0; i < support.length; i++) {
    if (support[i] === 0) continue;
    total += figure(i);
    present++;
  }
  return ratio(total, present);
}

/** A share; `null` where there is nothing to divide by. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** A view of counts without the last class: that of what the model does not know, where there is one. */
export function withoutForeign({ support, predicted, hits }: ClassCounts): ClassCounts {
  const [a, b, c] = [support, predicted, hits].map((counts) => counts.subarray(0, -1));
  return { support: a, predicted: b, hits: c };
}

/** The sum of counts. */
export function sum(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

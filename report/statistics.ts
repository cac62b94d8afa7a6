/** What a validation says about a model, with how far it can be trusted. */
import { argmax } from "../model/metrics.ts";
import { createRandom } from "../pipeline/random.ts";
import { type Calibration, CalibrationBuilder } from "./calibration.ts";

/** Where the true value lies with 95 % confidence. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** A figure and its uncertainty. */
export interface Estimate {
  /** The figure on the clips that were there. */
  readonly value: number;
  /** Its 95 % interval; `null` where every resampling gives the same, so that nothing is known of it. */
  readonly interval: Interval | null;
}

/** How well one class is told from the others. `null` where there is nothing to divide by. */
export interface ClassFigures {
  /** The class. */
  readonly label: string;
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

/** All figures of one validation: also what `metrics.json` holds of it. */
export interface ValidationSummary {
  /** Clips that count. */
  readonly examples: number;
  /** Clips left out, as their class is unknown or a probability is no number. */
  readonly unusable: number;
  /** Share named rightly, with Wilson's interval, which holds near 0 and 1 too. */
  readonly accuracy: Estimate;
  /** Mean F1 over the classes that occur, with a bootstrap interval. */
  readonly macroF1: Estimate;
  /** Mean recall over the classes that occur, with a bootstrap interval. */
  readonly balancedAccuracy: Estimate;
  /** Share of the largest class: what always naming it would reach. */
  readonly majorityAccuracy: number;
  /** Mean cross-entropy, −ln of the probability given to the true class. */
  readonly loss: number;
  /** Every class, in their order. */
  readonly perClass: readonly ClassFigures[];
  /** `confusion[true][predicted]`, in clips. */
  readonly confusion: readonly (readonly number[])[];
  /** Whether the highest probabilities can be believed. */
  readonly calibration: Calibration;
}

/** z of a two-sided 95 % interval. */
const z95 = 1.959963984540054;

/** Collects what a model said of validation clips. It keeps one whole number a clip. */
export class SummaryBuilder {
  readonly #classes: readonly string[];
  readonly #outcomes: number[] = []; // true class · classes + predicted class
  readonly #calibration = new CalibrationBuilder();
  #unusable = 0;
  #lossSum = 0;

  /** Starts with no clips. @param classes The classes, in the order of the probabilities. */
  constructor(classes: readonly string[]) {
    this.#classes = classes;
  }

  /**
   * Adds one clip.
   *
   * @param trueClass Index of its label; a clip of no known class (−1) is left out and counted.
   * @param probabilities Of every class; they sum to 1.
   */
  add(trueClass: number, probabilities: ArrayLike<number>): void {
    const numClasses = this.#classes.length;
    const whole = probabilities.length === numClasses &&
      Array.prototype.every.call(probabilities, Number.isFinite);
    if (!whole || !(trueClass >= 0 && trueClass < numClasses)) {
      this.#unusable++;
      return;
    }
    const predicted = argmax(probabilities), confidence = probabilities[predicted];
    this.#outcomes.push(trueClass * numClasses + predicted);
    this.#lossSum -= Math.log(Math.max(probabilities[trueClass], 1e-7));
    this.#calibration.add(confidence, predicted === trueClass);
  }

  /** How many clips were left out so far. */
  get unusable(): number {
    return this.#unusable;
  }

  /**
   * The figures so far; `undefined` without a clip that counts.
   *
   * @param seed Keys the bootstrap's draws: the same seed and clips give the same intervals.
   */
  build(seed = 1): ValidationSummary | undefined {
    const outcomes = this.#outcomes, classes = this.#classes, numClasses = classes.length;
    const examples = outcomes.length;
    if (examples === 0) return undefined;
    const counts = countOutcomes(outcomes, numClasses);
    const intervals = bootstrap(outcomes, numClasses, seed);
    const right = sum(counts.hits);
    const confusion = classes.map(() => new Array<number>(numClasses).fill(0));
    for (const outcome of outcomes) {
      confusion[Math.floor(outcome / numClasses)][outcome % numClasses]++;
    }
    return {
      examples,
      unusable: this.#unusable,
      accuracy: { value: right / examples, interval: wilsonInterval(right, examples) },
      macroF1: { value: macroF1(counts), interval: intervals.macroF1 },
      balancedAccuracy: { value: balancedAccuracy(counts), interval: intervals.balancedAccuracy },
      majorityAccuracy: Math.max(...counts.support) / examples,
      loss: this.#lossSum / examples,
      perClass: classes.map((label, i) => ({
        label,
        support: counts.support[i],
        predicted: counts.predicted[i],
        precision: ratio(counts.hits[i], counts.predicted[i]),
        recall: ratio(counts.hits[i], counts.support[i]),
        f1: ratio(2 * counts.hits[i], counts.support[i] + counts.predicted[i]),
      })),
      confusion,
      calibration: this.#calibration.build(),
    };
  }
}

/**
 * How much more often the second model is right than the first, on the clips that both were asked
 * about, with a bootstrap interval over these clips. It is narrower than the two models' own intervals
 * suggest, since an easy clip is easy for both.
 *
 * @param first Which clips it named rightly, by their names; `second` likewise.
 * @returns The difference of the two accuracies and the number of clips; `undefined` without a clip in common.
 */
export function pairedDifference(
  first: ReadonlyMap<string, boolean>,
  second: ReadonlyMap<string, boolean>,
  seed = 1,
): (Estimate & { readonly examples: number }) | undefined {
  const gains: number[] = [];
  for (const [clip, right] of second) {
    const before = first.get(clip);
    if (before !== undefined) gains.push(Number(right) - Number(before));
  }
  const examples = gains.length;
  if (examples === 0) return undefined;
  const random = createRandom(seed, "paired bootstrap");
  const differences = new Float64Array(numResamplings(examples));
  for (let k = 0; k < differences.length; k++) {
    let total = 0;
    for (let i = 0; i < examples; i++) total += gains[random.integer(examples)];
    differences[k] = total / examples;
  }
  return { value: sum(gains) / examples, interval: percentileInterval(differences), examples };
}

/** Clips of each class that are of it, were named so, and both. */
interface OutcomeCounts {
  readonly support: Int32Array;
  readonly predicted: Int32Array;
  readonly hits: Int32Array;
}

function countOutcomes(outcomes: ArrayLike<number>, numClasses: number): OutcomeCounts {
  const counts = {
    support: new Int32Array(numClasses),
    predicted: new Int32Array(numClasses),
    hits: new Int32Array(numClasses),
  };
  for (let i = 0; i < outcomes.length; i++) addOutcome(counts, outcomes[i], numClasses);
  return counts;
}

function addOutcome(counts: OutcomeCounts, outcome: number, numClasses: number): void {
  const trueClass = Math.floor(outcome / numClasses), predicted = outcome % numClasses;
  counts.support[trueClass]++;
  counts.predicted[predicted]++;
  if (trueClass === predicted) counts.hits[trueClass]++;
}

/** Mean over the classes that occur. */
function meanOverPresent(counts: OutcomeCounts, figure: (i: number) => number): number {
  let total = 0, present = 0;
  for (let i = 0; i < counts.support.length; i++) {
    if (counts.support[i] === 0) continue;
    total += figure(i);
    present++;
  }
  return total / present;
}

function macroF1(counts: OutcomeCounts): number {
  const { support, predicted, hits } = counts;
  return meanOverPresent(counts, (i) => 2 * hits[i] / (support[i] + predicted[i]));
}

function balancedAccuracy(counts: OutcomeCounts): number {
  return meanOverPresent(counts, (i) => counts.hits[i] / counts.support[i]);
}

/** Percentile bootstrap over clips: each resampling draws as many clips as there are, with replacement. */
function bootstrap(
  outcomes: readonly number[],
  numClasses: number,
  seed: number,
): { macroF1: Interval | null; balancedAccuracy: Interval | null } {
  const random = createRandom(seed, "bootstrap"), { length } = outcomes;
  const resamplings = numResamplings(length);
  const f1s = new Float64Array(resamplings), recalls = new Float64Array(resamplings);
  for (let k = 0; k < resamplings; k++) {
    const counts = countOutcomes([], numClasses);
    for (let i = 0; i < length; i++) {
      addOutcome(counts, outcomes[random.integer(length)], numClasses);
    }
    f1s[k] = macroF1(counts);
    recalls[k] = balancedAccuracy(counts);
  }
  return { macroF1: percentileInterval(f1s), balancedAccuracy: percentileInterval(recalls) };
}

/** 1,000 resamplings, fewer where there are so many clips that the interval is narrow anyway. */
export function numResamplings(numClips: number): number {
  return Math.round(Math.min(1000, Math.max(200, 1e7 / numClips)));
}

/** The middle 95 % of some values; `null` where all are equal. Sorts them in place. */
export function percentileInterval(values: Float64Array): Interval | null {
  values.sort();
  if (values.length === 0 || values[0] === values[values.length - 1]) return null;
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** A quantile of sorted values, linear between two of them (NumPy's default); NaN without values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1), below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Wilson's 95 % score interval of a share. @throws {RangeError} without trials. */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (!(trials > 0)) {
    throw new RangeError(
      `Cannot give an interval as trials must be above 0: current value is ${trials}`,
    );
  }
  const share = successes / trials, z2 = z95 * z95;
  const centre = share + z2 / (2 * trials);
  const spread = z95 * Math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  return {
    low: Math.max(0, (centre - spread) / scale),
    high: Math.min(1, (centre + spread) / scale),
  };
}

/** A share; `null` where there is nothing to divide by. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** Thresholds: the probability from which on a class is believed. */
import { rank } from "../evaluation/average_precision.ts";
import type { ScoredRow } from "./score_sample.ts";

/** Clips of a class below which it takes the threshold of all classes together: its own would be luck. */
export const fewestPositives = 10;
/** Clips that must reach a threshold for its precision to mean anything. */
const fewestNamed = 5;

/** What thresholds are chosen by. */
export interface ThresholdOptions {
  /** The precision that is to be reached; without it, the best F1 decides. */
  readonly precision?: number;
  /** Indices of classes that are never given out: they have no threshold. */
  readonly background?: readonly number[];
}

/**
 * A threshold for each class, against all others. A class with fewer than `fewestPositives` clips takes the one
 * that is chosen for the pairs of all clips and classes together. No threshold is below the class's share of the
 * clips, which is what a model states that knows nothing.
 *
 * @param rows Their probabilities as they are given out, scaled.
 * @returns `null` for a class that cannot be believed: the precision is not reached, or no clip is of any class.
 */
export function chooseThresholds(
  rows: readonly Pick<ScoredRow, "truths">[],
  probabilities: readonly ArrayLike<number>[],
  numClasses: number,
  { precision, background = [] }: ThresholdOptions = {},
): (number | null)[] {
  const given = Array.from({ length: numClasses }, (_, k) => k)
    .filter((k) => !background.includes(k));
  const scoresOf = (k: number) => probabilities.map((row) => row[k]);
  const truthsOf = (k: number) => rows.map(({ truths }) => truths[k]);
  let shared: number | null | undefined;
  const sharedThreshold = () =>
    shared === undefined
      ? shared = chooseThreshold(given.flatMap(scoresOf), given.flatMap(truthsOf), precision)
      : shared;
  return Array.from({ length: numClasses }, (_, k) => {
    if (!given.includes(k)) return null;
    const truths = truthsOf(k), numPositives = truths.reduce((sum, truth) => sum + truth, 0);
    const threshold = numPositives < fewestPositives
      ? sharedThreshold()
      : chooseThreshold(scoresOf(k), truths, precision);
    return threshold === null ? null : Math.max(threshold, numPositives / rows.length);
  });
}

/**
 * The threshold with the best F1, or the lowest that reaches a precision with at least five clips; of equally
 * good ones the lowest. It is the lowest score that counts, not a lower one that would name the same examples: of
 * n positives that all count, a new one is below it once in n + 1, and what is unlike them is most often so.
 *
 * @param truths Which examples are positive: not 0.
 * @returns `null` where there is none.
 */
export function chooseThreshold(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  precision?: number,
): number | null {
  const { examples, truths: ranked, ends } = rank(scores, truths);
  const positives = ranked.reduce((sum, truth) => sum + truth, 0);
  let hits = 0, bestF1 = 0, best: number | undefined;
  for (let place = 0; place < examples.length; place++) {
    hits += ranked[place];
    if (!ends[place]) continue;
    const named = place + 1, f1 = 2 * hits / (named + positives);
    const isBetter = precision === undefined
      ? hits > 0 && f1 >= bestF1
      : named >= fewestNamed && hits >= precision * named;
    if (!isBetter) continue;
    bestF1 = f1;
    best = place;
  }
  return best === undefined ? null : scores[examples[best]];
}

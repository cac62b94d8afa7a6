/** Precision and recall of a class over its threshold. */
import { rank } from "../evaluation/average_precision.ts";
import type { EvaluationTask } from "../evaluation/evaluation.ts";
import type { ScoredRow } from "./score_sample.ts";
import { scaleProbabilities } from "./temperature.ts";

/** What naming a class from a threshold on comes to. */
export interface ThresholdPoint {
  /** The threshold. */
  readonly threshold: number;
  /** Share of the clips at or above it that are of the class; `null` where none is. */
  readonly precision: number | null;
  /** Share of the class's clips at or above it. */
  readonly recall: number;
}

/** The curve of each class, of its probabilities at a temperature; no points for one that does not occur. */
export function thresholdCurves(
  rows: readonly ScoredRow[],
  temperature: number,
  task: EvaluationTask,
): ThresholdPoint[][] {
  const scaled = rows.map((row) => scaleProbabilities(row.probabilities, temperature, task));
  const numClasses = scaled[0]?.length ?? 0;
  return Array.from(
    { length: numClasses },
    (_, k) => thresholdCurve(scaled.map((row) => row[k]), rows.map(({ truths }) => truths[k])),
  );
}

/**
 * Precision and recall at so many thresholds evenly spread from 0 to 1.
 *
 * @param truths Which examples are positive: not 0.
 * @returns no points where no example is positive.
 */
export function thresholdCurve(
  scores: ArrayLike<number>,
  truths: ArrayLike<number>,
  numPoints = 51,
): ThresholdPoint[] {
  const { examples, truths: ranked } = rank(scores, truths);
  const positives = ranked.reduce((sum, truth) => sum + truth, 0);
  if (positives === 0) return [];
  let named = 0, hits = 0;
  return Array.from({ length: numPoints }, (_, i) => {
    const threshold = 1 - i / (numPoints - 1);
    for (; named < examples.length && scores[examples[named]] >= threshold; named++) {
      hits += ranked[named];
    }
    return { threshold, precision: named > 0 ? hits / named : null, recall: hits / positives };
  }).reverse();
}

/**
 * Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds, with precision P and recall R of the
 * examples at or above the nth highest score; examples of equal score are one threshold (as in
 * scikit-learn's `average_precision_score`, without interpolation).
 *
 * @param truths Which examples are positive: not 0.
 * @param order `rankByScore(scores)`, where it is at hand.
 * @param times How often each example counts. @default {once}
 * @returns from 0 to 1; NaN where no example is positive.
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  truths: ArrayLike<number | boolean>,
  order: ArrayLike<number> = rankByScore(scores),
  times?: ArrayLike<number>,
): number {
  let seen = 0, positives = 0, precisionSum = 0, pending = 0;
  for (let place = 0; place < order.length; place++) {
    const example = order[place], count = times ? times[example] : 1;
    seen += count;
    if (truths[example]) pending += count;
    if (place + 1 < order.length && scores[order[place + 1]] === scores[example]) continue;
    positives += pending;
    if (pending > 0) precisionSum += pending * positives / seen;
    pending = 0;
  }
  return precisionSum / positives;
}

/** Indices of scores, the highest first; equal ones in their order. */
export function rankByScore(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[b] - scores[a] || a - b);
}

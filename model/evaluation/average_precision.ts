/** Examples from the highest score to the lowest, equal ones in their order: `[examples]` each. */
export interface Ranking {
  /** The example at each place. */
  readonly examples: Uint32Array;
  /** 1 where the example is positive. */
  readonly truths: Uint8Array;
  /** 1 at the last place of each score: examples of equal score are one threshold. */
  readonly ends: Uint8Array;
}

/** Ranks examples by their scores. @param truths Which examples are positive: not 0. */
export function rank(
  scores: ArrayLike<number>,
  truths: ArrayLike<number | boolean>,
): Ranking {
  const examples = Uint32Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[b] - scores[a] || a - b);
  return {
    examples,
    truths: Uint8Array.from(examples, (example) => truths[example] ? 1 : 0),
    ends: Uint8Array.from(
      examples,
      (example, place) => scores[examples[place + 1]] === scores[example] ? 0 : 1,
    ),
  };
}

/**
 * Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds, with precision P and recall R of the
 * examples at or above the nth highest score (as in scikit-learn's `average_precision_score`, without
 * interpolation).
 *
 * @param times How often each example counts, by its index. @default {once}
 * @returns from 0 to 1; NaN where no example is positive.
 */
export function averagePrecision(
  { examples, truths, ends }: Ranking,
  times?: ArrayLike<number>,
): number {
  let seen = 0, positives = 0, precisionSum = 0, pending = 0;
  for (let place = 0; place < examples.length; place++) {
    const count = times ? times[examples[place]] : 1;
    seen += count;
    if (truths[place]) pending += count;
    if (!ends[place] || pending === 0) continue;
    positives += pending;
    precisionSum += pending * positives / seen;
    pending = 0;
  }
  return precisionSum / positives;
}

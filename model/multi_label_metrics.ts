import type { Evaluation } from "./metrics.ts";

/** Above this probability a clip is said to have a label. */
export const labelThreshold = 0.5;

/**
 * Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds, with precision P and recall R of the
 * examples at or above the nth highest score; examples of equal score are one threshold (as in
 * scikit-learn's `average_precision_score`, without interpolation).
 *
 * @param truths Which examples are positive: not 0.
 * @returns from 0 to 1; NaN where no example is positive.
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  truths: ArrayLike<number | boolean>,
): number {
  const order = Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[b] - scores[a]);
  let positives = 0, precisionSum = 0, pending = 0;
  order.forEach((example, place) => {
    if (truths[example]) pending++;
    if (place + 1 < order.length && scores[order[place + 1]] === scores[example]) return;
    positives += pending;
    precisionSum += pending * positives / (place + 1);
    pending = 0;
  });
  return precisionSum / positives;
}

/**
 * Binary cross-entropy of one example: the mean over its classes, each in nats.
 *
 * @param truths Which classes it has: not 0.
 */
export function labelLoss(probabilities: ArrayLike<number>, truths: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const right = truths[i] ? probabilities[i] : 1 - probabilities[i];
    sum -= Math.log(Math.max(right, 1e-7));
  }
  return sum / probabilities.length;
}

/**
 * Collects predictions of examples that have any number of classes. An average precision needs all
 * scores at once, so it keeps five bytes an example and class.
 */
export class MultiLabelEvaluationBuilder {
  readonly #rows: { readonly probabilities: Float32Array; readonly truths: Uint8Array }[] = [];
  #lossSum = 0;

  /** Starts with no examples of `numClasses` classes. */
  constructor(readonly numClasses: number) {}

  /** Adds one example. @param probabilities Of every class, each on its own. */
  add(trueClasses: readonly number[], probabilities: ArrayLike<number>): void {
    const truths = new Uint8Array(this.numClasses);
    for (const index of trueClasses) truths[index] = 1;
    this.#lossSum += labelLoss(probabilities, truths);
    this.#rows.push({ probabilities: Float32Array.from(probabilities), truths });
  }

  /** The figures so far; with no examples all are 0. */
  build(): Evaluation {
    const examples = this.#rows.length, precisions: (number | null)[] = [], f1: number[] = [];
    let right = 0;
    for (let i = 0; i < this.numClasses; i++) {
      const scores = Float32Array.from(this.#rows, ({ probabilities }) => probabilities[i]);
      const truths = Uint8Array.from(this.#rows, ({ truths }) => truths[i]);
      let hits = 0, real = 0, said = 0;
      truths.forEach((truth, example) => {
        const named = scores[example] > labelThreshold;
        if (truth) real++;
        if (named) said++;
        if (truth && named) hits++;
        if (named === (truth === 1)) right++;
      });
      precisions.push(real > 0 ? averagePrecision(scores, truths) : null);
      if (real > 0) f1.push(2 * hits / (real + said));
    }
    return {
      examples,
      loss: examples ? this.#lossSum / examples : 0,
      accuracy: examples ? right / (examples * this.numClasses) : 0,
      macroF1: mean(f1),
      confusion: [],
      averagePrecision: precisions,
      meanAveragePrecision: mean(precisions.filter((value) => value !== null)),
    };
  }
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b) / values.length : 0;
}

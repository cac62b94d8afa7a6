/** Calibration: a stated probability of 80 % should mean right in 80 % of the cases. */

/** The answers whose stated probability lies within one range. */
export interface CalibrationBin {
  /** Lower end of the range; it does not belong to it, but for 0. */
  readonly low: number;
  /** Upper end of the range; it belongs to it. */
  readonly high: number;
  /** Answers in it. */
  readonly count: number;
  /** Mean of their stated probability; `null` without answers. */
  readonly confidence: number | null;
  /** Share of them that is right; `null` without answers. */
  readonly accuracy: number | null;
}

/** Stated probabilities beside what came true. */
export interface Calibration {
  /** Expected calibration error (Guo et al. 2017): mean |accuracy − confidence| over the bins, by answers. */
  readonly expectedError: number;
  /** Mean of the stated probabilities: above the share that is right, the model is too sure of itself. */
  readonly meanConfidence: number;
  /** Ten ranges of equal width. */
  readonly bins: readonly CalibrationBin[];
}

const numBins = 10;

/** Collects answers; it keeps sums alone. */
export class CalibrationBuilder {
  readonly #bins = Array.from({ length: numBins }, () => ({ count: 0, confidence: 0, right: 0 }));

  /** Adds one answer. @param confidence Its stated probability, from 0 to 1. */
  add(confidence: number, right: boolean): void {
    const index = Math.min(numBins - 1, Math.max(0, Math.ceil(confidence * numBins) - 1));
    const bin = this.#bins[index];
    bin.count++;
    bin.confidence += confidence;
    if (right) bin.right++;
  }

  /** The figures so far; `null` without answers. */
  build(): Calibration | null {
    let count = 0, distance = 0, confidence = 0;
    for (const bin of this.#bins) {
      count += bin.count;
      confidence += bin.confidence;
      distance += Math.abs(bin.confidence - bin.right);
    }
    if (count === 0) return null;
    return {
      expectedError: distance / count,
      meanConfidence: confidence / count,
      bins: this.#bins.map((bin, i) => ({
        low: i / numBins,
        high: (i + 1) / numBins,
        count: bin.count,
        confidence: bin.count > 0 ? bin.confidence / bin.count : null,
        accuracy: bin.count > 0 ? bin.right / bin.count : null,
      })),
    };
  }
}

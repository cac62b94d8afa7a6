/** Index of the largest value. Of equal values the first one counts. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** How well predictions agree with known classes. */
export interface Evaluation {
  /** Number of examples. */
  readonly examples: number;
  /**
   * Mean cross-entropy, −ln of the probability given to the true class; with several labels a clip,
   * binary cross-entropy, averaged over the classes too.
   */
  readonly loss: number;
  /**
   * Share of examples whose most probable class is the true one; with several labels a clip, share of
   * all pairs of an example and a class that are on the right side of one half.
   */
  readonly accuracy: number;
  /** Mean F1 over the classes that occur; with several labels a clip, of those above one half. */
  readonly macroF1: number;
  /** `confusion[true][predicted]`, in examples; empty with several labels a clip. */
  readonly confusion: readonly (readonly number[])[];
  /** With several labels a clip: average precision of each class; null where no example has it. */
  readonly averagePrecision?: readonly (number | null)[];
  /** With several labels a clip: the mean of `averagePrecision` over the classes that occur. */
  readonly meanAveragePrecision?: number;
}

/** Collects predictions one by one; what it keeps does not grow with their number. */
export class EvaluationBuilder {
  readonly #confusion: number[][];
  #lossSum = 0;

  /** Starts with no examples of `numClasses` classes. */
  constructor(numClasses: number) {
    this.#confusion = Array.from({ length: numClasses }, () => new Array(numClasses).fill(0));
  }

  /** Adds one example. @param probabilities Of every class; they sum to 1. */
  add(trueClass: number, probabilities: ArrayLike<number>): void {
    this.#confusion[trueClass][argmax(probabilities)]++;
    this.#lossSum -= Math.log(Math.max(probabilities[trueClass], 1e-7));
  }

  /** The figures so far; with no examples, loss and accuracy are 0. */
  build(): Evaluation {
    const confusion = this.#confusion.map((row) => [...row]);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const examples = sum(confusion.map(sum));
    const correct = sum(confusion.map((row, i) => row[i]));
    const f1 = confusion
      .map((row, i) => ({ hits: row[i], real: sum(row), said: sum(confusion.map((r) => r[i])) }))
      .filter(({ real }) => real > 0)
      .map(({ hits, real, said }) => 2 * hits / (real + said));
    return {
      examples,
      loss: examples ? this.#lossSum / examples : 0,
      accuracy: examples ? correct / examples : 0,
      macroF1: f1.length ? sum(f1) / f1.length : 0,
      confusion,
    };
  }
}

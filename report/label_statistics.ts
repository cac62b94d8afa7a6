/** What a validation says about a model that gives a clip any number of labels. */
import { averagePrecision, labelLoss, labelThreshold } from "../model/multi_label_metrics.ts";
import { createRandom } from "../pipeline/random.ts";
import { type Calibration, CalibrationBuilder } from "./calibration.ts";
import {
  type ClassFigures,
  type Estimate,
  numResamplings,
  percentileInterval,
  ratio,
} from "./statistics.ts";

/** How well one label is told; a clip is named so where its probability is above one half. */
export interface LabelFigures extends ClassFigures {
  /** Average precision of the ranking by this label's probability; `null` where no clip has it. */
  readonly averagePrecision: number | null;
}

/** All figures of one validation: also what `metrics.json` holds of it. */
export interface LabelSummary {
  /** Clips that count. */
  readonly examples: number;
  /** Clips left out, as a label is unknown or a probability is no number. */
  readonly unusable: number;
  /** Mean of the average precisions of the labels that occur, with a bootstrap interval over clips. */
  readonly meanAveragePrecision: Estimate;
  /** Mean F1 of the labels that occur, with a bootstrap interval over clips. */
  readonly macroF1: Estimate;
  /** Share of all pairs of a clip and a label that are named rightly. */
  readonly accuracy: number;
  /** Mean binary cross-entropy of all pairs. */
  readonly loss: number;
  /** Every label, in the order of the probabilities. */
  readonly perLabel: readonly LabelFigures[];
  /** Whether the probabilities of all pairs can be believed. */
  readonly calibration: Calibration;
}

/** One clip. */
interface Row {
  readonly probabilities: Float32Array;
  readonly truths: Uint8Array;
}

/** Collects what a model said of validation clips: an average precision needs all of it at once. */
export class LabelSummaryBuilder {
  readonly #labels: readonly string[];
  readonly #rows: Row[] = [];
  readonly #calibration = new CalibrationBuilder();
  #unusable = 0;
  #lossSum = 0;
  /** Pairs of a clip and a label that are named rightly. */
  #numRight = 0;

  /** Starts with no clips. @param labels In the order of the probabilities. */
  constructor(labels: readonly string[]) {
    this.#labels = labels;
  }

  /**
   * Adds one clip.
   *
   * @param trueLabels Indices of its labels; a clip with an unknown one (−1) is left out and counted.
   * @param probabilities Of every label, each on its own.
   */
  add(trueLabels: readonly number[], probabilities: Float64Array): void {
    const numLabels = this.#labels.length;
    const known = trueLabels.every((index) => index >= 0 && index < numLabels);
    if (!known || probabilities.length !== numLabels || !probabilities.every(Number.isFinite)) {
      this.#unusable++;
      return;
    }
    const truths = new Uint8Array(numLabels);
    for (const index of trueLabels) truths[index] = 1;
    const row = { probabilities: Float32Array.from(probabilities), truths };
    this.#rows.push(row);
    this.#lossSum += labelLoss(probabilities, truths);
    row.probabilities.forEach((probability, i) => {
      this.#calibration.add(probability, truths[i] === 1);
      if (probability > labelThreshold === (truths[i] === 1)) this.#numRight++;
    });
  }

  /** How many clips were left out so far. */
  get unusable(): number {
    return this.#unusable;
  }

  /** The figures so far; `undefined` without a clip that counts. @param seed Keys the bootstrap. */
  build(seed = 1): LabelSummary | undefined {
    const rows = this.#rows, examples = rows.length;
    if (examples === 0) return undefined;
    const perLabel = this.#labels.map((label, i) => describeLabel(label, i, rows));
    const random = createRandom(seed, "bootstrap");
    const resamplings = numResamplings(examples * perLabel.length);
    const precisions = new Float64Array(resamplings), f1s = new Float64Array(resamplings);
    for (let k = 0; k < resamplings; k++) {
      const drawn = rows.map(() => rows[random.integer(examples)]);
      const figures = this.#labels.map((label, i) => describeLabel(label, i, drawn));
      precisions[k] = meanOverPresent(figures, "averagePrecision");
      f1s[k] = meanOverPresent(figures, "f1");
    }
    return {
      examples,
      unusable: this.#unusable,
      meanAveragePrecision: {
        value: meanOverPresent(perLabel, "averagePrecision"),
        interval: percentileInterval(precisions),
      },
      macroF1: { value: meanOverPresent(perLabel, "f1"), interval: percentileInterval(f1s) },
      accuracy: this.#numRight / (examples * perLabel.length),
      loss: this.#lossSum / examples,
      perLabel,
      calibration: this.#calibration.build(),
    };
  }
}

function describeLabel(label: string, index: number, rows: readonly Row[]): LabelFigures {
  const scores = Float32Array.from(rows, ({ probabilities }) => probabilities[index]);
  const truths = Uint8Array.from(rows, ({ truths }) => truths[index]);
  let support = 0, predicted = 0, hits = 0;
  for (let i = 0; i < rows.length; i++) {
    const named = scores[i] > labelThreshold;
    support += truths[i];
    if (named) predicted++;
    if (named && truths[i]) hits++;
  }
  return {
    label,
    support,
    predicted,
    averagePrecision: support > 0 ? averagePrecision(scores, truths) : null,
    precision: ratio(hits, predicted),
    recall: ratio(hits, support),
    f1: ratio(2 * hits, support + predicted),
  };
}

/** Mean over the labels that occur; 0 where none does. */
function meanOverPresent(
  figures: readonly LabelFigures[],
  name: "averagePrecision" | "f1",
): number {
  const present = figures.filter(({ support }) => support > 0);
  return present.reduce((sum, figure) => sum + figure[name]!, 0) / Math.max(1, present.length);
}

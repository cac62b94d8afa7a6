/** From validation clips to a model's scores, and how good these are on clips that they were not fitted to. */
import { type Calibration, CalibrationBuilder } from "../evaluation/calibration.ts";
import {
  type ClassCounts,
  type ClassFigures,
  createClassCounts,
  describeClasses,
  ratio,
} from "../evaluation/class_figures.ts";
import { binaryCrossEntropy, crossEntropy } from "../evaluation/cross_entropy.ts";
import type { EvaluationTask } from "../evaluation/evaluation.ts";
import { argmax } from "../evaluation/named_classes.ts";
import type { ScoredRow } from "./score_sample.ts";
import type { Scores } from "./scores.ts";
import { fitTemperature, scaleProbabilities } from "./temperature.ts";
import { chooseThresholds } from "./thresholds.ts";

/** What scores are fitted for. */
export interface FitScoresOptions {
  /** Task of the model. */
  readonly task: EvaluationTask;
  /** The classes, in the order of the probabilities. */
  readonly classes: readonly string[];
  /** Those that are never given out. */
  readonly backgroundClasses?: readonly string[];
  /** The precision that thresholds are to reach; without it, they are those of the best F1. */
  readonly precision?: number;
}

/**
 * A model's scores, and figures of them. The figures are cross-fitted: each half of the clips at the temperature
 * and the thresholds of the other half. The clips that scores are fitted to would flatter them.
 */
export interface ScoreFigures {
  /** Fitted to all clips: what the model's card has. */
  readonly scores: Scores;
  /** Classes that are never given out where there is a label for unknown clips: no threshold reaches the precision. */
  readonly unreached: readonly string[];
  /** Calibration at a temperature; of one label a clip, of its most probable class. */
  readonly calibration: Calibration | null;
  /** Mean cross-entropy at a temperature, as an evaluation's `loss`. */
  readonly loss: number | null;
  /** Every class, in the model's order: `predicted` counts the clips that reach its threshold. */
  readonly perClass: readonly ClassFigures[];
  /** Share of the clips with a label that is given out which reach the threshold of any class. */
  readonly kept: number | null;
}

/** Fits temperature and thresholds. @returns nothing where there are no clips. */
export function fitScores(
  rows: readonly ScoredRow[],
  options: FitScoresOptions,
): ScoreFigures | undefined {
  if (rows.length === 0) return undefined;
  const tally = new ScoreTally(options);
  for (const half of [0, 1]) {
    const scores = chooseScores(rows.filter((row) => row.half !== half), options);
    for (const row of rows) if (row.half === half) tally.add(row, scores);
  }
  const scores = chooseScores(rows, options), { classes, backgroundClasses = [] } = options;
  const unreached = classes.filter((name, k) =>
    scores.thresholds[k] === null && !backgroundClasses.includes(name)
  );
  return { scores, unreached, ...tally.build() };
}

function chooseScores(rows: readonly ScoredRow[], options: FitScoresOptions): Scores {
  const { task, classes, precision } = options;
  const temperature = fitTemperature(rows, task);
  const scaled = rows.map(({ probabilities }) =>
    scaleProbabilities(probabilities, temperature, task)
  );
  const choices = { precision, background: backgroundOf(options) };
  return {
    temperature,
    thresholds: chooseThresholds(rows, scaled, classes.length, choices),
    precision: precision ?? null,
  };
}

function backgroundOf({ classes, backgroundClasses = [] }: FitScoresOptions): number[] {
  return backgroundClasses.map((name) => classes.indexOf(name));
}

/** Counts what scores say of clips. */
class ScoreTally {
  readonly #options: FitScoresOptions;
  readonly #background: readonly number[];
  readonly #calibration = new CalibrationBuilder();
  readonly #counts: ClassCounts;
  #lossSum = 0;
  #numLosses = 0;
  #numGivenOut = 0;
  #numKept = 0;

  constructor(options: FitScoresOptions) {
    this.#options = options;
    this.#background = backgroundOf(options);
    this.#counts = createClassCounts(options.classes.length);
  }

  add({ probabilities, truths }: ScoredRow, { temperature, thresholds }: Scores): void {
    const { task } = this.#options, { support, predicted, hits } = this.#counts;
    const scaled = scaleProbabilities(probabilities, temperature, task);
    this.#addProbabilities(scaled, truths);
    let isGivenOut = false, isKept = false;
    truths.forEach((truth, k) => {
      const threshold = thresholds[k], isNamed = threshold !== null && scaled[k] >= threshold;
      if (truth && !this.#background.includes(k)) isGivenOut = true;
      if (isNamed) isKept = true;
      support[k] += truth;
      if (isNamed) predicted[k]++;
      if (isNamed && truth) hits[k]++;
    });
    if (isGivenOut) this.#numGivenOut++;
    if (isGivenOut && isKept) this.#numKept++;
  }

  #addProbabilities(scaled: Float64Array, truths: Uint8Array): void {
    if (this.#options.task === "several-labels") {
      scaled.forEach((probability, k) => this.#calibration.add(probability, truths[k] === 1));
      this.#addLoss(binaryCrossEntropy(scaled, truths));
      return;
    }
    const named = argmax(scaled), truth = truths.indexOf(1);
    this.#calibration.add(scaled[named], named === truth);
    if (truth >= 0) this.#addLoss(crossEntropy(scaled[truth]));
  }

  #addLoss(loss: number): void {
    this.#lossSum += loss;
    this.#numLosses++;
  }

  build(): Omit<ScoreFigures, "scores" | "unreached"> {
    return {
      calibration: this.#calibration.build(),
      loss: ratio(this.#lossSum, this.#numLosses),
      perClass: describeClasses(this.#options.classes, this.#counts),
      kept: ratio(this.#numKept, this.#numGivenOut),
    };
  }
}

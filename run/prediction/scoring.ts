import { createEvaluator } from "../../model/evaluation/create_evaluator.ts";
import type { Evaluation, EvaluationTask } from "../../model/evaluation/evaluation.ts";
import type { EvaluatedRow, Evaluator } from "../../model/evaluation/evaluator.ts";
import { type UnknownFigures, UnknownTally } from "../../model/evaluation/unknown_figures.ts";

/** By what a prediction is scored, beside its rows: plain data, so that it can be done later. */
export interface ScoringCard {
  /** One label a clip, or several. */
  readonly task: EvaluationTask;
  /** The classes, in the order of the probabilities. */
  readonly classes: readonly string[];
  /** The label for unknown clips, where there is one, and those that the model gives out. */
  readonly unknown?: { readonly name: string; readonly labels: readonly string[] };
}

/** A row, and the labels that it was given. */
export interface ScoredRow extends EvaluatedRow {
  /** See `Decision.labelsOf`. */
  readonly given: readonly string[];
}

/** What a prediction is worth over the recordings whose labels are known. */
export interface LabelFigures {
  /** Figures, of the probabilities as they are stated. */
  readonly evaluation: Evaluation;
  /** What became of them by the label for unknown clips, where there is one. */
  readonly unknown?: UnknownFigures;
}

/** Scores a prediction, row by row. */
export class Scoring {
  readonly #evaluator: Evaluator;
  readonly #tally: UnknownTally | undefined;

  /** Starts without a row. */
  constructor({ task, classes, unknown }: ScoringCard) {
    this.#evaluator = createEvaluator({ task, classes });
    this.#tally = unknown && new UnknownTally(unknown.labels, unknown.name);
  }

  /** Adds a row. */
  add(row: ScoredRow): void {
    this.#evaluator.add(row);
    this.#tally?.add(row.labels, row.given);
  }

  /** The figures so far. */
  build(): LabelFigures {
    return { evaluation: this.#evaluator.build(), unknown: this.#tally?.build() };
  }
}

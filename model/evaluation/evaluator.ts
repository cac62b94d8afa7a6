import type { Evaluation } from "./evaluation.ts";

/** One clip with what is true of it and what a model says of it. */
export interface EvaluatedRow {
  /** The clip's id. */
  readonly id: string;
  /** Its labels, those included that are none of the model's classes; empty for a clip that has none. */
  readonly labels: readonly string[];
  /** The group, such as the speaker, whose clips are alike. */
  readonly group?: string;
  /** Probabilities of the classes. */
  readonly probabilities: ArrayLike<number>;
}

/** Sees every clip once and says how good a model's answers are. */
export interface Evaluator {
  /** Adds one clip. */
  add(row: EvaluatedRow): void;
  /** The figures so far. */
  build(): Evaluation;
}

/** Choices of an evaluator. */
export interface EvaluatorOptions {
  /** The classes, in the order of the probabilities. */
  readonly classes: readonly string[];
  /** Most mistakes to rank. @default {50} */
  readonly mostMistakes?: number;
  /** Keys the bootstrap's draws: the same seed and clips give the same intervals. @default {1} */
  readonly seed?: number;
}

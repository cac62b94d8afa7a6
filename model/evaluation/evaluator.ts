import type { Evaluation, EvaluationTask } from "./evaluation.ts";
import { OneLabelEvaluator } from "./one_label_evaluator.ts";
import { SeveralLabelsEvaluator } from "./several_labels_evaluator.ts";

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

/**
 * An evaluator of a task. For one label a clip it keeps counts alone, and of clips in groups also a
 * number each; for several labels it keeps five bytes a clip and class, as an average precision needs
 * all scores at once.
 */
export function createEvaluator(
  { task, ...options }: EvaluatorOptions & { readonly task: EvaluationTask },
): Evaluator {
  return task === "one-label"
    ? new OneLabelEvaluator(options)
    : new SeveralLabelsEvaluator(options);
}

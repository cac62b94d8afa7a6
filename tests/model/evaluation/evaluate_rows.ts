/** Evaluations of made-up rows, and of one task for certain. */
import { assert } from "@std/assert";
import type {
  Evaluation,
  OneLabelEvaluation,
  SeveralLabelsEvaluation,
} from "../../../model/evaluation/evaluation.ts";
import { createEvaluator } from "../../../model/evaluation/create_evaluator.ts";
import type { EvaluatedRow } from "../../../model/evaluation/evaluator.ts";

/** Names of the first few classes. */
export const abc = ["a", "b", "c", "d"];

/** Evaluates rows of one label a clip. */
export function evaluateOne(
  rows: Iterable<Omit<EvaluatedRow, "id"> & { readonly id?: string }>,
  classes: readonly string[] = abc,
): OneLabelEvaluation {
  const evaluator = createEvaluator({ task: "one-label", classes });
  for (const row of rows) evaluator.add({ id: "", ...row });
  return oneLabel(evaluator.build());
}

/** Evaluates rows of several labels a clip. */
export function evaluateSeveral(
  rows: Iterable<Omit<EvaluatedRow, "id"> & { readonly id?: string }>,
  classes: readonly string[] = abc,
): SeveralLabelsEvaluation {
  const evaluator = createEvaluator({ task: "several-labels", classes });
  for (const row of rows) evaluator.add({ id: "", ...row });
  return severalLabels(evaluator.build());
}

/** A row of the class `truth` that is named `said`, 80 % sure. */
export function outcome(
  truth: number,
  said: number,
  numClasses: number,
  group?: string,
): Omit<EvaluatedRow, "id"> {
  const probabilities = Array.from(
    { length: numClasses },
    (_, i) => i === said ? 0.8 : 0.2 / (numClasses - 1),
  );
  return { labels: [abc[truth] ?? `class ${truth}`], probabilities, group };
}

/** The evaluation, which must be one of one label a clip. */
export function oneLabel(evaluation: Evaluation): OneLabelEvaluation {
  assert(evaluation.task === "one-label");
  return evaluation;
}

/** The evaluation, which must be one of several labels a clip. */
export function severalLabels(evaluation: Evaluation): SeveralLabelsEvaluation {
  assert(evaluation.task === "several-labels");
  return evaluation;
}

/** Asserts that a figure was measured, and is this one. */
export function close(
  actual: number | null | undefined,
  expected: number,
  tolerance = 1e-12,
): void {
  assert(
    typeof actual === "number" && Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected}`,
  );
}

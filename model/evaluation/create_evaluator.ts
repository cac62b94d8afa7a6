import type { EvaluationTask } from "./evaluation.ts";
import type { Evaluator, EvaluatorOptions } from "./evaluator.ts";
import { OneLabelEvaluator } from "./one_label_evaluator.ts";
import { SeveralLabelsEvaluator } from "./several_labels_evaluator.ts";

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

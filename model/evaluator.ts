import { argmax, type Evaluation, EvaluationBuilder } from "./metrics.ts";
import { labelThreshold, MultiLabelEvaluationBuilder } from "./multi_label_metrics.ts";
import type { NetworkOutput } from "./network.ts";

/** Collects predictions and says how good they are, for models of either kind. */
export interface Evaluator {
  /** Adds one example. @param trueClasses One class, or any number of them for `sigmoid`. */
  add(trueClasses: readonly number[], probabilities: ArrayLike<number>): void;
  /** The figures so far. */
  build(): Evaluation;
}

/** An evaluator for a network's outputs. */
export function createEvaluator({ activation, numClasses }: NetworkOutput): Evaluator {
  if (activation === "sigmoid") return new MultiLabelEvaluationBuilder(numClasses);
  const builder = new EvaluationBuilder(numClasses);
  return {
    add: ([trueClass], probabilities) => builder.add(trueClass, probabilities),
    build: () => builder.build(),
  };
}

/** What the better of two models has more of: mean average precision, or accuracy. */
export function scoreOf(evaluation: Evaluation): number {
  return evaluation.meanAveragePrecision ?? evaluation.accuracy;
}

/**
 * The classes that an answer names: the most probable one (softmax), or all above one half and, where
 * none is, the most probable one (sigmoid).
 */
export function namedClasses(
  probabilities: ArrayLike<number>,
  activation: NetworkOutput["activation"],
): number[] {
  const above = activation === "softmax" ? [] : Array.from(
    { length: probabilities.length },
    (_, i) => i,
  ).filter((i) => probabilities[i] > labelThreshold);
  return above.length > 0 ? above : [argmax(probabilities)];
}

import type { EvaluationTask } from "./evaluation.ts";

/** Above this probability a clip of several labels is said to have one. */
export const labelThreshold = 0.5;

/** Index of the largest value. Of equal values the first one counts. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** Indices of the classes that figures take for named: the most probable one, or all above one half. */
export function namedClasses(probabilities: ArrayLike<number>, task: EvaluationTask): number[] {
  if (task === "one-label") return [argmax(probabilities)];
  const above: number[] = [];
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] > labelThreshold) above.push(i);
  }
  return above;
}

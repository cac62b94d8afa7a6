/**
 * Temperature scaling (Guo et al. 2017, «On Calibration of Modern Neural Networks»): logits are divided by one
 * number, so that the stated probabilities become the true ones and their order stays. Logits are taken from
 * the probabilities, ln p, or ln p − ln(1 − p) for several labels a clip. So it works on whatever a model
 * answers with, the mean over shifted looks and over the models of a cross-validation included: the mean is
 * scaled, not its parts, which would change labels.
 */
import type { EvaluationTask } from "../evaluation/evaluation.ts";
import type { ScoredRow } from "./score_sample.ts";

/** The lowest and the highest temperature that is fitted or read. */
export const temperatureLimits = { min: 0.05, max: 20 } as const;

/** What 0 counts as, so that its logit is finite: less than any other float32. */
export const smallestProbability = 2 ** -150;
/** The same for 1 − p. */
export const smallestRest = 2 ** -25;
/** Halvings of the range of ln T: enough for five digits. */
const numHalvings = 20;

/**
 * The probabilities at a temperature: above 1 less sure, below 1 surer. In double precision, so that no two
 * that differ become equal; 1 leaves them as they are.
 */
export function scaleProbabilities(
  probabilities: ArrayLike<number>,
  temperature: number,
  task: EvaluationTask,
): Float64Array {
  if (temperature === 1) return Float64Array.from(probabilities);
  const logits = logitsOf(probabilities, task);
  return spread(logits, 1 / temperature, task, logits);
}

/**
 * The temperature at which the mean cross-entropy is least; for several labels a clip, that of all pairs of a
 * clip and a class. It is convex in 1 / T, so halving finds its minimum. One more clip of which nothing is
 * known is thought spread over them, as in Laplace's rule: clips that are all named rightly, or few of them,
 * do not make the model sure beyond what they show.
 *
 * @returns within `temperatureLimits`; 1 where no clip tells anything.
 */
export function fitTemperature(rows: readonly ScoredRow[], task: EvaluationTask): number {
  const usable = task === "one-label" ? rows.filter(({ truths }) => truths.includes(1)) : rows;
  const logits = usable.map(({ probabilities }) => logitsOf(probabilities, task));
  const slope = (inverse: number) => slopeAt(inverse, usable, logits, task);
  let low = Math.log(1 / temperatureLimits.max), high = Math.log(1 / temperatureLimits.min);
  const [atLow, atHigh] = [low, high].map((end) => slope(Math.exp(end)));
  if (!(atLow < atHigh)) return 1;
  if (atLow >= 0) return temperatureLimits.max;
  if (atHigh <= 0) return temperatureLimits.min;
  for (let i = 0; i < numHalvings; i++) {
    const middle = (low + high) / 2;
    if (slope(Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/** Derivative of the summed cross-entropy by 1 / T: Σ (p − target) · logit. */
function slopeAt(
  inverse: number,
  rows: readonly ScoredRow[],
  logits: readonly Float64Array[],
  task: EvaluationTask,
): number {
  const numClasses = logits[0]?.length ?? 0;
  const numTerms = task === "one-label" ? rows.length : rows.length * numClasses;
  const unknown = 1 / (numTerms + 1); // share of a target of which nothing is known
  const base = unknown / (task === "one-label" ? numClasses : 2);
  const scaled = new Float64Array(numClasses);
  let sum = 0;
  for (const [i, { truths }] of rows.entries()) {
    spread(logits[i], inverse, task, scaled);
    for (let k = 0; k < numClasses; k++) {
      sum += (scaled[k] - base - (1 - unknown) * truths[k]) * logits[i][k];
    }
  }
  return sum;
}

function logitsOf(probabilities: ArrayLike<number>, task: EvaluationTask): Float64Array {
  return Float64Array.from(probabilities, (p) => {
    const logit = Math.log(Math.max(p, smallestProbability));
    return task === "one-label" ? logit : logit - Math.log(Math.max(1 - p, smallestRest));
  });
}

/** Softmax, or the logistic function of each, of the logits times a factor. @param out May be `logits`. */
function spread(
  logits: Float64Array,
  factor: number,
  task: EvaluationTask,
  out: Float64Array,
): Float64Array {
  if (task === "several-labels") {
    for (let k = 0; k < out.length; k++) out[k] = 1 / (1 + Math.exp(-factor * logits[k]));
    return out;
  }
  let highest = -Infinity, sum = 0;
  for (let k = 0; k < out.length; k++) highest = Math.max(highest, logits[k]);
  for (let k = 0; k < out.length; k++) sum += out[k] = Math.exp(factor * (logits[k] - highest));
  for (let k = 0; k < out.length; k++) out[k] /= sum;
  return out;
}

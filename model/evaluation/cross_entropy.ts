/** Probabilities below this one count as it, so that the loss of a sure mistake is finite. */
const smallest = 1e-7;

/** Cross-entropy of one example: −ln of the probability given to its class, in nats. */
export function crossEntropy(probability: number): number {
  return -Math.log(Math.max(probability, smallest));
}

/**
 * Binary cross-entropy of one example: the mean over its classes, each in nats.
 *
 * @param truths Which classes it has: not 0.
 */
export function binaryCrossEntropy(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    sum += crossEntropy(truths[i] ? probabilities[i] : 1 - probabilities[i]);
  }
  return sum / probabilities.length;
}

import { createRandom } from "../../pipeline/random.ts";
import { type Interval, intervalAround } from "./interval.ts";
import { numResamplings } from "./resample.ts";

/** How much better the second of two models is, on the clips that both were asked about. */
export interface PairedDifference {
  /** The difference of the two accuracies: above 0 the second is better. */
  readonly value: number;
  /** Its 95 % interval; `null` where all clips are alike. */
  readonly interval: Interval | null;
  /** The clips. */
  readonly examples: number;
}

/**
 * The difference of two models' accuracies with a bootstrap interval over the clips in common. It is
 * narrower than the two models' own intervals suggest, since an easy clip is easy for both.
 *
 * @param first Which clips it named rightly, by their ids; `second` likewise.
 * @returns `undefined` without a clip in common.
 */
export function pairedDifference(
  first: ReadonlyMap<string, boolean>,
  second: ReadonlyMap<string, boolean>,
  seed = 1,
): PairedDifference | undefined {
  const gains: number[] = [];
  for (const [clip, right] of second) {
    const before = first.get(clip);
    if (before !== undefined) gains.push(Number(right) - Number(before));
  }
  const examples = gains.length;
  if (examples === 0) return undefined;
  const random = createRandom(seed, "paired bootstrap");
  const differences = new Float64Array(numResamplings(examples));
  for (let k = 0; k < differences.length; k++) {
    let total = 0;
    for (let i = 0; i < examples; i++) total += gains[random.integer(examples)];
    differences[k] = total / examples;
  }
  const value = gains.reduce((a, b) => a + b) / examples;
  return {
    value,
    interval: intervalAround(value, differences, { low: -1, high: 1 }),
    examples,
  };
}

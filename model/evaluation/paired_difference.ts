import { createRandom, type Random } from "../../pipeline/random.ts";
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

/** Which clips a model named rightly, by their ids. */
export type Outcomes = ReadonlyMap<string, boolean>;

/**
 * The difference of two models' accuracies with a bootstrap interval over the clips in common. It is
 * narrower than the two models' own intervals suggest, since an easy clip is easy for both.
 *
 * Several models, of one recipe and other seeds, are compared by their mean accuracies. Each resampling then
 * draws them as well as the clips (the pigeonhole bootstrap of Owen 2007, whose interval is rather too wide
 * than too narrow), so that the interval says how far another training, too, could move the difference.
 *
 * @param first What the model that is compared with named rightly, or each of several; `second` likewise.
 * @returns `undefined` without a clip in common.
 */
export function pairedDifference(
  first: Outcomes | readonly Outcomes[],
  second: Outcomes | readonly Outcomes[],
  seed = 1,
): PairedDifference | undefined {
  const before = listOf(first), after = listOf(second), all = [...after, ...before];
  const clips = [...after[0].keys()].filter((clip) => all.every((model) => model.has(clip)));
  const examples = clips.length;
  if (examples === 0) return undefined;
  const rightOf = (models: readonly Outcomes[]) =>
    models.map((model) => Uint8Array.from(clips, (clip) => Number(model.get(clip))));
  const rightBefore = rightOf(before), rightAfter = rightOf(after);
  /** The gain of each clip, of models of these weights. */
  const gains = new Float64Array(examples);
  const weigh = (weightsBefore: readonly number[], weightsAfter: readonly number[]) => {
    gains.fill(0);
    rightAfter.forEach((right, m) => right.forEach((x, i) => gains[i] += weightsAfter[m] * x));
    rightBefore.forEach((right, m) => right.forEach((x, i) => gains[i] -= weightsBefore[m] * x));
  };
  weigh(before.map(() => 1 / before.length), after.map(() => 1 / after.length));
  const value = gains.reduce((a, b) => a + b) / examples;
  const random = createRandom(seed, "paired bootstrap"), isOfSeveral = all.length > 2;
  const differences = new Float64Array(numResamplings(examples));
  for (let k = 0; k < differences.length; k++) {
    if (isOfSeveral) weigh(drawWeights(before.length, random), drawWeights(after.length, random));
    let total = 0;
    for (let i = 0; i < examples; i++) total += gains[random.integer(examples)];
    differences[k] = total / examples;
  }
  return {
    value,
    interval: intervalAround(value, differences, { low: -1, high: 1 }),
    examples,
  };
}

function listOf(outcomes: Outcomes | readonly Outcomes[]): readonly Outcomes[] {
  return outcomes instanceof Map ? [outcomes] : outcomes as readonly Outcomes[];
}

/** Shares of models of which as many were drawn with replacement as there are. */
function drawWeights(count: number, random: Random): number[] {
  const weights = new Array<number>(count).fill(0);
  for (let i = 0; i < count; i++) weights[random.integer(count)] += 1 / count;
  return weights;
}

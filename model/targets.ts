import type { Clip } from "../pipeline/clip.ts";
import type { FeatureRequest } from "../pipeline/requests.ts";
import type { Random } from "../pipeline/random.ts";
import type { NetworkOutput } from "./network.ts";

/**
 * Soft labels (Szegedy et al. 2016, and PyTorch's `label_smoothing`): 1 − smoothing on each class of
 * an example, plus smoothing spread evenly over what the output chooses among: all classes (softmax),
 * or, for each class, yes and no (sigmoid).
 *
 * @param classes The class indices of every example; one each for softmax.
 * @returns `[classes.length, numClasses]`, row-major; for softmax each row sums to 1.
 */
export function smoothTargets(
  classes: readonly (readonly number[])[],
  { numClasses, activation }: NetworkOutput,
  smoothing: number,
): Float32Array {
  const floor = smoothing / (activation === "softmax" ? numClasses : 2);
  const targets = new Float32Array(classes.length * numClasses).fill(floor);
  classes.forEach((indices, example) => {
    for (const index of indices) targets[example * numClasses + index] += 1 - smoothing;
  });
  return targets;
}

/**
 * Soft labels of what was asked for: those of a clip by `smoothTargets`, and of a mix of two clips those of
 * both, in the ratio in which they are heard (Tokozume et al. 2018).
 *
 * @param classes The classes, in the order of the outputs: every label is one of them.
 * @returns `[requests.length, numClasses]`, row-major.
 */
export function targetsOf(
  requests: readonly FeatureRequest[],
  classes: ReadonlyMap<string, number>,
  output: NetworkOutput,
  smoothing: number,
): Float32Array {
  const of = (clips: readonly Clip[]) => {
    const indices = clips.map(({ labels }) => labels!.map((label) => classes.get(label)!));
    return smoothTargets(indices, output, smoothing);
  };
  const targets = of(requests.map(({ clip }) => clip)), { numClasses } = output;
  requests.forEach(({ mix }, example) => {
    if (!mix) return;
    const own = targets.subarray(example * numClasses, (example + 1) * numClasses);
    of([mix.clip]).forEach((other, i) => own[i] = mix.ratio * own[i] + (1 - mix.ratio) * other);
  });
  return targets;
}

/**
 * MixUp (Zhang et al. 2018) in place: every example becomes λ·itself + (1 − λ)·a partner, inputs and
 * targets alike, with one λ from Beta(α, α) for the batch and the partners from one shuffled circle.
 *
 * @param inputs `[batch, cells]`, changed in place.
 * @param targets `[batch, numClasses]`, changed in place.
 * @param alpha Above 0; 0.2 mixes most batches only lightly.
 * @returns λ, at least 0.5, so that an example keeps the larger share of itself.
 */
export function mixUp(
  inputs: Float32Array,
  targets: Float32Array,
  batch: number,
  alpha: number,
  random: Random,
): number {
  const drawn = betaDraw(alpha, random);
  const lambda = Math.max(drawn, 1 - drawn);
  // A circle through all examples: each has one partner that is not itself, and in-place mixing
  // needs a copy of the first example alone, since each partner is read before it is changed.
  const circle = Array.from({ length: batch }, (_, i) => i);
  for (let i = batch - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [circle[i], circle[j]] = [circle[j], circle[i]];
  }
  for (const values of [inputs, targets]) {
    const width = values.length / batch;
    const row = (i: number) => values.subarray(i * width, (i + 1) * width);
    const first = row(circle[0]).slice();
    circle.forEach((example, place) => {
      const partner = place + 1 < batch ? row(circle[place + 1]) : first;
      const own = row(example);
      for (let k = 0; k < width; k++) own[k] = lambda * own[k] + (1 - lambda) * partner[k];
    });
  }
  return lambda;
}

/** A draw from Beta(α, α): the share of one of two Gamma(α) draws. */
function betaDraw(alpha: number, random: Random): number {
  const a = gammaDraw(alpha, random), b = gammaDraw(alpha, random);
  return a + b > 0 ? a / (a + b) : 0.5; // both may underflow where α is tiny
}

/** A draw from Gamma(α, 1) by Marsaglia & Tsang (2000), with their boost for α below 1. */
function gammaDraw(alpha: number, random: Random): number {
  if (alpha < 1) return gammaDraw(alpha + 1, random) * (1 - random.next()) ** (1 / alpha);
  const d = alpha - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal(), v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < x * x / 2 + d - d * v + d * Math.log(v)) {
      return d * v;
    }
  }
}

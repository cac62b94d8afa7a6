/** Gaussian noise, convolution and decibels. */
import { assert, assertNotEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { loadDsp } from "../../../pipeline/dsp/dsp.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { noise } from "./signals.ts";

const dsp = await loadDsp();

function drawNoise(seed: number, length: number): Float32Array {
  const out = new Float32Array(length);
  dsp.gaussianNoise(seed, out);
  return out;
}

function mean(values: Float32Array, of: (x: number) => number): number {
  return values.reduce((sum, x) => sum + of(x), 0) / values.length;
}

Deno.test("Gaussian noise has the normal distribution's moments and shares", () => {
  const length = 200_000;
  // The radius and the angle of Box and Muller give fours of cosines and fours of sines in turn.
  for (const [seed, parity] of [[0, 0], [0, 1], [1, 0], [0xffffffff, 1]]) {
    const values = drawNoise(seed, 2 * length).filter((_, i) => (i >> 2) % 2 === parity);
    const error = 5 / Math.sqrt(length); // five standard errors of a mean of variance 1
    assert(Math.abs(mean(values, (x) => x)) < error, "mean");
    assert(Math.abs(mean(values, (x) => x * x) - 1) < error * Math.sqrt(2), "variance");
    assert(Math.abs(mean(values, (x) => x ** 3)) < error * Math.sqrt(15), "skewness");
    assert(Math.abs(mean(values, (x) => x ** 4) - 3) < error * Math.sqrt(96), "kurtosis");
    for (const [below, share] of [[-2, 0.02275], [-1, 0.15866], [0.5, 0.69146], [3, 0.99865]]) {
      const seen = mean(values, (x) => x < below ? 1 : 0);
      assert(Math.abs(seen - share) < error / 2, `${seen} of all lie below ${below}`);
    }
  }
});

Deno.test("Gaussian noise is white: neighbours and other seeds' values are not correlated", () => {
  const length = 200_000, values = drawNoise(7, length), others = drawNoise(8, length);
  const bound = 5 / Math.sqrt(length);
  for (const lag of [1, 2, 3, 4, 5, 7, 8, 16, 512]) {
    let sum = 0;
    for (let i = lag; i < length; i++) sum += values[i] * values[i - lag];
    assert(Math.abs(sum / length) < bound, `lag ${lag}: ${sum / length}`);
  }
  let sum = 0;
  for (let i = 0; i < length; i++) sum += values[i] * others[i];
  assert(Math.abs(sum / length) < bound, `other seed: ${sum / length}`);
});

Deno.test("Gaussian noise: number i depends on the seed and on i alone", () => {
  const long = drawNoise(42, 1000);
  for (const length of [0, 1, 7, 8, 9, 999]) {
    assertSameBits(drawNoise(42, length), long.slice(0, length));
  }
  assertNotEquals(drawNoise(43, 1000), long);
});

/** By the definition. */
function convolveSlowly(a: Float32Array, b: Float32Array): Float64Array {
  const sum = new Float64Array(a.length + b.length - 1);
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) sum[i + j] += a[i] * b[j];
  return sum;
}

Deno.test("convolution equals its definition for any two lengths", () => {
  const length = fc.integer({ min: 1, max: 3000 });
  fc.assert(
    fc.property(length, length, (lengthA, lengthB) => {
      const a = noise(lengthA, 3), b = noise(lengthB, 4);
      const actual = dsp.convolve(a, b), expected = convolveSlowly(a, b);
      assertStrictEquals(actual.length, expected.length);
      actual.forEach((x, i) => assert(Math.abs(x - expected[i]) < 1e-4, `sample ${i}`));
    }),
    { numRuns: 25, seed: 1, examples: [[1, 1], [1, 3000], [3000, 1], [61, 4], [64, 61]] },
  );
  assertStrictEquals(dsp.convolve(noise(5), new Float32Array(0)).length, 0);
  assertStrictEquals(dsp.convolve(new Float32Array(0), noise(5)).length, 0);
});

Deno.test("decibels become amplitudes", () => {
  for (const [decibels, amplitude] of [[0, 1], [20, 10], [-60, 0.001], [6, 1.9952623149688797]]) {
    assert(Math.abs(dsp.decibelsToAmplitude(decibels) / amplitude - 1) < 1e-15);
  }
});

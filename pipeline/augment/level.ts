import type { Dsp } from "../dsp/dsp.ts";

/** Mean of the squared samples; 0 for no samples. */
export function meanSquare(samples: Float32Array): number {
  // Four sums, so that no addition waits for the one before; always in the same order.
  let a = 0, b = 0, c = 0, d = 0, i = 0;
  for (; i + 3 < samples.length; i += 4) {
    a += samples[i] * samples[i];
    b += samples[i + 1] * samples[i + 1];
    c += samples[i + 2] * samples[i + 2];
    d += samples[i + 3] * samples[i + 3];
  }
  for (; i < samples.length; i++) a += samples[i] * samples[i];
  return samples.length === 0 ? 0 : (a + b + (c + d)) / samples.length;
}

/**
 * Adds a signal to noise of the same length, at a ratio of their powers over the whole clip.
 *
 * @param noise Is overwritten with the result, and returned: a clip's worth of memory less to touch.
 * @returns The signal alone where one of both is silent, as no ratio is then possible.
 */
export function mixIntoNoise(
  noise: Float32Array,
  signal: Float32Array,
  snrDb: number,
  dsp: Dsp,
): Float32Array {
  const noisePower = meanSquare(noise);
  const gain = noisePower === 0
    ? 0
    : Math.sqrt(meanSquare(signal) / noisePower) * dsp.decibelsToAmplitude(-snrDb);
  for (let i = 0; i < noise.length; i++) noise[i] = signal[i] + gain * noise[i];
  return noise;
}

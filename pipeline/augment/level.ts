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
 * Adds noise to a signal of the same length, at a ratio of their powers over the whole clip.
 *
 * @returns New samples; equal to the signal's where one of both is silent, as no ratio is then possible.
 */
export function mixAtSnr(
  signal: Float32Array,
  noise: Float32Array,
  snrDb: number,
  dsp: Dsp,
): Float32Array {
  const mixed = signal.slice(), noisePower = meanSquare(noise);
  if (noisePower === 0) return mixed;
  const gain = Math.sqrt(meanSquare(signal) / noisePower) * dsp.decibelsToAmplitude(-snrDb);
  for (let i = 0; i < mixed.length; i++) mixed[i] += gain * noise[i];
  return mixed;
}

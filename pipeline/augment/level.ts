import type { Dsp } from "../dsp/dsp.ts";

/** Mean of the squared samples; 0 for no samples. */
export function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] * samples[i];
  return samples.length === 0 ? 0 : sum / samples.length;
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

import type { Dsp } from "./dsp/dsp.ts";
import { fitLength } from "./fit_length.ts";
import { clipSamples, type FrontEnd, numFrames } from "./front_end.ts";
import { createRandom } from "./random.ts";

/**
 * A sound that is the same everywhere, for comparing two front ends: a triangle wave that rises from
 * 20 Hz to a quarter of the sample rate over a little noise. Sums and products of doubles alone, so that
 * every machine and browser makes the same bits.
 *
 * @returns `[clipSamples(frontEnd)]`, in [−1, 1].
 */
export function createGoldenSignal(frontEnd: FrontEnd): Float32Array {
  const samples = new Float32Array(clipSamples(frontEnd));
  const random = createRandom("golden signal");
  let cycle = 0;
  for (let i = 0; i < samples.length; i++) {
    const triangle = 4 * Math.abs(cycle - 0.5) - 1;
    samples[i] = 0.5 * triangle + 0.01 * (random.next() - 0.5);
    cycle += 20 / frontEnd.sampleRateHz + 0.25 * i / samples.length;
    cycle -= Math.floor(cycle);
  }
  return samples;
}

/** The rate of the golden signal: that of many recordings, and resampling is part of the features. */
export const goldenHz = 48000;

/**
 * Features of the golden signal, `[melBands, numFrames]`: resampled from 48 kHz and analysed by this
 * thread's kernels.
 */
export function createGoldenFeatures(frontEnd: FrontEnd, dsp: Dsp): Float32Array {
  const signal = createGoldenSignal({ ...frontEnd, sampleRateHz: goldenHz });
  const resampled = dsp.resample(signal, goldenHz, frontEnd.sampleRateHz);
  const features = new Float32Array(frontEnd.melBands * numFrames(frontEnd));
  dsp.createLogMel(frontEnd).compute(fitLength(resampled, clipSamples(frontEnd)), features);
  return features;
}

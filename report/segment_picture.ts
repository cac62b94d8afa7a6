/** The picture of a segment: its mel spectrogram at its own rate, however long it is. */
import type { Dsp } from "../pipeline/dsp/dsp.ts";
import { clipSamples, type FrontEnd, numFrames, resolveFrontEnd } from "../pipeline/front_end.ts";
import { spectrogramPng } from "./clip_figures.ts";
import { formatHz } from "./format.ts";
import { bandOf, tickFrequencies } from "./mel_axis.ts";

/** Window of the spectrogram, in seconds, before it is made a power of two of samples. */
const windowSeconds = 0.046;
/** Frames that a picture has at the most, about. */
const mostFrames = 800;

/**
 * Draws a segment.
 *
 * @param samples The whole of it, mono, at `sampleRateHz`.
 * @returns A PNG file.
 * @throws {RangeError} where its rate is none that features are made at, or a sample is not finite.
 */
export function drawSegment(samples: Float32Array, sampleRateHz: number, dsp: Dsp): Uint8Array {
  // Whole seconds, as tables are laid down for good for every length.
  const seconds = Math.max(1, Math.ceil(samples.length / sampleRateHz));
  const frontEnd = pictureFrontEnd(sampleRateHz, seconds), { melBands, hopSamples } = frontEnd;
  const padded = new Float32Array(clipSamples(frontEnd));
  padded.set(samples);
  const features = new Float32Array(melBands * numFrames(frontEnd));
  dsp.createLogMel(frontEnd).compute(padded, features);
  return spectrogramPng(features, frontEnd, 1 + Math.floor(samples.length / hopSamples));
}

/** Marks of a picture's axis of frequency, from low to high: what each says, and its height from 0 to 1. */
export function frequencyMarks(sampleRateHz: number): { name: string; height: number }[] {
  const frontEnd = pictureFrontEnd(sampleRateHz, 1);
  return tickFrequencies(frontEnd).map((hz) => ({
    name: formatHz(hz),
    height: (bandOf(hz, frontEnd) + 0.5) / frontEnd.melBands,
  }));
}

function pictureFrontEnd(sampleRateHz: number, durationSeconds: number): FrontEnd {
  const fftSize = Math.max(64, 2 ** Math.round(Math.log2(windowSeconds * sampleRateHz)));
  const hop = Math.ceil(durationSeconds * sampleRateHz / mostFrames);
  return resolveFrontEnd({
    sampleRateHz,
    durationSeconds,
    fftSize,
    hopSamples: Math.min(fftSize, Math.max(Math.floor(fftSize / 8), hop)),
    melBands: Math.min(128, fftSize / 2),
  });
}

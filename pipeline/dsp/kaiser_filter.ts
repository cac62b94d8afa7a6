/**
 * Filters windowed after Kaiser ("Nonrecursive digital filter design using the I0-sinh window function",
 * 1974): how long libsoxr makes them, and their responses. Length and beta are linear in the
 * attenuation; the constants are fitted to the filters that libsoxr prints where `SOXR_TRACE` is set.
 */
import type { Kernels } from "./kernels.ts";

/** A filter's cutoff (of the Nyquist frequency of the rate it works at), half width (in samples there) and beta. */
export interface FilterShape {
  readonly cutoff: number;
  readonly halfWidth: number;
  readonly beta: number;
}

/** Kaiser's beta of a sharp filter; his formula has 0.1102·(dB − 8.7). */
export function sharpBeta(attenuationDb: number): number {
  return 0.1116 * (attenuationDb - 9.594);
}

/** Taps of a sharp filter whose transition takes `width` of the Nyquist frequency: `grain` times a whole number and one. */
export function sharpTaps(attenuationDb: number, width: number, grain: number): number {
  const taps = Math.ceil(0.14206 * (attenuationDb - 9.55) / width + 1);
  return Math.floor((taps + grain - 2) / grain) * grain + 1;
}

/**
 * The attenuation that a filter whose transition is wide has to be designed for to reach this one.
 *
 * @param width Of the transition from its middle to its end, as a part of twice the cutoff.
 */
export function wideAttenuation(attenuationDb: number, width: number): number {
  const octaves = Math.log2(width);
  const rise = wideRises.reduce((sum, { from, to, by }) => {
    return sum + by * Math.min(Math.max((octaves - from) / (to - from), 0), 1);
  }, 0);
  return 9.594 + (attenuationDb - 9.594) * (1 + rise);
}

/** By which part beta rises while log₂ of the transition's width does from here to there. */
const wideRises = [
  { from: -5.47, to: -4.97, by: 0.001 },
  { from: -4.97, to: -3.97, by: 0.003 },
  { from: -3.97, to: -2.97, by: 0.0027 },
  { from: -2.97, to: -1.97, by: 0.0189 },
];

/** What a filter works on by the Fourier transform. Lengths are in input samples. */
export interface BlockSizes {
  /** Transform of the input's blocks, and how far two of them are apart. */
  readonly fftSize: number;
  readonly blockStep: number;
  /** Samples at each end of a block that the filter spoils. */
  readonly margin: number;
}

/** Sizes of the blocks that a filter of this half width, in input samples, works on. */
export function layOutBlocks(halfWidth: number, midPerInput: number): BlockSizes {
  // Every length must be a whole, even number of mid samples too.
  const grain = 2 * Math.max(1, 1 / midPerInput);
  const margin = Math.ceil(halfWidth / grain) * grain;
  let fftSize = 64;
  while (fftSize < 8 * margin || fftSize * midPerInput < 64) fftSize *= 2;
  return { fftSize, blockStep: fftSize - 2 * margin, margin };
}

/** A filter's response at the first `numBins` frequencies of a transform. Working memory is lost. */
export function designResponse(
  kernels: Kernels,
  fftSize: number,
  numBins: number,
  { cutoff, halfWidth, beta }: FilterShape,
): Float32Array {
  const fft = kernels.fft(fftSize);
  const [work, response] = kernels.layOut((2 * fftSize + 2) * 16, (fftSize / 2 + 1) * 4);
  kernels.exports.designLowPass(fft, cutoff, halfWidth, beta, work, response);
  return kernels.floats(response, numBins).slice();
}

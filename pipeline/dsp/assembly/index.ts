/** What the host calls. Every function works on memory that the host lays out. */
export { blockBytes, convolve, convolveWorkBytes } from "./convolve";
export { fftBytes, initFft } from "./fft";
export { halve } from "./half_band";
export { addScaled, sumOfSquares } from "./level";
export { initLogMel, logMel, logMelBytes, logMelFilters, logMelWorkBytes } from "./log_mel";
export { decibelsToAmplitude, powerOfTwo } from "./math";
export { decayingNoise, gaussianNoise } from "./noise";
export { stretch, stretchWorkBytes } from "./phase_vocoder";
export {
  designLowPass,
  fillKernelRows,
  filterBlocks,
  interpolate,
  interpolateRational,
} from "./resample";
export { isZero } from "./simd";
export { initVocoder, vocoderBytes } from "./vocoder_tables";

/** First byte that the host may use. */
export function heapBase(): usize {
  return __heap_base;
}

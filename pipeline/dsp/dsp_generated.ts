// Made from pipeline/dsp/assembly/index.ts by `deno task wasm`: change that file instead.
// deno-fmt-ignore-file

/** What the kernels export; addresses are bytes into `memory`. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  blockBytes(fft: number): number;
  convolve(fft: number, kernel: number, signal: number, groups: number, dry: number, wet: number, work: number): void;
  convolveWorkBytes(fft: number): number;
  fftBytes(size: number): number;
  initFft(fft: number, size: number): void;
  halve(input: number, count: number, output: number, odd: number): void;
  addScaled(x: number, gain: number, sum: number, count: number): void;
  sumOfSquares(x: number, count: number): number;
  initLogMel(plan: number, fft: number, sampleRateHz: number, hop: number, frames: number, bands: number, minHz: number, maxHz: number, htk: boolean, dynamicRangeDb: number): void;
  logMel(plan: number, signal: number, work: number, out: number): number;
  logMelBytes(fftSize: number, bands: number): number;
  logMelFilters(plan: number, out: number): void;
  logMelWorkBytes(plan: number): number;
  decibelsToAmplitude(decibels: number): number;
  powerOfTwo(exponent: number): number;
  decayingNoise(seed: number, decaySamples: number, output: number, length: number): number;
  gaussianNoise(seed: number, output: number, count: number): void;
  stretch(vocoder: number, signal: number, columns: number, rate: number, frames: number, wanted: number, output: number, work: number): void;
  stretchWorkBytes(rate: number): number;
  designLowPass(fft: number, cutoff: number, halfWidth: number, beta: number, work: number, response: number): void;
  fillKernelRows(table: number, rows: number, phases: number, cutoff: number, halfWidth: number, beta: number): void;
  filterBlocks(into: number, out: number, response: number, bins: number, input: number, step: number, margin: number, output: number, work: number): void;
  interpolate(table: number, input: number, origin: number, first: number, step: number, output: number, count: number): void;
  interpolateRational(table: number, phases: number, step: number, input: number, phase: number, output: number, count: number): void;
  isZero(x: number, bytes: number): number;
  initVocoder(vocoder: number, fft: number): void;
  vocoderBytes(): number;
}

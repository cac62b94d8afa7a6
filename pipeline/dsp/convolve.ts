import type { Kernels } from "./kernels.ts";

/** A room's sound: an impulse response of decaying noise (Moorer 1979). */
export interface Reverberation {
  /** Time in which the sound decays by 60 dB, in seconds. */
  readonly rt60Seconds: number;
  /** Part of the reverberated sound in the mix, 0 to 1. */
  readonly wetMix: number;
  /** Which noise: a seed of `Dsp.gaussianNoise`. */
  readonly noiseSeed: number;
}

/** See `Dsp.convolve`. */
export function convolve(
  kernels: Kernels,
  samples: Float32Array,
  kernel: Float32Array,
): Float32Array {
  if (samples.length === 0 || kernel.length === 0) return new Float32Array(0);
  const job = layOut(kernels, samples, kernel.length, samples.length + kernel.length - 1);
  kernels.floats(job.taps, kernel.length).set(kernel);
  run(kernels, job, 0, 1);
  return kernels.copyOut(job.signal, samples.length + kernel.length - 1);
}

/** See `Dsp.reverberate`. */
export function reverberate(
  kernels: Kernels,
  samples: Float32Array,
  { rt60Seconds, wetMix, noiseSeed }: Reverberation,
  sampleRateHz: number,
  room?: Float32Array,
): Float32Array {
  const decaySamples = rt60Seconds * sampleRateHz, length = Math.ceil(decaySamples);
  const job = layOut(kernels, samples, length, samples.length);
  const energy = kernels.exports.decayingNoise(noiseSeed, decaySamples, job.taps, length);
  run(kernels, job, 1 - wetMix, wetMix / Math.sqrt(energy));
  return kernels.copyOut(job.signal, samples.length, room);
}

/** A convolution that is to be: addresses, and lengths in samples. */
interface Job {
  readonly fft: number;
  /** The kernel, `kernelLength` samples that are still to be filled in. */
  readonly taps: number;
  readonly kernelLength: number;
  readonly blockLength: number;
  /** The samples behind a block of silence; the result's first sample is to be here. */
  readonly signal: number;
  /** Of four blocks each. */
  readonly groups: number;
  readonly work: number;
}

/** Puts samples where they are convolved, with room for `resultLength` samples of the result. */
function layOut(
  kernels: Kernels,
  samples: Float32Array,
  kernelLength: number,
  resultLength: number,
): Job {
  let blockLength = 32;
  while (4 * blockLength < kernelLength) blockLength *= 2;
  const groups = Math.ceil(resultLength / (4 * blockLength));
  const fft = kernels.fft(2 * blockLength), signalLength = (4 * groups + 1) * blockLength;
  const [taps, signal, work] = kernels.layOut(
    (4 * blockLength + 8) * 4, // `decayingNoise` writes whole vectors
    signalLength * 4,
    kernels.exports.convolveWorkBytes(fft),
  );
  const padded = kernels.floats(signal, signalLength);
  padded.fill(0, 0, blockLength);
  padded.set(samples, blockLength);
  padded.fill(0, blockLength + samples.length);
  return { fft, taps, kernelLength, blockLength, signal, groups, work };
}

function run(
  kernels: Kernels,
  { fft, taps, kernelLength, blockLength, signal, groups, work }: Job,
  dry: number,
  wet: number,
): void {
  kernels.floats(taps, 4 * blockLength).fill(0, kernelLength);
  kernels.exports.convolve(fft, taps, signal, groups, dry, wet, work);
}

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
  const result = new Float32Array(samples.length + kernel.length - 1);
  const convolution = new Convolution(kernels, kernel.length, result.length);
  kernels.floats(convolution.kernel, kernel.length).set(kernel);
  convolution.run(samples, 0, 1, result);
  return result;
}

/** See `Dsp.reverberate`. */
export function reverberate(
  kernels: Kernels,
  samples: Float32Array,
  { rt60Seconds, wetMix, noiseSeed }: Reverberation,
  sampleRateHz: number,
  out?: Float32Array,
): Float32Array {
  const decaySamples = rt60Seconds * sampleRateHz, kernelLength = Math.ceil(decaySamples);
  const mixed = out?.subarray(0, samples.length) ?? new Float32Array(samples.length);
  const convolution = new Convolution(kernels, kernelLength, mixed.length),
    { kernel } = convolution;
  const energy = kernels.exports.decayingNoise(noiseSeed, decaySamples, kernel, kernelLength);
  convolution.run(samples, 1 - wetMix, wetMix / Math.sqrt(energy), mixed);
  return mixed;
}

/** One convolution in working memory: it is over when something else is laid out. */
class Convolution {
  /** Address of the kernel, which has to be filled in. */
  readonly kernel: number;
  readonly #kernels: Kernels;
  readonly #kernelLength: number;
  /** A quarter of the kernel, or more. */
  readonly #blockLength: number;
  /** Of four blocks of the result each. */
  readonly #numGroups: number;
  readonly #fft: number;
  readonly #blocks: number;
  readonly #work: number;

  constructor(kernels: Kernels, kernelLength: number, resultLength: number) {
    let blockLength = 32;
    while (4 * blockLength < kernelLength) blockLength *= 2;
    const { exports } = kernels, fft = kernels.fft(2 * blockLength);
    const numGroups = Math.ceil(resultLength / (4 * blockLength));
    [this.kernel, this.#blocks, this.#work] = kernels.layOut(
      (4 * blockLength + 8) * 4, // `decayingNoise` writes whole vectors
      (4 * numGroups + 1) * exports.blockBytes(fft),
      exports.convolveWorkBytes(fft),
    );
    this.#kernels = kernels;
    this.#kernelLength = kernelLength;
    this.#blockLength = blockLength;
    this.#numGroups = numGroups;
    this.#fft = fft;
  }

  /** Fills `out` with `dry` times the samples and `wet` times what the kernel makes of them. */
  run(samples: Float32Array, dry: number, wet: number, out: Float32Array): void {
    const { exports } = this.#kernels, length = this.#blockLength, numGroups = this.#numGroups;
    const step = exports.blockBytes(this.#fft) / 4;
    this.#kernels.floats(this.kernel, 4 * length).fill(0, this.#kernelLength);
    const blocks = this.#kernels.floats(this.#blocks, (4 * numGroups + 1) * step);
    blocks.fill(0, 0, step);
    for (let block = 0; block < 4 * numGroups; block++) {
      const part = samples.subarray(block * length, (block + 1) * length);
      blocks.set(part, (block + 1) * step);
      blocks.fill(0, (block + 1) * step + part.length, (block + 2) * step);
    }
    exports.convolve(this.#fft, this.kernel, this.#blocks, numGroups, dry, wet, this.#work);
    for (let block = 0, at = 0; at < out.length; block++, at += length) {
      const part = blocks.subarray(block * step, block * step + Math.min(length, out.length - at));
      out.set(part, at);
    }
  }
}

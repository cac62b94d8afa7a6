/**
 * Signal processing in WebAssembly: log-mel features, resampling and what augmentation needs. The same input gives the same
 * bits in every thread, on every machine and in every browser: the module uses plain SIMD only and
 * computes its own sines, logarithms and powers.
 */
import type { FrontEnd } from "../front_end.ts";
import { convolve, reverberate, type Reverberation } from "./convolve.ts";
import { Kernels } from "./kernels.ts";
import { createLogMel, type LogMel } from "./log_mel.ts";
import { addBackground, addNoise } from "./mix.ts";
import { createResampler, resample, type Resampler } from "./resampler.ts";
import { pitchShift, timeStretch } from "./time_stretch.ts";

export type { Reverberation } from "./convolve.ts";
export type { LogMel } from "./log_mel.ts";
export type { Resampler } from "./resampler.ts";

/**
 * The module's functions. Create it with `loadDsp`. Calls are synchronous and keep no argument.
 *
 * `out` is where a result is put: in its front, and what it has no room for is left out. Without it the
 * result has an array of its own, which costs a twentieth of a clip's features.
 */
export class Dsp {
  readonly #kernels: Kernels;
  readonly #logMels = new Map<string, LogMel>();

  /**
   * Takes over an instance of the module.
   *
   * @param kernels The module's instance; `loadDsp` supplies it.
   */
  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  /**
   * The log-mel spectrogram of one front end; equal front ends share their tables.
   *
   * @throws {RangeError} where the front end cannot be computed.
   */
  createLogMel(frontEnd: FrontEnd): LogMel {
    const key = JSON.stringify(Object.entries(frontEnd).sort());
    let logMel = this.#logMels.get(key);
    if (!logMel) this.#logMels.set(key, logMel = createLogMel(this.#kernels, frontEnd));
    return logMel;
  }

  /**
   * Changes the sample rate of a whole clip. Quality as `Resampler`.
   *
   * @returns round(samples.length · toHz / fromHz) samples, or as many as there is room for; `samples`
   *   itself where the rates are equal.
   * @throws {RangeError} where a rate is not positive or the rates are more than a factor 256 apart.
   */
  resample(
    samples: Float32Array,
    fromHz: number,
    toHz: number,
    out?: Float32Array,
  ): Float32Array {
    return resample(this.#kernels, samples, fromHz, toHz, out);
  }

  /**
   * A stream that changes its sample rate: of any chunks it makes the samples, to the bit, that `resample`
   * makes of them in one. Any number may be under way, with other calls between theirs.
   *
   * @throws {RangeError} as `resample`.
   */
  createResampler(fromHz: number, toHz: number): Resampler {
    return createResampler(this.#kernels, fromHz, toHz);
  }

  /**
   * Changes the speed and keeps the pitch: librosa's `effects.time_stretch` (phase vocoder, frames of
   * 2048 samples every 512).
   *
   * @param rate Above 1 is faster, and shorter.
   * @returns round(samples.length / rate) samples (halves to even), or as many as there is room for: what
   *   is left out is not computed.
   * @throws {RangeError} where the rate is not from 1/16 to 16.
   */
  timeStretch(samples: Float32Array, rate: number, out?: Float32Array): Float32Array {
    return timeStretch(this.#kernels, samples, rate, out);
  }

  /**
   * Changes the pitch and keeps the length: librosa's `effects.pitch_shift`, a stretch followed by
   * resampling.
   *
   * @throws {RangeError} where `semitones` is not from −24 to 24 or the sample rate is not positive.
   */
  pitchShift(
    samples: Float32Array,
    semitones: number,
    sampleRateHz: number,
    out?: Float32Array,
  ): Float32Array {
    return pitchShift(this.#kernels, samples, semitones, sampleRateHz, out);
  }

  /** Adds Gaussian noise, `snrDb` below the samples' power; silence stays as it is. */
  addNoise(
    samples: Float32Array,
    noiseSeed: number,
    snrDb: number,
    out?: Float32Array,
  ): Float32Array {
    return addNoise(this.#kernels, samples, noiseSeed, snrDb, out);
  }

  /**
   * Adds another sound, `snrDb` below the samples' power; they stay as they are where one of both is silent.
   *
   * @param background At least one sample; after its last one it starts again.
   * @param start Index of its first sample that is used.
   */
  addBackground(
    samples: Float32Array,
    background: Float32Array,
    start: number,
    snrDb: number,
    out?: Float32Array,
  ): Float32Array {
    return addBackground(this.#kernels, samples, background, start, snrDb, out);
  }

  /** Adds the sound of a room, as loud as the samples where all of the mix is wet, and keeps the length. */
  reverberate(
    samples: Float32Array,
    reverberation: Reverberation,
    sampleRateHz: number,
    out?: Float32Array,
  ): Float32Array {
    return reverberate(this.#kernels, samples, reverberation, sampleRateHz, out);
  }

  /**
   * The full linear convolution of both, through the FFT.
   *
   * @returns samples.length + kernel.length − 1 samples; none where one of both is empty.
   */
  convolve(samples: Float32Array, kernel: Float32Array): Float32Array {
    return convolve(this.#kernels, samples, kernel);
  }

  /**
   * Fills `out` with numbers from the standard normal distribution. Number i depends on the seed and
   * on i alone.
   *
   * @param seed A whole number from 0 to 2³² − 1.
   */
  gaussianNoise(seed: number, out: Float32Array): void {
    const count = Math.ceil(out.length / 8) * 8, [address] = this.#kernels.layOut(count * 4);
    this.#kernels.exports.gaussianNoise(seed, address, count);
    out.set(this.#kernels.floats(address, out.length));
  }

  /** 10^(decibels / 20), with the same digits in every engine. */
  decibelsToAmplitude(decibels: number): number {
    return this.#kernels.exports.decibelsToAmplitude(decibels);
  }
}

let loading: Promise<Dsp> | undefined;

/** The DSP module of this thread, compiled on the first call. */
export function loadDsp(): Promise<Dsp> {
  loading ??= Kernels.load().then(
    (kernels) => new Dsp(kernels),
    (error) => {
      loading = undefined; // a failed fetch may be tried again
      throw error;
    },
  );
  return loading;
}

/**
 * Signal processing in WebAssembly: log-mel features and resampling. The same input gives the same
 * bits in every thread, on every machine and in every browser: the module uses plain SIMD only and
 * computes its own sines, logarithms and powers.
 */
import type { FrontEnd } from "../front_end.ts";
import { Kernels } from "./kernels.ts";
import { createLogMel, type LogMel } from "./log_mel.ts";
import { createResampler, resample, type Resampler } from "./resampler.ts";

export type { LogMel } from "./log_mel.ts";
export type { Resampler } from "./resampler.ts";

/** The module's functions. Create it with `loadDsp`. Calls are synchronous and keep no argument. */
export class Dsp {
  readonly #kernels: Kernels;
  readonly #logMels = new Map<string, LogMel>();

  /** @param kernels The module's instance; `loadDsp` supplies it. */
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
   * @returns ceil(samples.length · toHz / fromHz) new samples, or `samples` itself where the rates are
   * equal.
   * @throws {RangeError} where a rate is not positive or the rates are more than a factor 256 apart.
   */
  resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
    return resample(this.#kernels, samples, fromHz, toHz);
  }

  /** Starts a stream that changes its sample rate. @throws {RangeError} as `resample`. */
  createResampler(fromHz: number, toHz: number): Resampler {
    return createResampler(this.#kernels, fromHz, toHz);
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

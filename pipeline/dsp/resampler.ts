import type { Kernels } from "./kernels.ts";
import { resamplePlans } from "./resample_plan.ts";
import { ResamplerStage } from "./resampler_stage.ts";

/**
 * Changes the sample rate of a stream as librosa's default does (soxr HQ): linear phase, no delay;
 * level within 0.01 dB up to 0.9 of the lower Nyquist frequency, all that would fold back or mirror below
 * −115 dB. What is before the first sample is silence. Holds a bounded number of samples, whatever
 * the stream's length.
 */
export interface Resampler {
  /** Takes the next samples; returns those that are ready, at the new rate (perhaps none). */
  process(chunk: Float32Array): Float32Array;
  /** Ends the stream: returns the rest, so that round(input · toHz / fromHz) samples came in all. */
  flush(): Float32Array;
}

/** @throws {RangeError} where a rate is not a positive number or the rates are too far apart. */
export function checkRates(fromHz: number, toHz: number): void {
  for (const [name, rate] of [["fromHz", fromHz], ["toHz", toHz]] as const) {
    if (!(rate > 0 && rate < Infinity)) {
      throw new RangeError(`Cannot resample as ${name} must be above 0: current value is ${rate}`);
    }
  }
  if (fromHz / toHz > 256 || toHz / fromHz > 256) {
    throw new RangeError(
      `Cannot resample as the rates must be within a factor of 256: ` +
        `current values are ${fromHz} and ${toHz}`,
    );
  }
}

/** Samples that a change of rate makes of this many: libsoxr's rounding. */
export function outputLength(numSamples: number, fromHz: number, toHz: number): number {
  return Math.floor(numSamples / (fromHz / toHz) + 0.5);
}

/** A stream under way, at two different rates. */
class RunningResampler {
  readonly #fromHz: number;
  readonly #toHz: number;
  readonly #first: ResamplerStage;
  readonly #post?: ResamplerStage;
  /** Samples of the first stage that the last one of the output needs, and how many of these one makes. */
  readonly #reach: number = 0;
  readonly #factor: number = 1;
  #numInput = 0;

  constructor(kernels: Kernels, fromHz: number, toHz: number) {
    const { first, post } = resamplePlans(kernels, fromHz, toHz);
    this.#fromHz = fromHz;
    this.#toHz = toHz;
    this.#first = new ResamplerStage(kernels, first);
    if (!post) return;
    this.#post = new ResamplerStage(kernels, post);
    this.#reach = post.margin;
    this.#factor = post.midPerInput;
  }

  process(chunk: Float32Array): Float32Array {
    this.#numInput += chunk.length;
    const samples = this.#first.process(chunk);
    return this.#post?.process(samples) ?? samples;
  }

  /** Ends the stream with these samples: what is owed, in the front of `out` where it is given. */
  finish(samples: Float32Array, out?: Float32Array): Float32Array {
    this.#numInput += samples.length;
    const numOutput = outputLength(this.#numInput, this.#fromHz, this.#toHz);
    const numOwed = numOutput - (this.#post ?? this.#first).numOutput;
    const owed = out?.subarray(0, numOwed) ?? new Float32Array(numOwed);
    if (!this.#post) {
      this.#first.finish(samples, owed);
    } else {
      const numFirst = Math.ceil(numOutput / this.#factor) + this.#reach;
      const between = new Float32Array(numFirst - this.#first.numOutput);
      this.#first.finish(samples, between);
      this.#post.finish(between, owed);
    }
    return owed;
  }
}

/** Starts a stream. @throws {RangeError} as `checkRates`. */
export function createResampler(kernels: Kernels, fromHz: number, toHz: number): Resampler {
  checkRates(fromHz, toHz);
  if (fromHz === toHz) {
    return { process: (chunk) => chunk.slice(), flush: () => new Float32Array(0) };
  }
  const running = new RunningResampler(kernels, fromHz, toHz);
  return {
    process: (chunk) => running.process(chunk),
    flush: () => running.finish(new Float32Array(0)),
  };
}

/** See `Dsp.resample`. */
export function resample(
  kernels: Kernels,
  samples: Float32Array,
  fromHz: number,
  toHz: number,
  out?: Float32Array,
): Float32Array {
  checkRates(fromHz, toHz);
  if (fromHz === toHz) return samples;
  return new RunningResampler(kernels, fromHz, toHz).finish(samples, out);
}

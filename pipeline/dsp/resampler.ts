import type { Kernels } from "./kernels.ts";

/**
 * Changes the sample rate of a stream: linear phase, no delay; flat within 0.1 dB up to 0.9 of the
 * lower Nyquist frequency, all that would fold back or mirror below −100 dB. Holds a bounded number
 * of samples, whatever the stream's length.
 */
export interface Resampler {
  /** Takes the next samples; returns those that are ready, at the new rate (perhaps none). */
  process(chunk: Float32Array): Float32Array;
  /** Ends the stream: returns the rest, so that ceil(input · toHz / fromHz) samples came in all. */
  flush(): Float32Array;
}

/** What one pair of rates needs. Lengths are in samples at the rate named. */
interface Plan {
  readonly fromHz: number;
  readonly toHz: number;
  /** The rate after the sharp filter: `fromHz` times a power of two. */
  readonly midPerInput: number;
  /** Transform of the input's blocks, and how far two of them are apart. */
  readonly fftSize: number;
  readonly blockStep: number;
  /** Input samples at each end of a block that the filter spoils. */
  readonly margin: number;
  /** Input samples (of silence) that go before the first, for the short kernel's reach. */
  readonly leadIn: number;
  /** The sharp filter's response; see `designLowPass`. */
  readonly response: Float32Array;
}

/** Where the sharp filter begins to fall, as a part of the lower Nyquist frequency; it ends at 1. */
const passBand = 0.91;
/** Half the sharp filter's length at the lower rate, for a stop band of −110 dB (Kaiser's formula). */
const sharpReach = (110 - 7.95) / (2.285 * Math.PI * (1 - passBand)) / 2;
/** The mid rate is at least this many times the lower rate, so that the short kernel suffices. */
const oversampling = 1.95; // not 2, for rates a little off a power of two: 44,099 to 22,050 Hz
/** Taps of the short kernel. */
const shortTaps = 16;

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

/** The smallest power of two that is at least `value`, which may be a fraction. */
function powerOfTwoFrom(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  while (power / 2 >= value) power /= 2;
  return power;
}

function createPlan(kernels: Kernels, fromHz: number, toHz: number): Plan {
  const ratio = toHz / fromHz, lower = Math.min(1, ratio);
  const isPowerOfTwo = powerOfTwoFrom(ratio) === ratio;
  const midPerInput = isPowerOfTwo ? ratio : powerOfTwoFrom(oversampling * lower);

  // Every length must be a whole, even number of mid samples too.
  const grain = 2 * Math.max(1, 1 / midPerInput);
  const reach = Math.ceil(sharpReach / lower), margin = Math.ceil(reach / grain) * grain;
  let fftSize = 64;
  while (fftSize < 8 * margin || fftSize * midPerInput < 64) fftSize *= 2;

  const fft = kernels.fft(fftSize), values = fftSize / 2 + 1;
  const [work, response] = kernels.layOut((2 * fftSize + 2) * 16, values * 4);
  const cutoff = (1 + passBand) / 2 * lower;
  kernels.exports.designLowPass(fft, cutoff, reach, work, response);
  return {
    fromHz,
    toHz,
    midPerInput,
    fftSize,
    blockStep: fftSize - 2 * margin,
    margin,
    leadIn: isPowerOfTwo ? 0 : shortTaps * Math.max(1, 1 / midPerInput),
    response: kernels.floats(response, values).slice(),
  };
}

/** A stream under way, at two different rates. */
class RunningResampler {
  readonly #kernels: Kernels;
  readonly #plan: Plan;
  /** The next group of four blocks: it begins with what it shares with the group before. */
  readonly #input: Float32Array;
  #filled: number;
  /** The last mid samples of the group before. */
  readonly #history = new Float32Array(shortTaps);
  #numInput = 0;
  #numMid = 0;
  #numOutput = 0;

  constructor(kernels: Kernels, plan: Plan) {
    this.#kernels = kernels;
    this.#plan = plan;
    this.#input = new Float32Array(4 * plan.blockStep + 2 * plan.margin);
    this.#filled = plan.margin + plan.leadIn;
  }

  /** Most samples that `take` can return for this many. */
  outputBound(numSamples: number): number {
    const { blockStep, margin, toHz, fromHz } = this.#plan;
    const groups = Math.floor((this.#filled + numSamples - 2 * margin) / (4 * blockStep));
    return Math.max(0, groups) * (Math.ceil(4 * blockStep * toHz / fromHz) + 1);
  }

  /** Samples that are still owed if the stream ends here. */
  get numOwed(): number {
    const { toHz, fromHz } = this.#plan;
    return Math.ceil(this.#numInput * toHz / fromHz) - this.#numOutput;
  }

  /** Takes samples, writes those that are ready into `out`, returns how many. */
  take(samples: Float32Array, out: Float32Array): number {
    this.#numInput += samples.length;
    let written = 0;
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + this.#input.length - this.#filled);
      this.#input.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#input.length) written += this.#processGroup(out.subarray(written));
    }
    return written;
  }

  /** Fills `out`, which has room for `numOwed` samples, with silence as the input. */
  finish(out: Float32Array): void {
    for (let written = 0; written < out.length;) {
      this.#input.fill(0, this.#filled);
      written += this.#processGroup(out.subarray(written));
    }
  }

  /** Turns the group into output, as much as there is room for; returns how much. */
  #processGroup(out: Float32Array): number {
    const { fftSize, midPerInput, blockStep, margin, response, leadIn } = this.#plan;
    const kernels = this.#kernels, groupInput = 4 * blockStep, groupMid = groupInput * midPerInput;
    const outFftSize = fftSize * midPerInput;
    const fft = kernels.fft(fftSize), outFft = kernels.fft(outFftSize);
    const table = leadIn > 0 ? kernels.shortKernel() : 0;

    const [input, gains, work, mid, output] = kernels.layOut(
      this.#input.length * 4,
      response.length * 4,
      (2 * Math.max(fftSize, outFftSize) + 2) * 16,
      (shortTaps + groupMid) * 4,
      out.length * 4,
    );
    kernels.floats(input, this.#input.length).set(this.#input);
    kernels.floats(gains, response.length).set(response);
    const newMid = mid + shortTaps * 4;
    const { filterBlocks, interpolate } = kernels.exports;
    filterBlocks(fft, outFft, gains, input, blockStep, margin * midPerInput, newMid, work);
    this.#input.copyWithin(0, groupInput);
    this.#filled = 2 * margin;

    let count = groupMid, result = newMid;
    if (leadIn > 0) {
      kernels.floats(mid, shortTaps).set(this.#history);
      this.#history.set(kernels.floats(mid + groupMid * 4, shortTaps));
      const origin = this.#numMid - shortTaps - leadIn * midPerInput; // place of the first in `mid`
      const step = this.#midPerOutput, end = origin + shortTaps + groupMid - shortTaps / 2 - 1;
      let next = Math.ceil(end / step); // the first whose taps are not all there, within rounding
      while (next * step < end) next++;
      while ((next - 1) * step >= end) next--;
      count = Math.min(next - this.#numOutput, out.length);
      result = output;
      interpolate(table, mid, origin, this.#numOutput, step, output, count);
    }
    this.#numMid += groupMid;
    count = Math.min(count, out.length);
    this.#numOutput += count;
    out.set(kernels.floats(result, count));
    return count;
  }

  get #midPerOutput(): number {
    const { midPerInput, fromHz, toHz } = this.#plan;
    return midPerInput * fromHz / toHz;
  }
}

/** Starts a stream. @throws {RangeError} as `checkRates`. */
export function createResampler(kernels: Kernels, fromHz: number, toHz: number): Resampler {
  checkRates(fromHz, toHz);
  if (fromHz === toHz) {
    return { process: (chunk) => chunk.slice(), flush: () => new Float32Array(0) };
  }
  const running = new RunningResampler(kernels, createPlan(kernels, fromHz, toHz));
  return {
    process(chunk) {
      const out = new Float32Array(running.outputBound(chunk.length));
      return out.slice(0, running.take(chunk, out));
    },
    flush() {
      const out = new Float32Array(running.numOwed);
      running.finish(out);
      return out;
    },
  };
}

/** Resamples a whole clip; returns the same array where the rates are equal. */
export function resample(
  kernels: Kernels,
  samples: Float32Array,
  fromHz: number,
  toHz: number,
): Float32Array {
  checkRates(fromHz, toHz);
  if (fromHz === toHz) return samples;
  const running = new RunningResampler(kernels, createPlan(kernels, fromHz, toHz));
  const out = new Float32Array(Math.ceil(samples.length * toHz / fromHz));
  running.finish(out.subarray(running.take(samples, out)));
  return out;
}

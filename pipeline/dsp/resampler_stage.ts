import { Halver } from "./halver.ts";
import type { Kernels } from "./kernels.ts";
import { type ResamplePlan, type ShortKernel, shortTaps } from "./resample_plan.ts";

/** Blocks that `filterBlocks` works on at once. */
const blocksPerGroup = 8;

const noSamples = new Float32Array(0);

/** What a group of blocks is worked on in: addresses, and views of what is copied. */
interface WorkingMemory {
  readonly fft: number;
  readonly outFft: number;
  readonly gains: number;
  readonly table: number;
  readonly scratch: number;
  /** The last mid samples of the group before, then those of this group. */
  readonly mid: number;
  readonly output: number;
  readonly inputAddress: number;
  readonly input: Float32Array;
  /** Mid samples of a group. */
  readonly groupMid: number;
  readonly history: Float32Array;
  readonly newHistory: Float32Array;
  /** What a group comes to: interpolated, or as the sharp filter leaves it. */
  readonly result: Float32Array;
}

/** A stream under way through the filters of one plan. */
export class ResamplerStage {
  readonly #kernels: Kernels;
  readonly #plan: ResamplePlan;
  readonly #halvers: readonly Halver[];
  /** Between two calls: the samples since the last group of blocks, and what it shares with the next. */
  readonly #input: Float32Array;
  #filled: number;
  /** Between two calls: the last mid samples. Before the first they are silent, as libsoxr's. */
  readonly #history = new Float32Array(shortTaps);
  #numMid = 0;
  #numOutput = 0;

  constructor(kernels: Kernels, plan: ResamplePlan) {
    this.#kernels = kernels;
    this.#plan = plan;
    this.#halvers = Array.from({ length: plan.numHalvings }, () => new Halver(kernels));
    this.#input = new Float32Array(blocksPerGroup * plan.blockStep + 2 * plan.margin);
    this.#filled = plan.margin + plan.leadIn;
  }

  /** Samples returned so far. */
  get numOutput(): number {
    return this.#numOutput;
  }

  /** Takes the next samples; returns those that are ready. */
  process(samples: Float32Array): Float32Array {
    const halved = this.#halve(samples), out = new Float32Array(this.#outputBound(halved.length));
    const work = this.#layOut(), written = this.#filter(work, halved, out);
    this.#input.set(work.input.subarray(0, this.#filled));
    this.#history.set(work.history);
    return out.slice(0, written);
  }

  /** Fills `out` with what the last samples, and silence after them, come to. */
  finish(samples: Float32Array, out: Float32Array): void {
    const halved = this.#halve(samples), silence = new Float32Array(64 * 2 ** this.#halvers.length);
    const end = this.#halvers.length > 0 ? this.#halve(silence) : noSamples;
    const work = this.#layOut();
    let written = this.#filter(work, halved, out);
    written += this.#filter(work, end, out.subarray(written));
    while (written < out.length) {
      work.input.fill(0, this.#filled);
      written += this.#processGroup(work, out.subarray(written));
    }
  }

  #halve(samples: Float32Array): Float32Array {
    return this.#halvers.reduce((halved, halver) => halver.take(halved), samples);
  }

  /** Most samples that this many, once halved, can come to. */
  #outputBound(numHalved: number): number {
    const { blockStep, margin, toHz, halvedHz } = this.#plan;
    const groups = Math.floor(
      (this.#filled + numHalved - 2 * margin) / (blocksPerGroup * blockStep),
    );
    return Math.max(0, groups) * (Math.ceil(blocksPerGroup * blockStep * toHz / halvedHz) + 1);
  }

  #filter(work: WorkingMemory, halved: Float32Array, out: Float32Array): number {
    const { input } = work;
    let written = 0;
    for (let at = 0; at < halved.length;) {
      const part = halved.subarray(at, at + input.length - this.#filled);
      input.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === input.length) {
        written += this.#processGroup(work, out.subarray(written));
      }
    }
    return written;
  }

  /** Working memory for any number of groups, filled with what has to be kept between two calls. */
  #layOut(): WorkingMemory {
    const { fftSize, midPerInput, blockStep, response, kernel } = this.#plan;
    const kernels = this.#kernels, outFftSize = fftSize * midPerInput;
    const fft = kernels.fft(2 * fftSize), outFft = kernels.fft(2 * outFftSize); // complex points
    const groupMid = blocksPerGroup * blockStep * midPerInput, tableSize = kernel?.rows.length ?? 0;
    const maxOutput = kernel ? Math.ceil(groupMid / this.#midPerOutput) + 1 : 0;
    const [inputAddress, gains, table, scratch, mid, output] = kernels.layOut(
      this.#input.length * 4,
      response.length * 4,
      tableSize * 4,
      (fftSize + outFftSize) * 32,
      (shortTaps + groupMid) * 4,
      maxOutput * 4,
    );
    const work = {
      ...{ fft, outFft, gains, table, scratch, mid, output, inputAddress, groupMid },
      input: kernels.floats(inputAddress, this.#input.length),
      history: kernels.floats(mid, shortTaps),
      newHistory: kernels.floats(mid + groupMid * 4, shortTaps),
      result: kernel
        ? kernels.floats(output, maxOutput)
        : kernels.floats(mid + shortTaps * 4, groupMid),
    };
    work.input.set(this.#input);
    work.history.set(this.#history);
    kernels.floats(gains, response.length).set(response);
    if (kernel) kernels.floats(table, tableSize).set(kernel.rows);
    return work;
  }

  /** Turns the group into output, as much as there is room for; returns how much. */
  #processGroup(work: WorkingMemory, out: Float32Array): number {
    const { midPerInput, blockStep, margin, response, kernel } = this.#plan;
    const { exports } = this.#kernels, { groupMid, mid } = work;
    exports.filterBlocks(
      ...[work.fft, work.outFft, work.gains, response.length, work.inputAddress] as const,
      ...[blockStep, margin * midPerInput, mid + shortTaps * 4, work.scratch] as const,
    );
    work.input.copyWithin(0, blocksPerGroup * blockStep);
    this.#filled = 2 * margin;
    const count = kernel
      ? this.#interpolate(kernel, work, out.length)
      : Math.min(groupMid, out.length);
    work.history.set(work.newHistory);
    this.#numMid += groupMid;
    this.#numOutput += count;
    out.set(work.result.subarray(0, count));
    return count;
  }

  /** Interpolates as many samples as the mid samples of a group allow, `most` at most. */
  #interpolate(
    { phases, rowStep }: ShortKernel,
    { mid, table, output, groupMid }: {
      mid: number;
      table: number;
      output: number;
      groupMid: number;
    },
    most: number,
  ): number {
    const { exports } = this.#kernels, step = this.#midPerOutput, first = this.#numOutput;
    const { leadIn, midPerInput } = this.#plan;
    const origin = this.#numMid - shortTaps - leadIn * midPerInput; // place of the first in `mid`
    const end = origin + shortTaps + groupMid - shortTaps / 2 - 1;
    let next = Math.ceil(end / step); // the first whose taps are not all there, within rounding
    while (next * step < end) next++;
    while ((next - 1) * step >= end) next--;
    const count = Math.min(next - first, most);
    if (exports.isZero(mid, (shortTaps + groupMid) * 4)) { // the silence that a clip is padded with
      this.#kernels.floats(output, count).fill(0);
    } else if (rowStep === undefined) {
      exports.interpolate(table, mid, origin, first, step, output, count);
    } else {
      const whole = Math.floor(first * rowStep / phases), phase = first * rowStep - whole * phases;
      const input = mid + (whole - origin) * 4;
      exports.interpolateRational(table, phases, rowStep, input, phase, output, count);
    }
    return count;
  }

  get #midPerOutput(): number {
    const { midPerInput, halvedHz, toHz } = this.#plan;
    return midPerInput * halvedHz / toHz;
  }
}

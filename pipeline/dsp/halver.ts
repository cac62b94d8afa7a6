import type { Kernels } from "./kernels.ts";

/** `HALF_REACH` of `assembly/half_band.ts`. */
const reach = 18;
/** Samples that are worked on at once, so that a long recording takes no memory for all of it. */
const pieceSamples = 1 << 15;

/**
 * Halves the rate of a stream whose sound fills less than a quarter of its band: linear phase, no delay,
 * silence before its first sample.
 */
export class Halver {
  readonly #kernels: Kernels;
  /** Samples that the next ones need. */
  #kept = new Float32Array(reach);

  /** Takes samples of any number from then on. */
  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  /** Takes the next samples; returns those that are ready. To end, give it 2·18 of silence. */
  take(samples: Float32Array): Float32Array {
    const out = new Float32Array(this.#numReady(samples.length));
    let written = 0;
    for (let at = 0; at < samples.length; at += pieceSamples) {
      written += this.#takePiece(samples.subarray(at, at + pieceSamples), out.subarray(written));
    }
    return out;
  }

  #numReady(numSamples: number): number {
    return Math.max(0, Math.floor((this.#kept.length + numSamples) / 2) - reach + 1);
  }

  #takePiece(samples: Float32Array, out: Float32Array): number {
    const numKept = this.#kept.length, length = numKept + samples.length;
    const count = this.#numReady(samples.length);
    const [input, output, odd] = this.#kernels.layOut(
      (length + 8) * 4,
      (count + 3) * 4,
      (length / 2 + 4) * 4,
    );
    const all = this.#kernels.floats(input, length);
    all.set(this.#kept);
    all.set(samples, numKept);
    if (count > 0) this.#kernels.exports.halve(input, count, output, odd);
    out.set(this.#kernels.floats(output, count));
    this.#kept = all.slice(2 * count);
    return count;
  }
}

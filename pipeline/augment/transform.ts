import type { Dsp } from "../dsp/dsp.ts";
import type { Random } from "../random.ts";

/** A range that a number is drawn from, evenly: lowest and highest. */
export type Range = readonly [low: number, high: number];

/** What a transform works with besides its draw and the samples. */
export interface AugmentContext {
  /** Samples a second, in Hz. */
  readonly sampleRateHz: number;
  /** This thread's kernels. */
  readonly dsp: Dsp;
  /**
   * Samples of the background clip that a `background-noise` draw chose (see `backgroundIndex`), at
   * `sampleRateHz`, of any length.
   */
  readonly background?: Float32Array;
  /**
   * Where the changed samples are put, not the samples themselves: in its front, and what it has no room
   * for is left out. Without it they have an array of their own.
   */
  readonly out?: Float32Array;
}

/**
 * One way to change a clip. Drawing its parameters and applying them are apart: a draw is plain data,
 * and applying it again to the same samples gives the same bits.
 */
export interface Transform<Settings, Draw extends { readonly kind: string }> {
  /** What it draws from unless a policy says otherwise. */
  readonly defaults: Settings;
  /** What each setting may be: a range's lowest and highest value, or the words to choose from. */
  readonly rules: {
    readonly [Name in keyof Settings]: Settings[Name] extends Range ? Range
      : readonly Settings[Name][];
  };
  /** Draws what one copy gets. */
  draw(settings: Settings, random: Random): Draw;
  /**
   * Returns changed samples, perhaps of another length, in the context's `out` where there is one; never
   * changes its input.
   */
  apply(draw: Draw, samples: Float32Array, context: AugmentContext): Float32Array;
  /** The draw in words. */
  describe(draw: Draw): string;
}

/** Where `length` changed samples are put: the front of `out`, or an array of their own. */
export function outFor(length: number, { out }: AugmentContext): Float32Array {
  return out?.subarray(0, length) ?? new Float32Array(length);
}

/** Draws a number from a range. */
export function drawFrom([low, high]: Range, random: Random): number {
  return random.uniform(low, high);
}

/** A number with its sign, for descriptions. */
export function signed(value: number, digits: number): string {
  return (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits);
}

import type { Dsp } from "../dsp/dsp.ts";
import { drawFrom, outFor, type Range, signed, type Transform } from "./transform.ts";

/** What a frequency response is drawn from. */
export interface EqualiseSettings {
  /** Gain at each octave, in dB. @default {[-6, 6]} */
  readonly gainDb: Range;
}

/** A frequency response, such as another microphone has. */
export interface EqualiseDraw {
  /** Name of the transform. */
  readonly kind: "equalise";
  /** Gains in dB at half the sample rate, a quarter, an eighth and so on; below the last one as there. */
  readonly gainsDb: readonly number[];
}

/** Octaves with a gain of their own: at 22,050 Hz the lowest is at 345 Hz. */
const numOctaves = 6;
/** Points of the Fourier transform by which a response becomes a filter. */
const size = 512, half = size / 2;

/** cos(2π·i / size), by the recurrence of Chebyshev's polynomials: the same digits in every engine. */
const cosines = new Float64Array(size);
cosines[0] = 1;
cosines[1] = 0.9999247018391445;
for (let i = 2; i < size; i++) cosines[i] = 2 * cosines[1] * cosines[i - 1] - cosines[i - 2];

/**
 * Changes the frequency response at random and smoothly, as an unknown microphone or loudspeaker does; the
 * time at which anything sounds stays (linear phase, its delay taken out).
 */
export const equalise: Transform<EqualiseSettings, EqualiseDraw> = {
  defaults: { gainDb: [-6, 6] },
  rules: { gainDb: [-60, 60] },
  draw: ({ gainDb }, random) => ({
    kind: "equalise",
    gainsDb: Array.from({ length: numOctaves }, () => drawFrom(gainDb, random)),
  }),
  apply({ gainsDb }, samples, context) {
    const filter = designFilter(gainsDb, context.dsp);
    const filtered = context.dsp.convolve(samples, filter), out = outFor(samples.length, context);
    out.set(filtered.subarray(half - 1, half - 1 + out.length));
    return out;
  },
  describe: ({ gainsDb }) =>
    `equaliser from ${signed(Math.min(...gainsDb), 1)} to ${signed(Math.max(...gainsDb), 1)} dB`,
};

/** The impulse response, `[size − 1]`, symmetric: frequency sampling and a Hann window. */
function designFilter(gainsDb: readonly number[], dsp: Dsp): Float32Array {
  const response = Float64Array.from(
    { length: half + 1 },
    (_, bin) => dsp.decibelsToAmplitude(gainAt(bin / half, gainsDb)),
  );
  const filter = new Float32Array(size - 1);
  for (let n = 0; n < half; n++) {
    let sum = response[0] + (n % 2 === 0 ? response[half] : -response[half]);
    for (let bin = 1; bin < half; bin++) sum += 2 * response[bin] * cosines[bin * n % size];
    const window = (1 + cosines[n]) / 2;
    filter[half - 1 + n] = filter[half - 1 - n] = window * sum / size;
  }
  return filter;
}

/** Gain in dB at a frequency, a part of the highest; between two octaves on a line. */
function gainAt(frequency: number, gainsDb: readonly number[]): number {
  for (let octave = 1, above = 1; octave < gainsDb.length; octave++, above /= 2) {
    if (frequency < above / 2) continue;
    const share = 2 * frequency / above - 1;
    return share * gainsDb[octave - 1] + (1 - share) * gainsDb[octave];
  }
  return gainsDb[gainsDb.length - 1] ?? 0;
}

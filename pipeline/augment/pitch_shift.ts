import { drawFrom, type Range, signed, type Transform } from "./transform.ts";

/** What pitch shift draws from. */
export interface PitchShiftSettings {
  /** Semitones up, or down where negative. @default {[-2, 2]} */
  readonly semitones: Range;
}

/** Every frequency times 2^(semitones/12); the length stays. */
export interface PitchShiftDraw {
  /** Name of the transform. */
  readonly kind: "pitch-shift";
  /** Semitones up, or down where negative. */
  readonly semitones: number;
}

/** Changes the pitch and keeps the length, as librosa's `effects.pitch_shift`. */
export const pitchShift: Transform<PitchShiftSettings, PitchShiftDraw> = {
  defaults: { semitones: [-2, 2] },
  rules: { semitones: [-24, 24] },
  draw: ({ semitones }, random) => ({
    kind: "pitch-shift",
    semitones: drawFrom(semitones, random),
  }),
  apply: ({ semitones }, samples, { dsp, sampleRateHz, out }) =>
    dsp.pitchShift(samples, semitones, sampleRateHz, out),
  describe: ({ semitones }) => `pitch shift ${signed(semitones, 1)} semitones`,
};

import { drawFrom, type Range, type Transform } from "./transform.ts";

/** What speed change draws from. */
export interface SpeedChangeSettings {
  /** Speed: above 1 is faster. @default {[0.8, 1.25]} */
  readonly rate: Range;
}

/** The same sound, `rate` times as fast, at the same pitch. */
export interface SpeedChangeDraw {
  /** Name of the transform. */
  readonly kind: "speed-change";
  /** Speed: above 1 is faster. */
  readonly rate: number;
}

/** Changes the speed (and so the length) and keeps the pitch, as librosa's `effects.time_stretch`. */
export const speedChange: Transform<SpeedChangeSettings, SpeedChangeDraw> = {
  defaults: { rate: [0.8, 1.25] },
  rules: { rate: [1 / 16, 16] },
  draw: ({ rate }, random) => ({ kind: "speed-change", rate: drawFrom(rate, random) }),
  apply: ({ rate }, samples, { dsp, out }) => dsp.timeStretch(samples, rate, out),
  describe: ({ rate }) => `speed × ${rate.toFixed(2)}`,
};

import { drawFrom, outFor, type Range, signed, type Transform } from "./transform.ts";

/** What gain draws from. */
export interface GainSettings {
  /** Change of level, in dB. @default {[-12, 12]} */
  readonly gainDb: Range;
}

/** Louder or softer by `gainDb`. */
export interface GainDraw {
  /** Name of the transform. */
  readonly kind: "gain";
  /** Change of level, in dB. */
  readonly gainDb: number;
}

/**
 * Changes the level. Log-mel features are relative to the loudest cell, so on its own this moves only
 * what lies near their absolute floor (1e-10).
 */
export const gain: Transform<GainSettings, GainDraw> = {
  defaults: { gainDb: [-12, 12] },
  rules: { gainDb: [-120, 120] },
  draw: ({ gainDb }, random) => ({ kind: "gain", gainDb: drawFrom(gainDb, random) }),
  apply({ gainDb }, samples, context) {
    const factor = context.dsp.decibelsToAmplitude(gainDb);
    const changed = outFor(samples.length, context);
    for (let i = 0; i < changed.length; i++) changed[i] = factor * samples[i];
    return changed;
  },
  describe: ({ gainDb }) => `gain ${signed(gainDb, 1)} dB`,
};

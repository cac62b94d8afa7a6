import { drawFrom, type Range, type Transform } from "./transform.ts";

/** What white noise draws from. */
export interface WhiteNoiseSettings {
  /** Ratio of signal to noise, in dB. @default {[10, 30]} */
  readonly snrDb: Range;
}

/** Gaussian white noise, `snrDb` below the clip's power. */
export interface WhiteNoiseDraw {
  /** Name of the transform. */
  readonly kind: "white-noise";
  /** Ratio of signal to noise, in dB. */
  readonly snrDb: number;
  /** Which noise: the seed of `Dsp.gaussianNoise`. */
  readonly noiseSeed: number;
}

/** Adds white noise; leaves a silent clip as it is. */
export const whiteNoise: Transform<WhiteNoiseSettings, WhiteNoiseDraw> = {
  defaults: { snrDb: [10, 30] },
  rules: { snrDb: [-60, 120] },
  draw: ({ snrDb }, random) => ({
    kind: "white-noise",
    snrDb: drawFrom(snrDb, random),
    noiseSeed: random.nextUint32(),
  }),
  apply: ({ snrDb, noiseSeed }, samples, { dsp, out }) =>
    dsp.addNoise(samples, noiseSeed, snrDb, out),
  describe: ({ snrDb }) => `white noise at ${snrDb.toFixed(1)} dB SNR`,
};

import { drawFrom, type Range, type Transform } from "./transform.ts";

/** What background noise draws from. */
export interface BackgroundNoiseSettings {
  /** Ratio of signal to background, in dB. @default {[5, 25]} */
  readonly snrDb: Range;
}

/** A recording of background, `snrDb` below the clip's power. */
export interface BackgroundNoiseDraw {
  /** Name of the transform. */
  readonly kind: "background-noise";
  /** Ratio of signal to background, in dB. */
  readonly snrDb: number;
  /** Which recording, as a part of their number: see `backgroundIndex`. */
  readonly choice: number;
  /** Where in the recording to begin, as a part of its length; it starts again at its end. */
  readonly offset: number;
}

/** Index of the recording that a draw chose among `count`. */
export function backgroundIndex({ choice }: BackgroundNoiseDraw, count: number): number {
  return Math.floor(choice * count);
}

/** Mixes in a recording of background; leaves the clip as it is where one of both is silent. */
export const backgroundNoise: Transform<BackgroundNoiseSettings, BackgroundNoiseDraw> = {
  defaults: { snrDb: [5, 25] },
  rules: { snrDb: [-60, 120] },
  draw: ({ snrDb }, random) => ({
    kind: "background-noise",
    snrDb: drawFrom(snrDb, random),
    choice: random.next(),
    offset: random.next(),
  }),
  apply({ snrDb, offset }, samples, { background, dsp, out }) {
    if (!background?.length) {
      throw new TypeError(
        "Cannot mix in background noise as the context must hold samples of a background clip: " +
          `current value is ${background ? "empty" : background}`,
      );
    }
    const start = Math.floor(offset * background.length);
    return dsp.addBackground(samples, background, start, snrDb, out);
  },
  describe: ({ snrDb }) => `background noise at ${snrDb.toFixed(1)} dB SNR`,
};

import { drawFrom, type Range, type Transform } from "./transform.ts";

/** What reverb draws from. */
export interface ReverbSettings {
  /** Time in which the sound decays by 60 dB, in seconds. @default {[0.1, 0.6]} */
  readonly rt60Seconds: Range;
  /** Part of the reverberated sound in the mix, 0 to 1. @default {[0.1, 0.4]} */
  readonly wetMix: Range;
}

/** (1 − wetMix) of the clip and wetMix of its reverberation. */
export interface ReverbDraw {
  /** Name of the transform. */
  readonly kind: "reverb";
  /** Time in which the sound decays by 60 dB, in seconds. */
  readonly rt60Seconds: number;
  /** Part of the reverberated sound in the mix, 0 to 1. */
  readonly wetMix: number;
  /** Which room: the seed of the impulse response's noise. */
  readonly noiseSeed: number;
}

/** Simple reverberation by an impulse response of decaying noise (Moorer 1979); keeps the length. */
export const reverb: Transform<ReverbSettings, ReverbDraw> = {
  defaults: { rt60Seconds: [0.1, 0.6], wetMix: [0.1, 0.4] },
  rules: { rt60Seconds: [0.01, 10], wetMix: [0, 1] },
  draw: ({ rt60Seconds, wetMix }, random) => ({
    kind: "reverb",
    rt60Seconds: drawFrom(rt60Seconds, random),
    wetMix: drawFrom(wetMix, random),
    noiseSeed: random.nextUint32(),
  }),
  apply: (draw, samples, { dsp, sampleRateHz, out }) =>
    dsp.reverberate(samples, draw, sampleRateHz, out),
  describe: ({ rt60Seconds, wetMix }) =>
    `reverb with RT60 ${rt60Seconds.toFixed(2)} s, ${(100 * wetMix).toFixed(0)} % wet`,
};

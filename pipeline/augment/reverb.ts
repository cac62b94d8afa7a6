import { meanSquare } from "./level.ts";
import { type AugmentContext, drawFrom, type Range, type Transform } from "./transform.ts";

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
  apply(draw, samples, context) {
    const wet = context.dsp.convolve(samples, createImpulseResponse(draw, context));
    const { wetMix } = draw, mixed = wet.subarray(0, samples.length); // a clip less to touch
    for (let i = 0; i < mixed.length; i++) mixed[i] = (1 - wetMix) * samples[i] + wetMix * wet[i];
    return mixed;
  },
  describe: ({ rt60Seconds, wetMix }) =>
    `reverb with RT60 ${rt60Seconds.toFixed(2)} s, ${(100 * wetMix).toFixed(0)} % wet`,
};

/** Noise that decays by 60 dB over its length, of energy 1: reverberation is as loud as its source. */
function createImpulseResponse(
  { rt60Seconds, noiseSeed }: ReverbDraw,
  { dsp, sampleRateHz }: AugmentContext,
): Float32Array {
  const response = new Float32Array(Math.ceil(rt60Seconds * sampleRateHz));
  dsp.gaussianNoise(noiseSeed, response);
  const decay = dsp.decibelsToAmplitude(-60 / (rt60Seconds * sampleRateHz));
  let envelope = 1;
  for (let i = 0; i < response.length; i++, envelope *= decay) response[i] *= envelope;
  const scale = 1 / Math.sqrt(meanSquare(response) * response.length);
  for (let i = 0; i < response.length; i++) response[i] *= scale;
  return response;
}

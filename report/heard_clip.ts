/** A clip as the model hears it: the feature graph's sound on the way to its features. */
import { decodeFile } from "../pipeline/decode/decode.ts";
import type { DecodedAudio, DecodeWindow } from "../pipeline/decode/audio.ts";
import type { Dsp } from "../pipeline/dsp/dsp.ts";
import { fitLength } from "../pipeline/feature_graph.ts";
import { clipSamples, type FrontEnd, numFrames } from "../pipeline/front_end.ts";

/** Sound and features of one clip. */
export interface HeardClip {
  /** What was decoded: the beginning of the file, at its own rate. */
  readonly audio: DecodedAudio;
  /** `[clipSamples(frontEnd)]`, at the front end's rate. */
  readonly samples: Float32Array;
  /** `[melBands, numFrames]`, in dB; equal to the graph's. */
  readonly features: Float32Array;
}

/**
 * Decodes, resamples, fits and analyses one file.
 *
 * @throws {DecodeError} where it cannot be decoded.
 */
export async function hearClip(path: string, frontEnd: FrontEnd, dsp: Dsp): Promise<HeardClip> {
  const audio = await decodeFile(path, decodeWindow(frontEnd));
  const { sampleRateHz } = frontEnd;
  const samples = fitLength(
    dsp.resample(audio.samples, audio.sampleRateHz, sampleRateHz),
    clipSamples(frontEnd),
  );
  return { audio, samples, features: computeFeatures(samples, frontEnd, dsp) };
}

/** What the feature graph decodes of a file. */
export function decodeWindow({ durationSeconds }: FrontEnd): DecodeWindow {
  return { durationSeconds };
}

/** The features of exactly `clipSamples(frontEnd)` samples. */
export function computeFeatures(
  samples: Float32Array,
  frontEnd: FrontEnd,
  dsp: Dsp,
): Float32Array {
  const features = new Float32Array(frontEnd.melBands * numFrames(frontEnd));
  dsp.createLogMel(frontEnd).compute(samples, features);
  return features;
}

/** Clips as the model hears them: taps on the one feature graph. */
import type {
  AugmentationDraw,
  PaddingDraw,
  ResizedCropDraw,
  SpecAugmentDraw,
} from "../pipeline/augment/augment.ts";
import { type Clip, firstClips } from "../pipeline/clip.ts";
import type { DecodedAudio } from "../pipeline/decode/audio.ts";
import type { Dsp } from "../pipeline/dsp/dsp.ts";
import { createFeatureGraph } from "../pipeline/feature_graph.ts";
import type { FeatureGraphOptions, GraphTap } from "../pipeline/graph_options.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import type { ClipRemark } from "../pipeline/graph_stage.ts";
import { openOnce } from "../pipeline/locations/open_location.ts";
import type { Recording } from "../pipeline/recording.ts";
import { type FeatureRequest, plainRequests } from "../pipeline/requests.ts";

/** One clip, seen at every stage of the graph that it came to. Arrays are its own. */
export interface HeardClip {
  /** The request. */
  readonly request: FeatureRequest;
  /** The sound that was read of the recording, at its own rate. */
  readonly audio?: DecodedAudio;
  /** Time in the recording at which that begins. */
  readonly startSeconds?: number;
  /** The clip, `[clipSamples(frontEnd)]`, at the front end's rate, before it is augmented. */
  readonly samples?: Float32Array;
  /** How it was filled up, where that is not with silence at its end, and the samples that came of it. */
  readonly padded?: { readonly draw: PaddingDraw; readonly samples: Float32Array };
  /** Its augmentation: the draw, and the samples that came of it. */
  readonly augmented?: { readonly draw: AugmentationDraw; readonly samples: Float32Array };
  /** Which part of its features is stretched to the whole. */
  readonly resized?: ResizedCropDraw;
  /** Which cells of its features are masked. */
  readonly mask?: SpecAugmentDraw;
  /** `[melBands, numFrames]`, in dB; absent where it failed. */
  readonly features?: Float32Array;
  /** Why it has no features: one line. */
  readonly failure?: string;
  /** The stage that failed. */
  readonly failedAt?: string;
  /** What of it a person should know; absent where there is nothing. */
  readonly remarks?: readonly ClipRemark[];
}

/**
 * Sends requests through a graph in this thread.
 *
 * @returns what each was like on its way, in their order; one that failed says why.
 * @throws {Error} where the graph itself cannot go on.
 */
export async function* hearClips(
  requests: ReadableStream<FeatureRequest>,
  options: FeatureGraphOptions,
  dsp: Dsp,
): AsyncGenerator<HeardClip> {
  const seen = new Map<FeatureRequest, Partial<HeardClip>>();
  const graph = createFeatureGraph(options, {
    dsp,
    open: openOnce,
    tap: (request, at) => seen.set(request, { ...seen.get(request), ...keep(at) }),
  });
  const tasks = requests.pipeThrough(
    new TransformStream({
      transform: (request, controller) => controller.enqueue({ request }),
    }),
  );
  const fed = tasks.pipeTo(graph.writable);
  fed.catch(() => {}); // the readable side says the same
  for await (const result of graph.readable) {
    const { request } = result.kind === "failure" ? result.failure : result;
    const heard = { request, ...seen.get(request), remarks: result.trace.remarks };
    seen.delete(request);
    yield result.kind === "failure"
      ? { ...heard, failure: result.failure.message, failedAt: result.failure.stage }
      : { ...heard, features: result.features };
  }
}

/** A tap's showing, in arrays of its own. */
function keep(at: GraphTap): Partial<HeardClip> {
  switch (at.stage) {
    case "decode":
      return { audio: at.audio, startSeconds: at.startSeconds };
    case "window":
      return { samples: at.samples.slice() };
    case "pad":
      return { padded: { draw: at.draw, samples: at.samples.slice() } };
    case "augment":
      return { augmented: { draw: at.draw, samples: at.samples.slice() } };
    case "resize":
      return { resized: at.draw };
    case "mask":
      return { mask: at.draw };
  }
}

/** The beginning of a recording as the model hears it, without any change. */
export async function hearRecording(
  recording: Recording,
  frontEnd: FrontEnd,
  dsp: Dsp,
): Promise<HeardClip> {
  return await hearClip(firstClips([recording])[0], frontEnd, dsp);
}

/** A clip as the model hears it, without any change. */
export async function hearClip(clip: Clip, frontEnd: FrontEnd, dsp: Dsp): Promise<HeardClip> {
  const requests = plainRequests([clip]);
  for await (const heard of hearClips(requests, { frontEnd, seed: 0 }, dsp)) return heard;
  throw new Error("unreachable: the graph gives a result for every request");
}

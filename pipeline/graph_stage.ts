/** What the stream graph's stages have in common: their names, what passes between them, how one fails. */
import type { CacheOutcome } from "./cache/audio_cache.ts";
import { DecodeError } from "./decode/audio.ts";
import { describeLocation } from "./locations/location.ts";
import type { FeatureRequest } from "./requests.ts";
import type { StageMs, StageName } from "./stage_ms.ts";

/** Why a clip could not be used: a plain record, since an Error's fields do not survive a message. */
export interface ClipFailure {
  /** What was asked for. */
  readonly request: FeatureRequest;
  /** Where it failed; `worker` where the thread itself died, `write` where its file has no place. */
  readonly stage: StageName | "worker" | "write";
  /** The whole cause in one line, the file named. */
  readonly message: string;
  /** The clip begins where its recording has ended: of windows that come until then, it is none. */
  readonly isPastEnd?: boolean;
}

/** What is noted of a clip on its way through the graph. */
export interface ClipTrace {
  /** Time spent, by stage. */
  readonly stageMs: StageMs;
  /** How it fared with the cache; absent without one, and where it failed before. */
  cache?: CacheOutcome;
  /**
   * Where the recording ends, in samples at the front end's rate; absent where that is not in the clip, and
   * where its sound came from another copy.
   */
  endSample?: number;
  /** What of it a person should know; absent where there is nothing. */
  remarks?: ClipRemark[];
}

/** Something that a person should know of a clip that can be used. */
export type ClipRemark =
  /** The recording is longer than what is heard of it. */
  | { readonly kind: "longer"; readonly totalSeconds: number }
  /** Nothing is to be heard in it; the channels of a stereo recording may cancel each other. */
  | { readonly kind: "silent"; readonly numChannels: number }
  /** Its file contradicts itself, and was read by a guess: one line. */
  | { readonly kind: "guessed"; readonly guess: string };

/** Notes something of a clip. */
export function remark(trace: ClipTrace, about: ClipRemark): void {
  (trace.remarks ??= []).push(about);
}

/** What enters the graph. */
export interface FeatureTask {
  /** Which clip, as which copy. */
  readonly request: FeatureRequest;
  /** Where the features are written, `[melBands, numFrames]`, or the embedding; a new array where it is left out. */
  readonly out?: Float32Array;
  /** Where the clip's sound lies, or is to be put, for the other copies of it. */
  readonly shared?: SharedClip;
  /** The sound of the clip that it is mixed with, where that is at hand. */
  readonly partner?: SharedClip;
}

/** A clip as all its copies begin: resampled and fitted, not augmented. */
export interface SharedClip {
  /** As many samples as a clip has, at the front end's rate. */
  readonly samples: Float32Array;
  /** One number: how many of them are sound. Padding comes after. */
  readonly soundLength: Uint32Array;
  /** Whether the sound is there: nothing is decoded then. Else the graph puts it there. */
  readonly isFilled: boolean;
}

/** What passes from stage to stage. */
export type InFlight<T> =
  | { readonly task: FeatureTask; readonly value: T; readonly trace: ClipTrace }
  | { readonly failure: ClipFailure; readonly trace: ClipTrace };

/** A clip begins where its recording has ended. */
export class PastEndError extends DecodeError {}

/** Another clip than the task's own cannot be used: the failure is that one's. */
export class PartnerError extends Error {
  /** Of this clip, for this reason. */
  constructor(readonly request: FeatureRequest, override readonly cause: unknown) {
    super(`Cannot use ${describeLocation(request.clip.recording.location)}`, { cause });
  }
}

/** A fault that is not one clip's: it ends the graph. */
export class GraphError extends Error {}

/** A stage: clips on their way in, and out one for one. */
export type Stage<In, Out> = TransformStream<InFlight<In>, InFlight<Out>>;

/** Makes a stage of the graph from a function of one clip; a failure passes it untouched. */
export function createStage<In, Out>(
  name: StageName,
  apply: (value: In, task: FeatureTask, trace: ClipTrace) => Out | Promise<Out>,
): Stage<In, Out> {
  return new TransformStream({
    async transform(clip, controller) {
      if ("failure" in clip) return controller.enqueue(clip);
      const { task, value, trace } = clip;
      const startMs = performance.now();
      let next: InFlight<Out>;
      try {
        next = { task, value: await apply(value, task, trace), trace };
      } catch (error) {
        if (error instanceof GraphError) throw error;
        next = { failure: describeFailure(task.request, name, error), trace };
      }
      trace.stageMs[name] += performance.now() - startMs;
      controller.enqueue(next);
    },
  });
}

function describeFailure(request: FeatureRequest, stage: StageName, error: unknown): ClipFailure {
  if (error instanceof PartnerError) return describeFailure(error.request, "decode", error.cause);
  // A decoder's error names the file already; anything else is given its place.
  const place = describeLocation(request.clip.recording.location);
  const message = error instanceof DecodeError
    ? error.message
    : `Cannot use ${place} as its ${stage} stage failed: ${(error as Error).message}`;
  const failure = { request, stage, message: message.replaceAll(/\s*\n\s*/g, " ") };
  return error instanceof PastEndError ? { ...failure, isPastEnd: true } : failure;
}

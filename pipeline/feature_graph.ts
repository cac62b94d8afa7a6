/**
 * The one stream graph from a file to its log-mel features:
 *
 *     decode ▶ resample ▶ fit ▶ augment ▶ log-mel ▶ mask
 *
 * Training, validation and prediction all build it here; what augments changes copies alone, and the
 * last two leave it out.
 * A clip that cannot be read does not end the stream: it leaves the graph as a failure with its
 * cause, in its place among the others.
 */
import {
  applyAugmentation,
  applySpecAugment,
  type AugmentPolicy,
  drawAugmentation,
  drawSpecAugment,
  needsBackground,
  type SpecAugmentSettings,
} from "./augment/augment.ts";
import { BackgroundError, BackgroundLibrary } from "./augment/background_library.ts";
import type { CopySettings } from "./augment/copy_settings.ts";
import { AudioCache, type CacheOutcome } from "./cache/audio_cache.ts";
import type { CacheFolder } from "./cache/cache_folder.ts";
import { type ClipAudio, ClipReader } from "./clip_reader.ts";
import { DecodeError } from "./decode/audio.ts";
import type { Dsp } from "./dsp/dsp.ts";
import { clipSamples, type FrontEnd, numFrames } from "./front_end.ts";
import { createRandom } from "./random.ts";
import type { FeatureRequest } from "./requests.ts";

/** What a graph is built from; plain data, so that it can be sent to a worker. */
export interface FeatureGraphOptions extends Partial<CopySettings> {
  /** What the features are. */
  readonly frontEnd: FrontEnd;
  /** Key of every random draw. */
  readonly seed: number;
  /** What the augmented copies (`copy` ≥ 1) draw from; without it the augment stage is left out. */
  readonly augment?: AugmentPolicy;
  /** How the augmented copies' features are masked; without it they are not. */
  readonly specAugment?: SpecAugmentSettings;
  /** Paths of the recordings that `background-noise` draws from. */
  readonly background?: readonly string[];
  /** Where decoded audio is kept; without it every clip is decoded whenever it is asked for. */
  readonly cache?: CacheFolder;
}

/** What enters the graph. */
export interface FeatureTask {
  /** Which recording, as which copy. */
  readonly request: FeatureRequest;
  /** Where the features are written, `[melBands, numFrames]`; a new array where it is left out. */
  readonly out?: Float32Array;
  /** Where the recording's sound lies, or is to be put, for the other copies of it. */
  readonly shared?: SharedClip;
}

/** A recording as all its copies begin: resampled and fitted, not augmented. */
export interface SharedClip {
  /** As many samples as a clip has, at the front end's rate. */
  readonly samples: Float32Array;
  /** Whether the sound is there: nothing is decoded then. Else the graph puts it there. */
  readonly isFilled: boolean;
}

/** The graph's stages, in their order. */
export const stageNames = ["decode", "resample", "fit", "augment", "logMel"] as const;
/** One stage of the graph. */
export type StageName = typeof stageNames[number];
/** Milliseconds spent in each stage. */
export type StageMs = Record<StageName, number>;

/** Why a recording could not be used: a plain record, since an Error's fields do not survive a message. */
export interface ClipFailure {
  /** What was asked for. */
  readonly request: FeatureRequest;
  /** Where it failed; `worker` where the thread itself died. */
  readonly stage: StageName | "worker";
  /** The whole cause in one line, the file named. */
  readonly message: string;
}

/** What is noted of a clip on its way through the graph. */
export interface ClipTrace {
  /** Time spent, by stage. */
  readonly stageMs: StageMs;
  /** How it fared with the cache; absent without one, and where it failed before. */
  cache?: CacheOutcome;
}

/** What leaves the graph: the features, or why there are none. */
export type FeatureResult =
  | {
    readonly kind: "features";
    readonly request: FeatureRequest;
    /** `[melBands, numFrames]`, row-major, in dB. */
    readonly features: Float32Array;
    readonly trace: ClipTrace;
  }
  | { readonly kind: "failure"; readonly failure: ClipFailure; readonly trace: ClipTrace };

/** What passes from stage to stage. */
type InFlight<T> =
  | { readonly task: FeatureTask; readonly value: T; readonly trace: ClipTrace }
  | { readonly failure: ClipFailure; readonly trace: ClipTrace };

/** Makes a stage of the graph from a function of one clip; a failure passes it untouched. */
function stage<In, Out>(
  name: StageName,
  apply: (value: In, task: FeatureTask, trace: ClipTrace) => Out | Promise<Out>,
): TransformStream<InFlight<In>, InFlight<Out>> {
  return new TransformStream({
    async transform(clip, controller) {
      if ("failure" in clip) return controller.enqueue(clip);
      const { task, value, trace } = clip;
      const startMs = performance.now();
      let next: InFlight<Out>;
      try {
        next = { task, value: await apply(value, task, trace), trace };
      } catch (error) {
        if (error instanceof BackgroundError) throw error; // no fault of this clip: the graph ends
        next = { failure: describeFailure(task.request, name, error), trace };
      }
      trace.stageMs[name] += performance.now() - startMs;
      controller.enqueue(next);
    },
  });
}

function describeFailure(request: FeatureRequest, stage: StageName, error: unknown): ClipFailure {
  // A decoder's error names the file already; anything else is given its place.
  const message = error instanceof DecodeError
    ? error.message
    : `Cannot use ${request.clip.path} as its ${stage} stage failed: ${(error as Error).message}`;
  return { request, stage, message: message.replaceAll(/\s*\n\s*/g, " ") };
}

/** Pads with zeros or cuts to a length; returns its argument where it fits already. */
export function fitLength(samples: Float32Array, length: number): Float32Array {
  if (samples.length === length) return samples;
  if (samples.length > length) return samples.subarray(0, length);
  const fitted = new Float32Array(length);
  fitted.set(samples);
  return fitted;
}

/** The graph: tasks in, results out, one for one and in the same order. */
export interface FeatureGraph {
  /** Takes tasks. */
  readonly writable: WritableStream<FeatureTask>;
  /** Gives results. */
  readonly readable: ReadableStream<FeatureResult>;
}

/**
 * Builds one copy of the graph for this thread.
 *
 * @param dsp The thread's DSP kernels; copies of the graph may share them.
 * @param onNotice Is told what a person should know and no clip is to blame for, perhaps repeatedly.
 * @throws {RangeError} where the front end cannot be computed, or background noise is to be drawn
 *   and there are no recordings of it.
 */
export function createFeatureGraph(
  options: FeatureGraphOptions,
  dsp: Dsp,
  onNotice: (message: string) => void = () => {},
): FeatureGraph {
  const { frontEnd, seed, augment, specAugment } = options;
  const { sampleRateHz, durationSeconds, melBands } = frontEnd;
  const length = clipSamples(frontEnd), shape = { melBands, numFrames: numFrames(frontEnd) };
  const logMel = dsp.createLogMel(frontEnd),
    cache = options.cache && new AudioCache(options.cache, onNotice);
  const reader = new ClipReader(options, cache);
  const background = augment && needsBackground(augment)
    ? new BackgroundLibrary(options.background ?? [], {
      sampleRateHz,
      durationSeconds,
      dsp,
      onNotice,
    })
    : undefined;

  const enter = new TransformStream<FeatureTask, InFlight<undefined>>({
    transform(task, controller) {
      const stageMs = { decode: 0, resample: 0, fit: 0, augment: 0, logMel: 0 };
      controller.enqueue({ task, value: undefined, trace: { stageMs } });
    },
  });
  const leave = new TransformStream<InFlight<Float32Array>, FeatureResult>({
    transform(clip, controller) {
      const { trace } = clip;
      controller.enqueue(
        "failure" in clip ? { kind: "failure", failure: clip.failure, trace } : {
          kind: "features",
          request: clip.task.request,
          features: clip.value,
          trace,
        },
      );
    },
  });

  const decode = stage<undefined, ClipAudio>("decode", async (_none, task, trace) => {
    const { request, shared } = task;
    if (shared?.isFilled) return { samples: shared.samples, sampleRateHz };
    const audio = await reader.read(request);
    trace.cache = audio.cache;
    return audio;
  });
  /** Clips that are used up, to be written over: a new array costs a twentieth of a clip. */
  const spareClips: Float32Array[] = [];
  const takeSpare = () => spareClips.pop() ?? new Float32Array(length);
  const giveBack = (samples: Float32Array, { shared }: FeatureTask) => {
    // Neither another task's nor a view of something larger; and no more than are under way at once.
    const isOwn = samples !== shared?.samples && samples.byteLength === samples.buffer.byteLength;
    if (isOwn && spareClips.length < 4) spareClips.push(samples);
  };
  const resample = stage<ClipAudio, Float32Array>("resample", (audio, _task, trace) => {
    const { samples, keep } = audio, isEqual = audio.sampleRateHz === sampleRateHz;
    const clip = isEqual ? undefined : takeSpare();
    const resampled = dsp.resample(samples, audio.sampleRateHz, sampleRateHz, clip);
    if (keep) trace.cache = keep(resampled);
    if (resampled !== samples) reader.recycle(audio);
    return clip?.fill(0, resampled.length) ?? resampled;
  });
  const fit = stage<Float32Array, Float32Array>("fit", (samples, { shared }) => {
    const fitted = fitLength(samples, length);
    if (shared && !shared.isFilled) shared.samples.set(fitted);
    return fitted;
  });
  const computeLogMel = stage<Float32Array, Float32Array>("logMel", (samples, task) => {
    const features = task.out ?? new Float32Array(shape.melBands * shape.numFrames);
    logMel.compute(samples, features);
    giveBack(samples, task);
    return features;
  });

  let samples = enter.readable.pipeThrough(decode).pipeThrough(resample).pipeThrough(fit);
  if (augment) {
    samples = samples.pipeThrough(stage("augment", async (original, task) => {
      const { clip, epoch, copy } = task.request;
      if (copy === 0) return original;
      let draw = drawAugmentation(augment, createRandom(seed, epoch, clip.id, copy, "augment"));
      let noise: Float32Array | undefined;
      if (draw.kind === "background-noise") {
        ({ draw, samples: noise } = await background!.load(draw));
      }
      const room = takeSpare(), context = { sampleRateHz, dsp, background: noise, room };
      const augmented = applyAugmentation(draw, original, context), isSame = augmented === original;
      giveBack(isSame ? room : original, task);
      return isSame ? original : room.fill(0, augmented.length);
    }));
  }
  let features = samples.pipeThrough(computeLogMel);
  if (specAugment) {
    features = features.pipeThrough(stage("augment", (cells, { request }) => {
      const { clip, epoch, copy } = request;
      if (copy === 0) return cells;
      const random = createRandom(seed, epoch, clip.id, copy, "spec-augment");
      applySpecAugment(drawSpecAugment(specAugment, shape, random), cells, shape);
      return cells;
    }));
  }
  return { writable: enter.writable, readable: features.pipeThrough(leave) };
}

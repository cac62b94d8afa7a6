/**
 * The one stream graph from a recording to a clip's log-mel features:
 *
 *     fetch ▶ decode ▶ resample ▶ window ▶ mix ▶ augment ▶ log-mel ▶ resize ▶ mask
 *
 * or, where an embedder is handed in, to its embedding: that stands in the place of the last two.
 *
 * Training, validation and prediction all build it here; what augments changes copies alone, and the
 * last two leave it out.
 * A clip that cannot be read does not end the stream: it leaves the graph as a failure with its
 * cause, in its place among the others.
 *
 * Nothing below here knows a platform: what opens recordings, and the cache, are handed in.
 */
import {
  applyAugmentation,
  applyPadding,
  applyResizedCrop,
  applySpecAugment,
  type AugmentationDraw,
  type AugmentPolicy,
  drawAugmentation,
  drawPadding,
  drawResizedCrop,
  drawSpecAugment,
  type FeatureShape,
  mixSounds,
  needsBackground,
  type PaddingDraw,
  type ResizedCropDraw,
  type SpecAugmentDraw,
  type SpecAugmentSettings,
} from "./augment/augment.ts";
import { BackgroundLibrary } from "./augment/background_library.ts";
import type { CopySettings } from "./augment/copy_settings.ts";
import type { AudioCache } from "./cache/audio_cache.ts";
import { clipId } from "./clip.ts";
import { type ClipAudio, ClipReader, type ReadRecording } from "./clip_reader.ts";
import type { DecodedAudio } from "./decode/audio.ts";
import type { Dsp } from "./dsp/dsp.ts";
import { fitLength } from "./fit_length.ts";
import { clipSamples, type FrontEnd, numFrames } from "./front_end.ts";
import {
  type ClipFailure,
  type ClipTrace,
  createStage,
  type FeatureTask,
  type InFlight,
  PartnerError,
  remark,
} from "./graph_stage.ts";
import { identityOf, isRemote, type Location } from "./locations/location.ts";
import type { OpenLocation, OpenSource } from "./locations/byte_source.ts";
import { defaultPatience, openPatiently, type Patience } from "./locations/patience.ts";
import { createRandom, type Random } from "./random.ts";
import type { FeatureRequest } from "./requests.ts";
import { createStageMs, type StageName } from "./stage_ms.ts";

/** What a graph computes; plain data, so that it can be sent to a worker. */
export interface FeatureGraphOptions extends Partial<CopySettings> {
  /** What the features are. */
  readonly frontEnd: FrontEnd;
  /** Key of every random draw. */
  readonly seed: number;
  /** What the augmented copies (`copy` ≥ 1) draw from; without it the augment stage is left out. */
  readonly augment?: AugmentPolicy;
  /** `forward`: clips of one recording come one after the other; see `ClipReaderOptions`. @default {"any"} */
  readonly order?: "any" | "forward";
  /** How the augmented copies' features are masked; without it they are not. */
  readonly specAugment?: SpecAugmentSettings;
  /** The recordings that `background-noise` draws from. */
  readonly background?: readonly Location[];
}

/** What makes an embedding of a clip. */
export interface ClipEmbedder {
  /** Numbers of an embedding. */
  readonly size: number;
  /**
   * Makes one.
   *
   * @param samples At the front end's rate; not changed.
   * @param out Receives it.
   */
  embed(samples: Float32Array, out: Float32Array): Promise<void>;
}

/** What a graph is given by the platform it runs on. */
export interface FeatureGraphParts {
  /** The thread's DSP kernels; copies of the graph may share them. */
  readonly dsp: Dsp;
  /** Opens recordings. */
  readonly open: OpenLocation;
  /** Where decoded audio is kept; without it every clip is decoded whenever it is asked for. */
  readonly cache?: AudioCache;
  /** How long recordings behind a network are waited for. @default {defaultPatience} */
  readonly patience?: Patience;
  /** Makes the features, in the place of the log-mel spectrogram. */
  readonly embedder?: ClipEmbedder;
  /** Is told every second that bytes are still waited for. */
  readonly onWaiting?: () => void;
  /** Is told what a person should know and no clip is to blame for, perhaps repeatedly. */
  readonly onNotice?: (message: string) => void;
  /** Is shown what a clip is like on its way. */
  readonly tap?: (request: FeatureRequest, seen: GraphTap) => void;
}

/** What a clip is like behind a stage. Arrays are used again: who wants to keep one copies it. */
export type GraphTap =
  /** What was read of the recording, at its own rate, and where in it that begins. */
  | { readonly stage: "decode"; readonly audio: DecodedAudio; readonly startSeconds: number }
  /** The clip as every copy of it begins, at the front end's rate. */
  | { readonly stage: "window"; readonly samples: Float32Array }
  /** How the copy's short sound was filled up to a clip. */
  | { readonly stage: "pad"; readonly draw: PaddingDraw; readonly samples: Float32Array }
  /** What was drawn, and what it made of the clip. */
  | {
    readonly stage: "augment";
    readonly draw: AugmentationDraw;
    readonly samples: Float32Array;
  }
  /** Which part of the features is stretched to the whole. */
  | { readonly stage: "resize"; readonly draw: ResizedCropDraw }
  /** Which cells of the features are masked. */
  | { readonly stage: "mask"; readonly draw: SpecAugmentDraw };

/** What leaves the graph: the features, or why there are none. */
export type FeatureResult =
  | {
    readonly kind: "features";
    readonly request: FeatureRequest;
    /** `[melBands, numFrames]`, row-major, in dB; or the embedding. */
    readonly features: Float32Array;
    readonly trace: ClipTrace;
  }
  | { readonly kind: "failure"; readonly failure: ClipFailure; readonly trace: ClipTrace };

/** The graph: tasks in, results out, one for one and in the same order. */
export interface FeatureGraph {
  /** Takes tasks. */
  readonly writable: WritableStream<FeatureTask>;
  /** Gives results. */
  readonly readable: ReadableStream<FeatureResult>;
}

/** Recordings behind a network that one graph fetches at a time. */
const maxFetches = 4;

/**
 * Builds one copy of the graph for this thread.
 *
 * @throws {RangeError} where the front end cannot be computed, or background noise is to be drawn
 *   and there are no recordings of it.
 */
export function createFeatureGraph(
  options: FeatureGraphOptions,
  parts: FeatureGraphParts,
): FeatureGraph {
  const stages = new GraphStages(options, parts);
  const enter = stages.enter(), leave = stages.leave();
  let samples = enter.readable.pipeThrough(stages.fetch()).pipeThrough(stages.decode())
    .pipeThrough(stages.resample()).pipeThrough(stages.window());
  if (options.mixSounds) samples = samples.pipeThrough(stages.mix());
  if (options.augment) samples = samples.pipeThrough(stages.augment(options.augment));
  const { embedder } = parts;
  let features = samples.pipeThrough(embedder ? stages.embed(embedder) : stages.logMel());
  if (options.resizedCrop) features = features.pipeThrough(stages.resize(options.resizedCrop));
  if (options.specAugment) features = features.pipeThrough(stages.mask(options.specAugment));
  return { writable: enter.writable, readable: features.pipeThrough(leave) };
}

/** Whether no sample is louder than the last bit of 16. */
function isSilent(samples: Float32Array): boolean {
  return samples.every((sample) => Math.abs(sample) <= 2 ** -15);
}

/** What is under way from a remote place; nothing of one that opens at once. */
type Fetch = Promise<OpenSource> | undefined;

/** A clip on its way to being one. */
interface Sound {
  /** At the front end's rate; of any length, perhaps padded. */
  readonly samples: Float32Array;
  /** How many of the samples are sound: what comes after is padding. */
  readonly length: number;
}

/** The stages of one graph, and the arrays that pass between them. */
class GraphStages {
  readonly #options: FeatureGraphOptions;
  readonly #parts: FeatureGraphParts;
  /** Waits for what lies behind a network. */
  readonly #open: OpenLocation;
  readonly #reader: ClipReader;
  /** Samples of a clip. */
  readonly #length: number;
  /** Clips that are used up, to be written over: a new array costs a twentieth of a clip. */
  readonly #spareClips: Float32Array[] = [];

  constructor(options: FeatureGraphOptions, parts: FeatureGraphParts) {
    this.#options = options;
    this.#parts = parts;
    const { open, patience = defaultPatience, onWaiting = () => {} } = parts;
    this.#open = (location) =>
      isRemote(location) ? openPatiently(open, location, patience, onWaiting) : open(location);
    this.#reader = new ClipReader(options, this.#open, parts.cache);
    this.#length = clipSamples(options.frontEnd);
  }

  /** Begins to fetch what lies behind a network, a few recordings ahead of the one being decoded. */
  enter() {
    const isForward = this.#options.order === "forward";
    let last = "";
    return new TransformStream<FeatureTask, InFlight<Fetch>>(
      {
        transform: (task, controller) => {
          const { location } = task.request.clip.recording;
          const isWanted = isRemote(location) && !task.shared?.isFilled &&
            !(isForward && last === identityOf(location)) && !this.#reader.mayBeKept(task.request);
          const fetch = isWanted ? this.#fetchStart(location) : undefined;
          fetch?.catch(() => {}); // thrown where it is awaited
          last = isForward ? identityOf(location) : "";
          controller.enqueue({ task, value: fetch, trace: { stageMs: createStageMs() } });
        },
      },
      undefined,
      { highWaterMark: maxFetches - 1 },
    );
  }

  /** Opens a recording, and has its first bytes come. */
  async #fetchStart(location: Location): Promise<OpenSource> {
    const source = await this.#open(location);
    try {
      await source.read(0, 1);
      return source;
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
  }

  fetch() {
    return createStage<Fetch, OpenSource | undefined>("fetch", (fetch) => fetch);
  }

  decode() {
    const { sampleRateHz } = this.#options.frontEnd, { tap } = this.#parts;
    return createStage<OpenSource | undefined, ClipAudio>(
      "decode",
      async (fetched, task, trace) => {
        const { request, shared } = task;
        if (shared?.isFilled) {
          return { samples: shared.samples, sampleRateHz };
        }
        const audio = await this.#reader.read(request, fetched);
        trace.cache = audio.cache;
        trace.endSample = audio.endSample;
        if (audio.decoded) {
          tap?.(request, { stage: "decode", ...audio.decoded });
          this.#remarkOn(audio.decoded, request, trace);
        }
        return audio;
      },
    );
  }

  resample() {
    return createStage<ClipAudio, Sound>(
      "resample",
      (audio, { shared }, trace) =>
        shared?.isFilled
          ? { samples: audio.samples, length: shared.soundLength[0] }
          : this.#resample(audio, trace),
    );
  }

  #resample(audio: ClipAudio, trace: ClipTrace): Sound {
    const { sampleRateHz } = this.#options.frontEnd, { dsp } = this.#parts;
    const { samples, keep } = audio, isEqual = audio.sampleRateHz === sampleRateHz;
    const clip = isEqual ? undefined : this.#takeSpare();
    const resampled = dsp.resample(samples, audio.sampleRateHz, sampleRateHz, clip);
    if (keep) trace.cache = keep(resampled);
    if (resampled !== samples) this.#reader.recycle(audio);
    return { samples: clip?.fill(0, resampled.length) ?? resampled, length: resampled.length };
  }

  window() {
    const { tap } = this.#parts;
    return createStage<Sound, Float32Array>("window", ({ samples, length }, task) => {
      const { request, shared } = task, fitted = fitLength(samples, this.#length);
      if (shared && !shared.isFilled) {
        shared.samples.set(fitted);
        shared.soundLength[0] = Math.min(length, this.#length);
      }
      tap?.(request, { stage: "window", samples: fitted });
      return this.#pad(fitted, length, task);
    });
  }

  /** Mixes a copy with the clip that its request names. */
  mix() {
    const { frontEnd: { sampleRateHz } } = this.#options;
    return createStage<Float32Array, Float32Array>("mix", async (own, task) => {
      const { epoch, copy, mix } = task.request;
      if (!mix) return own;
      const request = { clip: mix.clip, epoch, copy };
      const partner = { request, shared: task.partner };
      const other = await this.#hearPartner(partner).catch((cause) => {
        throw new PartnerError(request, cause);
      });
      const mixed = this.#takeSpare();
      mixSounds(own, other, mix.ratio, sampleRateHz, mixed);
      this.#giveBack(own, task);
      this.#giveBack(other, partner);
      return mixed;
    });
  }

  /** The clip that a copy is mixed with, as its own copy of the same number begins. */
  async #hearPartner(task: FeatureTask): Promise<Float32Array> {
    const { request, shared } = task;
    if (shared) return this.#pad(shared.samples, shared.soundLength[0], task);
    const audio = await this.#reader.read(request);
    const { samples, length } = this.#resample(audio, { stageMs: createStageMs() });
    return this.#pad(fitLength(samples, this.#length), length, task);
  }

  /** Fills up the short sound of an augmented copy in another way than with silence at its end. */
  #pad(fitted: Float32Array, length: number, task: FeatureTask): Float32Array {
    const { pad = "end", seed } = this.#options,
      { request } = task,
      { clip, epoch, copy } = request;
    if (pad === "end" || copy === 0 || length >= this.#length) return fitted;
    const draw = drawPadding(pad, createRandom(seed, epoch, clipId(clip), copy, "pad"));
    const samples = this.#takeSpare();
    applyPadding(draw, fitted.subarray(0, length), samples);
    this.#giveBack(fitted, task);
    this.#parts.tap?.(request, { stage: "pad", draw, samples });
    return samples;
  }

  augment(policy: AugmentPolicy) {
    const { seed, frontEnd: { sampleRateHz } } = this.#options, { dsp, tap } = this.#parts;
    const backgrounds = needsBackground(policy) ? this.#openBackgrounds() : undefined;
    return createStage<Float32Array, Float32Array>("augment", async (original, task) => {
      const { request } = task, { clip, epoch, copy } = request;
      if (copy === 0) return original;
      const random = createRandom(seed, epoch, clipId(clip), copy, "augment");
      const drawn = drawAugmentation(policy, random);
      const { draw, background } = await backgrounds?.loadFor(drawn) ?? { draw: drawn };
      const spare = this.#takeSpare();
      const augmented = applyAugmentation(draw, original, {
        sampleRateHz,
        dsp,
        background,
        out: spare,
      });
      const isSame = augmented === original;
      this.#giveBack(isSame ? spare : original, task);
      const samples = isSame ? original : spare.fill(0, augmented.length);
      tap?.(request, { stage: "augment", draw, samples });
      return samples;
    });
  }

  logMel() {
    const { frontEnd } = this.#options, logMel = this.#parts.dsp.createLogMel(frontEnd);
    const numCells = frontEnd.melBands * numFrames(frontEnd);
    return createStage<Float32Array, Float32Array>("logMel", (samples, task) => {
      const features = task.out ?? new Float32Array(numCells);
      logMel.compute(samples, features);
      this.#giveBack(samples, task);
      return features;
    });
  }

  embed(embedder: ClipEmbedder) {
    return createStage<Float32Array, Float32Array>("embed", async (samples, task) => {
      const embedding = task.out ?? new Float32Array(embedder.size);
      await embedder.embed(samples, embedding);
      this.#giveBack(samples, task);
      return embedding;
    });
  }

  resize(probability: number) {
    return this.#changeFeatures("resize", "resized-crop", (features, shape, random) => {
      if (random.next() >= probability) return;
      const draw = drawResizedCrop(random);
      applyResizedCrop(draw, features, shape);
      return { stage: "resize", draw };
    });
  }

  mask(settings: SpecAugmentSettings) {
    return this.#changeFeatures("mask", "spec-augment", (features, shape, random) => {
      const draw = drawSpecAugment(settings, shape, random);
      applySpecAugment(draw, features, shape);
      return { stage: "mask", draw };
    });
  }

  /** A stage that changes the features of augmented copies in place, by what it draws. */
  #changeFeatures(
    name: StageName,
    key: string,
    change: (features: Float32Array, shape: FeatureShape, random: Random) => GraphTap | void,
  ) {
    const { seed, frontEnd } = this.#options, { tap } = this.#parts;
    const shape = { melBands: frontEnd.melBands, numFrames: numFrames(frontEnd) };
    return createStage<Float32Array, Float32Array>(name, (features, { request }) => {
      const { clip, epoch, copy } = request;
      if (copy === 0) return features;
      const seen = change(features, shape, createRandom(seed, epoch, clipId(clip), copy, key));
      if (seen) tap?.(request, seen);
      return features;
    });
  }

  leave() {
    return new TransformStream<InFlight<Float32Array>, FeatureResult>({
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
      flush: () => this.#reader.close(),
    });
  }

  /** Says where not all of a recording is heard, or nothing is to be heard in it. */
  #remarkOn({ audio }: ReadRecording, { clip }: FeatureRequest, trace: ClipTrace): void {
    const { totalSeconds, numChannels, remark: guess } = audio;
    const { crop = "start", order = "any", frontEnd: { durationSeconds } } = this.#options;
    const isAlone = crop === "start" && order === "any" && clip.length === undefined;
    if (isAlone && totalSeconds !== undefined && totalSeconds > durationSeconds + 0.05) {
      remark(trace, { kind: "longer", totalSeconds });
    }
    if (isSilent(audio.samples)) remark(trace, { kind: "silent", numChannels });
    if (guess !== undefined) remark(trace, { kind: "guessed", guess });
  }

  #openBackgrounds(): BackgroundLibrary {
    const { background = [], frontEnd: { sampleRateHz, durationSeconds } } = this.#options;
    const { dsp, onNotice = () => {} } = this.#parts;
    return new BackgroundLibrary(background, {
      sampleRateHz,
      durationSeconds,
      dsp,
      open: this.#open,
      onNotice,
    });
  }

  #takeSpare(): Float32Array {
    return this.#spareClips.pop() ?? new Float32Array(this.#length);
  }

  #giveBack(samples: Float32Array, { shared }: FeatureTask): void {
    // Neither another task's nor a view of something larger; and no more than are under way at once.
    const isOwn = samples !== shared?.samples && samples.byteLength === samples.buffer.byteLength;
    if (isOwn && this.#spareClips.length < 4) this.#spareClips.push(samples);
  }
}

/** The stages of the feature graph, each a stream of its own; `feature_graph.ts` joins them. */
import {
  applyAugmentation,
  applyPadding,
  applyResizedCrop,
  applySpecAugment,
  type AugmentPolicy,
  drawAugmentation,
  drawPadding,
  drawResizedCrop,
  drawSpecAugment,
  type FeatureShape,
  mixSounds,
  needsBackground,
  type SpecAugmentSettings,
} from "./augment/augment.ts";
import { BackgroundLibrary } from "./augment/background_library.ts";
import { clipId } from "./clip.ts";
import { type ClipAudio, ClipReader, type ReadRecording } from "./clip_reader.ts";
import { fitLength } from "./fit_length.ts";
import { clipSamples, numFrames } from "./front_end.ts";
import type {
  ClipEmbedder,
  FeatureGraphOptions,
  FeatureGraphParts,
  FeatureResult,
  GraphTap,
} from "./graph_options.ts";
import {
  type ClipTrace,
  createStage,
  type FeatureTask,
  type InFlight,
  PartnerError,
  remark,
  type Stage,
} from "./graph_stage.ts";
import { identityOf, isRemote, type Location } from "./locations/location.ts";
import type { OpenLocation, OpenSource } from "./locations/byte_source.ts";
import { defaultPatience, openPatiently } from "./locations/patience.ts";
import { createRandom, type Random } from "./random.ts";
import type { FeatureRequest } from "./requests.ts";
import { createStageMs, type StageName } from "./stage_ms.ts";

/** Recordings behind a network that one graph fetches at a time. */
const maxFetches = 4;

/** Whether no sample is louder than the last bit of 16. */
function isSilent(samples: Float32Array): boolean {
  return samples.every((sample) => Math.abs(sample) <= 2 ** -15);
}

/** What is under way from a remote place; nothing of one that opens at once. */
export type Fetch = Promise<OpenSource> | undefined;

/** A clip on its way to being one. */
export interface Sound {
  /** At the front end's rate; of any length, perhaps padded. */
  readonly samples: Float32Array;
  /** How many of the samples are sound: what comes after is padding. */
  readonly length: number;
}

/** The stages of one graph, and the arrays that pass between them. */
export class GraphStages {
  readonly #options: FeatureGraphOptions;
  readonly #parts: FeatureGraphParts;
  /** Waits for what lies behind a network. */
  readonly #open: OpenLocation;
  readonly #reader: ClipReader;
  /** Samples of a clip. */
  readonly #length: number;
  /** Clips that are used up, to be written over: a new array costs a twentieth of a clip. */
  readonly #spareClips: Float32Array[] = [];

  /** Stages that share arrays: those of one graph. @throws {RangeError} as `createFeatureGraph` does. */
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
  enter(): TransformStream<FeatureTask, InFlight<Fetch>> {
    const isForward = this.#options.order === "forward";
    let last = "";
    return new TransformStream(
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

  /** Waits for what `enter` began to fetch. */
  fetch(): Stage<Fetch, OpenSource | undefined> {
    return createStage("fetch", (fetch) => fetch);
  }

  /** Reads the clip's part of its recording, or what another copy of it has left in shared memory. */
  decode(): Stage<OpenSource | undefined, ClipAudio> {
    const { sampleRateHz } = this.#options.frontEnd, { tap } = this.#parts;
    return createStage(
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

  /** Has it at the front end's rate. */
  resample(): Stage<ClipAudio, Sound> {
    return createStage(
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

  /** Makes it as long as a clip. */
  window(): Stage<Sound, Float32Array> {
    const { tap } = this.#parts;
    return createStage("window", ({ samples, length }, task) => {
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
  mix(): Stage<Float32Array, Float32Array> {
    const { frontEnd: { sampleRateHz } } = this.#options;
    return createStage("mix", async (own, task) => {
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

  /** Changes copies of a clip, as the policy draws. */
  augment(policy: AugmentPolicy): Stage<Float32Array, Float32Array> {
    const { seed, frontEnd: { sampleRateHz } } = this.#options, { dsp, tap } = this.#parts;
    const backgrounds = needsBackground(policy) ? this.#openBackgrounds() : undefined;
    return createStage("augment", async (original, task) => {
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

  /** Makes the features: `[melBands, numFrames]`, in dB. */
  logMel(): Stage<Float32Array, Float32Array> {
    const { frontEnd } = this.#options, logMel = this.#parts.dsp.createLogMel(frontEnd);
    const numCells = frontEnd.melBands * numFrames(frontEnd);
    return createStage("logMel", (samples, task) => {
      const features = task.out ?? new Float32Array(numCells);
      logMel.compute(samples, features);
      this.#giveBack(samples, task);
      return features;
    });
  }

  /** Makes an embedding in the place of the features. */
  embed(embedder: ClipEmbedder): Stage<Float32Array, Float32Array> {
    return createStage("embed", async (samples, task) => {
      const embedding = task.out ?? new Float32Array(embedder.size);
      await embedder.embed(samples, embedding);
      this.#giveBack(samples, task);
      return embedding;
    });
  }

  /** Stretches a part of some copies' features to the whole. @param probability Of a copy. */
  resize(probability: number): Stage<Float32Array, Float32Array> {
    return this.#changeFeatures("resize", "resized-crop", (features, shape, random) => {
      if (random.next() >= probability) return;
      const draw = drawResizedCrop(random);
      applyResizedCrop(draw, features, shape);
      return { stage: "resize", draw };
    });
  }

  /** Masks bands and frames of copies' features. */
  mask(settings: SpecAugmentSettings): Stage<Float32Array, Float32Array> {
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
  ): Stage<Float32Array, Float32Array> {
    const { seed, frontEnd } = this.#options, { tap } = this.#parts;
    const shape = { melBands: frontEnd.melBands, numFrames: numFrames(frontEnd) };
    return createStage(name, (features, { request }) => {
      const { clip, epoch, copy } = request;
      if (copy === 0) return features;
      const seen = change(features, shape, createRandom(seed, epoch, clipId(clip), copy, key));
      if (seen) tap?.(request, seen);
      return features;
    });
  }

  /** Tells what became of each task, and closes what is open behind the last one. */
  leave(): TransformStream<InFlight<Float32Array>, FeatureResult> {
    return new TransformStream({
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

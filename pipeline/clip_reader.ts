import type { CopySettings } from "./augment/copy_settings.ts";
import { drawCropStart } from "./augment/random_crop.ts";
import type { AudioCache, CacheOutcome, CacheSlot } from "./cache/audio_cache.ts";
import { type Clip, clipId } from "./clip.ts";
import { type Audio, type DecodedAudio, DecodeError } from "./decode/audio.ts";
import { decodeSource } from "./decode/decode.ts";
import { decodePart } from "./decode/decode_part.ts";
import { ForwardReader, type Stretch } from "./forward_reader.ts";
import { clipSamples, type FrontEnd } from "./front_end.ts";
import { outputLength } from "./dsp/resampler.ts";
import { type OpenLocation, type OpenSource, usingSource } from "./locations/byte_source.ts";
import { PastEndError } from "./graph_stage.ts";
import { describeLocation, type Location } from "./locations/location.ts";
import { createRandom } from "./random.ts";
import { type RecordingPart, secondsOfPart } from "./recording.ts";
import type { FeatureRequest } from "./requests.ts";

/** What a reader takes of each recording; the augmented copies (`copy` ≥ 1) by their settings. */
export interface ClipReaderOptions extends Partial<CopySettings> {
  /** A clip's length and rate. */
  readonly frontEnd: FrontEnd;
  /** Key of the draws. */
  readonly seed: number;
  /**
   * `forward`: clips of one recording come one after the other, and are read in one pass through it.
   * Otherwise each is sought. The samples are the same. @default {"any"}
   */
  readonly order?: "any" | "forward";
}

/** What was decoded of a recording. */
export interface ReadRecording {
  /** The part that was asked for, at its own rate. */
  readonly audio: DecodedAudio;
  /** Where in the recording it begins. */
  readonly startSeconds: number;
}

/** A clip's sound, at least as long as the clip where the recording is. */
export interface ClipAudio extends Audio {
  /** What was decoded, and from where; absent where the sound came from the cache or another copy. */
  readonly decoded?: ReadRecording;
  /** Where the recording ends, in samples at the front end's rate; absent where that is not in it. */
  readonly endSample?: number;
  /** How it fared with the cache; absent without one. */
  readonly cache?: CacheOutcome;
  /** Takes the samples at the front end's rate and puts them into the cache. */
  readonly keep?: (resampled: Float32Array) => CacheOutcome;
}

/**
 * Reads as much of a recording as one clip needs, and no more: a clip is cut before it is resampled, as
 * by `librosa.load(offset=…, duration=…)`.
 */
export class ClipReader {
  readonly #options: ClipReaderOptions;
  readonly #open: OpenLocation;
  readonly #cache?: AudioCache;
  readonly #forward?: ForwardReader;
  /** Where the next recording is decoded to: a new array costs a fiftieth of a clip. */
  #spare?: Float32Array<ArrayBuffer>;

  /** Nothing is opened before the first request. */
  constructor(options: ClipReaderOptions, open: OpenLocation, cache?: AudioCache) {
    this.#options = options;
    this.#open = open;
    this.#cache = cache;
    if (options.order === "forward") this.#forward = new ForwardReader(open);
  }

  /**
   * Reads a clip.
   *
   * @param fetched The recording, where it is open already: it is closed when it is used up.
   * @throws {DecodeError} where the recording cannot be read.
   */
  async read(request: FeatureRequest, fetched?: OpenSource): Promise<ClipAudio> {
    const { clip, copy } = request, { recording: { location, part } } = clip, cache = this.#cache;
    const { crop, frontEnd } = this.#options, { sampleRateHz, durationSeconds } = frontEnd;
    const isCropped = crop === "random" && copy > 0 && clip.start === 0 &&
      clip.length === undefined;
    const stretch = stretchOf(clip, frontEnd), wantedSeconds = secondsOf(clip, frontEnd);
    const slot = this.#slotOf(request);
    const kept = slot && cache!.find(slot);
    // What was drawn is not kept: a part of a recording by chance is used once.
    if (kept && !(isCropped && (kept.totalSeconds ?? 0) > durationSeconds)) {
      fetched?.[Symbol.dispose]();
      const { samples } = kept;
      const isWhole = samples.length >= wantedSeconds * sampleRateHz;
      return {
        ...{ samples, sampleRateHz, cache: "hit" },
        ...!isWhole && { endSample: clip.start + samples.length },
      };
    }
    const decoded = isCropped ? await this.#readCrop(request, fetched) : {
      startSeconds: clip.start / sampleRateHz,
      audio: withinPart(await this.#readStretch(location, stretch, fetched), part),
    };
    const { audio, startSeconds } = decoded, { samples, totalSeconds } = audio;
    if (samples.length === 0 && startSeconds > 0) refusePastEnd(location, stretch, PastEndError);
    if (samples.length === 0 && part) refusePastEnd(location, stretch, DecodeError);
    const isWhole = samples.length >= Math.round(wantedSeconds * audio.sampleRateHz);
    const length = outputLength(samples.length, audio.sampleRateHz, sampleRateHz);
    const sound = {
      ...{ samples, sampleRateHz: audio.sampleRateHz, decoded },
      ...!isWhole && { endSample: Math.round(startSeconds * sampleRateHz) + length },
    };
    if (!slot) return sound;
    if (isCropped && startSeconds > 0) return { ...sound, cache: "missed" };
    const numSamples = clipSamples(frontEnd);
    const keep = (resampled: Float32Array) =>
      cache!.put(slot, { samples: resampled.subarray(0, numSamples), totalSeconds });
    return { ...sound, keep };
  }

  /** Whether the cache has an entry for a clip, which may turn out not to do. */
  mayBeKept(request: FeatureRequest): boolean {
    const slot = this.#slotOf(request);
    return slot !== undefined && this.#cache!.has(slot);
  }

  #slotOf({ clip }: FeatureRequest): CacheSlot | undefined {
    const { frontEnd } = this.#options, { sampleRateHz } = frontEnd;
    const stretch = stretchOf(clip, frontEnd);
    return this.#cache?.slotOf(clip.recording, { ...stretch, sampleRateHz });
  }

  /** Closes what is open. */
  async close(): Promise<void> {
    await this.#forward?.close();
  }

  /** Takes back the samples of a recording, to decode another to: nobody may use them any more. */
  recycle({ samples }: ClipAudio): void {
    if (samples.buffer instanceof ArrayBuffer) this.#spare = new Float32Array(samples.buffer);
  }

  /** The spare array, which nothing else gets until it is recycled. */
  #takeSpare(): Float32Array<ArrayBuffer> | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare;
  }

  async #readStretch(
    location: Location,
    stretch: Stretch,
    fetched: OpenSource | undefined,
  ): Promise<DecodedAudio> {
    if (this.#forward) return await this.#forward.read(location, stretch, fetched);
    const source = fetched ?? await this.#open(location), out = this.#takeSpare();
    return await usingSource(source, () => decodeSource(source, { ...stretch, out }));
  }

  async #readCrop(
    { clip, epoch, copy }: FeatureRequest,
    fetched: OpenSource | undefined,
  ): Promise<ReadRecording> {
    const { seed, frontEnd: { durationSeconds } } = this.#options;
    const out = this.#takeSpare(), { location, part } = clip.recording;
    const source = fetched ?? await this.#open(location);
    let startSeconds = 0;
    const audio = await usingSource(source, () =>
      decodePart(source, (allSeconds) => {
        const random = createRandom(seed, epoch, clipId(clip), copy, "crop");
        const totalSeconds = allSeconds === undefined ? undefined : secondsOfPart(part, allSeconds);
        startSeconds = drawCropStart(totalSeconds, durationSeconds, random);
        const stretch = { startSeconds, durationSeconds };
        return { ...placeInPart(stretch, part), out };
      }));
    return { startSeconds, audio: withinPart(audio, part) };
  }
}

/** @throws such an error always. */
function refusePastEnd(
  location: Location,
  { startSeconds }: Stretch,
  fault: typeof DecodeError,
): never {
  const expected = `sound from ${startSeconds.toFixed(3)} s on`;
  throw new fault({ path: describeLocation(location), expected, seen: "its end before that" });
}

/** Where a clip lies in the sound that its recording is, or is a part of. */
function stretchOf(clip: Clip, frontEnd: FrontEnd): Stretch {
  const startSeconds = clip.start / frontEnd.sampleRateHz;
  const stretch = { startSeconds, durationSeconds: secondsOf(clip, frontEnd) };
  return placeInPart(stretch, clip.recording.part);
}

function secondsOf({ length }: Clip, { sampleRateHz, durationSeconds }: FrontEnd): number {
  return length === undefined ? durationSeconds : length / sampleRateHz;
}

/** Where a stretch of a part lies in the whole, which it ends before the part does. */
function placeInPart(stretch: Stretch, part: RecordingPart | undefined): Stretch {
  if (!part) return stretch;
  const startSeconds = part.startSeconds + stretch.startSeconds;
  const leftSeconds = Math.max(0, (part.endSeconds ?? Infinity) - startSeconds);
  return { startSeconds, durationSeconds: Math.min(stretch.durationSeconds, leftSeconds) };
}

/** Audio of a part of a recording, which is as long as the part. */
function withinPart(audio: DecodedAudio, part: RecordingPart | undefined): DecodedAudio {
  const { totalSeconds } = audio;
  if (!part || totalSeconds === undefined) return audio;
  return { ...audio, totalSeconds: secondsOfPart(part, totalSeconds) };
}

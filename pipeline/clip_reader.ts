import type { CopySettings } from "./augment/copy_settings.ts";
import { drawCropStart } from "./augment/random_crop.ts";
import type { AudioCache, CacheOutcome } from "./cache/audio_cache.ts";
import type { Audio, DecodedAudio } from "./decode/audio.ts";
import { decodeFile } from "./decode/decode.ts";
import { decodePart } from "./decode/decode_part.ts";
import { clipSamples, type FrontEnd } from "./front_end.ts";
import { createRandom } from "./random.ts";
import type { FeatureRequest } from "./requests.ts";

/** What a reader takes of each recording; the augmented copies (`copy` ≥ 1) by their settings. */
export interface ClipReaderOptions extends Partial<CopySettings> {
  /** A clip's length and rate. */
  readonly frontEnd: FrontEnd;
  /** Key of the draws. */
  readonly seed: number;
}

/** A clip's sound, at least as long as the clip where the recording is. */
export interface ClipAudio extends Audio {
  /** How it fared with the cache; absent without one. */
  readonly cache?: CacheOutcome;
  /** Takes the samples at the front end's rate and puts them into the cache. */
  readonly keep?: (resampled: Float32Array) => CacheOutcome;
}

/**
 * Reads as much of a recording as one clip needs, and no more: a clip is cut before it is resampled, as
 * by `librosa.load(duration=…)`.
 */
export class ClipReader {
  readonly #options: ClipReaderOptions;
  readonly #cache?: AudioCache;
  /** Where the next recording is decoded to: a new array costs a fiftieth of a clip. */
  #room?: Float32Array<ArrayBuffer>;

  /** Nothing is opened before the first request. */
  constructor(options: ClipReaderOptions, cache?: AudioCache) {
    this.#options = options;
    this.#cache = cache;
  }

  /** @throws {DecodeError} where the recording cannot be read. */
  async read(request: FeatureRequest): Promise<ClipAudio> {
    const { clip: { path }, copy } = request, cache = this.#cache;
    const { crop, frontEnd: { sampleRateHz, durationSeconds } } = this.#options;
    const isCropped = crop === "random" && copy > 0;
    const slot = cache?.slotOf(path, durationSeconds, sampleRateHz);
    const kept = slot && cache!.find(slot);
    // Starts alone are kept: a part that was drawn is used once.
    if (kept && !(isCropped && (kept.totalSeconds ?? 0) > durationSeconds)) {
      return { samples: kept.samples, sampleRateHz, cache: "hit" };
    }
    const { startSeconds, audio } = isCropped ? await this.#readCrop(request) : {
      startSeconds: 0,
      audio: await decodeFile(path, { durationSeconds, room: this.#takeRoom() }),
    };
    if (!slot) return audio;
    if (startSeconds > 0) return { ...audio, cache: "missed" };
    const { totalSeconds } = audio, numSamples = clipSamples(this.#options.frontEnd);
    const keep = (resampled: Float32Array) =>
      cache!.put(slot, { samples: resampled.subarray(0, numSamples), totalSeconds });
    return { ...audio, keep };
  }

  /** Takes back the samples of a recording, to decode another to: nobody may use them any more. */
  recycle({ samples }: ClipAudio): void {
    if (samples.buffer instanceof ArrayBuffer) this.#room = new Float32Array(samples.buffer);
  }

  /** The room there is, which nothing else gets until it is recycled. */
  #takeRoom(): Float32Array<ArrayBuffer> | undefined {
    const room = this.#room;
    this.#room = undefined;
    return room;
  }

  async #readCrop(
    { clip, epoch, copy }: FeatureRequest,
  ): Promise<{ startSeconds: number; audio: DecodedAudio }> {
    const { seed, frontEnd: { durationSeconds } } = this.#options;
    const room = this.#takeRoom();
    let startSeconds = 0;
    const audio = await decodePart(clip.path, (totalSeconds) => {
      const random = createRandom(seed, epoch, clip.id, copy, "crop");
      startSeconds = drawCropStart(totalSeconds, durationSeconds, random);
      return { startSeconds, durationSeconds, room };
    });
    return { startSeconds, audio };
  }
}

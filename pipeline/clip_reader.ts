import { drawCropStart } from "./augment/random_crop.ts";
import type { Audio } from "./decode/audio.ts";
import { decodeFile } from "./decode/decode.ts";
import { decodePart } from "./decode/decode_part.ts";
import type { FrontEnd } from "./front_end.ts";
import { createRandom } from "./random.ts";
import type { FeatureRequest } from "./requests.ts";

/** Which part of a recording longer than a clip is taken: its start, or one drawn for each copy. */
export type CropMode = "start" | "random";

/** What a reader takes of each recording. */
export interface ClipReaderOptions {
  /** A clip's length. */
  readonly frontEnd: FrontEnd;
  /** Key of the draws. */
  readonly seed: number;
  /** What the augmented copies (`copy` ≥ 1) take; everything else takes the start. @default {"start"} */
  readonly crop?: CropMode;
}

/** A little more than is used is decoded, so that the resampler's filter sees what follows the cut. */
const filterReachSeconds = 0.1;

/** Reads as much of a recording as one clip needs, and no more. */
export class ClipReader {
  readonly #options: ClipReaderOptions;

  /** Nothing is opened before the first request. */
  constructor(options: ClipReaderOptions) {
    this.#options = options;
  }

  /** @throws {DecodeError} where the recording cannot be read. */
  async read({ clip, epoch, copy }: FeatureRequest): Promise<Audio> {
    const { seed, crop, frontEnd } = this.#options;
    const durationSeconds = frontEnd.durationSeconds + filterReachSeconds;
    if (copy === 0 || crop !== "random") return await decodeFile(clip.path, { durationSeconds });
    return await decodePart(clip.path, (totalSeconds) => {
      const random = createRandom(seed, epoch, clip.id, copy, "crop");
      const startSeconds = drawCropStart(totalSeconds, frontEnd.durationSeconds, random);
      return { startSeconds, durationSeconds };
    });
  }
}

import type { DecodedAudio } from "../decode/audio.ts";
import { DecodeError } from "../decode/audio.ts";
import { decodePart } from "../decode/decode_part.ts";
import { type OpenLocation, usingSource } from "../locations/byte_source.ts";
import { identityOf, type Location } from "../locations/location.ts";
import type { Dsp } from "../dsp/dsp.ts";
import { GraphError } from "../graph_stage.ts";
import type { AugmentationDraw } from "./augment.ts";
import { backgroundIndex, type BackgroundNoiseDraw } from "./background_noise.ts";

/** What background recordings are read for. */
export interface BackgroundOptions {
  /** Rate that they are resampled to, in Hz. */
  readonly sampleRateHz: number;
  /** Length of the clips that they are mixed into, in seconds. */
  readonly durationSeconds: number;
  /** Opens them. */
  readonly open: OpenLocation;
  /** This thread's kernels. */
  readonly dsp: Dsp;
  /** Is told of each recording that cannot be read, whenever it was drawn. */
  readonly onNotice: (message: string) => void;
}

/** Samples to mix in, and the draw to apply with them. */
export interface LoadedBackground {
  /** At the library's rate; the library's own where it keeps them: not to be written to. */
  readonly samples: Float32Array;
  /** The draw, with its offset into these samples. */
  readonly draw: BackgroundNoiseDraw;
}

/** No background recording can be read: without them what was asked for cannot be learnt. */
export class BackgroundError extends GraphError {
  /** The class's name, for people. */
  override readonly name = "BackgroundError";
}

/** Of recordings longer than this only the stretch that was drawn is read, and nothing is kept. */
const longestKeptSeconds = 30;
/** Memory for recordings that are kept; those not used for longest go first. */
const maxKeptBytes = 32 << 20;

/** The recordings that `background-noise` draws from, read when they are drawn. */
export class BackgroundLibrary {
  readonly #locations: readonly Location[];
  readonly #options: BackgroundOptions;
  /** By location, those used last at the end. */
  readonly #kept = new Map<string, Float32Array>();
  #keptBytes = 0;

  /** Over recordings, none of which is read before it is drawn. @throws {RangeError} where there is none. */
  constructor(locations: readonly Location[], options: BackgroundOptions) {
    if (locations.length === 0) {
      throw new RangeError(
        "Cannot mix in background noise as there must be at least 1 recording of it: " +
          "current value is 0",
      );
    }
    this.#locations = locations;
    this.#options = options;
  }

  /**
   * Reads the recording that a draw chose; where it cannot be read, the next one that can.
   *
   * @throws {BackgroundError} where none can be read.
   */
  async load(draw: BackgroundNoiseDraw): Promise<LoadedBackground> {
    const first = backgroundIndex(draw, this.#locations.length);
    let cause = "";
    for (const i of this.#locations.keys()) {
      const location = this.#locations[(first + i) % this.#locations.length];
      try {
        return await this.#read(location, draw);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        cause = error.message;
        this.#options.onNotice(`background recording left out: ${cause}`);
      }
    }
    throw new BackgroundError(
      `Cannot mix in background noise as one of ${this.#locations.length} recordings must be readable: ` +
        `the last said: ${cause}`,
    );
  }

  /** The same for any draw, of which none or one, perhaps in a chain, is of background noise. */
  async loadFor(
    draw: AugmentationDraw,
  ): Promise<{ readonly draw: AugmentationDraw; readonly background?: Float32Array }> {
    const draws = draw.kind === "chain" ? draw.draws : [draw];
    const wanted = draws.find((one) => one.kind === "background-noise");
    if (!wanted) return { draw };
    const { draw: loaded, samples: background } = await this.load(wanted);
    if (draw.kind !== "chain") return { draw: loaded, background };
    const replaced = draw.draws.map((one) => one === wanted ? loaded : one);
    return { draw: { ...draw, draws: replaced }, background };
  }

  async #read(location: Location, draw: BackgroundNoiseDraw): Promise<LoadedBackground> {
    const key = identityOf(location), kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return { samples: kept, draw };
    }
    const { durationSeconds, open } = this.#options;
    let isLong = false;
    const audio = await usingSource(
      await open(location),
      (source) =>
        decodePart(source, (totalSeconds = 0) => {
          isLong = totalSeconds > Math.max(longestKeptSeconds, durationSeconds);
          return isLong
            ? { startSeconds: draw.offset * (totalSeconds - durationSeconds), durationSeconds }
            : { durationSeconds: longestKeptSeconds };
        }),
    );
    const samples = this.#resample(audio);
    if (isLong) return { samples, draw: { ...draw, offset: 0 } };
    this.#keep(key, samples);
    return { samples, draw };
  }

  #resample({ samples, sampleRateHz }: DecodedAudio): Float32Array {
    return this.#options.dsp.resample(samples, sampleRateHz, this.#options.sampleRateHz);
  }

  #keep(key: string, samples: Float32Array): void {
    this.#kept.set(key, samples);
    this.#keptBytes += samples.byteLength;
    for (const [oldest, { byteLength }] of this.#kept) {
      if (this.#keptBytes <= maxKeptBytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= byteLength;
    }
  }
}

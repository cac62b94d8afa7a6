import type { AudioInfo, DecodedAudio } from "./decode/audio.ts";
import { type ChunkedAudio, decodeChunks } from "./decode/decode_chunks.ts";
import type { ByteSource, OpenLocation, OpenSource } from "./locations/byte_source.ts";
import { identityOf, type Location } from "./locations/location.ts";

/** A stretch of a recording, in seconds. */
export interface Stretch {
  /** Its beginning. */
  readonly startSeconds: number;
  /** Its length. */
  readonly durationSeconds: number;
}

/** Samples decoded at once: short, as what lies behind the last window is decoded for nothing. */
const chunkFrames = 16384;

/**
 * Reads stretches of recordings that are asked for in their order, each recording in one pass: what two
 * stretches share is decoded once, and of a recording of any length only the stretch and a chunk are
 * held. A stretch before the last one is sought and read anew. The samples are those of `decodeSource`.
 */
export class ForwardReader {
  readonly #open: OpenLocation;
  #pass?: Pass;

  /** Nothing is opened before the first stretch. */
  constructor(open: OpenLocation) {
    this.#open = open;
  }

  /**
   * Reads a stretch; fewer samples where the recording ends in it, none where it ends before.
   *
   * @param fetched The recording, where it is open already: it is closed when another one is asked for.
   * @throws {DecodeError} as `decodeSource`.
   */
  async read(location: Location, stretch: Stretch, fetched?: OpenSource): Promise<DecodedAudio> {
    const key = identityOf(location);
    try {
      if (!this.#pass || this.#pass.key !== key || !this.#pass.reaches(stretch)) {
        await this.close();
        const source = fetched ?? await this.#open(location);
        this.#pass = await Pass.begin(key, source, stretch);
      } else if (fetched && fetched !== this.#pass.source) fetched[Symbol.dispose]();
      return await this.#pass.read(stretch);
    } catch (error) {
      await this.close(); // the next stretch may lie behind the damage
      throw error;
    }
  }

  /** Ends the pass under way. */
  async close(): Promise<void> {
    const pass = this.#pass;
    this.#pass = undefined;
    await pass?.end();
  }
}

/** One way through a recording. */
class Pass {
  /** Decoded and not let go of: `[#start, #start + #held)`, in frames of the recording. */
  #frames = new Float32Array(0);
  #start: number;
  #held = 0;
  #hasEnded = false;

  private constructor(
    readonly key: string,
    readonly source: OpenSource,
    readonly info: AudioInfo,
    readonly chunks: ReadableStreamDefaultReader<Float32Array>,
    readonly remarkSoFar: () => string | undefined,
    startSeconds: number,
  ) {
    this.#start = this.#frameAt(startSeconds);
  }

  static async begin(key: string, source: OpenSource, { startSeconds }: Stretch): Promise<Pass> {
    let audio: ChunkedAudio;
    try {
      audio = await decodeChunks(source as ByteSource, { startSeconds, chunkFrames });
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
    const { chunks, remarkSoFar, ...info } = audio;
    return new Pass(key, source, info, chunks.getReader(), remarkSoFar, startSeconds);
  }

  /** Whether nothing of a stretch has gone by. */
  reaches({ startSeconds }: Stretch): boolean {
    return this.#frameAt(startSeconds) >= this.#start;
  }

  async read({ startSeconds, durationSeconds }: Stretch): Promise<DecodedAudio> {
    const numFrames = Math.round(durationSeconds * this.info.sampleRateHz);
    const start = this.#frameAt(startSeconds);
    await this.#advanceTo(start, numFrames);
    const samples = this.#frames.slice(0, Math.min(numFrames, this.#held));
    const { totalSeconds = Infinity, sampleRateHz } = this.info;
    // A last window that is full has not seen the end, where damage is told.
    if (start + numFrames >= Math.round(totalSeconds * sampleRateHz)) await this.#lookForEnd();
    const remark = this.remarkSoFar();
    return { ...this.info, samples, ...remark !== undefined && { remark } };
  }

  async end(): Promise<void> {
    await this.chunks.cancel().catch(() => {}); // what is wrong there concerns nobody any more
    this.source[Symbol.dispose]();
  }

  #frameAt(seconds: number): number {
    return Math.round(seconds * this.info.sampleRateHz);
  }

  /** Lets go of what lies before `start`, and decodes until `numFrames` from there on are held. */
  async #advanceTo(start: number, numFrames: number): Promise<void> {
    this.#drop(start);
    while (!this.#hasEnded && this.#held < numFrames + Math.max(0, start - this.#start)) {
      const { value: chunk, done } = await this.chunks.read();
      if (done) {
        this.#hasEnded = true;
        break;
      }
      this.#hold(chunk, numFrames);
      this.#drop(start);
    }
  }

  /** Takes one chunk more; what is wrong there concerns the stretch that asks for it. */
  async #lookForEnd(): Promise<void> {
    if (this.#hasEnded) return;
    const next = await this.chunks.read().catch(() => undefined);
    if (next?.done) this.#hasEnded = true;
    else if (next) this.#hold(next.value, this.#held);
  }

  /** @param numFrames As many, and two chunks, there is room for. */
  #hold(chunk: Float32Array, numFrames: number): void {
    if (this.#frames.length < this.#held + chunk.length) {
      const grown = new Float32Array(Math.max(numFrames, this.#held) + 2 * chunkFrames);
      grown.set(this.#frames.subarray(0, this.#held));
      this.#frames = grown;
    }
    this.#frames.set(chunk, this.#held);
    this.#held += chunk.length;
  }

  #drop(start: number): void {
    const gone = Math.min(this.#held, start - this.#start);
    if (gone <= 0) return;
    this.#frames.copyWithin(0, gone, this.#held);
    this.#held -= gone;
    this.#start += gone;
  }
}

import type { AudioInfo, DecodedAudio } from "./audio.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { type ChunkSink, frameWindow, type MonoCollector } from "./mono_collector.ts";
import { recognise } from "./recognise.ts";

/** Which part of a recording is decoded in chunks, and how long they are. */
export interface ChunkOptions {
  /** Where the first chunk begins, in seconds. @default {0} */
  readonly startSeconds?: number;
  /** The same in frames of the recording's own rate: goes before `startSeconds`. */
  readonly startFrame?: number;
  /** How much is decoded, in seconds: less where the recording ends earlier. @default {Infinity} */
  readonly durationSeconds?: number;
  /** Samples of every chunk but the last, which may be shorter. @default {65536} */
  readonly chunkFrames?: number;
}

/** A recording that is being decoded, as mono. */
export interface ChunkedAudio extends AudioInfo {
  /**
   * The samples in order, each chunk in a buffer of its own: decoded when they are asked for, one chunk
   * ahead at most. Iterating ends the decoding wherever it is left; a fault comes after the samples before
   * it, as a DecodeError. Empty where the recording ends before the start. The source must stay open.
   */
  readonly chunks: ReadableStream<Float32Array<ArrayBuffer>>;
  /** What was wrong with the file, as `AudioInfo` has it: whole as soon as the chunks have ended. */
  readonly remarkSoFar: () => string | undefined;
}

/**
 * Decodes a recording of any length from a start on, once and forwards, to mono: the samples are those
 * of `decodeSource`, bit for bit, but only a chunk of them is held at a time.
 *
 * @returns What the header tells, and the chunks.
 * @throws {DecodeError} where the header cannot be read, or is of no known format.
 * @throws {RangeError} for a start, duration or chunk length that is none.
 */
export async function decodeChunks(
  source: ByteSource,
  options: ChunkOptions = {},
): Promise<ChunkedAudio> {
  const { startFrame = 0, chunkFrames = 65536 } = options;
  checkInteger("startFrame", startFrame, 0);
  checkInteger("chunkFrames", chunkFrames, 1);
  frameWindow(options, 1);
  const handover = new Handover(chunkFrames, async (sink) => {
    const decode = await recognise(source);
    return await decode(source, { ...options, sink });
  });
  const info = await handover.info;
  return { ...info, chunks: handover.chunks, remarkSoFar: () => handover.remark ?? info.remark };
}

function checkInteger(name: string, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min) return;
  throw new RangeError(
    `Cannot decode in chunks as ${name} must be an integer >= ${min}: current value is ${value}`,
  );
}

/** Thrown where the consumer wants no more, to end a decoder's work: nobody sees it. */
const stopped = new Error("Cannot pass a chunk on as the stream must be open: it was cancelled");

/** Lets a decoder go on whenever a chunk is asked for. */
class Handover implements ChunkSink {
  readonly chunkFrames: number;
  readonly chunks: ReadableStream<Float32Array<ArrayBuffer>>;
  /** What was wrong with the file; not before the decoding has ended. */
  remark?: string;
  readonly #info = Promise.withResolvers<AudioInfo>();
  #controller!: ReadableStreamDefaultController<Float32Array<ArrayBuffer>>;
  #wanted = Promise.withResolvers<void>();
  #isStopped = false;
  #collector?: MonoCollector;

  /** Begins to decode. */
  constructor(chunkFrames: number, decode: (sink: ChunkSink) => Promise<DecodedAudio>) {
    this.chunkFrames = chunkFrames;
    this.chunks = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#wanted.resolve(),
      cancel: () => {
        this.#isStopped = true;
        this.#wanted.resolve();
        return ended; // whoever leaves may close the source then
      },
    }, { highWaterMark: 0 });
    const ended = this.#run(decode);
  }

  /** What the header tells, as soon as it was read. */
  get info(): Promise<AudioInfo> {
    return this.#info.promise;
  }

  open(info: AudioInfo, collector: MonoCollector): void {
    this.#collector = collector;
    this.#info.resolve(info);
  }

  async put(chunk: Float32Array<ArrayBuffer>): Promise<void> {
    await this.#wanted.promise;
    if (this.#isStopped) throw stopped;
    this.#wanted = Promise.withResolvers(); // first: the stream may ask for another one at once
    this.#controller.enqueue(chunk);
  }

  async #run(decode: (sink: ChunkSink) => Promise<DecodedAudio>): Promise<void> {
    let rest: Float32Array, fault: unknown;
    try {
      const audio = await decode(this);
      rest = audio.samples;
      this.remark = audio.remark;
    } catch (error) {
      if (!this.#collector) return this.#info.reject(error);
      fault = error;
      rest = this.#collector.takeRest();
    }
    for (let at = 0; at < rest.length && !this.#isStopped; at += this.chunkFrames) {
      await this.put(rest.slice(at, at + this.chunkFrames)).catch(() => {});
    }
    if (this.#isStopped) return;
    if (fault === undefined) this.#controller.close();
    else this.#controller.error(fault);
  }
}

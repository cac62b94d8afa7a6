/** Turns FLAC frames into samples, in a WebAssembly kernel of ours. Source: RFC 9639. */
import { loadModule } from "../../wasm/load.ts";
import { type ByteReader, fourCharacters } from "./byte_reader.ts";
import {
  type FlacFrameHeader,
  type FlacStreamInfo,
  maxHeaderBytes,
  parseFrameHeader,
} from "./flac_header.ts";
import type { KernelExports } from "./flac_generated.ts";
import type { MonoCollector } from "./mono_collector.ts";

/** What `assembly/flac/index.ts` exports; it says there what each is. */
export type FlacKernel = KernelExports;

const needsMoreBytes = 0, hasWrongChecksum = -2;
/** Subframes that the kernel works on together, one in each lane of a vector. */
const lanes = 4;

/** One kernel serves every file of a thread: it keeps nothing from one chunk of bytes to the next. */
let kernel: Promise<FlacKernel> | undefined;

/** The thread's kernel. */
export function loadFlacKernel(): Promise<FlacKernel> {
  return kernel ??= (async () => {
    const module = await loadModule(new URL("./flac.wasm", import.meta.url));
    const { exports } = await WebAssembly.instantiate(module);
    return exports as unknown as FlacKernel;
  })();
}

/** Where bytes lie in the file, for messages. */
export type BytePlace = Pick<ByteReader, "offset" | "fault">;

/**
 * The header of the frame at byte `at` of what comes next; `undefined` where that ends within it.
 *
 * @throws {DecodeError} where something else lies there.
 */
export function frameHeaderAt(
  reader: BytePlace,
  info: FlacStreamInfo,
  bytes: Uint8Array,
  at = 0,
): FlacFrameHeader | undefined {
  const start = bytes.subarray(at, at + maxHeaderBytes), header = parseFrameHeader(start, info);
  if (!header && start.length === maxHeaderBytes) {
    const seen = `${fourCharacters(start)}, or a wrong checksum`;
    throw reader.fault("the header of a FLAC frame", seen, reader.offset + at);
  }
  return header;
}

/** What is decoded, and where its samples go. */
export interface FlacRun {
  readonly info: FlacStreamInfo;
  /** Stands where the bytes to decode begin. */
  readonly reader: BytePlace;
  readonly collector: MonoCollector;
  /** Number of the file's first sample. */
  readonly origin: number;
  /** The sample, counted from the file's first, at which decoding may end. */
  readonly endFrame: number;
}

/** Decodes a run of frames. */
export class FlacFrameDecoder {
  readonly #kernel: FlacKernel;
  readonly #run: FlacRun;
  /** Frames whose channels fill the lanes. */
  readonly #framesAtOnce: number;
  /** Length of the longest frame so far: how long one is shows when it has been decoded. */
  #longestBytes = 0;

  constructor(kernel: FlacKernel, run: FlacRun) {
    this.#kernel = kernel;
    this.#run = run;
    this.#framesAtOnce = Math.max(1, Math.floor(lanes / run.info.numChannels));
  }

  /** The longest frame in bytes that there can be: more bytes at once are not taken. */
  get maxBytes(): number {
    return this.#kernel.inputBytes.value;
  }

  /**
   * Decodes the frames that begin `bytes` until the run's end, or until a chunk is there. Nothing is awaited
   * from the bytes' way into the kernel's memory to the samples' way out: other files use it too.
   *
   * @param isAll Whether the file ends with these bytes.
   * @returns Bytes of the frames that were decoded; 0 where not even the first one is whole.
   * @throws {DecodeError}
   */
  decode(bytes: Uint8Array, isAll: boolean): number {
    const { memory, input, takeBytes } = this.#kernel, { collector, endFrame } = this.#run;
    new Uint8Array(memory.buffer).set(bytes, input.value);
    takeBytes(bytes.length);
    let at = 0;
    do {
      const length = this.#decodeTogether(bytes, at);
      if (length === 0) break;
      at += length;
    } while (
      collector.position < endFrame && !collector.hasChunk &&
      (isAll || this.#isWorthTrying(bytes.length, at))
    );
    return at;
  }

  /** Whether the next frame will be whole, else it would be decoded twice; or little is done so far. */
  #isWorthTrying(numBytes: number, at: number): boolean {
    return at + this.#longestBytes <= numBytes || 2 * at < numBytes;
  }

  /** Decodes as many frames from byte `at` on as the kernel works on together; returns their length. */
  #decodeTogether(bytes: Uint8Array, at: number): number {
    const { info, reader, collector, endFrame } = this.#run;
    const { memory, mono, startFrames, readFrame, finishFrames } = this.#kernel;
    const first = frameHeaderAt(reader, info, bytes, at);
    if (!first) return 0;
    const { blockSize } = first;
    let header: FlacFrameHeader | undefined = first, end = at, numFrames = 0;
    startFrames(blockSize, info.numChannels, info.bitsPerSample);
    while (header?.blockSize === blockSize) {
      const position: number = collector.position + numFrames * blockSize;
      this.#checkHeader(header, position, reader.offset + end);
      const length = readFrame(end, header.headerBytes, header.assignment);
      if (length === needsMoreBytes) break;
      if (length < 0) {
        const isDamaged = length === hasWrongChecksum;
        const seen = isDamaged ? "one with a wrong checksum" : "bits that are none";
        throw reader.fault("a FLAC frame", seen, reader.offset + end);
      }
      end += length;
      numFrames++;
      this.#longestBytes = Math.max(this.#longestBytes, length);
      const isEnough: boolean = numFrames === this.#framesAtOnce ||
        position + blockSize >= endFrame;
      header = isEnough ? undefined : frameHeaderAt(reader, info, bytes, end);
    }
    finishFrames();
    const numSamples = numFrames * blockSize;
    collector.addPlanar([new Float32Array(memory.buffer, mono.value, numSamples)], numSamples);
    return end - at;
  }

  /** Refuses a frame that is not the next one, or whose differences do not fit into 32 bits. */
  #checkHeader(header: FlacFrameHeader, expectedPosition: number, byteOffset: number): void {
    const { info, reader, origin } = this.#run, position = header.firstFrame - origin;
    if (position !== expectedPosition) {
      const expected = `the frame of sample ${expectedPosition}`;
      throw reader.fault(expected, `that of ${position}`, byteOffset);
    }
    if (info.bitsPerSample === 32 && header.assignment >= 8) {
      throw reader.fault(
        "at most 31 bits in channels stored as sum and difference",
        "32: convert it with `ffmpeg -i in.flac out.wav`",
        byteOffset,
      );
    }
  }
}

/** FLAC: walks the frames, which a WebAssembly kernel of ours decodes. Source: RFC 9639. */
import { loadModule } from "../../wasm/load.ts";
import type { DecodedAudio, DecodeWindow } from "./audio.ts";
import { ByteReader, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "./byte_source.ts";
import {
  type FlacFrameHeader,
  type FlacStreamInfo,
  maxHeaderBytes,
  parseFrameHeader,
  readStreamInfo,
} from "./flac_header.ts";
import { skipId3 } from "./id3.ts";
import { frameWindow, MonoCollector } from "./mono_collector.ts";
import { seekByBisection } from "./seek.ts";

/** What `assembly/flac.ts` exports; its constants say what they mean there. */
interface FlacKernel {
  readonly memory: WebAssembly.Memory;
  readonly input: WebAssembly.Global;
  readonly inputBytes: WebAssembly.Global;
  readonly mono: WebAssembly.Global;
  decodeFrame(
    length: number,
    headerBytes: number,
    blockSize: number,
    numChannels: number,
    assignment: number,
    bitsPerSample: number,
  ): number;
}

const needsMoreBytes = 0, hasWrongChecksum = -2;

/** One kernel serves every file of a thread: it keeps nothing from one frame to the next. */
let kernel: Promise<FlacKernel> | undefined;

async function loadKernel(): Promise<FlacKernel> {
  const module = await loadModule(new URL("./flac.wasm", import.meta.url));
  const { exports } = await WebAssembly.instantiate(module);
  return exports as unknown as FlacKernel;
}

/** Decodes a FLAC file. @throws {DecodeError} */
export async function decodeFlac(source: ByteSource, window: DecodeWindow): Promise<DecodedAudio> {
  const reader = new ByteReader(source);
  reader.seek(await skipId3(reader));
  const info = await readStreamInfo(reader);
  const { sampleRateHz, numChannels, totalFrames } = info;
  const frames = frameWindow(window, sampleRateHz);
  const collector = new MonoCollector(source.name, frames, totalFrames || Infinity);
  // A file cut out of a longer one keeps the numbers that its frames had there.
  const origin = (await readFrameHeader(reader, info))?.firstFrame ?? 0;
  if (frames.startFrame > 0) await seekFrame(reader, info, origin + frames.startFrame);

  const decoder = new FrameDecoder(await (kernel ??= loadKernel()), info);
  const isDone = () => collector.isFull || (totalFrames > 0 && collector.position >= totalFrames);
  for (let started = false; reader.remaining > 0 && !(started && isDone()); started = true) {
    const header = await readFrameHeader(reader, info);
    if (!header) break;
    const position = header.firstFrame - origin;
    if (!started) collector.seek(position);
    else if (position !== collector.position) {
      throw reader.fault(`the frame of sample ${collector.position}`, `that of ${position}`);
    }
    if (!await decoder.decode(reader, header, collector)) break;
  }
  const reachedEnd = !collector.isFull;
  return {
    samples: collector.finishBounded(),
    sampleRateHz,
    format: "FLAC",
    numChannels,
    totalSeconds: totalFrames > 0
      ? totalFrames / sampleRateHz
      : reachedEnd
      ? collector.position / sampleRateHz
      : undefined,
  };
}

/** The header of the frame that comes next; `undefined` at the end of a file, or of what is left of one. */
async function readFrameHeader(
  reader: ByteReader,
  info: FlacStreamInfo,
): Promise<FlacFrameHeader | undefined> {
  const bytes = await reader.peek(maxHeaderBytes);
  const header = parseFrameHeader(bytes, info);
  if (!header && bytes.length === maxHeaderBytes) {
    throw reader.fault(
      "the header of a FLAC frame",
      `${fourCharacters(bytes)}, or a wrong checksum`,
    );
  }
  return header;
}

/** Decodes frames one after the other. */
class FrameDecoder {
  readonly #kernel: FlacKernel;
  readonly #info: FlacStreamInfo;
  readonly #maxBytes: number;
  /** Bytes to try a frame with: its length is not known before it is decoded. */
  #guessBytes = 16384;

  constructor(kernel: FlacKernel, info: FlacStreamInfo) {
    this.#kernel = kernel;
    this.#info = info;
    this.#maxBytes = kernel.inputBytes.value;
  }

  /**
   * Decodes the frame where the reader is, gives it to the collector and moves past it. From the bytes'
   * way into the kernel's memory to the samples' way out nothing is awaited: other files use it too.
   *
   * @returns Whether there was a whole frame; `false` where the file ends within it.
   */
  async decode(
    reader: ByteReader,
    header: FlacFrameHeader,
    collector: MonoCollector,
  ): Promise<boolean> {
    const { memory, input, mono, decodeFrame } = this.#kernel;
    const { numChannels, bitsPerSample } = this.#info;
    const { headerBytes, blockSize, assignment } = header;
    if (bitsPerSample === 32 && assignment >= 8) {
      throw reader.fault(
        "at most 31 bits in channels stored as sum and difference",
        "32: convert it with `ffmpeg -i in.flac out.wav`",
      );
    }
    while (true) {
      const bytes = await reader.peek(this.#guessBytes);
      new Uint8Array(memory.buffer).set(bytes, input.value);
      const length = decodeFrame(
        bytes.length,
        headerBytes,
        blockSize,
        numChannels,
        assignment,
        bitsPerSample,
      );
      if (length > 0) {
        reader.skip(length);
        collector.addPlanar([new Float32Array(memory.buffer, mono.value, blockSize)], blockSize);
        return true;
      }
      if (length === needsMoreBytes) {
        if (bytes.length === reader.remaining) return false;
        if (this.#guessBytes < this.#maxBytes) {
          this.#guessBytes = Math.min(this.#maxBytes, 2 * this.#guessBytes);
          continue;
        }
      }
      throw reader.fault(
        "a FLAC frame",
        length === hasWrongChecksum ? "one with a wrong checksum" : "bits that are none",
      );
    }
  }
}

/** Moves to the frame that holds sample `target`, or some way before it. */
async function seekFrame(reader: ByteReader, info: FlacStreamInfo, target: number): Promise<void> {
  const begin = reader.offset;
  const offset = await seekByBisection({
    begin,
    end: begin + reader.remaining,
    target,
    find: async (from, to) => {
      reader.seek(from);
      const bytes = await reader.peek(to - from);
      for (let i = 0; i + maxHeaderBytes <= bytes.length; i++) {
        if (bytes[i] !== 0xff) continue;
        const header = parseFrameHeader(bytes.subarray(i, i + maxHeaderBytes), info);
        if (header) return { offset: from + i, position: header.firstFrame };
      }
    },
  });
  reader.seek(offset);
}

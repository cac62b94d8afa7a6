/**
 * IMA ADPCM as WAV files hold it: 4 bits a sample, in blocks that begin with a sample of 16 bits a channel.
 *
 * Source: IMA's «Recommended Practices for Enhancing Digital Audio Compatibility», revision 3.00.
 */
import type { AudioInfo, DecodedAudio, DecodeError } from "./audio.ts";
import { dataView } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { type DecodeTask, frameWindow, MonoCollector } from "./mono_collector.ts";

/** Where the blocks lie. */
export interface ImaAdpcmRegion {
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly numChannels: number;
  readonly sampleRateHz: number;
  readonly blockBytes: number;
  /** A fault of the header: to be thrown. */
  readonly fault: (expected: string, seen: string) => DecodeError;
}

/** How the index into the step table moves, by the low three bits of a code. */
const indexSteps = [-1, -1, -1, -1, 2, 4, 6, 8];

// deno-fmt-ignore
const stepSizes = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80,
  88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598,
  658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327,
  3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289,
  16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];

/** Decodes the blocks that hold the window: each stands for itself. @throws {DecodeError} */
export async function decodeImaAdpcm(
  source: ByteSource,
  window: DecodeTask,
  region: ImaAdpcmRegion,
): Promise<DecodedAudio> {
  const { dataOffset, dataBytes, numChannels, sampleRateHz, blockBytes } = region;
  const headerBytes = 4 * numChannels;
  if (blockBytes < 2 * headerBytes || blockBytes % headerBytes !== 0) {
    throw region.fault(
      `ADPCM blocks of a multiple of ${headerBytes} bytes, at least ${2 * headerBytes}`,
      `${blockBytes} bytes`,
    );
  }
  const framesIn = (bytes: number) =>
    bytes < headerBytes ? 0 : 1 + 8 * Math.floor((bytes - headerBytes) / headerBytes);
  const blockFrames = framesIn(blockBytes);
  const numFrames = Math.floor(dataBytes / blockBytes) * blockFrames +
    framesIn(dataBytes % blockBytes);

  const frames = frameWindow(window, sampleRateHz);
  const collector = new MonoCollector(source.name, frames, numFrames);
  const totalSeconds = numFrames / sampleRateHz;
  const info: AudioInfo = { sampleRateHz, format: "WAV IMA ADPCM", numChannels, totalSeconds };
  collector.describe(info);
  const firstBlock = Math.floor(Math.min(frames.startFrame, numFrames) / blockFrames);
  if (numFrames > 0) collector.seek(firstBlock * blockFrames);
  const blocksAtOnce = Math.max(1, Math.floor(65536 / blockBytes));
  let offset = firstBlock * blockBytes;
  while (offset < dataBytes && !collector.isFull) {
    const length = Math.min(blocksAtOnce * blockBytes, dataBytes - offset);
    const bytes = await source.read(dataOffset + offset, length);
    for (let at = 0; at < bytes.length; at += blockBytes) {
      const block = bytes.subarray(at, at + blockBytes);
      const channels = decodeBlock(block, numChannels, framesIn(block.length));
      collector.addPlanar(channels, framesIn(block.length));
    }
    offset += length;
    if (collector.hasChunk) await collector.drain();
  }
  return { ...info, samples: collector.finish() };
}

/** Decodes one block, the last one perhaps cut short, to channels of `numFrames`. */
function decodeBlock(block: Uint8Array, numChannels: number, numFrames: number): Float32Array[] {
  const view = dataView(block);
  return Array.from({ length: numFrames > 0 ? numChannels : 0 }, (_, channel) => {
    const out = new Float32Array(numFrames);
    let predictor = view.getInt16(4 * channel, true);
    let index = Math.min(88, block[4 * channel + 2]);
    out[0] = predictor / 32768;
    for (let i = 0; i < numFrames - 1; i++) {
      // After the headers, four bytes (eight samples, low half first) of each channel in turn.
      const byte = block[4 * numChannels * (1 + (i >> 3)) + 4 * channel + ((i >> 1) & 3)];
      const code = i & 1 ? byte >> 4 : byte & 15;
      const step = stepSizes[index];
      let difference = step >> 3;
      if (code & 4) difference += step;
      if (code & 2) difference += step >> 1;
      if (code & 1) difference += step >> 2;
      predictor = Math.max(
        -32768,
        Math.min(32767, predictor + (code & 8 ? -difference : difference)),
      );
      index = Math.max(0, Math.min(88, index + indexSteps[code & 7]));
      out[i + 1] = predictor / 32768;
    }
    return out;
  });
}

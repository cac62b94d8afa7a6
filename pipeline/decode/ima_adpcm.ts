/**
 * IMA ADPCM: 4 bits a sample, in blocks that begin with what each channel's predictor is.
 *
 * Source: IMA's «Recommended Practices for Enhancing Digital Audio Compatibility», revision 3.00; for Apple's
 * blocks «Technical Note TN1081».
 */
import type { AudioInfo, DecodedAudio, DecodeError } from "./audio.ts";
import { describeCutBytes } from "./cut_short.ts";
import { dataView } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { type DecodeTask, frameWindow, MonoCollector } from "./mono_collector.ts";

/** Where the blocks lie. */
export interface ImaAdpcmRegion {
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly numChannels: number;
  readonly sampleRateHz: number;
  readonly layout: ImaAdpcmLayout;
  /** Frames at the start that are no sound, and how many are after them. @default all are sound */
  readonly sound?: { readonly skipFrames: number; readonly numFrames: number };
  /** Bytes that the header says there are, where it knows. @default {dataBytes} */
  readonly claimedBytes?: number;
  /** What the result calls the format. */
  readonly format: string;
}

/** How blocks are laid out. */
export interface ImaAdpcmLayout {
  readonly blockBytes: number;
  /** Frames of a block of so many bytes: the last one may be cut short. */
  framesIn(bytes: number): number;
  /** Where a channel's block begins, its codes, and each eight codes (four bytes, low half first) after these. */
  headerAt(channel: number): number;
  codesAt(channel: number): number;
  readonly codesStride: number;
  /** Reads the header: the predictor, the index, and whether the predictor is itself the first sample. */
  readHeader(block: DataView, at: number): { predictor: number; index: number };
  readonly startsWithPredictor: boolean;
}

/** Blocks as WAV files have them: all channels' headers with a whole sample each, then four bytes of each in turn. */
export function microsoftLayout(
  numChannels: number,
  blockBytes: number,
  fault: (expected: string, seen: string) => DecodeError,
): ImaAdpcmLayout {
  const headerBytes = 4 * numChannels;
  if (blockBytes < 2 * headerBytes || blockBytes % headerBytes !== 0) {
    throw fault(
      `ADPCM blocks of a multiple of ${headerBytes} bytes, at least ${2 * headerBytes}`,
      `${blockBytes} bytes`,
    );
  }
  return {
    blockBytes,
    framesIn: (bytes) =>
      bytes < headerBytes ? 0 : 1 + 8 * Math.floor((bytes - headerBytes) / headerBytes),
    headerAt: (channel) => 4 * channel,
    codesAt: (channel) => headerBytes + 4 * channel,
    codesStride: headerBytes,
    readHeader: (block, at) => ({
      predictor: block.getInt16(at, true),
      index: block.getUint8(at + 2),
    }),
    startsWithPredictor: true,
  };
}

/** Blocks as AIFF-C and CAF have them: 64 samples of each channel in 34 bytes, one channel after the other. */
export function appleLayout(numChannels: number): ImaAdpcmLayout {
  const channelBytes = 34, blockBytes = channelBytes * numChannels;
  return {
    blockBytes,
    framesIn: (bytes) => bytes < blockBytes ? 0 : 64,
    headerAt: (channel) => channelBytes * channel,
    codesAt: (channel) => channelBytes * channel + 2,
    codesStride: 4,
    // Nine bits of the predictor only: as in libsndfile it is taken as it stands, so that a block can be
    // decoded without those before it. ffmpeg keeps the lost bits of the block before, 0.004 at most.
    readHeader: (block, at) => ({
      predictor: block.getInt16(at) & ~127,
      index: block.getUint8(at + 1) & 127,
    }),
    startsWithPredictor: false,
  };
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
  const { dataOffset, dataBytes, numChannels, sampleRateHz, layout, format } = region;
  const { blockBytes, framesIn } = layout, blockFrames = framesIn(blockBytes);
  const numStored = Math.floor(dataBytes / blockBytes) * blockFrames +
    framesIn(dataBytes % blockBytes);
  const { skipFrames, numFrames } = region.sound ?? { skipFrames: 0, numFrames: numStored };

  const frames = frameWindow(window, sampleRateHz);
  const collector = new MonoCollector(source.name, frames, numFrames);
  const totalSeconds = numFrames / sampleRateHz;
  const remark = describeCutBytes(dataBytes, region.claimedBytes ?? dataBytes);
  const info: AudioInfo = {
    ...{ sampleRateHz, format, numChannels, totalSeconds },
    ...(remark !== undefined && { remark }),
  };
  collector.describe(info);
  const firstBlock = Math.floor(
    (Math.min(frames.startFrame, numFrames) + skipFrames) / blockFrames,
  );
  if (numFrames > 0) collector.seek(firstBlock * blockFrames - skipFrames);
  const blocksAtOnce = Math.max(1, Math.floor(65536 / blockBytes));
  let offset = firstBlock * blockBytes;
  while (offset < dataBytes && !collector.isFull && collector.position < numFrames) {
    const length = Math.min(blocksAtOnce * blockBytes, dataBytes - offset);
    const bytes = await source.read(dataOffset + offset, length);
    for (let at = 0; at < bytes.length; at += blockBytes) {
      const block = bytes.subarray(at, at + blockBytes), count = framesIn(block.length);
      const channels = decodeBlock(block, layout, numChannels, count);
      collector.addPlanar(channels, Math.max(0, Math.min(count, numFrames - collector.position)));
    }
    offset += length;
    if (collector.hasChunk) await collector.drain();
  }
  return { ...info, samples: collector.finish() };
}

/** Decodes one block, the last one perhaps cut short, to channels of `numFrames`. */
function decodeBlock(
  block: Uint8Array,
  layout: ImaAdpcmLayout,
  numChannels: number,
  numFrames: number,
): Float32Array[] {
  const view = dataView(block), { codesStride } = layout;
  return Array.from({ length: numFrames > 0 ? numChannels : 0 }, (_, channel) => {
    const out = new Float32Array(numFrames);
    let { predictor, index } = layout.readHeader(view, layout.headerAt(channel));
    index = Math.min(88, index);
    let filled = 0;
    if (layout.startsWithPredictor) out[filled++] = predictor / 32768;
    const codesAt = layout.codesAt(channel);
    for (let i = 0; filled < numFrames; i++) {
      const byte = block[codesAt + codesStride * (i >> 3) + ((i >> 1) & 3)];
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
      out[filled++] = predictor / 32768;
    }
    return out;
  });
}

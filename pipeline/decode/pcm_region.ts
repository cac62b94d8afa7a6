/** Decodes a run of stored samples, of which only the window asked for is read. */
import type { AudioInfo, DecodedAudio } from "./audio.ts";
import { describeCut, joinRemarks } from "./cut_short.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { type DecodeTask, frameWindow, MonoCollector } from "./mono_collector.ts";
import { bytesPerSample, convertSamples, type SampleEncoding } from "./pcm.ts";

/** Where the samples lie and how they are stored. */
export interface PcmRegion {
  /** Byte offset of the first frame. */
  readonly dataOffset: number;
  /** Frames that are really there. */
  readonly numFrames: number;
  readonly numChannels: number;
  readonly sampleRateHz: number;
  readonly encoding: SampleEncoding;
  readonly littleEndian: boolean;
  /** What the result calls the format. */
  readonly format: string;
  /** Frames that the header says there are, where it knows. @default {numFrames} */
  readonly claimedFrames?: number;
  /** What had to be guessed. */
  readonly remark?: string;
}

/** Bytes read and converted at a time: larger arrays cost more to make than small files to convert. */
const pieceBytes = 1 << 15;

/** Reads, converts and mixes the window's frames. @throws {DecodeError} */
export async function decodePcmRegion(
  source: ByteSource,
  window: DecodeTask,
  region: PcmRegion,
): Promise<DecodedAudio> {
  const { dataOffset, numFrames, numChannels, sampleRateHz, encoding, littleEndian } = region;
  const { claimedFrames = numFrames } = region;
  const frameBytes = bytesPerSample[encoding] * numChannels;
  const cut = describeCut({ numFrames, claimedFrames, sampleRateHz });
  const remark = joinRemarks(region.remark, cut);
  const frames = frameWindow(window, sampleRateHz);
  const startFrame = Math.min(frames.startFrame, numFrames);
  const endFrame = Math.min(frames.endFrame, numFrames);
  const collector = new MonoCollector(source.name, frames, numFrames);
  const info: AudioInfo = {
    sampleRateHz,
    format: region.format,
    numChannels,
    totalSeconds: numFrames / sampleRateHz,
    ...(remark !== undefined && { remark }),
  };
  collector.describe(info);
  const byteOffsetOf = (frame: number) => dataOffset + frame * frameBytes;
  if (numFrames > 0) collector.seek(startFrame);
  const atOnce = Math.min(pieceBytes, source.pieceBytes ?? Infinity);
  const pieceFrames = Math.max(1, Math.floor(atOnce / frameBytes));
  const isMono = numChannels === 1;
  const bytesRoom = new Uint8Array(pieceFrames * frameBytes);
  const room = new Float32Array(isMono ? 0 : pieceFrames * numChannels);
  for (let frame = startFrame; frame < endFrame; frame += pieceFrames) {
    const count = Math.min(pieceFrames, endFrame - frame);
    const bytes = await source.read(dataOffset + frame * frameBytes, count * frameBytes, bytesRoom);
    if (isMono) {
      const numRead = Math.floor(bytes.length / frameBytes);
      convertSamples(bytes, encoding, littleEndian, collector.roomFor(numRead));
    } else {
      collector.addInterleaved(convertSamples(bytes, encoding, littleEndian, room), numChannels);
    }
    if (collector.hasChunk) await collector.drain(byteOffsetOf);
    if (bytes.length < count * frameBytes) break; // a file that has shrunk, a pipe that has ended
  }
  return { ...info, samples: collector.finish(byteOffsetOf) };
}

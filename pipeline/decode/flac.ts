/** FLAC: walks the file, whose frames `flac_frames.ts` decodes. Source: RFC 9639. */
import type { AudioInfo, DecodedAudio } from "./audio.ts";
import { ByteReader } from "./byte_reader.ts";
import { describeCut } from "./cut_short.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { FlacFrameDecoder, type FlacRun, frameHeaderAt, loadFlacKernel } from "./flac_frames.ts";
import {
  type FlacStreamInfo,
  maxHeaderBytes,
  parseFrameHeader,
  readStreamInfo,
} from "./flac_header.ts";
import { type DecodeTask, frameWindow, MonoCollector } from "./mono_collector.ts";
import { seekByBisection } from "./seek.ts";

/** Bytes decoded at once: few at first, as one frame may be all that is wanted, then twice as many. */
const firstChunkBytes = 16384, lastChunkBytes = 131072;

/** What a file is read through, and the next file after it: a new buffer costs as much as reading. */
let spareRoom: Uint8Array | undefined;

/** Decodes a FLAC file. @throws {DecodeError} */
export async function decodeFlac(source: ByteSource, window: DecodeTask): Promise<DecodedAudio> {
  const room = spareRoom ?? new Uint8Array(lastChunkBytes);
  spareRoom = undefined; // other files may be decoded meanwhile
  try {
    const reader = new ByteReader(source, window.startByte, source.size, room);
    return await decodeWindow(reader, source.name, window);
  } finally {
    spareRoom = room;
  }
}

async function decodeWindow(
  reader: ByteReader,
  path: string,
  window: DecodeTask,
): Promise<DecodedAudio> {
  const stream = await readStreamInfo(reader);
  const { sampleRateHz, numChannels, totalFrames } = stream;
  const frames = frameWindow(window, sampleRateHz);
  const collector = new MonoCollector(path, frames, totalFrames || Infinity);
  const info: AudioInfo = {
    sampleRateHz,
    format: "FLAC",
    numChannels,
    totalSeconds: totalFrames > 0 ? totalFrames / sampleRateHz : undefined,
  };
  collector.describe(info);
  const readHeader = async () => frameHeaderAt(reader, stream, await reader.peek(maxHeaderBytes));
  // A file cut out of a longer one keeps the numbers that its frames had there.
  const origin = (await readHeader())?.firstFrame ?? 0;
  if (frames.startFrame > 0) await seekFrame(reader, stream, origin + frames.startFrame);

  const first = await readHeader();
  if (first) {
    collector.seek(first.firstFrame - origin);
    const endFrame = Math.min(frames.endFrame, totalFrames || Infinity);
    const run = { info: stream, reader, collector, origin, endFrame };
    await decodeRun(new FlacFrameDecoder(await loadFlacKernel(), run), run);
  }
  const samples = collector.finishBounded(), { position: numFrames } = collector;
  if (collector.isFull) return { ...info, samples };
  // Decoded to the file's end: that tells the length, whatever the header does.
  const hasSeenEnd = first !== undefined || frames.startFrame === 0;
  const cut = hasSeenEnd
    ? describeCut({ numFrames, claimedFrames: totalFrames, sampleRateHz })
    : undefined;
  if (cut === undefined) {
    return { ...info, samples, totalSeconds: info.totalSeconds ?? numFrames / sampleRateHz };
  }
  return { ...info, samples, totalSeconds: numFrames / sampleRateHz, remark: cut };
}

/** Decodes at least one frame from where the reader is, then until the run's end or the file's. */
async function decodeRun(
  decoder: FlacFrameDecoder,
  { reader, collector, endFrame }: FlacRun & { reader: ByteReader },
): Promise<void> {
  let chunkBytes = firstChunkBytes;
  do {
    const bytes = await reader.peek(chunkBytes), isAll = bytes.length === reader.remaining;
    const length = decoder.decode(bytes, isAll);
    if (collector.hasChunk) await collector.drain();
    if (length > 0) {
      reader.skip(length);
      chunkBytes = Math.max(chunkBytes, Math.min(lastChunkBytes, 2 * chunkBytes));
    } else if (isAll) break; // the file ends within a frame
    else if (chunkBytes < decoder.maxBytes) {
      chunkBytes = Math.min(decoder.maxBytes, 2 * chunkBytes);
    } else throw reader.fault("a FLAC frame", "bits that are none");
  } while (reader.remaining > 0 && collector.position < endFrame);
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

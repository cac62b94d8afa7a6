/** MP3 (and MPEG layers I and II), decoded by mpg123, which also trims what the encoder added. */
import type { AudioInfo, DecodedAudio } from "./audio.ts";
import { ByteReader } from "./byte_reader.ts";
import { describeCut, joinRemarks } from "./cut_short.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { callCodec } from "./codec_library.ts";
import { skipId3 } from "./id3.ts";
import { type DecodeTask, frameWindow, MonoCollector } from "./mono_collector.ts";
import { MpegFrames } from "./mpeg_frames.ts";
import {
  findMpegFrame,
  isSameStream,
  type MpegHeader,
  type MpegInfo,
  parseMpegHeader,
  parseMpegInfo,
} from "./mpeg_header.ts";

/** How far into a file, past its tags, the first frame is looked for. */
export const searchBytes = 65536;
/** Windows that begin later than this are jumped to, rather than decoded up to. */
const jumpSeconds = 10;
/** MPEG frames decoded and dropped after a jump: a frame's bits may lie as many frames before it. */
const warmUpMpegFrames = 32;

/** Where the frames lie. */
export interface Mp3Part {
  readonly offset: number;
  readonly length: number;
  /** What the format's name begins with. @default {""} */
  readonly container?: string;
  /** What is to be said of it beside its own damage. */
  readonly remark?: string;
}

/**
 * Decodes an MP3 file, or the part of another file that holds one.
 *
 * @throws {DecodeError}
 */
export async function decodeMp3(
  source: ByteSource,
  window: DecodeTask,
  part: Mp3Part = { offset: 0, length: source.size },
): Promise<DecodedAudio> {
  const reader = new ByteReader(source, part.offset, part.offset + part.length);
  reader.seek(await skipId3(reader));
  const start = await reader.peek(searchBytes);
  const found = findMpegFrame(start);
  if (found < 0) throw reader.fault("frames of MPEG audio", `none in ${start.length} bytes`);
  reader.skip(found);
  const header = parseMpegHeader(start, found);
  if (!header) {
    throw reader.fault(
      "frames of MPEG audio that say their bit rate",
      "some of free format: convert it with `mpg123 -w out.wav in.mp3`",
    );
  }

  const { sampleRateHz, numChannels } = header;
  const place = (byteOffset: number) => ({
    path: source.name,
    byteOffset,
    expected: "frames of MPEG audio",
  });
  const frames = frameWindow(window, sampleRateHz);
  const collector = new MonoCollector(source.name, frames);
  const info = parseMpegInfo(start.subarray(found), header);
  const jumpedTo = frames.startFrame > jumpSeconds * sampleRateHz
    ? await jump(reader, header, info, frames.startFrame)
    : undefined;
  if (jumpedTo !== undefined) collector.seek(jumpedTo);
  const { MPEGDecoder } = await import("../../deps/mpg123_decoder.ts"); // not before it is needed: it takes 35 ms
  const decoder = await callCodec(place(reader.offset), async () => {
    // mpg123 trims the ends itself, where it has seen the first frame.
    const library = new MPEGDecoder({ enableGapless: jumpedTo === undefined });
    await library.ready;
    return library;
  });
  const totalFrames = info?.numMpegFrames &&
    Math.max(0, info.numMpegFrames * header.numFrames - info.delay - info.padding);
  const format = header.layer === 3 ? "MP3" : `MPEG layer ${"I".repeat(header.layer)}`;
  const audioInfo: AudioInfo = {
    sampleRateHz,
    format: `${part.container ?? ""}${format}`,
    numChannels,
    totalSeconds: totalFrames && totalFrames / sampleRateHz,
  };
  collector.describe(audioInfo);
  const mpegFrames = new MpegFrames(reader, start.subarray(found), header);
  while (!collector.isFull) {
    const piece = await mpegFrames.next();
    if (!piece) break;
    const result = await callCodec(
      place(reader.offset - piece.length),
      () => decoder.decode(piece),
    );
    const left = jumpedTo === undefined ? Infinity : (totalFrames ?? Infinity) - collector.position;
    collector.addPlanar(result.channelData, Math.max(0, Math.min(result.samplesDecoded, left)));
    if (collector.hasChunk) await collector.drain();
  }
  // Without the encoder's delay the length is that of whole frames; and what was passed over was sound, too.
  const isCut = !collector.isFull && mpegFrames.describe() === "" &&
    collector.position + 2 * header.numFrames < (totalFrames ?? 0);
  const cut = isCut
    ? describeCut({ numFrames: collector.position, claimedFrames: totalFrames!, sampleRateHz })
    : undefined;
  const remark = joinRemarks(mpegFrames.describe(), cut ?? part.remark);
  return {
    ...audioInfo,
    samples: collector.finish(),
    totalSeconds: collector.isFull ? audioInfo.totalSeconds : collector.position / sampleRateHz,
    ...(remark !== undefined && { remark }),
  };
}

/**
 * Moves over MPEG frames, by their lengths alone, to some way before sample `target`.
 *
 * @returns The first sample of the MPEG frame where the reader is then; `undefined`, and the reader
 *   where it was, where the MPEG frames do not lie one after the other.
 */
async function jump(
  reader: ByteReader,
  header: MpegHeader,
  info: MpegInfo | undefined,
  target: number,
): Promise<number | undefined> {
  const begin = reader.offset;
  if (info) reader.skip(header.frameBytes);
  let position = -(info?.delay ?? 0);
  while (position + (warmUpMpegFrames + 1) * header.numFrames <= target) {
    const next = parseMpegHeader(await reader.peek(4));
    if (!next || !isSameStream(header, next)) {
      reader.seek(begin);
      return undefined;
    }
    reader.skip(next.frameBytes);
    position += header.numFrames;
  }
  return position;
}

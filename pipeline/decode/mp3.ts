/** MP3 (and MPEG layers I and II), decoded by mpg123, which also trims what the encoder added. */
import { MPEGDecoder } from "mpg123-decoder";
import type { DecodedAudio, DecodeWindow } from "./audio.ts";
import { ByteReader, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "./byte_source.ts";
import { callCodec } from "./codec_library.ts";
import { frameWindow, MonoCollector } from "./mono_collector.ts";
import { findMpegFrame, parseMpegHeader } from "./mpeg_header.ts";

/** Bytes given to the decoder at a time: about a second of sound. */
const pieceBytes = 16384;
/** How far into a file, past its tags, the first frame is looked for. */
export const searchBytes = 65536;

/**
 * Decodes an MP3 file, or the part of another file that holds one.
 *
 * @throws {DecodeError}
 */
export async function decodeMp3(
  source: ByteSource,
  window: DecodeWindow,
  part: { readonly offset: number; readonly length: number } = { offset: 0, length: source.size },
): Promise<DecodedAudio> {
  const reader = new ByteReader(source, part.offset, part.offset + part.length);
  reader.seek(await skipId3(reader));
  const start = await reader.peek(searchBytes);
  const found = findMpegFrame(start);
  const header = found < 0 ? undefined : parseMpegHeader(start, found);
  if (!header) {
    throw reader.fault("frames of MPEG audio", `none in ${start.length} bytes`);
  }
  reader.skip(found);

  const { sampleRateHz, numChannels } = header;
  const place = () => ({
    path: source.name,
    byteOffset: reader.offset,
    expected: "frames of MPEG audio",
  });
  const decoder = await callCodec(place(), async () => {
    const library = new MPEGDecoder();
    await library.ready;
    return library;
  });
  const collector = new MonoCollector(source.name, frameWindow(window, sampleRateHz));
  while (!collector.isFull && reader.remaining > 0) {
    const piece = await reader.peek(pieceBytes);
    const result = await callCodec(place(), () => decoder.decode(piece));
    if (result.samplesDecoded > 0 && result.sampleRate !== sampleRateHz) {
      throw reader.fault(
        `sound at ${sampleRateHz} Hz throughout`,
        `some at ${result.sampleRate} Hz: convert it with \`ffmpeg -i in.mp3 out.wav\``,
      );
    }
    collector.addPlanar(result.channelData, result.samplesDecoded);
    reader.skip(piece.length);
  }
  return {
    samples: collector.finish(),
    sampleRateHz,
    format: header.layer === 3 ? "MP3" : `MPEG layer ${"I".repeat(header.layer)}`,
    numChannels,
    totalSeconds: collector.isFull ? undefined : collector.position / sampleRateHz,
  };
}

/** Where the sound begins: after the ID3v2 tags, which hold texts and pictures. */
export async function skipId3(reader: ByteReader): Promise<number> {
  let offset = reader.offset;
  while (true) {
    reader.seek(offset);
    const tag = await reader.peek(10);
    if (tag.length < 10 || !fourCharacters(tag).startsWith("ID3")) return offset;
    // Four bytes of seven bits; flag 0x10 says that a footer of ten bytes follows.
    const length = [...tag.subarray(6, 10)].reduce((sum, byte) => sum * 128 + (byte & 127), 0);
    offset += 10 + length + (tag[5] & 0x10 ? 10 : 0);
  }
}

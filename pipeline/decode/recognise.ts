/** Which decoder a file is for: told by its first bytes. */
import { decodeAiff } from "./aiff.ts";
import type { DecodedAudio } from "./audio.ts";
import { ByteReader, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { decodeCaf } from "./caf.ts";
import { decodeFlac } from "./flac.ts";
import { skipId3 } from "./id3.ts";
import { decodeMatroska } from "./matroska.ts";
import type { DecodeTask } from "./mono_collector.ts";
import { decodeMp3, searchBytes } from "./mp3.ts";
import { findMpegFrame } from "./mpeg_header.ts";
import { decodeOgg } from "./ogg_stream.ts";
import { leadsToAdtsFrame, refusedFormat } from "./refused_formats.ts";
import { supportedFormats } from "./supported_formats.ts";
import { decodeWav } from "./wav.ts";

/** Decodes a source of one format. */
export type Decode = (source: ByteSource, task: DecodeTask) => Promise<DecodedAudio>;

/** The decoder for bytes that begin a file, or follow its tags, where they say so themselves. */
function decoderOf(start: Uint8Array): Decode | undefined {
  const magic = fourCharacters(start), form = fourCharacters(start, 8);
  if (["RIFF", "RIFX", "RF64", "BW64"].includes(magic)) return decodeWav;
  if (magic === "FORM" && (form === "AIFF" || form === "AIFC")) return decodeAiff;
  if (magic === "OggS") return decodeOgg;
  if (magic === "fLaC") return decodeFlac;
  if (magic === "caff") return decodeCaf;
  if (magic === "\\x1aE\\xdf\\xa3") return decodeMatroska;
  return undefined;
}

/**
 * Finds the decoder for a source by its first bytes, those after ID3 tags if there are any.
 *
 * @throws {DecodeError} where none fits.
 */
export async function recognise(source: ByteSource): Promise<Decode> {
  const reader = new ByteReader(source);
  if (source.size === 0) throw reader.fault("a sound file", "an empty file");
  const magic = fourCharacters(await reader.peek(4)), startByte = await skipId3(reader);
  reader.seek(startByte);
  const start = await reader.peek(64), decode = decoderOf(start);
  if (decode) return (source, task) => decode(source, { ...task, startByte });
  const expected = `one of ${supportedFormats.map(({ format }) => format).join(", ")}`;
  const refused = refusedFormat(start);
  if (refused) {
    throw reader.fault(expected, `${refused}: convert it with \`ffmpeg -i in out.wav\``);
  }
  if (findMpegFrame(await reader.peek(searchBytes)) >= 0) return decodeMp3;
  throw reader.fault(expected, `a file that begins with ${magic}`, 0);
}

/**
 * Tells a sound file, or a film with sound, from other files by its first bytes, whatever it is called:
 * those that can be decoded, and those that are refused by their format's name.
 *
 * @param start The first 4096 bytes, or all of a shorter file: MPEG frames are known by the next one only.
 */
export function looksLikeAudio(start: Uint8Array): boolean {
  if (fourCharacters(start).startsWith("ID3")) return true;
  const decode = decoderOf(start);
  if (decode) return decode !== decodeWav || fourCharacters(start, 8) === "WAVE"; // not AVI or WebP
  if (start[0] === 0xff) return findMpegFrame(start) === 0 || leadsToAdtsFrame(start);
  return refusedFormat(start) !== undefined;
}

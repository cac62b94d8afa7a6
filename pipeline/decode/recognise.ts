/** Which decoder a file is for: told by its first bytes. */
import { decodeAiff } from "./aiff.ts";
import type { DecodedAudio } from "./audio.ts";
import { ByteReader, fourCharacters } from "./byte_reader.ts";
import type { ByteSource } from "./byte_source.ts";
import { decodeFlac } from "./flac.ts";
import { skipId3 } from "./id3.ts";
import type { DecodeTask } from "./mono_collector.ts";
import { decodeMp3, searchBytes } from "./mp3.ts";
import { findMpegFrame } from "./mpeg_header.ts";
import { decodeOgg } from "./ogg_stream.ts";
import { refusedFormat } from "./refused_formats.ts";
import { supportedFormats } from "./supported_formats.ts";
import { decodeWav } from "./wav.ts";

/** Decodes a source of one format. */
export type Decode = (source: ByteSource, task: DecodeTask) => Promise<DecodedAudio>;

/** Finds the decoder for a source by its first bytes. @throws {DecodeError} where none fits. */
export async function recognise(source: ByteSource): Promise<Decode> {
  const reader = new ByteReader(source);
  if (source.size === 0) throw reader.fault("a sound file", "an empty file");
  const start = await reader.peek(64);
  const magic = fourCharacters(start), form = fourCharacters(start, 8);
  if (["RIFF", "RIFX", "RF64", "BW64"].includes(magic)) return decodeWav;
  if (magic === "FORM" && (form === "AIFF" || form === "AIFC")) return decodeAiff;
  if (magic === "OggS") return decodeOgg;
  if (magic === "fLaC") return decodeFlac;
  const expected = `one of ${supportedFormats.map(({ format }) => format).join(", ")}`;
  const refused = refusedFormat(start);
  if (refused) {
    throw reader.fault(expected, `${refused}: convert it with \`ffmpeg -i in out.wav\``);
  }
  reader.seek(await skipId3(reader));
  const sound = await reader.peek(searchBytes);
  if (fourCharacters(sound) === "fLaC") return decodeFlac;
  if (findMpegFrame(sound) >= 0) return decodeMp3;
  throw reader.fault(expected, `a file that begins with ${magic}`, 0);
}

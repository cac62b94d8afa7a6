/**
 * Decoding of sound files: knows a format by its bytes, whatever the file is called, and reads no
 * more of it than the window asked for needs.
 */
import { decodeAiff } from "./aiff.ts";
import type { DecodedAudio, DecodeWindow } from "./audio.ts";
import { ByteReader, fourCharacters } from "./byte_reader.ts";
import { type ByteSource, openFile } from "./byte_source.ts";
import { decodeFlac } from "./flac.ts";
import { skipId3 } from "./id3.ts";
import { frameWindow } from "./mono_collector.ts";
import { decodeMp3, searchBytes } from "./mp3.ts";
import { findMpegFrame } from "./mpeg_header.ts";
import { decodeOgg } from "./ogg_stream.ts";
import { refusedFormat } from "./refused_formats.ts";
import { decodeWav } from "./wav.ts";

export type { ByteSource } from "./byte_source.ts";

type Decode = (source: ByteSource, window: DecodeWindow) => Promise<DecodedAudio>;

/** A format that can be decoded. */
export interface SupportedFormat {
  /** What people call it. */
  readonly format: string;
  /** Extensions of file names, in lower case, with the dot. */
  readonly extensions: readonly string[];
  /** What decodes it. */
  readonly decoder: string;
}

/** Every format that can be decoded, for people. */
export const supportedFormats: readonly SupportedFormat[] = [
  {
    format: "WAV",
    extensions: [".wav", ".wave", ".bwf", ".rf64"],
    decoder: "own (PCM, float, A-law, µ-law, IMA ADPCM, MP3 inside)",
  },
  { format: "AIFF", extensions: [".aif", ".aiff", ".aifc"], decoder: "own" },
  { format: "FLAC", extensions: [".flac"], decoder: "own" },
  { format: "MP3", extensions: [".mp3", ".mp2", ".mpga"], decoder: "mpg123 (WebAssembly)" },
  { format: "Ogg Vorbis", extensions: [".ogg", ".oga"], decoder: "own" },
  { format: "Ogg FLAC", extensions: [".oga"], decoder: "own" },
  { format: "Ogg Opus", extensions: [".opus"], decoder: "libopus (WebAssembly)" },
];

/** Extensions of the file names that a data set's listing takes as sound, in lower case, with the dot. */
export const audioExtensions: ReadonlySet<string> = new Set([
  ...supportedFormats.flatMap(({ extensions }) => extensions),
  // Listed too, so that they are refused by name, with the way to convert them, not passed over.
  ...[".m4a", ".aac", ".wma", ".caf", ".amr", ".ape", ".wv", ".w64", ".au", ".ac3"],
]);

/**
 * Decodes the asked-for part of a file to mono.
 *
 * @returns Samples in a buffer of their own, unless the window has room; fewer than asked for where the
 *   file ends earlier, none where it ends before the window begins. A file that is cut short gives what
 *   is there.
 * @throws {DecodeError} where it cannot be read, is of no known format, or is broken within the window.
 * @throws {RangeError} for a window that is no window.
 */
export async function decodeFile(path: string, window: DecodeWindow = {}): Promise<DecodedAudio> {
  using source = openFile(path);
  return await decodeSource(source, window);
}

/**
 * Decodes the asked-for part of any source of bytes to mono, like `decodeFile`.
 *
 * @throws {DecodeError}
 * @throws {RangeError}
 */
export async function decodeSource(
  source: ByteSource,
  window: DecodeWindow = {},
): Promise<DecodedAudio> {
  frameWindow(window, 1); // a wrong window is the caller's fault, whatever the file is like
  return await (await recognise(source))(source, window);
}

/** Finds the decoder for a source by its first bytes. */
async function recognise(source: ByteSource): Promise<Decode> {
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

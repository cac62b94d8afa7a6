import { fourCharacters } from "./byte_reader.ts";

/**
 * Whether a file that begins with these bytes may be a recording, decoded here or not. Sixteen bytes are
 * enough, and fewer are no reason to throw.
 */
export function looksLikeAudio(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  if (fourCharacters(bytes, 4) === "ftyp") return true;
  const start = fourCharacters(bytes);
  if (["RIFF", "RIFX", "RF64"].includes(start)) return fourCharacters(bytes, 8) === "WAVE";
  if (start === "FORM") return ["AIFF", "AIFC"].includes(fourCharacters(bytes, 8));
  if (start.startsWith("ID3") || starts.has(start)) return true;
  // MPEG audio, ADTS included: eleven bits of sync, then a version, bit rate and sample rate that exist.
  const version = (bytes[1] >> 3) & 3, layer = (bytes[1] >> 1) & 3;
  const bitRate = bytes[2] >> 4, rate = (bytes[2] >> 2) & 3;
  if (bytes[0] !== 0xff || (bytes[1] & 0xe0) !== 0xe0 || version === 1) return false;
  return layer === 0 ? (bytes[1] & 0xf0) === 0xf0 : bitRate < 15 && rate < 3;
}

/** OGG, FLAC, Core Audio, AMR, Matroska and WebM, Windows Media, Monkey's Audio, WavPack, Wave64, Sun AU. */
const starts: ReadonlySet<string> = new Set([
  ...[
    "OggS",
    "fLaC",
    "caff",
    "#!AM",
    "\\x1aE\\xdf\\xa3",
    "0&\\xb2u",
    "MAC ",
    "wvpk",
    "riff",
    ".snd",
  ],
]);

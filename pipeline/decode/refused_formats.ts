/** Formats that are known, to be named in a refusal, but not decoded. */
import { fourCharacters } from "./byte_reader.ts";

/** Names the format of a file that begins with these bytes; `undefined` where it is none of these. */
export function refusedFormat(start: Uint8Array): string | undefined {
  if (fourCharacters(start, 4) === "ftyp") return "M4A or MP4 (AAC or ALAC)";
  const name = names[fourCharacters(start)];
  if (name) return name;
  // ADTS: twelve bits of sync as in MPEG audio, but layer 0.
  if (start[0] === 0xff && (start[1] & 0xf6) === 0xf0) return "AAC (ADTS)";
  return undefined;
}

const names: Readonly<Record<string, string>> = {
  "ADIF": "AAC (ADIF)",
  "caff": "Core Audio Format",
  "0&\\xb2u": "Windows Media Audio",
  "#!AM": "AMR",
  "MAC ": "Monkey's Audio",
  "wvpk": "WavPack",
  "riff": "Wave64",
  ".snd": "Sun AU",
  "\\x1aE\\xdf\\xa3": "Matroska or WebM",
  "MPCK": "Musepack",
  "TTA1": "True Audio",
  "DSD ": "DSD",
};

/**
 * Formats that are known, to be named in a refusal, but not decoded. AAC is among them because of the
 * packages that there are (November 2026): the decoder that is kept up is GPL, libav as a whole is LGPL and
 * far more than is wanted, the one in plain JavaScript has not changed for years. Apple Lossless lies in the
 * same files.
 */
import { fourCharacters } from "./byte_reader.ts";

/** Names the format of a file that begins with these bytes; `undefined` where it is none of these. */
export function refusedFormat(start: Uint8Array): string | undefined {
  if (fourCharacters(start, 4) === "ftyp") {
    // Pictures lie in the same container.
    const isPicture = pictureBrands.includes(fourCharacters(start, 8));
    return isPicture ? undefined : "M4A or MP4 (AAC or ALAC)";
  }
  const name = names[fourCharacters(start)];
  if (name) return name;
  if (hasAdtsSync(start)) return "AAC (ADTS)";
  if (start[0] === 0x0b && start[1] === 0x77) return "AC-3";
  return undefined;
}

/**
 * Whether an ADTS frame begins the bytes whose length leads to another one, where they reach as far: by
 * its sync alone one file in thousands would be taken for AAC.
 */
export function leadsToAdtsFrame(start: Uint8Array): boolean {
  if (!hasAdtsSync(start)) return false;
  const length = ((start[3] & 3) << 11) | (start[4] << 3) | (start[5] >> 5);
  return length >= 7 && (length + 2 > start.length || hasAdtsSync(start.subarray(length)));
}

/** Twelve bits of sync as in MPEG audio, but layer 0. */
function hasAdtsSync(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && (bytes[1] & 0xf6) === 0xf0;
}

const pictureBrands = ["avif", "avis", "crx ", "heic", "heim", "heis", "heix", "mif1", "msf1"];

const names: Readonly<Record<string, string>> = {
  "ADIF": "AAC (ADIF)",
  "0&\\xb2u": "Windows Media Audio",
  "#!AM": "AMR",
  "#!SI": "SILK",
  "MAC ": "Monkey's Audio",
  "OFR ": "OptimFROG",
  "wvpk": "WavPack",
  "riff": "Wave64",
  ".snd": "Sun AU",
  "NIST": "NIST SPHERE",
  "MPCK": "Musepack",
  "MP+\\x07": "Musepack",
  "TTA1": "True Audio",
  "DSD ": "DSD",
  "FRM8": "DSD (DSDIFF)",
  "\\x7f\\xfe\\x80\\x01": "DTS",
  ".RMF": "RealMedia",
  "FLV\\x01": "Flash video",
};

/** Headers of MPEG audio frames (MP3 and its elder layers). Source: ISO/IEC 11172-3 and 13818-3, 2.4.1.3. */
import { dataView, fourCharacters } from "./byte_reader.ts";

/** What the four bytes before each frame say. */
export interface MpegHeader {
  readonly version: "1" | "2" | "2.5";
  readonly layer: 1 | 2 | 3;
  readonly sampleRateHz: number;
  readonly numChannels: 1 | 2;
  /** Length of the frame with its header. */
  readonly frameBytes: number;
  /** Frames (samples a channel) that it decodes to. */
  readonly numFrames: number;
}

// deno-fmt-ignore
const kilobits = {
  "1-1": [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  "1-2": [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  "1-3": [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  "2-1": [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  "2-2": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  "2-3": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;

const versions = ["2.5", undefined, "2", "1"] as const;
const layers = [undefined, 3, 2, 1] as const;
const rates = [44100, 48000, 32000, undefined] as const;

/** Parses the header at `offset`; `undefined` where there is none, or one of «free» bit rate. */
export function parseMpegHeader(bytes: Uint8Array, offset = 0): MpegHeader | undefined {
  if (bytes.length < offset + 4) return undefined;
  const second = bytes[offset + 1], third = bytes[offset + 2], fourth = bytes[offset + 3];
  if (bytes[offset] !== 0xff || second < 0xe0) return undefined;
  const version = versions[(second >> 3) & 3], layer = layers[(second >> 1) & 3];
  const rate = rates[(third >> 2) & 3];
  if (!version || !layer || !rate) return undefined;
  const kilobit = kilobits[`${version === "1" ? 1 : 2}-${layer}`][(third >> 4) - 1];
  if (!kilobit) return undefined;
  const sampleRateHz = rate / { "1": 1, "2": 2, "2.5": 4 }[version];
  const numFrames = layer === 1 ? 384 : layer === 3 && version !== "1" ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((numFrames / 8 / slotBytes) * kilobit * 1000 / sampleRateHz);
  return {
    version,
    layer,
    sampleRateHz,
    numChannels: (fourth >> 6) === 3 ? 1 : 2,
    frameBytes: (slots + ((third >> 1) & 1)) * slotBytes,
    numFrames,
  };
}

/** What the encoder noted in a first frame that holds no sound (by Xing, and after it by LAME). */
export interface MpegInfo {
  /** Frames of MPEG audio that follow; `undefined` where it was not noted. */
  readonly numMpegFrames: number | undefined;
  /** Samples a channel that encoder and decoder add before the sound. */
  readonly delay: number;
  /** Samples a channel that are added after it. */
  readonly padding: number;
}

/** What every decoder of layer III adds before the sound. */
const decoderDelay = 529;

/** Parses the Xing, Info and LAME tags of a frame; `undefined` where it has none and holds sound. */
export function parseMpegInfo(frame: Uint8Array, header: MpegHeader): MpegInfo | undefined {
  const sideBytes = header.version === "1"
    ? (header.numChannels === 1 ? 17 : 32)
    : (header.numChannels === 1 ? 9 : 17);
  let at = 4 + sideBytes;
  if (header.layer !== 3 || frame.length < at + 8) return undefined;
  if (!["Xing", "Info"].includes(fourCharacters(frame, at))) return undefined;
  const view = dataView(frame), flags = view.getUint32(at + 4);
  at += 8;
  const hasFrames = (flags & 1) !== 0 && frame.length >= at + 4;
  const numMpegFrames = hasFrames ? view.getUint32(at) || undefined : undefined;
  // Frames, bytes, table of contents, quality; then LAME's name and settings, then three bytes.
  at += 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + (flags & 8) / 2 + 21;
  if (frame.length < at + 3 || frame[at - 21] === 0) return { numMpegFrames, delay: 0, padding: 0 };
  const delay = (frame[at] << 4) | (frame[at + 1] >> 4);
  const padding = ((frame[at + 1] & 15) << 8) | frame[at + 2];
  return {
    numMpegFrames,
    delay: delay + decoderDelay,
    padding: Math.max(0, padding - decoderDelay),
  };
}

/** Whether two headers can belong to one stream. */
export function isSameStream(a: MpegHeader, b: MpegHeader): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRateHz === b.sampleRateHz;
}

/**
 * Finds where MPEG frames begin: a header, and after its frame another one of the same stream or the
 * end of the bytes. Other bytes that look like a header are taken for one only once in millions. Where
 * there are none, frames of «free» bit rate are looked for, which `parseMpegHeader` does not take.
 *
 * @returns The first frame's offset; −1 where none is found.
 */
export function findMpegFrame(bytes: Uint8Array): number {
  for (let i = 0; i + 4 <= bytes.length; i++) {
    if (bytes[i] !== 0xff) continue;
    const header = parseMpegHeader(bytes, i);
    if (!header) continue;
    const end = i + header.frameBytes;
    if (end === bytes.length) return i;
    const next = parseMpegHeader(bytes, end);
    if (next && isSameStream(header, next)) return i;
  }
  for (let i = bytes.indexOf(0xff); i >= 0; i = bytes.indexOf(0xff, i + 1)) {
    if (isFreeFormat(bytes, i)) return i;
  }
  return -1;
}

/** The longest frame of free format that decoders take. */
const maxFreeBytes = 4608;
/** So many headers of free format have to follow at equal distances. */
const minFreeHeaders = 4;

/** Whether frames without a bit rate begin at `at`: the same header, again and again at one distance. */
function isFreeFormat(bytes: Uint8Array, at: number): boolean {
  const [, second, third] = bytes.subarray(at, at + 3);
  const withRate = Uint8Array.of(0xff, second, third | 0x10, 0); // any rate, for the other fields
  const header = parseMpegHeader(withRate);
  if (!header || (third & 0xf0) !== 0) return false;
  const slotBytes = header.layer === 1 ? 4 : 1;
  const isSame = (i: number) =>
    bytes[i] === 0xff && bytes[i + 1] === second && (bytes[i + 2] & 0xfd) === (third & 0xfd);
  for (let length = 24; length <= maxFreeBytes; length += 1) {
    let next = at + length, count = 1; // the first frame may be padded by a slot, as others may be
    while (count < minFreeHeaders) {
      if (isSame(next)) next += length;
      else if (isSame(next + slotBytes)) next += slotBytes + length;
      else break;
      count++;
    }
    if (count === minFreeHeaders) return true;
  }
  return false;
}

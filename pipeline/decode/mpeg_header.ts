/** Headers of MPEG audio frames (MP3 and its elder layers). Source: ISO/IEC 11172-3 and 13818-3, 2.4.1.3. */
import { dataView } from "./byte_reader.ts";

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

/** Parses the header at `offset`; `undefined` where there is none, or one of «free» bit rate. */
export function parseMpegHeader(bytes: Uint8Array, offset = 0): MpegHeader | undefined {
  if (bytes.length < offset + 4) return undefined;
  const bits = dataView(bytes).getUint32(offset);
  const version = (["2.5", undefined, "2", "1"] as const)[(bits >>> 19) & 3];
  const layer = ([undefined, 3, 2, 1] as const)[(bits >>> 17) & 3];
  const rate = [44100, 48000, 32000][(bits >>> 10) & 3];
  if (bits >>> 21 !== 0x7ff || !version || !layer || !rate) return undefined;
  const kilobit = kilobits[`${version === "1" ? 1 : 2}-${layer}`][((bits >>> 12) & 15) - 1];
  if (!kilobit) return undefined;
  const sampleRateHz = rate / { "1": 1, "2": 2, "2.5": 4 }[version];
  const numFrames = layer === 1 ? 384 : layer === 3 && version !== "1" ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((numFrames / 8 / slotBytes) * kilobit * 1000 / sampleRateHz);
  return {
    version,
    layer,
    sampleRateHz,
    numChannels: ((bits >>> 6) & 3) === 3 ? 1 : 2,
    frameBytes: (slots + ((bits >>> 9) & 1)) * slotBytes,
    numFrames,
  };
}

/** Whether two headers can belong to one stream. */
export function isSameStream(a: MpegHeader, b: MpegHeader): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRateHz === b.sampleRateHz;
}

/**
 * Finds where MPEG frames begin: a header, and after its frame another one of the same stream or the
 * end of the bytes. Other bytes that look like a header are taken for one only once in millions.
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
  return -1;
}

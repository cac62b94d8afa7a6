/** FLAC's headers: that of the stream, and that of each frame. Source: RFC 9639. */
import { type ByteReader, dataView, fourCharacters } from "./byte_reader.ts";
import { checkChannelsAndRate } from "./limits.ts";

/** The stream's STREAMINFO block. */
export interface FlacStreamInfo {
  /** Smallest and largest number of samples a frame. */
  readonly minBlockSize: number;
  readonly maxBlockSize: number;
  /** Longest frame in bytes; 0 where the encoder did not say. */
  readonly maxFrameBytes: number;
  readonly sampleRateHz: number;
  readonly numChannels: number;
  readonly bitsPerSample: number;
  /** Samples a channel; 0 where the encoder did not know. */
  readonly totalFrames: number;
}

/** A frame's header. */
export interface FlacFrameHeader {
  /** Length of the header. */
  readonly headerBytes: number;
  /** Samples a channel in the frame. */
  readonly blockSize: number;
  /** The first of them, counted from the start of the stream. */
  readonly firstFrame: number;
  /** 0 to 7: channels less one; 8, 9, 10: left/side, side/right, mid/side. */
  readonly assignment: number;
}

/** The longest header: 7 bytes of number, 2 of block size, 2 of sample rate. */
export const maxHeaderBytes = 16;

const streamInfoType = 0;

/** Reads the metadata, leaves the reader at the first frame. @throws {DecodeError} */
export async function readStreamInfo(reader: ByteReader): Promise<FlacStreamInfo> {
  const magic = fourCharacters(await reader.read(4, "the word fLaC"));
  if (magic !== "fLaC") throw reader.fault("the word fLaC", magic, reader.offset - 4);
  let info: FlacStreamInfo | undefined;
  for (let isLast = false; !isLast;) {
    const header = await reader.read(4, "the header of a metadata block");
    isLast = (header[0] & 0x80) !== 0;
    const type = header[0] & 0x7f, length = dataView(header).getUint32(0) & 0xff_ffff;
    const end = reader.offset + length;
    if (length > reader.remaining) {
      throw reader.fault(
        "a metadata block within the file",
        `one of ${length} bytes`,
        reader.offset - 4,
      );
    }
    if (type === streamInfoType && !info) {
      if (length < 34) throw reader.fault("34 bytes of STREAMINFO", `${length} bytes`);
      info = parseStreamInfo(await reader.read(34, "the content of STREAMINFO"));
      checkChannelsAndRate(reader, info.numChannels, info.sampleRateHz, end - length);
    }
    reader.seek(end);
  }
  if (!info) throw reader.fault("a STREAMINFO block", "none");
  return info;
}

/** Parses the content of a STREAMINFO block. */
export function parseStreamInfo(bytes: Uint8Array): FlacStreamInfo {
  const view = dataView(bytes), packed = view.getUint32(10);
  return {
    minBlockSize: view.getUint16(0),
    maxBlockSize: view.getUint16(2),
    maxFrameBytes: view.getUint32(6) & 0xff_ffff,
    sampleRateHz: packed >>> 12,
    numChannels: ((packed >>> 9) & 7) + 1,
    bitsPerSample: ((packed >>> 4) & 31) + 1,
    totalFrames: (packed & 15) * 2 ** 32 + view.getUint32(14),
  };
}

const sampleRates = [0, 88200, 176400, 192000, 8, 16, 22.05, 24, 32, 44.1, 48, 96].map((rate, i) =>
  i < 4 ? rate : rate * 1000
);
const sampleBits = [0, 8, 12, undefined, 16, 20, 24, 32];

/**
 * Parses the header that begins `bytes`.
 *
 * @returns `undefined` where there is none, its checksum is wrong, or it is none of this stream.
 */
export function parseFrameHeader(
  bytes: Uint8Array,
  info: FlacStreamInfo,
): FlacFrameHeader | undefined {
  if (bytes.length < 6 || bytes[0] !== 0xff || (bytes[1] & 0xfe) !== 0xf8) return undefined;
  const isVariable = (bytes[1] & 1) === 1;
  const blockCode = bytes[2] >> 4, rateCode = bytes[2] & 15;
  const assignment = bytes[3] >> 4, bitsCode = (bytes[3] >> 1) & 7;
  if (blockCode === 0 || rateCode === 15 || assignment > 10 || (bytes[3] & 1) === 1) {
    return undefined;
  }
  const number = codedNumber(bytes, 4);
  if (!number) return undefined;
  let at = number.end;
  const readBigEndian = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + bytes[at++];
    return value;
  };
  const blockSize = blockCode === 1
    ? 192
    : blockCode <= 5
    ? 576 << (blockCode - 2)
    : blockCode >= 8
    ? 256 << (blockCode - 8)
    : readBigEndian(blockCode - 5) + 1;
  let sampleRateHz = sampleRates[rateCode] || info.sampleRateHz;
  if (rateCode === 12) sampleRateHz = readBigEndian(1) * 1000;
  else if (rateCode === 13) sampleRateHz = readBigEndian(2);
  else if (rateCode === 14) sampleRateHz = readBigEndian(2) * 10;
  if (at >= bytes.length || crc8(bytes, at) !== bytes[at]) return undefined;
  const bits = sampleBits[bitsCode];
  const numChannels = assignment < 8 ? assignment + 1 : 2;
  const isOfStream = sampleRateHz === info.sampleRateHz && numChannels === info.numChannels &&
    (bits === 0 || bits === info.bitsPerSample) && blockSize <= 65535;
  if (!isOfStream) return undefined;
  // With blocks of one size the number counts blocks, and only the last block may be shorter.
  const firstFrame = isVariable ? number.value : number.value * info.maxBlockSize;
  return { headerBytes: at + 1, blockSize, firstFrame, assignment };
}

/** Reads a number coded as in UTF-8, extended to 36 bits. */
function codedNumber(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  const first = bytes[at];
  if (first < 0x80) return { value: first, end: at + 1 };
  const length = Math.clz32(~(first << 24)); // leading ones
  if (length < 2 || length > 7) return undefined;
  let value = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    if ((bytes[at + i] & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (bytes[at + i] & 0x3f);
  }
  return { value, end: at + length };
}

const crc8Table = Uint8Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = (byte << 1) ^ (byte & 0x80 ? 0x107 : 0);
  return byte;
});

/** CRC-8 with polynomial 0x07 of the first `length` bytes. */
function crc8(bytes: Uint8Array, length: number): number {
  let crc = 0;
  for (let i = 0; i < length; i++) crc = crc8Table[crc ^ bytes[i]];
  return crc;
}

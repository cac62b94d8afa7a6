/** FLAC files made to order: samples of 8 bits, stored as they are. */
import { ascii, joinBytes } from "./wav_files.ts";

/** What goes into the file. */
export interface FlacOptions {
  readonly sampleRateHz: number;
  /** Samples from −128 to 127. */
  readonly samples: Int8Array;
  readonly blockSize: number;
  /** What STREAMINFO claims. @default samples.length */
  readonly totalSamples?: number;
  /** Numbers its frames by their first sample rather than by their count. @default false */
  readonly isVariable?: boolean;
}

/** Builds the file. */
export function buildFlac(options: FlacOptions): Uint8Array<ArrayBuffer> {
  const { sampleRateHz, samples, blockSize, totalSamples = samples.length, isVariable = false } =
    options;
  const bits = sampleRateHz * 2 ** 44 + 7 * 2 ** 36 + totalSamples; // 1 channel, 8 bits
  const info = joinBytes(
    bigEndian(blockSize, 2),
    bigEndian(blockSize, 2),
    bigEndian(0, 3),
    bigEndian(0, 3),
    bigEndian(Math.floor(bits / 2 ** 32), 4),
    bigEndian(bits % 2 ** 32, 4),
    new Uint8Array(16),
  );
  const frames: Uint8Array[] = [];
  for (let first = 0; first < samples.length; first += blockSize) {
    const block = samples.subarray(first, first + blockSize);
    const number = isVariable ? first : first / blockSize;
    const header = [0xff, isVariable ? 0xf9 : 0xf8, 0x70, 0x02, ...codedNumber(number)];
    header.push(...bigEndian(block.length - 1, 2));
    header.push(crc(header, 8, 0x07));
    const frame = joinBytes(
      header,
      [0x02],
      new Uint8Array(block.buffer, block.byteOffset, block.length),
    );
    frames.push(frame, Uint8Array.from(bigEndian(crc(frame, 16, 0x8005), 2)));
  }
  return joinBytes(ascii("fLaC"), [0x80, 0, 0, 34], info, ...frames);
}

/** A number as so many bytes, the most significant first. */
export function bigEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);
}

/** A number as in UTF-8, up to 31 bits. */
export function codedNumber(value: number): number[] {
  if (value < 0x80) return [value];
  const tail: number[] = [];
  while (value >= 1 << (6 - tail.length)) {
    tail.unshift(0x80 | (value & 0x3f));
    value >>= 6;
  }
  return [(0xff00 >> (tail.length + 1)) & 0xff | value, ...tail];
}

/** The checksum of a header (8 bits, 0x07) or of a frame (16 bits, 0x8005). */
export function crc(bytes: ArrayLike<number>, width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1), mask = 2 * top - 1;
  let remainder = 0;
  for (let i = 0; i < bytes.length; i++) {
    remainder ^= bytes[i] << (width - 8);
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder & top ? (remainder << 1) ^ polynomial : remainder << 1) & mask;
    }
  }
  return remainder;
}

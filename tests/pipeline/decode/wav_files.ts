/** WAV files made to order, wrong ones too. */
import type { ByteSource } from "../../../pipeline/locations/byte_source.ts";

/** What goes into the file; everything has a sound default. */
export interface WavOptions {
  readonly form?: "RIFF" | "RIFX" | "RF64" | "BW64";
  readonly tag?: number;
  readonly numChannels?: number;
  readonly sampleRateHz?: number;
  readonly bitsPerSample?: number;
  /** @default numChannels × bytes of a sample */
  readonly blockBytes?: number;
  /** Bytes of a second, as the header says, divided by the rate. @default blockBytes */
  readonly rateBytes?: number;
  /** Written in an extensible header, if given. */
  readonly subFormat?: number;
  /** Written there too. @default bitsPerSample */
  readonly validBits?: number;
  /** The samples as stored. */
  readonly data?: Uint8Array;
  /** The `data` chunk's length as the file claims it. @default data.length */
  readonly claimedBytes?: number;
  /** The length of the samples in RF64's `ds64` chunk. */
  readonly longBytes?: number;
  /** Chunks in the order of the file. @default ["fmt ", "data"] */
  readonly chunks?: readonly (string | { readonly id: string; readonly bytes: Uint8Array })[];
  /** Whether chunks of odd length are padded, as they should be. @default true */
  readonly padded?: boolean;
}

/** Builds the file. */
export function buildWav(options: WavOptions = {}): Uint8Array<ArrayBuffer> {
  const { form = "RIFF", numChannels = 1, sampleRateHz = 8000, bitsPerSample = 16, padded = true } =
    options;
  const littleEndian = form !== "RIFX";
  const data = options.data ?? int16Bytes([100, -200, 300, -400], littleEndian);
  const parts: ArrayLike<number>[] = [ascii(form), number(0xffff_ffff, 4), ascii("WAVE")];

  function number(value: number, length: number): number[] {
    const digits = Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) % 256);
    return littleEndian ? digits : digits.reverse();
  }
  function chunk(id: string, content: ArrayLike<number>, claimed = content.length) {
    parts.push(ascii(id), number(claimed, 4), content);
    if (padded && content.length % 2 === 1) parts.push([0]);
  }

  for (const item of options.chunks ?? ["fmt ", "data"]) {
    if (typeof item !== "string") chunk(item.id, item.bytes);
    else if (item === "data") chunk("data", data, options.claimedBytes);
    else if (item === "ds64") {
      chunk("ds64", [...number(0, 8), ...number(options.longBytes ?? 0, 8)]);
    } else {
      const blockBytes = options.blockBytes ?? numChannels * Math.ceil(bitsPerSample / 8);
      const tag = options.tag ?? (options.subFormat === undefined ? 1 : 0xfffe);
      const content = [
        ...number(tag, 2),
        ...number(numChannels, 2),
        ...number(sampleRateHz, 4),
        ...number(sampleRateHz * (options.rateBytes ?? blockBytes), 4),
        ...number(blockBytes, 2),
        ...number(bitsPerSample, 2),
      ];
      if (options.subFormat !== undefined) {
        const guid = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
        content.push(
          ...number(22, 2),
          ...number(options.validBits ?? bitsPerSample, 2),
          ...number(0, 4),
        );
        content.push(...number(options.subFormat, 2), ...guid);
      }
      chunk("fmt ", content);
    }
  }
  return joinBytes(...parts);
}

/** Bytes one part after the other. */
export function joinBytes(...parts: ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Samples of 16 bits as stored. */
export function int16Bytes(values: readonly number[], littleEndian = true): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => view.setInt16(2 * i, value, littleEndian));
  return new Uint8Array(view.buffer);
}

/** Characters as bytes, one each. */
export function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

/** A source of `size` bytes that begins with `head` and goes on with zeros; counts what is read. */
export function countingSource(head: Uint8Array, size: number): ByteSource & { bytesRead: number } {
  return {
    name: "long.wav",
    size,
    bytesRead: 0,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      bytes.set(head.subarray(Math.min(offset, head.length), offset + bytes.length));
      this.bytesRead += bytes.length;
      return bytes;
    },
  };
}

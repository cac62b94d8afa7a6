/** Ogg: the pages of one stream, and the packets in them. Source: RFC 3533. */
import { type ByteReader, dataView, fourCharacters } from "./byte_reader.ts";

/** A page, and the packets that end on it. */
export interface OggPage {
  /** Packets that end on this page, whole: what of them lay on earlier pages is put before. */
  readonly packets: readonly Uint8Array[];
  /** The codec's clock after the last of the packets; −1 where none ends here. */
  readonly granule: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Which of the interleaved streams it belongs to. */
  readonly serial: number;
  /** Where the page begins. */
  readonly byteOffset: number;
}

const headerBytes = 27;
const isContinuedFlag = 1, isFirstFlag = 2;
/** The bit of a page's sixth byte by which it is its stream's last. */
export const isLastFlag = 4;
/** The longest page: its header, 255 lengths, 255 times 255 bytes. */
export const maxPageBytes = headerBytes + 255 + 255 * 255;
/** Longer than any codec's packets: what a hostile file may pile up from page to page has an end. */
const maxPacketBytes = 1 << 20;

/** Reads the pages of one stream; those of others, where it chose one, it passes over. */
export class OggPages {
  readonly #reader: ByteReader;
  #serial: number | undefined;
  #unfinished: Uint8Array[] = [];
  #unfinishedBytes = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** From now on only pages with this serial number are given. */
  choose(serial: number): void {
    this.#serial = serial;
  }

  /** To be called when the reader was moved: a packet that was begun is forgotten. */
  restart(): void {
    this.#forget();
  }

  /**
   * The next page; `undefined` at the end of the file, which may be in the middle of a page.
   *
   * @throws {DecodeError} where something else than a page follows, or a page's checksum is wrong.
   */
  async next(): Promise<OggPage | undefined> {
    while (true) {
      const page = await this.#read();
      if (!page || this.#serial === undefined || page.serial === this.#serial) return page;
      if (page.isFirst) return page; // another stream, for the caller to judge
    }
  }

  async #read(): Promise<OggPage | undefined> {
    const reader = this.#reader, byteOffset = reader.offset;
    const header = await reader.peek(headerBytes + 255);
    if (header.length < headerBytes) return undefined;
    if (!isCapturePattern(header)) {
      throw reader.fault("an Ogg page (OggS)", fourCharacters(header));
    }
    if (header[4] !== 0) {
      throw reader.fault("version 0 of Ogg", `version ${header[4]}`, byteOffset + 4);
    }
    const length = pageBytes(header);
    const bytes = length === undefined ? header : await reader.peek(length);
    if (length === undefined || bytes.length < length) return undefined;
    const view = dataView(bytes);
    const stored = view.getUint32(22, true), actual = pageChecksum(bytes);
    if (stored !== actual) {
      throw reader.fault(`a page with checksum ${hex(stored)}`, `one with checksum ${hex(actual)}`);
    }
    reader.skip(length);
    const flags = bytes[5], serial = view.getUint32(14, true);
    const mine = this.#serial === undefined || serial === this.#serial;
    const bodyAt = headerBytes + bytes[26];
    const lacing = bytes.subarray(headerBytes, bodyAt), body = bytes.subarray(bodyAt);
    return {
      packets: mine ? this.#packets(body, lacing, (flags & isContinuedFlag) !== 0) : [],
      granule: Number(view.getBigInt64(6, true)),
      isFirst: (flags & isFirstFlag) !== 0,
      isLast: (flags & isLastFlag) !== 0,
      serial,
      byteOffset,
    };
  }

  #packets(body: Uint8Array, lacing: Uint8Array, continued: boolean): Uint8Array[] {
    const packets: Uint8Array[] = [];
    if (!continued) this.#forget();
    // The rest of a packet whose beginning was not seen is passed over.
    let headless = continued && this.#unfinished.length === 0;
    let start = 0, end = 0;
    for (const length of lacing) {
      end += length;
      if (length === 255) continue; // the packet goes on
      const tail = body.subarray(start, end);
      if (!headless) packets.push(this.#unfinished.length > 0 ? this.#join(tail) : tail);
      headless = false;
      start = end;
    }
    if (start < end && !headless) {
      this.#unfinished.push(body.slice(start, end));
      this.#unfinishedBytes += end - start;
      if (this.#unfinishedBytes > maxPacketBytes) {
        throw this.#reader.fault(`packets of at most ${maxPacketBytes} bytes`, "a longer one");
      }
    }
    return packets;
  }

  #join(tail: Uint8Array): Uint8Array {
    const packet = new Uint8Array(this.#unfinishedBytes + tail.length);
    let at = 0;
    for (const part of [...this.#unfinished, tail]) {
      packet.set(part, at);
      at += part.length;
    }
    this.#forget();
    return packet;
  }

  #forget(): void {
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
  }
}

/** Whether these bytes begin with `OggS`. */
function isCapturePattern(bytes: Uint8Array): boolean {
  return bytes[0] === 0x4f && bytes[1] === 0x67 && bytes[2] === 0x67 && bytes[3] === 0x53;
}

/** How long the page is that begins these bytes; `undefined` where none does, or not all of its header is there. */
export function pageBytes(bytes: Uint8Array): number | undefined {
  if (bytes.length < headerBytes || !isCapturePattern(bytes) || bytes[4] !== 0) {
    return undefined;
  }
  const bodyAt = headerBytes + bytes[26];
  if (bytes.length < bodyAt) return undefined;
  let length = bodyAt;
  for (let i = headerBytes; i < bodyAt; i++) length += bytes[i];
  return length;
}

/** 256 numbers each: the CRCs of a byte, of a byte and a zero byte, …, of a byte and seven of them. */
const crcs = Int32Array.from({ length: 8 * 256 }, (_, i) => {
  let crc = i << 24;
  for (let bit = 0; bit < 8 * ((i >> 8) + 1); bit++) {
    crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  return crc;
});

/**
 * CRC-32 with polynomial 0x04c11db7, most significant bit first, the page's own checksum taken as 0.
 * Eight bytes a step (slicing).
 */
export function pageChecksum(page: Uint8Array): number {
  const view = dataView(page), end = page.length;
  let crc = 0, i = 0;
  for (const start = Math.min(end, headerBytes); i < start; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i];
    crc = (crc << 8) ^ crcs[(crc >>> 24) ^ byte];
  }
  for (; i + 8 <= end; i += 8) {
    const a = crc ^ view.getInt32(i), b = view.getInt32(i + 4);
    crc = crcs[7 * 256 + (a >>> 24)] ^ crcs[6 * 256 + ((a >>> 16) & 255)] ^
      crcs[5 * 256 + ((a >>> 8) & 255)] ^ crcs[4 * 256 + (a & 255)] ^
      crcs[3 * 256 + (b >>> 24)] ^ crcs[2 * 256 + ((b >>> 16) & 255)] ^
      crcs[256 + ((b >>> 8) & 255)] ^ crcs[b & 255];
  }
  for (; i < end; i++) crc = (crc << 8) ^ crcs[(crc >>> 24) ^ page[i]];
  return crc >>> 0;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

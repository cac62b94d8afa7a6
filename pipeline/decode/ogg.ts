/** Ogg: the pages of one stream, and the packets in them. Source: RFC 3533. */
import { type ByteReader, dataView, fourCharacters } from "./byte_reader.ts";
import { maxJunkBytes } from "./limits.ts";
import { OggDamage, seekCapturePattern } from "./ogg_damage.ts";

/** What a page says of itself. */
export interface OggPageLabel {
  /** The codec's clock after the last packet that ends on the page; −1 where none does. */
  readonly granule: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Which of the interleaved streams it belongs to. */
  readonly serial: number;
  /** Number of the page within its stream. */
  readonly sequence: number;
  readonly checksum: number;
  /** Where the page begins. */
  readonly byteOffset: number;
}

/** A page, and the packets that end on it. */
export interface OggPage extends OggPageLabel {
  /**
   * Packets that end on this page, whole: what of them lay on earlier pages is put before. One of which a
   * page is lost is left out; of one longer than `maxPacketBytes` only the beginning is given.
   */
  readonly packets: readonly Uint8Array[];
  /** Damaged pages of the chosen stream that lie between the one before and this one. */
  readonly numDamaged: number;
  /** Further ones that should lie there, by the pages' numbers. */
  readonly numMissing: number;
}

const headerBytes = 27;
const isContinuedFlag = 1, isFirstFlag = 2;
/** The bit of a page's sixth byte by which it is its stream's last. */
export const isLastFlag = 4;
/** The longest page: its header, 255 lengths, 255 times 255 bytes. */
export const maxPageBytes = headerBytes + 255 + 255 * 255;
/**
 * Longer than any packet but comments with pictures, whose ends are of no use here: what a file may pile up
 * from page to page has an end.
 */
const maxPacketBytes = 1 << 22;

/**
 * Reads the pages of one stream; those of others, where it chose one, it passes over. What is no page, and
 * pages with a wrong checksum, it passes over and counts, as libogg does.
 */
export class OggPages {
  readonly #reader: ByteReader;
  #serial: number | undefined;
  /** The latest page of the chosen stream. */
  #latest: OggPageLabel | undefined;
  /** Its pages that were found damaged after that. */
  #numDamaged = 0;
  #unfinished: Uint8Array[] = [];
  #unfinishedBytes = 0;
  /** What was passed over so far. */
  readonly damage: OggDamage = new OggDamage();

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** From now on only pages of the stream that begins with this page are given, and first ones of others. */
  choose(first: OggPage): void {
    this.#serial = first.serial;
    this.#latest = first;
    this.#numDamaged = 0;
  }

  /** From now on pages of every stream are given. */
  chooseAll(): void {
    this.#serial = undefined;
    this.restart();
  }

  /** To be called when the reader was moved: a packet that was begun is forgotten. */
  restart(): void {
    this.#latest = undefined;
    this.#numDamaged = 0;
    this.#forget();
  }

  /** The next page; `undefined` where none follows, at all or within `maxJunkBytes`. */
  async next(): Promise<OggPage | undefined> {
    for (let bytes = await this.#find(); bytes; bytes = await this.#find()) {
      const label = parseLabel(bytes, this.#reader.offset - bytes.length), latest = this.#latest;
      if (this.#serial === undefined) return this.#open(bytes, label, 0);
      const isAstray = label.isFirst && latest !== undefined && await this.#goesOnAfter(label);
      if (label.serial !== this.#serial) {
        if (!label.isFirst || isAstray) continue;
        return { ...label, packets: [], numDamaged: 0, numMissing: 0 }; // for the caller to judge
      }
      if (isAstray || (latest && isRepetition(label, latest))) this.damage.repeatedPages++;
      else return this.#open(bytes, label, latest ? label.sequence - latest.sequence - 1 : 0);
    }
    return undefined;
  }

  /** Whether the chosen stream goes on after this first page, so that it begins nothing. */
  async #goesOnAfter(first: OggPageLabel): Promise<boolean> {
    const header = await this.#reader.peek(headerBytes);
    if (header.length < headerBytes || pageSerial(header) !== this.#serial) return false;
    const { sequence } = parseLabel(header, this.#reader.offset);
    return first.serial !== this.#serial || sequence > first.sequence + 1;
  }

  /** Moves past the next page that is sound, whichever stream it is of, and returns its bytes. */
  async #find(): Promise<Uint8Array | undefined> {
    const reader = this.#reader, { damage } = this;
    // Bytes looked at in vain: those that were checked count too, as pages may overlap.
    for (let spent = 0; reader.remaining > 0 && damage.abandonedAt === undefined;) {
      const header = await reader.peek(headerBytes + 255), length = pageBytes(header);
      const bytes = length === undefined ? header : await reader.peek(length);
      const isWhole = bytes.length === length, byteOffset = reader.offset;
      const stored = isWhole ? storedChecksum(bytes) : 0,
        actual = isWhole ? pageChecksum(bytes) : 0;
      if (isWhole && stored === actual) {
        reader.skip(length);
        return bytes;
      }
      const isPage = isCapturePattern(header) && !(header[4] > 0);
      reader.skip(1);
      const isFound = await seekCapturePattern(reader);
      spent += bytes.length + reader.offset - byteOffset;
      if (isPage && !isWhole && !isFound) damage.isCutShort = true;
      else if (!isPage) {
        damage.junkBytes += reader.offset - byteOffset;
        damage.latestFault = isCapturePattern(header)
          ? reader.fault("version 0 of Ogg", `version ${header[4]}`, byteOffset + 4)
          : reader.fault("an Ogg page (OggS)", fourCharacters(header), byteOffset);
      } else if (this.#serial === undefined || pageSerial(bytes) === this.#serial) {
        damage.damagedPages++;
        this.#numDamaged++;
        damage.latestFault = reader.fault(
          `a page with checksum ${hex(stored)}`,
          isWhole ? `one with checksum ${hex(actual)}` : "a part of one",
          byteOffset,
        );
      }
      if ((!isFound && reader.remaining > 0) || spent > 2 * maxJunkBytes) {
        damage.abandonedAt = reader.offset;
      }
    }
    return undefined;
  }

  /** The page of these bytes; `numAbsent` are the pages not seen before it. */
  #open(bytes: Uint8Array, label: OggPageLabel, numAbsent: number): OggPage {
    const numDamaged = this.#numDamaged, numMissing = Math.max(0, numAbsent - numDamaged);
    if (numDamaged + numMissing > 0) this.#forget();
    this.damage.missingPages += numMissing;
    this.#latest = label;
    this.#numDamaged = 0;
    const bodyAt = headerBytes + bytes[26];
    const lacing = bytes.subarray(headerBytes, bodyAt), body = bytes.subarray(bodyAt);
    const packets = this.#packets(body, lacing, (bytes[5] & isContinuedFlag) !== 0);
    return { ...label, packets, numDamaged, numMissing };
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
      const part = body.slice(start, Math.min(end, start + maxPacketBytes - this.#unfinishedBytes));
      this.#unfinished.push(part);
      this.#unfinishedBytes += part.length;
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

/** What the header of a page says that begins at `byteOffset`. */
function parseLabel(bytes: Uint8Array, byteOffset: number): OggPageLabel {
  const view = dataView(bytes), flags = bytes[5];
  return {
    granule: Number(view.getBigInt64(6, true)),
    isFirst: (flags & isFirstFlag) !== 0,
    isLast: (flags & isLastFlag) !== 0,
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    checksum: storedChecksum(bytes),
    byteOffset,
  };
}

function storedChecksum(page: Uint8Array): number {
  return dataView(page).getUint32(22, true);
}

/** Whether a page is the latest one of its stream again, or one from before it. */
function isRepetition(page: OggPageLabel, latest: OggPageLabel): boolean {
  const { isFirst, sequence, granule, checksum } = page;
  if (sequence === latest.sequence && checksum === latest.checksum) return true;
  return !isFirst && sequence <= latest.sequence && granule >= 0 && granule < latest.granule;
}

/** Whether these bytes begin with `OggS`. */
function isCapturePattern(bytes: Uint8Array): boolean {
  return bytes[0] === 0x4f && bytes[1] === 0x67 && bytes[2] === 0x67 && bytes[3] === 0x53;
}

/** Which stream the page is of that begins these bytes; `undefined` where none does, or too few are there. */
export function pageSerial(bytes: Uint8Array): number | undefined {
  return isCapturePattern(bytes) && bytes.length >= 18
    ? dataView(bytes).getUint32(14, true)
    : undefined;
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

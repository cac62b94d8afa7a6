/** MPEG audio frames one after the other, over whatever lies between them. */
import { type ByteReader, dataView, fourCharacters } from "./byte_reader.ts";
import { skipId3 } from "./id3.ts";
import { describeJunk } from "./junk.ts";
import { maxJunkBytes } from "./limits.ts";
import { isSameStream, type MpegHeader, parseMpegHeader } from "./mpeg_header.ts";

/** Frames are given until they have so many bytes: about a quarter of a second of sound. */
const pieceBytes = 4096;
/** Longer than any frame. */
const maxFrameBytes = 4096;
/** Bytes looked through at a time. */
const searchBytes = 65536;
/** So many frames of another kind have to follow each other before they are taken for sound. */
const minOtherFrames = 4;

/** Reads the frames of one stream; what is no frame it passes over. */
export class MpegFrames {
  readonly #reader: ByteReader;
  readonly #header: MpegHeader;
  /** The bits that all headers of the stream have in common: sync, version, layer; sample rate. */
  readonly #common: readonly [second: number, third: number];
  /** Length of a frame by the third byte of its header; 0 where that is not valid. */
  readonly #frameBytes: Uint16Array;
  #junkBytes = 0;
  #abandonedAt: number | undefined;

  /** `start`: the bytes that begin with the stream's first frame, where the reader is. */
  constructor(reader: ByteReader, start: Uint8Array, header: MpegHeader) {
    this.#reader = reader;
    this.#header = header;
    const [first, second, third, fourth] = start;
    this.#common = [second & 0xfe, third & 0x0c];
    this.#frameBytes = Uint16Array.from({ length: 256 }, (_, byte) => {
      if ((byte & 0x0c) !== (third & 0x0c)) return 0;
      return parseMpegHeader(Uint8Array.of(first, second, byte, fourth))?.frameBytes ?? 0;
    });
  }

  /** What was passed over, in words, in one line: `300 bytes that are no MPEG frame passed over`; or nothing. */
  describe(): string {
    const junk = { junkBytes: this.#junkBytes, abandonedAt: this.#abandonedAt };
    return describeJunk(junk, "MPEG frame").join(", ");
  }

  /**
   * Moves past the next frames, as many as follow each other and are wanted at once, and returns them;
   * `undefined` where none follows, at all or within `maxJunkBytes`. The last one may be cut short.
   *
   * @throws {DecodeError} where frames of another sample rate follow.
   */
  async next(): Promise<Uint8Array | undefined> {
    const reader = this.#reader;
    do {
      const bytes = await reader.peek(pieceBytes + maxFrameBytes);
      let end = 0;
      while (end < pieceBytes) {
        const length = this.#lengthAt(bytes, end);
        if (length === 0) break;
        end += length;
      }
      if (end > 0) {
        reader.skip(Math.min(end, bytes.length));
        return bytes.subarray(0, end);
      }
    } while (await this.#resync());
    return undefined;
  }

  /** Length of the frame that begins at byte `at`; 0 where none does. */
  #lengthAt(bytes: Uint8Array, at: number): number {
    const [second, third] = this.#common;
    const isHeader = bytes[at] === 0xff && (bytes[at + 1] & 0xfe) === second &&
      (bytes[at + 2] & 0x0c) === third && at + 4 <= bytes.length;
    return isHeader ? this.#frameBytes[bytes[at + 2]] : 0;
  }

  /** Moves to the next frame that another one or the end follows; returns whether there is one. */
  async #resync(): Promise<boolean> {
    const reader = this.#reader;
    await skipTags(reader);
    const begin = reader.offset;
    let isEmpty = true; // nothing but zeros and tags
    while (reader.remaining > 0 && reader.offset < begin + maxJunkBytes) {
      const bytes = await reader.peek(searchBytes + minOtherFrames * maxFrameBytes);
      const end = bytes.length === reader.remaining ? bytes.length : searchBytes;
      if (isEmpty) {
        const { offset } = reader, numZeros = countZeros(bytes, end);
        reader.skip(numZeros);
        if (numZeros < end && !await skipTags(reader)) isEmpty = false;
        if (reader.offset > offset) continue;
      }
      for (let i = bytes.indexOf(0xff); i >= 0 && i < end; i = bytes.indexOf(0xff, i + 1)) {
        const length = this.#lengthAt(bytes, i), next = i + length;
        if (length === 0) this.#refuseOtherRate(bytes, i);
        else if (next === bytes.length || this.#lengthAt(bytes, next) > 0) {
          reader.skip(i);
          this.#junkBytes += reader.offset - begin;
          return true;
        }
      }
      reader.skip(end);
    }
    if (!isEmpty) this.#junkBytes += reader.offset - begin;
    if (reader.remaining > 0) this.#abandonedAt = reader.offset;
    return false;
  }

  /** Refuses sound of another rate that begins at byte `at`: it would be taken for slower or faster sound. */
  #refuseOtherRate(bytes: Uint8Array, at: number): void {
    const header = parseMpegHeader(bytes, at), { sampleRateHz } = this.#header;
    if (!header || header.sampleRateHz === sampleRateHz) return;
    let next = at + header.frameBytes;
    for (let i = 1; i < minOtherFrames; i++) {
      const following = parseMpegHeader(bytes, next);
      if (!following || !isSameStream(header, following)) return;
      next += following.frameBytes;
    }
    throw this.#reader.fault(
      `sound at ${sampleRateHz} Hz throughout`,
      `some at ${header.sampleRateHz} Hz: convert it with \`ffmpeg -i in.mp3 out.wav\``,
      this.#reader.offset + at,
    );
  }
}

/** How many zeros begin these bytes, of which `end` count. */
function countZeros(bytes: Uint8Array, end: number): number {
  let count = 0;
  while (count < end && bytes[count] === 0) count++;
  return count;
}

/** Moves past tags, of any kind that is found in MP3 files; returns whether there were any. */
async function skipTags(reader: ByteReader): Promise<boolean> {
  const begin = reader.offset;
  for (let last = -1; reader.offset !== last;) {
    last = reader.offset;
    reader.seek(await skipId3(reader));
    const start = await reader.peek(16), word = fourCharacters(start) + fourCharacters(start, 4);
    if (word.startsWith("TAG")) reader.skip(Math.min(128, reader.remaining)); // ID3v1
    else if (word === "APETAGEX") {
      // Its length is that of all but this header.
      reader.skip(Math.min(32 + dataView(start).getUint32(12, true), reader.remaining));
    } else if (word === "LYRICSBE") reader.skip(reader.remaining); // Lyrics3, and ID3v1 behind it
  }
  return reader.offset > begin;
}

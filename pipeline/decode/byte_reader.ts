/** Reading a source from front to back, in pieces, with a look ahead. */
import { DecodeError } from "./audio.ts";
import type { ByteSource } from "../locations/byte_source.ts";

/** Bytes read ahead: few at first, as a header may be all that is wanted, then four times as many each time. */
const firstChunkBytes = 4096, lastChunkBytes = 65536;

/** A place in a source, and a buffer of what follows it. */
export class ByteReader {
  readonly #source: ByteSource;
  #buffer: Uint8Array = new Uint8Array();
  #bufferOffset = 0;
  #chunkBytes = firstChunkBytes;
  #offset: number;
  readonly #end: number;
  readonly #out?: Uint8Array;

  /**
   * Starts at byte `offset`; what lies at `end` and after it counts as not there.
   *
   * @param out A buffer to read into, again and again: bytes that were returned are valid until more are
   *   asked for. Without it they stay.
   */
  constructor(source: ByteSource, offset = 0, end = source.size, out?: Uint8Array) {
    this.#source = source;
    this.#offset = offset;
    this.#end = Math.min(end, source.size);
    this.#out = out;
  }

  /** Where the next byte comes from, in bytes from the source's start. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes from here to the end. */
  get remaining(): number {
    return Math.max(0, this.#end - this.#offset);
  }

  /** The next `length` bytes, without moving on; fewer only where the source ends. */
  async peek(length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, this.remaining);
    let start = this.#offset - this.#bufferOffset;
    if (start < 0 || start + wanted > this.#buffer.length) {
      const { pieceBytes = Infinity } = this.#source;
      const ahead = Math.max(wanted, Math.min(this.#chunkBytes, this.remaining, pieceBytes));
      this.#chunkBytes = Math.min(lastChunkBytes, 4 * this.#chunkBytes);
      this.#buffer = await this.#source.read(this.#offset, ahead, this.#out);
      this.#bufferOffset = this.#offset;
      start = 0;
    }
    return this.#buffer.subarray(start, start + wanted);
  }

  /** Moves on by `length` bytes without reading them. */
  skip(length: number): void {
    this.seek(this.#offset + length);
  }

  /** Moves to `offset`, or to the end where that is beyond it. */
  seek(offset: number): void {
    this.#offset = Math.min(offset, this.#end);
  }

  /** The next `length` bytes, moving past them. @throws {DecodeError} where fewer are left. */
  async read(length: number, expected: string): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    if (bytes.length < length) {
      throw this.fault(expected, `the end of the file after ${bytes.length} of ${length} bytes`);
    }
    this.#offset += length;
    return bytes;
  }

  /** A fault at `byteOffset`, by default here, or at the source's end where that is beyond it: to be thrown. */
  fault(expected: string, seen: string, byteOffset = this.#offset): DecodeError {
    const { name: path, size } = this.#source;
    return new DecodeError({ path, byteOffset: Math.min(byteOffset, size), expected, seen });
  }
}

/** Four bytes as a text for messages and comparisons: `RIFF`; bytes that do not print as `\x00`. */
export function fourCharacters(bytes: Uint8Array, offset = 0): string {
  return Array.from(
    bytes.subarray(offset, offset + 4),
    (byte) =>
      byte >= 32 && byte < 127
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("");
}

/** A view of the same bytes, to read numbers of either byte order from. */
export function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

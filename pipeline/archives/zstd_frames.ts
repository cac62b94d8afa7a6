/**
 * The frames of a Zstandard file, of which there may be several, one behind the other: a decompressor ends with the
 * first.
 *
 * Source: RFC 8878, sections 3.1.1 and 3.1.2.
 */
import type { ByteSource } from "../locations/byte_source.ts";

const frameMagic = 0xfd2f_b528;
/** The first of sixteen, whose frames hold nothing. */
const skippableMagic = 0x184d_2a50;

const dictionaryBytes = [0, 1, 2, 4], contentBytes = [0, 2, 4, 8];

/** Reads the frames of a file, one after the other and each byte once, as far as the lengths of their blocks say. */
export class ZstdFrames {
  #at = 0;

  /** From a file's first byte on. */
  constructor(readonly source: ByteSource) {}

  /**
   * Goes to the next frame that holds something.
   *
   * @returns whether there is one.
   * @throws {RangeError} where the file ends within a frame.
   * @throws {SyntaxError} where something else lies behind one.
   */
  async goToNext(): Promise<boolean> {
    const { source } = this;
    while (this.#at < source.size) {
      const magic = viewOf(await this.#look(0, 4)).getUint32(0, true);
      if (magic === frameMagic) return true;
      if ((magic & 0xffff_fff0) !== skippableMagic) {
        throw new SyntaxError(`expected a frame at byte ${this.#at}, saw something else`);
      }
      this.#at += 8 + viewOf(await this.#look(4, 4)).getUint32(0, true);
      if (this.#at > source.size) throw endsWithin();
    }
    return false;
  }

  /** The bytes of the frame that was gone to. @throws {RangeError} where the file ends before it does. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    const [descriptor] = await this.#look(4, 1), contentFlag = descriptor >> 6;
    const isSingleSegment = (descriptor & 0x20) !== 0, hasChecksum = (descriptor & 0x04) !== 0;
    const numContentBytes = contentFlag === 0 && isSingleSegment ? 1 : contentBytes[contentFlag];
    const windowBytes = isSingleSegment ? 0 : 1;
    yield await this.#take(5 + windowBytes + dictionaryBytes[descriptor & 3] + numContentBytes);
    for (let isLast = false; !isLast;) {
      const [low, middle, high] = await this.#look(0, 3), bits = low | middle << 8 | high << 16;
      const isRepeated = (bits >> 1 & 3) === 1; // one byte stands for all of the block
      isLast = (bits & 1) === 1;
      yield await this.#take(3 + (isRepeated ? 1 : bits >> 3));
    }
    if (hasChecksum) yield await this.#take(4);
  }

  async #take(length: number): Promise<Uint8Array> {
    const bytes = await this.#look(0, length);
    this.#at += length;
    return bytes;
  }

  async #look(offset: number, length: number): Promise<Uint8Array> {
    const bytes = await this.source.read(this.#at + offset, length);
    if (bytes.length < length) throw endsWithin();
    return bytes;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function endsWithin(): RangeError {
  return new RangeError("it ends within a frame");
}

/**
 * The frames of a Zstandard file, of which there may be several, one behind the other: a decompressor ends with the
 * first.
 *
 * Source: RFC 8878, sections 3.1.1 and 3.1.2.
 */
import type { ByteSource } from "../locations/byte_source.ts";

/** Where a frame lies, in bytes. */
export interface ZstdFrame {
  /** Its first byte. */
  readonly start: number;
  /** One past its last. */
  readonly end: number;
}

const frameMagic = 0xfd2f_b528;
/** The first of sixteen, whose frames hold nothing. */
const skippableMagic = 0x184d_2a50;

const dictionaryBytes = [0, 1, 2, 4], contentBytes = [0, 2, 4, 8];

/**
 * Finds a file's frames by the lengths of their blocks, without decompressing them; those that hold nothing are left
 * out.
 *
 * @throws {RangeError} where the file ends within a frame.
 * @throws {SyntaxError} where something else lies behind one.
 */
export async function* zstdFrames(source: ByteSource): AsyncGenerator<ZstdFrame> {
  const read = async (at: number, length: number) => {
    const bytes = at + length > source.size ? undefined : await source.read(at, length);
    if (bytes?.length !== length) throw new RangeError("it ends within a frame");
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  };
  for (let start = 0; start < source.size;) {
    const magic = (await read(start, 4)).getUint32(0, true);
    let end: number;
    if ((magic & 0xffff_fff0) === skippableMagic) {
      end = start + 8 + (await read(start + 4, 4)).getUint32(0, true);
    } else if (magic === frameMagic) {
      end = await endOfFrame(start, read);
    } else {
      throw new SyntaxError(`expected a frame at byte ${start}, saw something else`);
    }
    if (end > source.size) throw new RangeError("it ends within a frame");
    if (magic === frameMagic) yield { start, end };
    start = end;
  }
}

async function endOfFrame(
  start: number,
  read: (at: number, length: number) => Promise<DataView>,
): Promise<number> {
  const descriptor = (await read(start + 4, 1)).getUint8(0);
  const isSingleSegment = (descriptor & 0x20) !== 0, hasChecksum = (descriptor & 0x04) !== 0;
  const contentFlag = descriptor >> 6;
  const numContentBytes = contentFlag === 0 && isSingleSegment ? 1 : contentBytes[contentFlag];
  let at = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes[descriptor & 3] +
    numContentBytes;
  for (let isLast = false; !isLast;) {
    const header = await read(at, 3);
    const bits = header.getUint16(0, true) | header.getUint8(2) << 16;
    const isRepeated = (bits >> 1 & 3) === 1; // one byte stands for all of the block
    isLast = (bits & 1) === 1;
    at += 3 + (isRepeated ? 1 : bits >> 3);
  }
  return at + (hasChecksum ? 4 : 0);
}

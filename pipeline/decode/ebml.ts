/** EBML, of which Matroska and WebM are made: elements with an identifier, a length and a content. Source: RFC 8794. */
import { type ByteReader, dataView } from "./byte_reader.ts";

/** An element's head; the reader stands at its content. */
export interface EbmlElement {
  readonly id: number;
  /** Length of the content; Infinity where the writer did not know it. */
  readonly numBytes: number;
  /** Where the element begins. */
  readonly byteOffset: number;
}

/** Longer than any content but sound: what a hostile file can ask for has an end. */
const maxContentBytes = 1 << 20;

/** Reads the next element's head; `undefined` at the end of the file, or where it ends within one. */
export async function readElement(reader: ByteReader): Promise<EbmlElement | undefined> {
  const byteOffset = reader.offset, bytes = await reader.peek(12);
  if (bytes.length < 2) return undefined;
  const idBytes = Math.clz32(bytes[0]) - 23;
  if (idBytes > 4) throw reader.fault("an EBML element", "bytes that are none");
  const length = parseVint(bytes, idBytes);
  if (!length) {
    if (bytes.length < 12) return undefined;
    throw reader.fault("an EBML element", "one without a length");
  }
  let id = 0;
  for (let i = 0; i < idBytes; i++) id = id * 256 + bytes[i];
  reader.skip(idBytes + length.numBytes);
  return { id, numBytes: length.value, byteOffset };
}

/**
 * Parses a number of variable length: as many zero bits as bytes follow the first, then a one.
 *
 * @returns The number, Infinity where all its bits are ones; `undefined` where the bytes end before.
 */
export function parseVint(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly numBytes: number } | undefined {
  const first = bytes[offset];
  if (!first) return undefined; // none, or one of more than eight bytes
  const numBytes = Math.clz32(first) - 23;
  if (offset + numBytes > bytes.length) return undefined;
  let value = first & (255 >> numBytes), isUnknown = value === 255 >> numBytes;
  for (let i = 1; i < numBytes; i++) {
    value = value * 256 + bytes[offset + i];
    isUnknown &&= bytes[offset + i] === 255;
  }
  return { value: isUnknown ? Infinity : value, numBytes };
}

/** Reads an element's content; the bytes stay. @throws {DecodeError} where it is cut short or absurdly long. */
export async function readContent(reader: ByteReader, element: EbmlElement): Promise<Uint8Array> {
  const { numBytes, byteOffset } = element;
  if (numBytes > maxContentBytes) {
    const expected = `an element of at most ${maxContentBytes} bytes`;
    throw reader.fault(expected, `${numBytes}`, byteOffset);
  }
  return await reader.read(numBytes, "an element's content");
}

/** An unsigned integer of up to eight bytes. */
export function parseUnsigned(content: Uint8Array): number {
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A signed integer of up to eight bytes. */
export function parseSigned(content: Uint8Array): number {
  const value = parseUnsigned(content);
  return content[0] & 0x80 ? value - 256 ** content.length : value;
}

/** A float of four or eight bytes; `undefined` where it is neither. */
export function parseFloating(content: Uint8Array): number | undefined {
  if (content.length === 4) return dataView(content).getFloat32(0);
  return content.length === 8 ? dataView(content).getFloat64(0) : undefined;
}

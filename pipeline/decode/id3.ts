/** ID3v2 tags, which may come before sound of any format. Source: id3.org's «ID3 tag version 2.4.0». */
import { type ByteReader, fourCharacters } from "./byte_reader.ts";

/** More tags than any program writes: a file made of empty ones must not be walked for ever. */
const maxTags = 64;

/** Where the sound begins: after the ID3v2 tags, which hold texts and pictures. */
export async function skipId3(reader: ByteReader): Promise<number> {
  let offset = reader.offset;
  for (let count = 0; count < maxTags; count++) {
    reader.seek(offset);
    const tag = await reader.peek(10);
    if (tag.length < 10 || !fourCharacters(tag).startsWith("ID3")) return offset;
    // Four bytes of seven bits; flag 0x10 says that a footer of ten bytes follows.
    const length = [...tag.subarray(6, 10)].reduce((sum, byte) => sum * 128 + (byte & 127), 0);
    offset += 10 + length + (tag[5] & 0x10 ? 10 : 0);
  }
  return offset;
}

/** Finding moments in an Ogg file by the clock readings (granules) on its pages. */
import { type ByteReader, dataView } from "./byte_reader.ts";
import { isLastFlag, maxPageBytes, pageBytes, pageChecksum, pageSerial } from "./ogg.ts";
import { seekByBisection } from "./seek.ts";

/** A page among other bytes. */
interface FoundPage {
  /** Where it begins and ends in these bytes. */
  readonly start: number;
  readonly end: number;
  readonly granule: number;
}

/** The page that begins at `start`, if it is a whole and sound one of this stream with a clock reading. */
function pageAt(bytes: Uint8Array, start: number, serial: number): FoundPage | undefined {
  const rest = bytes.subarray(start), length = pageBytes(rest);
  if (length === undefined || length > rest.length) return undefined;
  const page = rest.subarray(0, length), view = dataView(page);
  if (pageSerial(page) !== serial) return undefined;
  const granule = Number(view.getBigInt64(6, true));
  if (granule < 0 || view.getUint32(22, true) !== pageChecksum(page)) return undefined;
  return { start, end: start + length, granule };
}

/**
 * Moves the reader to a page of the stream, such that all pages before it end at `granule` or earlier.
 * The last page is never chosen: its own clock reading may cut sound off, so nothing can be told by it.
 *
 * @returns Whether there was such a page other than the one that comes next anyway.
 */
export async function seekGranule(
  reader: ByteReader,
  serial: number,
  granule: number,
): Promise<boolean> {
  const begin = reader.offset;
  const offset = await seekByBisection({
    begin,
    end: begin + reader.remaining,
    target: granule,
    find: async (from, to) => {
      reader.seek(from);
      const bytes = await reader.peek(to - from + maxPageBytes);
      for (let start = 0; start < to - from; start++) {
        if (bytes[start] !== 0x4f) continue;
        const page = pageAt(bytes, start, serial);
        const isNextLast = page && ((bytes[page.end + 5] ?? isLastFlag) & isLastFlag) !== 0;
        if (page && !isNextLast) return { offset: from + page.end, position: page.granule };
      }
    },
  });
  reader.seek(offset);
  return offset > begin;
}

/** What mostly holds a whole page: encoders close theirs at 4 KiB and a bit, or after a second. */
const usualPageBytes = 32768;

/** The clock at the end of the stream; `undefined` where its last page is not found near the file's end. */
export async function readLastGranule(
  reader: ByteReader,
  serial: number,
): Promise<number | undefined> {
  const end = reader.offset + reader.remaining;
  for (const length of [usualPageBytes, 2 * maxPageBytes]) { // no more is read than is needed
    reader.seek(Math.max(0, end - length));
    const bytes = await reader.peek(length);
    for (let start = bytes.length - 1; start >= 0; start--) {
      if (bytes[start] !== 0x4f || bytes[start + 1] !== 0x67) continue; // Og
      const page = pageAt(bytes, start, serial);
      if (page) return page.granule;
    }
  }
  return undefined;
}

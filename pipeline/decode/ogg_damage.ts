/** Damage in Ogg files: what was passed over, and the search for the next page after it. Source: RFC 3533, 3. */
import type { DecodeError } from "./audio.ts";
import type { ByteReader } from "./byte_reader.ts";
import { counted, describeJunk, type Junk } from "./junk.ts";
import { maxJunkBytes } from "./limits.ts";

/** Counts of what a reader of pages passed over. */
export class OggDamage implements Junk {
  /** Pages with a wrong checksum. */
  damagedPages = 0;
  /** Pages that their stream's numbers say there were, and that are not among the damaged ones. */
  missingPages = 0;
  /** Pages that came a second time. */
  repeatedPages = 0;
  /** Bytes that are no page. */
  junkBytes = 0;
  /** Whether the last page is not all there. */
  isCutShort = false;
  /** Where no further page was looked for, as there was none for so long. */
  abandonedAt: number | undefined;
  /** The latest of the faults: to be thrown where it is too much to go on. */
  latestFault: DecodeError | undefined;

  /** The counts in words, in one line: `2 damaged pages left out`; empty where nothing was wrong. */
  describe(): string {
    const { damagedPages, missingPages, repeatedPages } = this, parts: string[] = [];
    if (damagedPages > 0) parts.push(`${counted(damagedPages, "damaged page")} left out`);
    if (missingPages > 0) parts.push(`${counted(missingPages, "page")} missing`);
    if (repeatedPages > 0) parts.push(`${counted(repeatedPages, "repeated page")} left out`);
    if (this.isCutShort) parts.push("the last page is cut short");
    return [...parts, ...describeJunk(this, "page")].join(", ");
  }
}

/** Bytes looked through at a time. */
const pieceBytes = 65536;

/**
 * Moves the reader to the next capture pattern (`OggS`), at or after where it is.
 *
 * @returns Whether there is one before the file's end and within `maxJunkBytes`; the reader is at the end
 *   of what was looked through where there is none.
 */
export async function seekCapturePattern(reader: ByteReader): Promise<boolean> {
  const limit = reader.offset + maxJunkBytes;
  while (reader.offset < limit) {
    const bytes = await reader.peek(pieceBytes);
    for (let i = bytes.indexOf(0x4f); i >= 0; i = bytes.indexOf(0x4f, i + 1)) {
      if (bytes[i + 1] === 0x67 && bytes[i + 2] === 0x67 && bytes[i + 3] === 0x53) {
        reader.skip(i);
        return true;
      }
    }
    const isEnd = bytes.length === reader.remaining;
    reader.skip(isEnd ? bytes.length : bytes.length - 3); // a pattern may begin here and go on
    if (isEnd) break;
  }
  return false;
}

import { createHash } from "node:crypto";
import { isRemote, type Location } from "./location.ts";
import { openLocation, stampOf } from "./open_location.ts";

/** Which bytes are looked at. */
export interface StampedBytes {
  /** So many from the start. */
  readonly first: number;
  /** So many before the end, as far as they are not among the first. */
  readonly last: number;
}

/**
 * A text that is equal for equal contents, wherever they lie: the size, and the SHA-256 of the first and
 * last bytes.
 *
 * For a cell of a table it tells the tables apart, not two cells of equal content.
 *
 * @returns `undefined` where they cannot be read, or not from here.
 */
export async function contentStampOf(
  location: Location,
  { first, last }: StampedBytes,
): Promise<string | undefined> {
  try {
    if (location.kind === "cell") {
      // As the table's: to read of each cell would read the table many times over.
      const table = await contentStampOf(location.table, { first, last });
      return table && JSON.stringify([table, location.column, location.row]);
    }
    using source = await openLocation(location);
    const hash = createHash("sha256").update(await source.read(0, first));
    const from = Math.max(first, source.size - last);
    if (from < source.size) hash.update(await source.read(from, source.size - from));
    return `${source.size}:${hash.digest("base64")}`;
  } catch {
    return undefined; // who opens it will say why
  }
}

/** Bytes that are read at a time. */
const pieceBytes = 1 << 20;

/**
 * A text that differs for different contents: the SHA-256 of all bytes of what lies on this machine, so that equal
 * contents have equal ones; of what lies behind a network, or in the cell of a table, `stampOf`, as to read all of it
 * for that would take too long.
 *
 * @returns `undefined` where they cannot be read, or their changes cannot be seen.
 */
export async function contentHashOf(location: Location): Promise<string | undefined> {
  if (isRemote(location) || location.kind === "cell") return stampOf(location);
  try {
    using source = await openLocation(location);
    const hash = createHash("sha256");
    for (let at = 0; at < source.size; at += pieceBytes) {
      hash.update(await source.read(at, pieceBytes));
    }
    return hash.digest("base64");
  } catch {
    return undefined; // who opens it will say why
  }
}

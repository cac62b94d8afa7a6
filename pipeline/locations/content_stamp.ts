import { createHash } from "node:crypto";
import type { Location } from "./location.ts";
import { openLocation } from "./open_location.ts";

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

/** Finding a moment in a file whose parts say when they are, but not where. */

/** What is searched. */
export interface Bisection {
  /** Byte offset of the first part. */
  readonly begin: number;
  /** Byte offset at which the file ends. */
  readonly end: number;
  /** The position looked for, in samples. */
  readonly target: number;
  /** Finds the first part that begins at or after byte `from` and before `to`. */
  find(from: number, to: number): Promise<{ offset: number; position: number } | undefined>;
}

/** Stretches as short as this are decoded rather than searched. */
const shortBytes = 65536;

/**
 * Halves the file until little is left between a part before the target and one after it.
 *
 * @returns The byte offset of a part that begins at or before the target: `begin`, where none is found.
 */
export async function seekByBisection(search: Bisection): Promise<number> {
  let { begin, end } = search;
  while (end - begin > 2 * shortBytes) {
    const middle = Math.floor((begin + end) / 2);
    const part = await search.find(middle, Math.min(end, middle + shortBytes));
    if (part && part.position <= search.target) begin = part.offset;
    else end = middle;
  }
  return begin;
}

/** Junk: bytes in a file that are no part of its sound. */

/** A count with its noun, for people: `1 page`, `2 pages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What was passed over by a reader, in words. */
export interface Junk {
  /** Bytes between those that are wanted. */
  readonly junkBytes: number;
  /** Where it was given up looking for more; `undefined` where the file's end was reached. */
  readonly abandonedAt: number | undefined;
}

/** Describes junk in parts of a line, such as `300 bytes that are no page passed over`; none where there is none. */
export function describeJunk({ junkBytes, abandonedAt }: Junk, unit: string): string[] {
  const parts: string[] = [], are = junkBytes === 1 ? "is" : "are";
  if (junkBytes > 0) parts.push(`${counted(junkBytes, "byte")} that ${are} no ${unit} passed over`);
  if (abandonedAt !== undefined) parts.push(`not read on from byte ${abandonedAt}`);
  return parts;
}

/** Codebooks: a prefix code for numbers, most of them with a vector for each number. Source: Vorbis I, section 3. */
import { bits, isPastEnd, skipBits } from "./bit_reader";

@unmanaged
export class Codebook {
  entries: u32;
  /** Numbers of an entry's vector; of a book that classifies, classes in one number. */
  dimensions: u32;
  /** Bits of the longest codeword. */
  longest: u32;
  /** The lowest bits that `table` is looked up with. */
  mask: u32;
  /**
   * For each value of these bits the entry and its length, or a node: see `prefix_code.ts`. 0 where no
   * entry has a codeword: reading is then as at the packet's end.
   */
  table: usize;
  nodes: usize;
  /** A vector (f32) for each entry; 0 where the book has none. */
  vectors: usize;
  /** The largest magnitude in them. */
  largest: f32;
}

/** The next entry; −1 where the packet ends before, or the book has none. */
// @ts-ignore: decorator
@inline
export function readEntry(book: Codebook): i32 {
  const table = book.table;
  if (table === 0) return -1;
  let code = load<u32>(table + 4 * <usize>(<u32>bits & book.mask));
  if (isNode(code)) code = followNodes(book.nodes, bits, book.mask, code);
  skipBits(lengthOf(code));
  return isPastEnd() ? -1 : <i32>(code >> 6);
}

/** Whether a word of the table does not tell the entry yet, as its codeword is longer. */
// @ts-ignore: decorator
@inline
export function isNode(code: u32): bool {
  return (code & 63) === 0;
}

// @ts-ignore: decorator
@inline
export function lengthOf(code: u32): u64 {
  return code & 63;
}

/** The word that the rest of a long codeword leads to. */
export function followNodes(nodes: usize, b: u64, mask: u32, code: u32): u32 {
  for (b >>= popcnt(mask); isNode(code); b >>= 1) {
    code = load<u32>(nodes + 8 * <usize>(code >> 6) + 4 * <usize>(b & 1));
  }
  return code;
}

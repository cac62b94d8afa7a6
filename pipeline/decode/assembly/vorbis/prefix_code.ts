/**
 * Codewords from their lengths, and the tables to read them with. Source: Vorbis I, section 3.2.1.
 *
 * A table is looked up with a packet's next bits. Its word is the entry above six bits of the codeword's
 * length. Where the codeword is longer than the table's bits, the length is 0 and the number above it
 * that of a node: a pair of such words, to choose between by the next bit.
 */
import { allocateZeros } from "./arena";
import { Codebook } from "./codebook";
import { NO_FAULT, TOO_FEW_CODEWORDS, TOO_LARGE, TOO_MANY_CODEWORDS } from "./faults";

/** Bits that a table is looked up with, at most. */
const TABLE_BITS: u32 = 10;
/** All places in a tree of 32 levels. */
const ALL: u64 = <u64>1 << 32;
/** For each depth, where its free subtree begins: a codeword in the upper bits of 32. */
const freePlaces = memory.data(4 * 33);

/** Gives each entry with a length (u8) its codeword, and makes the book's tables. Returns a fault. */
export function buildCode(book: Codebook, lengths: usize): i32 {
  const entries = book.entries;
  let used: u32 = 0, longest: u32 = 0, beyondTable: u64 = 0;
  let taken: u64 = 0; // of 2³² places for codewords of 32 bits
  for (let entry: u32 = 0; entry < entries; entry++) {
    const length = <u32>load<u8>(lengths + entry);
    if (length === 0) continue;
    used++;
    taken += ALL >> length;
    longest = max(longest, length);
    if (length > TABLE_BITS) beyondTable++;
  }
  book.longest = longest;
  book.table = 0;
  if (used === 0) return NO_FAULT;
  const isLonely = used === 1 && longest === 1; // the one codeword may be read as 0 or 1
  if (taken > ALL) return TOO_MANY_CODEWORDS;
  if (taken < ALL && !isLonely) return TOO_FEW_CODEWORDS;
  const tableBits = min(longest, TABLE_BITS);
  book.mask = (1 << tableBits) - 1;
  book.table = allocateZeros(4 << tableBits);
  book.nodes = allocateZeros(8 * (beyondTable + 1)); // no subtree has more nodes than leaves
  if (book.table === 0 || book.nodes === 0) return TOO_LARGE;
  assignCodewords(book, lengths);
  if (isLonely) store<u32>(book.table, load<u32>(book.table), 4);
  return NO_FAULT;
}

/**
 * Each entry takes the first free codeword of its length, in order. What is free, as a binary fraction of
 * all, has a digit 1 for each depth at which there is a free subtree: there is at most one, at the place
 * noted. Taking a codeword subtracts from the fraction, and the digits that a borrow sets are the right
 * halves of the subtree that was split.
 */
function assignCodewords(book: Codebook, lengths: usize): void {
  let free = ALL, numNodes: u32 = 0;
  store<u32>(freePlaces, 0);
  for (let entry: u32 = 0; entry < book.entries; entry++) {
    const length = <u32>load<u8>(lengths + entry);
    if (length === 0) continue;
    const depth = length - <u32>ctz(free >> (32 - length));
    const place = load<u32>(freePlaces + 4 * depth);
    for (let d = depth + 1; d <= length; d++) {
      store<u32>(freePlaces + 4 * d, place + (<u32>1 << (32 - d)));
    }
    free -= ALL >> length;
    numNodes = enterCodeword(book, reverse(place), length, entry, numNodes);
  }
}

/** Writes an entry to where its codeword, first bit lowest, leads. Returns how many nodes there are now. */
function enterCodeword(book: Codebook, codeword: u32, length: u32, entry: u32, numNodes: u32): u32 {
  const word = (entry << 6) | length, tableBits = popcnt(book.mask);
  if (length <= tableBits) {
    for (let i = codeword; i <= book.mask; i += 1 << length) store<u32>(book.table + 4 * i, word);
    return numNodes;
  }
  let at = book.table + 4 * (codeword & book.mask);
  for (let depth = tableBits; depth < length; depth++) {
    if (load<u32>(at) === 0) store<u32>(at, ++numNodes << 6);
    at = book.nodes + 8 * (load<u32>(at) >> 6) + 4 * ((codeword >> depth) & 1);
  }
  store<u32>(at, word);
  return numNodes;
}

/** The same 32 bits in reverse order. */
function reverse(x: u32): u32 {
  x = ((x >> 1) & 0x5555_5555) | ((x & 0x5555_5555) << 1);
  x = ((x >> 2) & 0x3333_3333) | ((x & 0x3333_3333) << 2);
  x = ((x >> 4) & 0x0f0f_0f0f) | ((x & 0x0f0f_0f0f) << 4);
  return bswap(x);
}

/** A codebook as the setup header describes it. Source: Vorbis I, sections 3.2 and 9.2. */
import { allocate } from "./arena";
import { bitLength, bytesLeft, isPastEnd, readBits } from "./bit_reader";
import { Codebook } from "./codebook";
import { BAD_CODEBOOK, BAD_LOOKUP, CUT_SHORT, NO_FAULT, TOO_LARGE } from "./faults";
import { buildCode } from "./prefix_code";

const NO_LENGTH: u8 = 0;

/** Reads a codebook. Returns a fault. */
export function parseCodebook(book: Codebook): i32 {
  if (readBits(24) !== 0x564342) return BAD_CODEBOOK;
  book.dimensions = readBits(16);
  book.entries = readBits(24);
  if (book.dimensions === 0 || book.entries === 0) return BAD_CODEBOOK;
  const lengths = allocate(book.entries);
  if (lengths === 0) return TOO_LARGE;
  let fault = readBits(1) ? readOrderedLengths(book.entries, lengths) : readLengths(book.entries, lengths);
  if (fault !== NO_FAULT) return fault;
  fault = buildCode(book, lengths);
  return fault === NO_FAULT ? parseVectors(book, lengths) : fault;
}

/** Reads each codeword's length; 0 is that of an entry which has none. */
function readLengths(entries: u32, lengths: usize): i32 {
  if ((entries >> 3) > <u32>bytesLeft()) return CUT_SHORT;
  const isSparse = readBits(1);
  for (const end = lengths + entries; lengths < end; lengths++) {
    store<u8>(lengths, !isSparse || readBits(1) ? <u8>readBits(5) + 1 : NO_LENGTH);
  }
  return isPastEnd() ? CUT_SHORT : NO_FAULT;
}

/** Reads how many codewords there are of each length, shorter ones first. */
function readOrderedLengths(entries: u32, lengths: usize): i32 {
  let length = <u8>readBits(5) + 1;
  for (let entry: u32 = 0; entry < entries; length++) {
    const count = readBits(bitLength(entries - entry));
    if (isPastEnd()) return CUT_SHORT;
    if (count > entries - entry || length > 32) return BAD_CODEBOOK;
    memory.fill(lengths + entry, length, count);
    entry += count;
  }
  return NO_FAULT;
}

/** Reads the book's vectors and writes out those of the entries that have a codeword. */
function parseVectors(book: Codebook, lengths: usize): i32 {
  const lookup = readBits(4);
  book.vectors = 0;
  if (lookup === 0) return NO_FAULT;
  if (lookup > 2) return BAD_LOOKUP;
  const entries = book.entries, dimensions = book.dimensions;
  const smallest = unpackFloat(readBits(32)), step = unpackFloat(readBits(32));
  const valueBits = readBits(4) + 1;
  const isCumulative = readBits(1) !== 0;
  const numbers = <u64>entries * dimensions;
  const numValues = lookup === 1 ? <u64>largestRoot(entries, dimensions) : numbers;
  if (numValues * valueBits / 8 > bytesLeft()) return CUT_SHORT;
  const values = allocate(4 * numValues), vectors = allocate(4 * numbers);
  if (values === 0 || vectors === 0) return TOO_LARGE;
  for (let i: usize = 0; i < <usize>numValues; i++) {
    store<f32>(values + 4 * i, <f32>readBits(valueBits) * step + smallest);
  }
  if (isPastEnd()) return CUT_SHORT;
  let largest: f32 = 0;
  for (let entry: u32 = 0; entry < entries; entry++) {
    if (load<u8>(lengths + entry) === NO_LENGTH) continue;
    let previous: f32 = 0, digits = entry;
    for (let i = entry * dimensions, end = i + dimensions; i < end; i++) {
      let index = i;
      if (lookup === 1) { // the entry's digits, lowest first, choose the values
        const rest = digits / <u32>numValues;
        index = digits - rest * <u32>numValues;
        digits = rest;
      }
      const number = load<f32>(values + 4 * <usize>index) + previous;
      store<f32>(vectors + 4 * <usize>i, number);
      largest = max(largest, abs(number)); // NaN stays
      if (isCumulative) previous = number;
    }
  }
  book.vectors = vectors;
  book.largest = largest;
  return NO_FAULT;
}

/** The largest r for which r^dimensions is not above `entries`. */
function largestRoot(entries: u32, dimensions: u32): u32 {
  if (dimensions === 1) return entries;
  let root: u32 = 1;
  while (powerWithin(root + 1, dimensions, entries) !== 0) root++;
  return root;
}

/** base^exponent; 0 where that is above `limit`. */
export function powerWithin(base: u32, exponent: u32, limit: u32): u32 {
  if (base === 1) return 1;
  let power: u64 = 1;
  for (let i: u32 = 0; i < exponent; i++) {
    power *= base;
    if (power > limit) return 0;
  }
  return <u32>power;
}

/** A number as the header stores it: 21 bits of mantissa, 10 of exponent, the sign. */
function unpackFloat(packed: u32): f32 {
  const exponent = <i64>((packed >> 21) & 0x3ff) - 788;
  const magnitude = <f64>(packed & 0x1f_ffff) * reinterpret<f64>((exponent + 1023) << 52);
  return <f32>(packed >> 31 ? -magnitude : magnitude);
}

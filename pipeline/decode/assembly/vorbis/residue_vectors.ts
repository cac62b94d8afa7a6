/** The innermost loop: codewords to vectors, vectors onto the spectrum. */
import { available, bits, continueReading, last, next } from "./bit_reader";
import { Codebook, followNodes, isNode, lengthOf, readEntry } from "./codebook";

/**
 * Reads vectors until they cover `count` numbers and adds them to those at `out`, one vector behind the
 * other; the last one may be longer than what is left.
 *
 * @returns Whether the packet went on for so long. Where it did not, what was whole has been added.
 */
export function addVectors(book: Codebook, out: usize, count: usize): bool {
  const end = out + 4 * count, dimensions = book.dimensions;
  if (book.longest <= SHORT) {
    if (dimensions === 2) out = addPairs(book, out, end);
    else if (dimensions === 4) out = addFours(book, out, end);
    else if (dimensions === 8) out = addEights(book, out, end);
  }
  return addAny(book, out, end);
}

/** Two codewords of this length can be read before bits are loaded again. */
const SHORT: u32 = 28;
/** Bytes that two of them take. */
const SHORT_BYTES: usize = 7;

/** Vectors of two numbers, two at a time, while both fit and the packet's end is not near. */
function addPairs(book: Codebook, out: usize, end: usize): usize {
  const table = book.table, mask = book.mask, nodes = book.nodes, vectors = book.vectors;
  const stop = last - SHORT_BYTES;
  let b = bits, n = available, from = next;
  while (out + 16 <= end && from <= stop) {
    let first = load<u32>(table + 4 * <usize>(<u32>b & mask));
    if (isNode(first)) first = followNodes(nodes, b, mask, first);
    b >>= <u64>first; // by its lowest six bits
    let second = load<u32>(table + 4 * <usize>(<u32>b & mask));
    if (isNode(second)) second = followNodes(nodes, b, mask, second);
    b >>= <u64>second;
    n -= lengthOf(first) + lengthOf(second);
    b |= load<u64>(from) << n;
    from += (63 - <usize>n) >> 3;
    n |= 56;
    let pair = v128.load64_zero(vectors + 8 * <usize>(first >> 6));
    pair = v128.load64_lane(vectors + 8 * <usize>(second >> 6), pair, 1);
    v128.store(out, f32x4.add(v128.load(out), pair));
    out += 16;
  }
  continueReading(b, n, from);
  return out;
}

/** Vectors of four numbers, two at a time. */
function addFours(book: Codebook, out: usize, end: usize): usize {
  const table = book.table, mask = book.mask, nodes = book.nodes, vectors = book.vectors;
  const stop = last - SHORT_BYTES;
  let b = bits, n = available, from = next;
  while (out + 32 <= end && from <= stop) {
    let first = load<u32>(table + 4 * <usize>(<u32>b & mask));
    if (isNode(first)) first = followNodes(nodes, b, mask, first);
    b >>= <u64>first;
    let second = load<u32>(table + 4 * <usize>(<u32>b & mask));
    if (isNode(second)) second = followNodes(nodes, b, mask, second);
    b >>= <u64>second;
    n -= lengthOf(first) + lengthOf(second);
    b |= load<u64>(from) << n;
    from += (63 - <usize>n) >> 3;
    n |= 56;
    v128.store(out, f32x4.add(v128.load(out), v128.load(vectors + 16 * <usize>(first >> 6))));
    v128.store(out, f32x4.add(v128.load(out, 16), v128.load(vectors + 16 * <usize>(second >> 6))), 16);
    out += 32;
  }
  continueReading(b, n, from);
  return out;
}

/** Vectors of eight numbers, one at a time. */
function addEights(book: Codebook, out: usize, end: usize): usize {
  const table = book.table, mask = book.mask, nodes = book.nodes, vectors = book.vectors;
  const stop = last - SHORT_BYTES;
  let b = bits, n = available, from = next;
  while (out + 32 <= end && from <= stop) {
    let code = load<u32>(table + 4 * <usize>(<u32>b & mask));
    if (isNode(code)) code = followNodes(nodes, b, mask, code);
    b >>= <u64>code;
    n -= lengthOf(code);
    b |= load<u64>(from) << n;
    from += (63 - <usize>n) >> 3;
    n |= 56;
    const vector = vectors + 32 * <usize>(code >> 6);
    v128.store(out, f32x4.add(v128.load(out), v128.load(vector)));
    v128.store(out, f32x4.add(v128.load(out, 16), v128.load(vector, 16)), 16);
    out += 32;
  }
  continueReading(b, n, from);
  return out;
}

/** Vectors of any length, up to the packet's end. Returns whether that was behind the numbers' end. */
function addAny(book: Codebook, out: usize, end: usize): bool {
  const vectorBytes: usize = 4 * book.dimensions;
  while (out < end) {
    const entry = readEntry(book);
    if (entry < 0) return false;
    let vector = book.vectors + <usize>entry * vectorBytes;
    for (const vectorEnd = vector + min(vectorBytes, end - out); vector < vectorEnd; vector += 4, out += 4) {
      store<f32>(out, load<f32>(out) + load<f32>(vector));
    }
  }
  return true;
}

/**
 * The same for vectors whose numbers lie `stride` numbers apart: `stride` of them cover the partition
 * together (residues of type 0).
 */
export function addStridedVectors(book: Codebook, out: usize, stride: usize): bool {
  const dimensions = <usize>book.dimensions;
  for (const end = out + 4 * stride; out < end; out += 4) {
    const entry = readEntry(book);
    if (entry < 0) return false;
    const vector = book.vectors + 4 * <usize>entry * dimensions;
    for (let i: usize = 0; i < dimensions; i++) {
      const at = out + 4 * i * stride;
      store<f32>(at, load<f32>(at) + load<f32>(vector + 4 * i));
    }
  }
  return true;
}

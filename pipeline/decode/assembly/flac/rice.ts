/** Rice codes: a quotient in unary, then a remainder of `parameter` bits. */
import {
  bitPosition, next, readBits, readUnary, refilled, resume, seekBit, skipOnes, used, word,
} from "./bit_reader";

/** Reads `count` codes one after the other, whatever their length. Past the end they may be anything. */
function readEach(out: usize, count: i32, parameter: i32): void {
  for (const last = out + 4 * count; out < last; out += 4) {
    const quotient = readUnary();
    store<u32>(out, (quotient << parameter) | readBits(parameter));
  }
}

/** The code that has just been rotated out of the word: its remainder lies at the word's end. */
// @ts-ignore: decorator
@inline
function codeOf(word: u64, zeros: u64, one: u32, mask: u32): u32 {
  return (<u32>word & mask) + <u32>zeros * one;
}

/** Reads `count` codes, four at a time where they are not very long. */
function readCodes(out: usize, count: i32, parameter: i32): void {
  const k1: u64 = parameter + 1, one: u32 = 1 << parameter, mask: u32 = one - 1;
  let w = word, n = used, from = next;
  for (const last = out + 4 * (count & ~3); out < last; out += 16) {
    const nBefore = n, fromBefore = from;
    w = refilled(w, n, from);
    from -= <usize>(n >> 3);
    n &= 7;
    const zeros0 = clz(w), length0 = zeros0 + k1;
    w = rotl(w, length0);
    const code0 = codeOf(w, zeros0, one, mask);
    const zeros1 = clz(w), length1 = zeros1 + k1;
    w = rotl(w, length1);
    const code1 = codeOf(w, zeros1, one, mask);
    n = n + length0 + length1;
    if (parameter > 9) { // else the word mostly holds four codes
      w = refilled(w, n, from);
      from -= <usize>(n >> 3);
      n = n > 63 ? 64 : n & 7;
    }
    const zeros2 = clz(w), length2 = zeros2 + k1;
    w = rotl(w, length2);
    const code2 = codeOf(w, zeros2, one, mask);
    const zeros3 = clz(w), length3 = zeros3 + k1;
    w = rotl(w, length3);
    const code3 = codeOf(w, zeros3, one, mask);
    n = n + length2 + length3;
    if (n > 63) { // rare: it did not
      resume(w, nBefore, fromBefore);
      seekBit(bitPosition());
      readEach(out, 4, parameter);
      w = word;
      n = used;
      from = next;
    } else {
      store<u64>(out, <u64>code0 | (<u64>code1 << 32));
      store<u64>(out, <u64>code2 | (<u64>code3 << 32), 8);
    }
  }
  resume(w, n, from);
  readEach(out, count & 3, parameter);
}

/** Reads `count` codes: u32, sign folded in. */
export function readRiceCodes(out: usize, count: i32, parameter: i32): void {
  const step = 56;
  for (; parameter === 0 && count >= step; count -= step) { // near silence is zeros of one bit each
    if (!skipOnes()) readCodes(out, step, 0);
    else for (let i = 0; i < step; i += 4) v128.store(out + 4 * i, i64x2.splat(0));
    out += 4 * step;
  }
  readCodes(out, count, parameter);
}

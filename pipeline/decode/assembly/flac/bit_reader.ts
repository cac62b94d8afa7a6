/**
 * Reads bits, the most significant first, from bytes that lie in memory in reversed order: the next 64
 * bits are one load.
 */
import { input, reversedEnd } from "./layout";

/** The next bits, on top, 63 − `used` of them; below may be anything. */
export let word: u64 = 0;
export let used: u64 = 0;
/** Where the eight bytes lie that come after them. */
export let next: usize = 0;
/** Where the bytes end, in bits. */
let endBits: i32 = 0;

const backwards = memory.data<u8>([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 16);

/** Takes over the first `length` bytes at `input`. */
export function reverseBytes(length: i32): void {
  const order = v128.load(backwards);
  let to = reversedEnd;
  for (let from = input, last = input + length; from < last; from += 16) {
    to -= 16;
    v128.store(to, v128.swizzle(v128.load(from), order));
  }
  endBits = 8 * length;
}

/** Moves to a place, in bits from the start. */
export function seekBit(position: i32): void {
  const first = reversedEnd - 8 - (position >> 3), bit = position & 7;
  word = load<u64>(first) << bit;
  next = first - 7;
  used = bit + 7;
}

/** Where the next bit is, in bits from the start. */
export function bitPosition(): i32 {
  return 8 * <i32>(reversedEnd - 8 - next) - 63 + <i32>used;
}

/** Whether more bits were read than there are: they were whatever lies there. */
export function isPastEnd(): bool {
  return bitPosition() > endBits;
}

/** Goes on where bits were read from copies of the three variables above: local ones are faster. */
// @ts-ignore: decorator
@inline
export function resume(newWord: u64, newUsed: u64, newNext: usize): void {
  word = newWord;
  used = newUsed;
  next = newNext;
}

/** The word, filled up to 56 bits at least: now `next` has to move by `used` >> 3, and `used` & 7 stay. */
// @ts-ignore: decorator
@inline
export function refilled(word: u64, used: u64, next: usize): u64 {
  return (word & (<u64>-2 << used)) | (load<u64>(next) >> ~used);
}

function refill(): void {
  word = refilled(word, used, next);
  next -= <usize>(used >> 3);
  used &= 7;
}

/** The next `count` bits, 0 to 32. */
export function readBits(count: i32): u32 {
  refill();
  const value = (word >> 1) >> (63 - count);
  word <<= count;
  used += count;
  return <u32>value;
}

/** The next `count` bits, 0 to 32, as a number with sign. */
export function readSigned(count: i32): i32 {
  return count === 0 ? 0 : <i32>(readBits(count) << (32 - count)) >> (32 - count);
}

/** How many zeros come before the next one, which is passed over; −1 where the bytes end before. */
export function readUnary(): i32 {
  let zeros = 0;
  while (true) {
    refill();
    const leading = <i32>clz(word);
    if (leading < 56) {
      word = (word << leading) << 1;
      used += leading + 1;
      return zeros + leading;
    }
    zeros += 56;
    word <<= 56;
    used += 56;
    if (isPastEnd()) return -1;
  }
}

/** Passes over the next 56 bits where all of them are ones; says whether they are. */
export function skipOnes(): bool {
  refill();
  if (word < 0xffffffffffffff00) return false;
  word <<= 56;
  used += 56;
  return true;
}

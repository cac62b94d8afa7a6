/**
 * Reads a packet's bits, the least significant bit of each byte first. Source: Vorbis I, section 2.
 *
 * There are always at least 56 bits at hand. Bits past the end are never used: what reads them notices
 * by `isPastEnd`, which stays true from there on.
 */

/** Bytes behind a packet that may be loaded, though their values do not matter. */
export const PADDING: usize = 32;

/** The next bits, lowest first; how many of them count; where those after them are. */
export let bits: u64 = 0;
export let available: u64 = 0;
export let next: usize = 0;
/** `next` is greater as soon as a bit past the packet's end was taken. */
export let last: usize = 0;

/** Begins at a packet's first bit. */
export function startReading(packet: usize, numBytes: usize): void {
  bits = load<u64>(packet);
  available = 56;
  next = packet + 7;
  last = packet + numBytes + 7;
}

/** Goes on from where a loop with its own copies of the three stopped. */
// @ts-ignore: decorator
@inline
export function continueReading(b: u64, n: u64, from: usize): void {
  bits = b;
  available = n;
  next = min(from, last + 1);
}

/** Whether more bits were taken than the packet has. */
// @ts-ignore: decorator
@inline
export function isPastEnd(): bool {
  return next > last;
}

/** Passes over `count` bits, at most 32. */
export function skipBits(count: u64): void {
  const left = available - count, rest = bits >> count;
  continueReading(
    rest | (load<u64>(next) << left),
    left | 56,
    next + ((63 - <usize>left) >> 3),
  );
}

/** The next `count` bits, 0 to 32; 0 where the packet ends before. */
export function readBits(count: u64): u32 {
  const value = <u32>(bits & ((<u64>1 << count) - 1));
  skipBits(count);
  return isPastEnd() ? 0 : value;
}

/** Bits that it takes to write `value`. */
// @ts-ignore: decorator
@inline
export function bitLength(value: u32): u64 {
  return 32 - clz(value);
}

/** How many whole bytes are left, at least. */
export function bytesLeft(): usize {
  return isPastEnd() ? 0 : last - next;
}

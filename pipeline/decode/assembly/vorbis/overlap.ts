/**
 * Windows and adds the halves of two blocks that lie on each other. Source: Vorbis I, sections 4.3.1 and
 * 4.3.8.
 *
 * A block of 2M samples is known by its M numbers u of `imdct.ts`: the samples are u's upper half, then
 * that half backwards with the other sign, then the lower half backwards, and forwards, both with the other
 * sign. So the lower half is all that the next block needs.
 */
import { mul, sub } from "../../../dsp/assembly/simd";
import { allocate } from "./arena";

/** Makes the rising slope of a window of 2·length samples (f32). Returns its address, or 0. */
export function createSlope(length: usize): usize {
  const slope = allocate(4 * length);
  if (slope === 0) return 0;
  for (let i: usize = 0; i < length; i++) {
    const sine = Math.sin(Math.PI / 2 * (<f64>i + 0.5) / <f64>length);
    store<f32>(slope + 4 * i, <f32>Math.sin(Math.PI / 2 * sine * sine));
  }
  return slope;
}

// @ts-ignore: decorator
@inline
function reversed(a: v128): v128 {
  return i32x4.shuffle(a, a, 3, 2, 1, 0);
}

/**
 * Writes the samples from the middle of the block before to the middle of this one.
 *
 * @param before The block before: its u, of which the lower half is read; `lengthBefore` is its M.
 * @param block This block: its u, of which the upper half is read; `length` is its M.
 * @param slope The slope of the shorter one's window.
 * @returns The end of what was written at `out`: (lengthBefore + length)/2 samples.
 */
export function overlap(
  before: usize, lengthBefore: usize, block: usize, length: usize, slope: usize, out: usize,
): usize {
  const shorter = min(lengthBefore, length), half: usize = 2 * shorter; // half: in bytes
  out = storeNegated(before + half, (lengthBefore - shorter) / 2, out);
  let rising = block + 4 * length - half, falling = before + half - 16;
  let down = out + 4 * shorter - 16, slopeDown = slope + 4 * shorter - 16;
  for (const middle = out + half; out < middle; out += 16, down -= 16) {
    const a = v128.load(rising), b = reversed(v128.load(falling));
    const up = v128.load(slope), over = reversed(v128.load(slopeDown));
    v128.store(out, sub(mul(a, up), mul(b, over)));
    v128.store(down, reversed(sub(mul(f32x4.neg(a), over), mul(b, up))));
    rising += 16;
    falling -= 16;
    slope += 16;
    slopeDown -= 16;
  }
  return storeNegated(block + 2 * length, (length - shorter) / 2, out + half);
}

/** Writes `count` numbers backwards, with the other sign. Returns the end of what was written. */
function storeNegated(from: usize, count: usize, to: usize): usize {
  for (let at = from + 4 * count; at > from; to += 16) {
    at -= 16;
    v128.store(to, f32x4.neg(reversed(v128.load(at))));
  }
  return to;
}

/** Four subframes side by side: from planes to vectors with a subframe in each lane, and back. */
import { codes, planeBytes, samples } from "./layout";

/** Four vectors: the residuals of four samples one after the other. */
const residuals = memory.data(4 * 16, 16);

// @ts-ignore: decorator
@inline
function interleaveLow(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
function interleaveHigh(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 6, 3, 7);
}

/** The numbers with sign that are coded as 0, −1, 1, −2, … */
// @ts-ignore: decorator
@inline
function unfold(code: v128): v128 {
  return v128.xor(i32x4.shr_u(code, 1), i32x4.shr_s(i32x4.shl(code, 31), 31));
}

/** Takes the codes at byte `at` of the first subframe's plane and of the three after it. */
// @ts-ignore: decorator
@inline
export function loadResiduals(at: usize): void {
  const a = unfold(v128.load(at)), b = unfold(v128.load(at, planeBytes));
  const c = unfold(v128.load(at, 2 * planeBytes)), d = unfold(v128.load(at, 3 * planeBytes));
  const ac = interleaveLow(a, c), bd = interleaveLow(b, d);
  v128.store(residuals, interleaveLow(ac, bd));
  v128.store(residuals, interleaveHigh(ac, bd), 16);
  const ac2 = interleaveHigh(a, c), bd2 = interleaveHigh(b, d);
  v128.store(residuals, interleaveLow(ac2, bd2), 32);
  v128.store(residuals, interleaveHigh(ac2, bd2), 48);
}

/** The residuals of sample 0 to 3 of those that were taken. */
// @ts-ignore: decorator
@inline
export function residual(i: i32): v128 {
  return v128.load(residuals + 16 * i);
}

/** Puts four samples of each subframe where the codes at `at` belong. */
// @ts-ignore: decorator
@inline
export function storeSamples(at: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  at += samples - codes;
  const a = interleaveLow(y0, y2), b = interleaveLow(y1, y3);
  v128.store(at, interleaveLow(a, b));
  v128.store(at, interleaveHigh(a, b), planeBytes);
  const c = interleaveHigh(y0, y2), d = interleaveHigh(y1, y3);
  v128.store(at, interleaveLow(c, d), 2 * planeBytes);
  v128.store(at, interleaveHigh(c, d), 3 * planeBytes);
}

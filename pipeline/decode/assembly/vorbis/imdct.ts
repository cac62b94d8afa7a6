/**
 * The inverse MDCT of four spectra at once. Of its 2M numbers only M differ: they are the DCT-IV of the
 * spectrum's M numbers, which is computed by a complex transform of M/2 points. Windowing (`overlap.ts`)
 * puts them where they belong.
 *
 * Formula: with θ = π/M · (2k + ½)(2n + ½) = 2π·nk/(M/2) + π/M · (n + ⅛ + k + ⅛),
 * u[2k] − i·u[M−1−2k] = Σₙ (x[2n] + i·x[M−1−2n]) · e^(−iθ).
 */
import { COMPLEX, mul, mulAdd, storeTransposed, sub } from "../../../dsp/assembly/simd";
import { Fft, fftBytes, initFft, storeProduct, transform } from "../../../dsp/assembly/fft";
import { allocate } from "./arena";

/** What a transform of one length needs. */
@unmanaged
export class Dct4 {
  /** M, at least 32. */
  length: usize;
  fft: Fft;
  /** e^(−iπ/M·(n + ⅛)) for n of 0…M/2−1 (f32 re, im). */
  twiddles: usize;
}

/** Makes the tables. Returns whether there was room for them. */
export function initDct4(dct: Dct4, length: usize): bool {
  const points = length / 2;
  const fft = allocate(fftBytes(length)), twiddles = allocate(8 * points);
  if (fft === 0 || twiddles === 0) return false;
  dct.length = length;
  dct.fft = changetype<Fft>(fft);
  dct.twiddles = twiddles;
  initFft(dct.fft, length);
  for (let n: usize = 0; n < points; n++) {
    const angle = -Math.PI * (<f64>n + 0.125) / <f64>length;
    store<f32>(twiddles + 8 * n, <f32>Math.cos(angle));
    store<f32>(twiddles + 8 * n, <f32>Math.sin(angle), 4);
  }
  return true;
}

/** Bytes of working memory for transforms of this length. */
export function dct4WorkBytes(length: usize): usize {
  return length / 2 * COMPLEX;
}

/** Transforms the numbers (f32) at four addresses in place. The same address may be given twice. */
export function transformFour(dct: Dct4, x0: usize, x1: usize, x2: usize, x3: usize, work: usize): void {
  gather(dct, x0, x1, x2, x3, work);
  transform(dct.fft, work);
  scatter(dct, x0, x1, x2, x3, work);
}

/** Stores x·w, w being the two f32 at `twiddle`. */
// @ts-ignore: decorator
@inline
function storeTwiddled(to: usize, re: v128, im: v128, twiddle: usize): void {
  storeProduct(to, re, im, v128.load32_splat(twiddle), v128.load32_splat(twiddle, 4));
}

/** Pairs each spectrum's numbers, from both ends, to the complex ones of its lane. */
function gather(dct: Dct4, x0: usize, x1: usize, x2: usize, x3: usize, z: usize): void {
  const bytes: usize = 4 * dct.length;
  let w = dct.twiddles, wDown = w + bytes - 16; // of n and n + 1; of M/2 − 2 − n and M/2 − 1 − n
  let down = z + dct.length / 2 * COMPLEX - 2 * COMPLEX;
  for (let i: usize = 0, j: usize = bytes - 16; i < j; i += 16, j -= 16) {
    let a = v128.load(x0 + i), b = v128.load(x1 + i), c = v128.load(x2 + i), d = v128.load(x3 + i);
    let ab = i32x4.shuffle(a, b, 0, 4, 1, 5), cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const low0 = i64x2.shuffle(ab, cd, 0, 2), low1 = i64x2.shuffle(ab, cd, 1, 3);
    ab = i32x4.shuffle(a, b, 2, 6, 3, 7), cd = i32x4.shuffle(c, d, 2, 6, 3, 7);
    const low2 = i64x2.shuffle(ab, cd, 0, 2), low3 = i64x2.shuffle(ab, cd, 1, 3);
    a = v128.load(x0 + j), b = v128.load(x1 + j), c = v128.load(x2 + j), d = v128.load(x3 + j);
    ab = i32x4.shuffle(a, b, 0, 4, 1, 5), cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const high0 = i64x2.shuffle(ab, cd, 0, 2), high1 = i64x2.shuffle(ab, cd, 1, 3);
    ab = i32x4.shuffle(a, b, 2, 6, 3, 7), cd = i32x4.shuffle(c, d, 2, 6, 3, 7);
    const high2 = i64x2.shuffle(ab, cd, 0, 2), high3 = i64x2.shuffle(ab, cd, 1, 3);
    storeTwiddled(z, low0, high3, w);
    storeTwiddled(z + COMPLEX, low2, high1, w + 8);
    storeTwiddled(down + COMPLEX, high2, low1, wDown + 8);
    storeTwiddled(down, high0, low3, wDown);
    z += 2 * COMPLEX;
    down -= 2 * COMPLEX;
    w += 16;
    wDown -= 16;
  }
}

/** Puts the real parts of each lane's complex numbers, and the imaginary ones, to where they belong. */
function scatter(dct: Dct4, x0: usize, x1: usize, x2: usize, x3: usize, z: usize): void {
  const bytes: usize = 4 * dct.length;
  let w = dct.twiddles, wDown = w + bytes - 16;
  let position = dct.fft.positions, positionDown = position + 4 * (dct.length / 2) - 8;
  const zero = f32x4.splat(0);
  for (let i: usize = 0, j: usize = bytes - 16; i < j; i += 16, j -= 16) {
    let at = z + load<u32>(position);
    let re = v128.load(at), im = v128.load(at, 16);
    let wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
    const low0 = sub(mul(re, wr), mul(im, wi)), high3 = sub(zero, mulAdd(re, wi, mul(im, wr)));
    at = z + load<u32>(position, 4);
    re = v128.load(at), im = v128.load(at, 16);
    wr = v128.load32_splat(w, 8), wi = v128.load32_splat(w, 12);
    const low2 = sub(mul(re, wr), mul(im, wi)), high1 = sub(zero, mulAdd(re, wi, mul(im, wr)));
    at = z + load<u32>(positionDown, 4);
    re = v128.load(at), im = v128.load(at, 16);
    wr = v128.load32_splat(wDown, 8), wi = v128.load32_splat(wDown, 12);
    const high2 = sub(mul(re, wr), mul(im, wi)), low1 = sub(zero, mulAdd(re, wi, mul(im, wr)));
    at = z + load<u32>(positionDown);
    re = v128.load(at), im = v128.load(at, 16);
    wr = v128.load32_splat(wDown), wi = v128.load32_splat(wDown, 4);
    const high0 = sub(mul(re, wr), mul(im, wi)), low3 = sub(zero, mulAdd(re, wi, mul(im, wr)));
    storeTransposed(low0, low1, low2, low3, x0 + i, x1 + i, x2 + i, x3 + i);
    storeTransposed(high0, high1, high2, high3, x0 + j, x1 + j, x2 + j, x3 + j);
    position += 8;
    positionDown -= 8;
    w += 16;
    wDown -= 16;
  }
}

/**
 * The Fourier transform of four independent complex signals at once, one in each lane: every step is a
 * vector instruction and none needs a shuffle. It runs in place, decimating in frequency by fours
 * (second by two where `points` is no power of four), and leaves frequency k at `positions[k]`.
 */
import { add, COMPLEX, mul, mulAdd, sub } from "./simd";

/** What a transform of one size needs; its tables lie behind it in memory. */
@unmanaged
export class Fft {
  /** Real samples: a power of two, at least 64. */
  size: usize;
  /** Complex points: size/2. */
  points: usize;
  /** For each pass and place n in its part: e^(−2πi·n·j/block), j = 1, 2, 3 or just 1 (f32 re, im). */
  twiddles: usize;
  /** Where frequency k lies after the passes: u32 offset in bytes, for k of 0…points−1. */
  positions: usize;
  /** e^(−2πi·k/size) for k of 0…points/2 (f32 re, im). */
  split: usize;
}

/** Bytes of the twiddles of one place in a pass by fours: three complex f32. */
export const TWIDDLES4: usize = 24;
/** The same in a pass by two: one complex f32. */
const TWIDDLES2: usize = 8;

/** By how much the pass on blocks of `block` points divides them; `points` tells the second pass. */
// @ts-ignore: decorator
@inline
function radixOf(block: usize, points: usize): usize {
  return block == points / 4 && (ctz(points) & 1) ? 2 : 4;
}

/** Bytes that `initFft` fills for this size. */
export function fftBytes(size: usize): usize {
  const points = size / 2;
  return 32 + points * TWIDDLES4 / 2 + points * 4 + (points / 2 + 2) * 8;
}

/** Fills `fftBytes(size)` bytes at `fft`. */
export function initFft(fft: Fft, size: usize): void {
  const points = size / 2;
  fft.size = size;
  fft.points = points;
  fft.twiddles = changetype<usize>(fft) + 32;

  let at = fft.twiddles;
  for (let block = points; block > 4;) {
    const radix = radixOf(block, points);
    for (let n: usize = 0; n < block / radix; n++) {
      for (let k: usize = 1; k < radix; k++, at += 8) storePhasor(at, n * k, block);
    }
    block /= radix;
  }
  fft.positions = at;
  for (let k: usize = 0; k < points; k++, at += 4) store<u32>(at, <u32>(position(k, points) * COMPLEX));
  fft.split = at;
  for (let k: usize = 0; k <= points / 2; k++, at += 8) storePhasor(at, k, size);
}

/** Stores e^(−2πi·k/period) as two f32. */
function storePhasor(at: usize, k: usize, period: usize): void {
  const angle = -2 * Math.PI * <f64>k / <f64>period;
  store<f32>(at, <f32>Math.cos(angle));
  store<f32>(at, <f32>Math.sin(angle), 4);
}

/** Index of frequency k after the passes: its digits, lowest first, choose the parts of the blocks. */
function position(k: usize, points: usize): usize {
  let index: usize = 0;
  for (let block = points; block > 1;) {
    const radix = radixOf(block, points);
    index += k % radix * (block / radix);
    k /= radix;
    block /= radix;
  }
  return index;
}

/** Transforms `points` complex numbers at `z` in place; frequency k is then at z + positions[k]. */
export function transform(fft: Fft, z: usize): void {
  firstPass(fft, z);
  middlePasses(fft, z);
  lastPass(z, z + fft.points * COMPLEX);
}

/** The first pass alone. */
export function firstPass(fft: Fft, z: usize): void {
  radix4Pass(z, z + fft.points * COMPLEX, fft.points / 4, fft.twiddles);
}

/** Points that the first-level cache holds: the small blocks of one such run are finished at once. */
const CACHED: usize = 1024;

/** The passes between the first and the last, for callers that fuse their own work with those. */
export function middlePasses(fft: Fft, z: usize): void {
  const end = z + fft.points * COMPLEX;
  let block = fft.points / 4, twiddles = fft.twiddles + block * TWIDDLES4;
  if (radixOf(block, fft.points) == 2) {
    block /= 2;
    radix2Pass(z, end, block, twiddles);
    twiddles += block * TWIDDLES2;
  }
  for (; block > CACHED; twiddles += block * TWIDDLES4) {
    block /= 4;
    radix4Pass(z, end, block, twiddles);
  }
  const run = min(fft.points, CACHED) * COMPLEX;
  for (; z < end; z += run) {
    let part = block, partTwiddles = twiddles;
    for (; part > 4; partTwiddles += part * TWIDDLES4) {
      part /= 4;
      radix4Pass(z, z + run, part, partTwiddles);
    }
  }
}

// @ts-ignore: decorator
@inline
export function storeComplex(to: usize, re: v128, im: v128): void {
  v128.store(to, re);
  v128.store(to, im, 16);
}

/** Turns four numbers `stride` bytes apart into the sums that the four quarters go on with. */
// @ts-ignore: decorator
@inline
function butterfly(
  z: usize, stride: usize,
  w1r: v128, w1i: v128, w2r: v128, w2i: v128, w3r: v128, w3i: v128,
): void {
  const z1 = z + stride, z2 = z1 + stride, z3 = z2 + stride;
  storeButterfly(
    z, stride,
    v128.load(z), v128.load(z, 16), v128.load(z1), v128.load(z1, 16),
    v128.load(z2), v128.load(z2, 16), v128.load(z3), v128.load(z3, 16),
    w1r, w1i, w2r, w2i, w3r, w3i,
  );
}

/** `storeButterfly` with the twiddles at an address. */
// @ts-ignore: decorator
@inline
export function storeTwiddled(
  z: usize, stride: usize, twiddles: usize,
  a0r: v128, a0i: v128, a1r: v128, a1i: v128, a2r: v128, a2i: v128, a3r: v128, a3i: v128,
): void {
  storeButterfly(
    z, stride, a0r, a0i, a1r, a1i, a2r, a2i, a3r, a3i,
    v128.load32_splat(twiddles), v128.load32_splat(twiddles, 4),
    v128.load32_splat(twiddles, 8), v128.load32_splat(twiddles, 12),
    v128.load32_splat(twiddles, 16), v128.load32_splat(twiddles, 20),
  );
}

/** Stores what four numbers come to, `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function storeButterfly(
  z: usize, stride: usize,
  a0r: v128, a0i: v128, a1r: v128, a1i: v128, a2r: v128, a2i: v128, a3r: v128, a3i: v128,
  w1r: v128, w1i: v128, w2r: v128, w2i: v128, w3r: v128, w3i: v128,
): void {
  const z1 = z + stride, z2 = z1 + stride, z3 = z2 + stride;
  const s02r = add(a0r, a2r), s02i = add(a0i, a2i), d02r = sub(a0r, a2r), d02i = sub(a0i, a2i);
  const s13r = add(a1r, a3r), s13i = add(a1i, a3i), d13r = sub(a1r, a3r), d13i = sub(a1i, a3i);
  storeComplex(z, add(s02r, s13r), add(s02i, s13i));
  storeProduct(z1, add(d02r, d13i), sub(d02i, d13r), w1r, w1i);
  storeProduct(z2, sub(s02r, s13r), sub(s02i, s13i), w2r, w2i);
  storeProduct(z3, sub(d02r, d13i), add(d02i, d13r), w3r, w3i);
}

/** Stores the complex product x·w. */
// @ts-ignore: decorator
@inline
export function storeProduct(to: usize, xr: v128, xi: v128, wr: v128, wi: v128): void {
  storeComplex(to, sub(mul(xr, wr), mul(xi, wi)), mulAdd(xr, wi, mul(xi, wr)));
}

/** `butterfly` where all twiddles are 1. */
// @ts-ignore: decorator
@inline
export function plainButterfly(z: usize, stride: usize): void {
  const z1 = z + stride, z2 = z1 + stride, z3 = z2 + stride;
  const a0r = v128.load(z), a0i = v128.load(z, 16), a1r = v128.load(z1), a1i = v128.load(z1, 16);
  const a2r = v128.load(z2), a2i = v128.load(z2, 16), a3r = v128.load(z3), a3i = v128.load(z3, 16);
  const s02r = add(a0r, a2r), s02i = add(a0i, a2i), d02r = sub(a0r, a2r), d02i = sub(a0i, a2i);
  const s13r = add(a1r, a3r), s13i = add(a1i, a3i), d13r = sub(a1r, a3r), d13i = sub(a1i, a3i);
  storeComplex(z, add(s02r, s13r), add(s02i, s13i));
  storeComplex(z1, add(d02r, d13i), sub(d02i, d13r));
  storeComplex(z2, sub(s02r, s13r), sub(s02i, s13i));
  storeComplex(z3, sub(d02r, d13i), add(d02i, d13r));
}

/** One pass over every block of 4·quarter points. */
function radix4Pass(z: usize, end: usize, quarter: usize, twiddles: usize): void {
  const stride = quarter * COMPLEX, block = stride * 4;
  for (let at = z; at < end; at += block) plainButterfly(at, stride);
  for (let n: usize = 1; n < quarter; n++) {
    twiddles += TWIDDLES4;
    z += COMPLEX;
    const w1r = v128.load32_splat(twiddles), w1i = v128.load32_splat(twiddles, 4);
    const w2r = v128.load32_splat(twiddles, 8), w2i = v128.load32_splat(twiddles, 12);
    const w3r = v128.load32_splat(twiddles, 16), w3i = v128.load32_splat(twiddles, 20);
    for (let at = z; at < end; at += block) butterfly(at, stride, w1r, w1i, w2r, w2i, w3r, w3i);
  }
}

/** One pass over every block of 2·half points. */
function radix2Pass(z: usize, end: usize, half: usize, twiddles: usize): void {
  const stride = half * COMPLEX, block = stride * 2;
  const lastTwiddle = twiddles + half * TWIDDLES2;
  for (; twiddles < lastTwiddle; twiddles += TWIDDLES2, z += COMPLEX) {
    const wr = v128.load32_splat(twiddles), wi = v128.load32_splat(twiddles, 4);
    for (let at = z; at < end; at += block) {
      const other = at + stride;
      const ar = v128.load(at), ai = v128.load(at, 16), br = v128.load(other), bi = v128.load(other, 16);
      v128.store(at, add(ar, br));
      v128.store(at, add(ai, bi), 16);
      storeProduct(other, sub(ar, br), sub(ai, bi), wr, wi);
    }
  }
}

/** The last pass, over blocks of four points from `z` to `end`. */
export function lastPass(z: usize, end: usize): void {
  for (; z < end; z += 4 * COMPLEX) plainButterfly(z, COMPLEX);
}

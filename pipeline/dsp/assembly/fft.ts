/**
 * The Fourier transform of four independent signals at once, one in each lane: every step is a
 * vector instruction and none needs a shuffle. A real transform of `size` samples is a complex one
 * of `points` = size/2 (even samples real, odd ones imaginary) and a split (Sorensen et al. 1987).
 *
 * The complex transform runs in place, decimating in frequency by fours (last by two where `points`
 * is no power of four), and leaves frequency k at `positions[k]`.
 */
import { add, COMPLEX, mul, mulAdd, sub, VECTOR } from "./simd";

/** What a transform of one size needs; its tables lie behind it in memory. */
@unmanaged
export class Fft {
  /** Real samples: a power of two, at least 64. */
  size: usize;
  /** Complex points: size/2. */
  points: usize;
  /** For each pass and place n in its quarter: e^(−2πi·n·j/blockSize) for j = 1, 2, 3 (f32 re, im). */
  twiddles: usize;
  /** Where frequency k lies after the passes: u32 offset in bytes, for k of 0…points−1. */
  positions: usize;
  /** e^(−2πi·k/size) for k of 0…points/2 (f32 re, im). */
  split: usize;
}

const TWIDDLE: usize = 24; // bytes: three complex f32

/** Bytes that `initFft` fills for this size. */
export function fftBytes(size: usize): usize {
  const points = size / 2;
  return 32 + points * TWIDDLE / 2 + points * 4 + (points / 2 + 2) * 8;
}

/** Fills `fftBytes(size)` bytes at `fft`. */
export function initFft(fft: Fft, size: usize): void {
  const points = size / 2;
  fft.size = size;
  fft.points = points;
  fft.twiddles = changetype<usize>(fft) + 32;

  let at = fft.twiddles;
  for (let block = points; block > 2; block /= 4) {
    for (let n: usize = 0; n < block / 4; n++) {
      for (let j: usize = 1; j <= 3; j++, at += 8) storePhasor(at, n * j, block);
    }
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

/** Index of frequency k after the passes: its base-4 digits, lowest first, choose the quarters. */
function position(k: usize, points: usize): usize {
  let index: usize = 0;
  for (; points > 2; points /= 4, k /= 4) index += (k & 3) * (points / 4);
  return index + (points == 2 ? k & 1 : 0);
}

/** Transforms `points` complex numbers at `z` in place; frequency k is then at z + positions[k]. */
export function transform(fft: Fft, z: usize): void {
  transformBlocks(fft, z, fft.points, fft.twiddles);
}

/** The passes after the first, for callers that fuse their own work with the first. */
export function transformAfterFirstPass(fft: Fft, z: usize): void {
  transformBlocks(fft, z, fft.points / 4, fft.twiddles + fft.points / 4 * TWIDDLE);
}

/** Transforms each run of `block` points on its own. */
function transformBlocks(fft: Fft, z: usize, block: usize, twiddles: usize): void {
  const end = z + fft.points * COMPLEX;
  for (; block > 4; block /= 4) {
    radix4Pass(z, end, block / 4, twiddles);
    twiddles += block / 4 * TWIDDLE;
  }
  if (block == 4) lastRadix4Pass(z, end);
  else lastRadix2Pass(z, end);
}

/** Turns four numbers `stride` bytes apart into the sums that the four quarters go on with. */
// @ts-ignore: decorator
@inline
function butterfly(
  z: usize, stride: usize,
  w1r: v128, w1i: v128, w2r: v128, w2i: v128, w3r: v128, w3i: v128,
): void {
  const z1 = z + stride, z2 = z1 + stride, z3 = z2 + stride;
  const a0r = v128.load(z), a0i = v128.load(z, 16), a1r = v128.load(z1), a1i = v128.load(z1, 16);
  const a2r = v128.load(z2), a2i = v128.load(z2, 16), a3r = v128.load(z3), a3i = v128.load(z3, 16);
  const s02r = add(a0r, a2r), s02i = add(a0i, a2i), d02r = sub(a0r, a2r), d02i = sub(a0i, a2i);
  const s13r = add(a1r, a3r), s13i = add(a1i, a3i), d13r = sub(a1r, a3r), d13i = sub(a1i, a3i);
  v128.store(z, add(s02r, s13r));
  v128.store(z, add(s02i, s13i), 16);
  storeProduct(z1, add(d02r, d13i), sub(d02i, d13r), w1r, w1i);
  storeProduct(z2, sub(s02r, s13r), sub(s02i, s13i), w2r, w2i);
  storeProduct(z3, sub(d02r, d13i), add(d02i, d13r), w3r, w3i);
}

/** Stores the complex product x·w. */
// @ts-ignore: decorator
@inline
export function storeProduct(to: usize, xr: v128, xi: v128, wr: v128, wi: v128): void {
  v128.store(to, sub(mul(xr, wr), mul(xi, wi)));
  v128.store(to, add(mul(xr, wi), mul(xi, wr)), 16);
}

/** One pass over every block of 4·quarter points. */
function radix4Pass(z: usize, end: usize, quarter: usize, twiddles: usize): void {
  const stride = quarter * COMPLEX, block = stride * 4;
  const lastTwiddle = twiddles + quarter * TWIDDLE;
  for (; twiddles < lastTwiddle; twiddles += TWIDDLE, z += COMPLEX) {
    const w1r = v128.load32_splat(twiddles), w1i = v128.load32_splat(twiddles, 4);
    const w2r = v128.load32_splat(twiddles, 8), w2i = v128.load32_splat(twiddles, 12);
    const w3r = v128.load32_splat(twiddles, 16), w3i = v128.load32_splat(twiddles, 20);
    for (let at = z; at < end; at += block) butterfly(at, stride, w1r, w1i, w2r, w2i, w3r, w3i);
  }
}

/** The pass over blocks of four points, whose twiddles are all 1. */
function lastRadix4Pass(z: usize, end: usize): void {
  for (; z < end; z += 4 * COMPLEX) {
    const a0r = v128.load(z), a0i = v128.load(z, 16), a1r = v128.load(z, 32), a1i = v128.load(z, 48);
    const a2r = v128.load(z, 64), a2i = v128.load(z, 80), a3r = v128.load(z, 96), a3i = v128.load(z, 112);
    const s02r = add(a0r, a2r), s02i = add(a0i, a2i), d02r = sub(a0r, a2r), d02i = sub(a0i, a2i);
    const s13r = add(a1r, a3r), s13i = add(a1i, a3i), d13r = sub(a1r, a3r), d13i = sub(a1i, a3i);
    v128.store(z, add(s02r, s13r));
    v128.store(z, add(s02i, s13i), 16);
    v128.store(z, add(d02r, d13i), 32);
    v128.store(z, sub(d02i, d13r), 48);
    v128.store(z, sub(s02r, s13r), 64);
    v128.store(z, sub(s02i, s13i), 80);
    v128.store(z, sub(d02r, d13i), 96);
    v128.store(z, add(d02i, d13r), 112);
  }
}

/** The pass over blocks of two points. */
function lastRadix2Pass(z: usize, end: usize): void {
  for (; z < end; z += 2 * COMPLEX) {
    const ar = v128.load(z), ai = v128.load(z, 16), br = v128.load(z, 32), bi = v128.load(z, 48);
    v128.store(z, add(ar, br));
    v128.store(z, add(ai, bi), 16);
    v128.store(z, sub(ar, br), 32);
    v128.store(z, sub(ai, bi), 48);
  }
}

/** Stores 4·|X[k]|² of the real signal, a vector for each k of 0…points. */
export function splitPower(fft: Fft, z: usize, power: usize): void {
  const points = fft.points, half = points / 2;
  let a = v128.load(z), b = v128.load(z, 16);
  const two = f32x4.splat(2);
  let sum = mul(two, add(a, b)), difference = mul(two, sub(a, b));
  v128.store(power, mul(sum, sum));
  v128.store(power + points * VECTOR, mul(difference, difference));

  let low = fft.positions + 4, high = fft.positions + (points - 1) * 4, w = fft.split + 8;
  let lowPower = power + VECTOR, highPower = power + (points - 1) * VECTOR;
  for (const end = fft.positions + half * 4; low < end; low += 4, high -= 4, w += 8) {
    const zl = z + load<u32>(low), zh = z + load<u32>(high);
    const ar = v128.load(zl), ai = v128.load(zl, 16), br = v128.load(zh), bi = v128.load(zh, 16);
    const er = add(ar, br), ei = sub(ai, bi), or = add(ai, bi), oi = sub(br, ar);
    const wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
    const tr = sub(mul(wr, or), mul(wi, oi)), ti = add(mul(wr, oi), mul(wi, or));
    const lr = add(er, tr), li = add(ei, ti), hr = sub(er, tr), hi = sub(ei, ti);
    v128.store(lowPower, mulAdd(lr, lr, mul(li, li)));
    v128.store(highPower, mulAdd(hr, hr, mul(hi, hi)));
    lowPower += VECTOR;
    highPower -= VECTOR;
  }
  const middle = z + load<u32>(fft.positions + half * 4);
  a = mul(two, v128.load(middle));
  b = mul(two, v128.load(middle, 16));
  v128.store(power + half * VECTOR, mulAdd(a, a, mul(b, b)));
}

/** Stores 2·X[k] of the real signal, a complex number for each k of 0…points. */
export function splitSpectrum(fft: Fft, z: usize, spectrum: usize): void {
  const points = fft.points, half = points / 2;
  const a = v128.load(z), b = v128.load(z, 16), two = f32x4.splat(2), zero = f32x4.splat(0);
  storeComplex(spectrum, mul(two, add(a, b)), zero);
  storeComplex(spectrum + points * COMPLEX, mul(two, sub(a, b)), zero);
  for (let k: usize = 1; k < half; k++) {
    const zl = z + load<u32>(fft.positions + k * 4), zh = z + load<u32>(fft.positions + (points - k) * 4);
    const ar = v128.load(zl), ai = v128.load(zl, 16), br = v128.load(zh), bi = v128.load(zh, 16);
    const er = add(ar, br), ei = sub(ai, bi), or = add(ai, bi), oi = sub(br, ar);
    const w = fft.split + k * 8, wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
    const tr = sub(mul(wr, or), mul(wi, oi)), ti = add(mul(wr, oi), mul(wi, or));
    storeComplex(spectrum + k * COMPLEX, add(er, tr), add(ei, ti));
    storeComplex(spectrum + (points - k) * COMPLEX, sub(er, tr), sub(ti, ei));
  }
  const middle = z + load<u32>(fft.positions + half * 4);
  storeComplex(
    spectrum + half * COMPLEX,
    mul(two, v128.load(middle)),
    mul(f32x4.splat(-2), v128.load(middle, 16)),
  );
}

// @ts-ignore: decorator
@inline
function storeComplex(to: usize, re: v128, im: v128): void {
  v128.store(to, re);
  v128.store(to, im, 16);
}

/**
 * Inverse of `splitSpectrum` and `transform`, times 2·size: from a spectrum of 0…points (the
 * imaginary parts of its ends are ignored) to samples. `z` receives them in pairs, the later sample
 * of a pair first: samples 2n+1 and 2n are at z + positions[n].
 *
 * Real and imaginary parts are exchanged before and after a forward transform, which makes it one
 * that goes back: the passes are written once.
 */
export function inverse(fft: Fft, spectrum: usize, z: usize): void {
  const points = fft.points, half = points / 2, last = spectrum + points * COMPLEX;
  storeComplex(z, sub(v128.load(spectrum), v128.load(last)), add(v128.load(spectrum), v128.load(last)));
  for (let k: usize = 1; k < half; k++) {
    const sl = spectrum + k * COMPLEX, sh = spectrum + (points - k) * COMPLEX;
    const ar = v128.load(sl), ai = v128.load(sl, 16), br = v128.load(sh), bi = v128.load(sh, 16);
    const er = add(ar, br), ei = sub(ai, bi), or = sub(ar, br), oi = add(ai, bi);
    const w = fft.split + k * 8, wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
    const tr = sub(mul(wi, or), mul(wr, oi)), ti = add(mul(wr, or), mul(wi, oi));
    storeComplex(z + k * COMPLEX, add(ei, ti), add(er, tr));
    storeComplex(z + (points - k) * COMPLEX, sub(ti, ei), sub(er, tr));
  }
  const middle = spectrum + half * COMPLEX;
  storeComplex(
    z + half * COMPLEX,
    mul(f32x4.splat(-2), v128.load(middle, 16)),
    mul(f32x4.splat(2), v128.load(middle)),
  );
  transform(fft, z);
}

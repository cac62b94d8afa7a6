/**
 * The Fourier transform of real signals, four at once: `size` samples are taken as size/2 complex ones
 * (even samples real, odd ones imaginary), transformed, and split (Sorensen et al. 1987).
 */
import { add, COMPLEX, mul, mulAdd, sub, VECTOR } from "./simd";
import { Fft, lastPass, storeComplex, transform } from "./fft";

/**
 * The last pass and the split in one: stores 4·|X[k]|² of the real signal, a vector for each k of
 * 0…points, from what `middlePasses` left at `z`.
 *
 * Four neighbours at positions[k] become frequencies k + j·points/4 for j = 0…3, and frequency n is
 * split together with points − n: so the neighbours of k and of points/4 − k are worked on together.
 */
export function lastPassToPower(fft: Fft, z: usize, power: usize): void {
  selfPairedPower(fft, z, power);
  const quarter = fft.points / 4, step = quarter * VECTOR, wStep = quarter * 8;
  let positionUp = fft.positions + 4, positionDown = fft.positions + (quarter - 1) * 4;
  let up = power + VECTOR, down = power + step - VECTOR; // k and quarter − k
  let wUp = fft.split + 8, wDown = fft.split + wStep - 8;
  for (; positionUp < positionDown; positionUp += 4, positionDown -= 4) {
    let from = z + load<u32>(positionUp);
    let p0r = v128.load(from), p0i = v128.load(from, 16), p1r = v128.load(from, 32), p1i = v128.load(from, 48);
    let p2r = v128.load(from, 64), p2i = v128.load(from, 80), p3r = v128.load(from, 96), p3i = v128.load(from, 112);
    let s02r = add(p0r, p2r), s02i = add(p0i, p2i), d02r = sub(p0r, p2r), d02i = sub(p0i, p2i);
    let s13r = add(p1r, p3r), s13i = add(p1i, p3i), d13r = sub(p1r, p3r), d13i = sub(p1i, p3i);
    const a0r = add(s02r, s13r), a0i = add(s02i, s13i), a1r = add(d02r, d13i), a1i = sub(d02i, d13r);
    const a2r = sub(s02r, s13r), a2i = sub(s02i, s13i), a3r = sub(d02r, d13i), a3i = add(d02i, d13r);

    from = z + load<u32>(positionDown);
    p0r = v128.load(from), p0i = v128.load(from, 16), p1r = v128.load(from, 32), p1i = v128.load(from, 48);
    p2r = v128.load(from, 64), p2i = v128.load(from, 80), p3r = v128.load(from, 96), p3i = v128.load(from, 112);
    s02r = add(p0r, p2r), s02i = add(p0i, p2i), d02r = sub(p0r, p2r), d02i = sub(p0i, p2i);
    s13r = add(p1r, p3r), s13i = add(p1i, p3i), d13r = sub(p1r, p3r), d13i = sub(p1i, p3i);
    pairPower(wUp, a0r, a0i, sub(d02r, d13i), add(d02i, d13r), up, down + 3 * step);
    pairPower(wUp + wStep, a1r, a1i, sub(s02r, s13r), sub(s02i, s13i), up + step, down + 2 * step);
    pairPower(wDown + wStep, add(d02r, d13i), sub(d02i, d13r), a2r, a2i, down + step, up + 2 * step);
    pairPower(wDown, add(s02r, s13r), add(s02i, s13i), a3r, a3i, down, up + 3 * step);
    up += VECTOR;
    down -= VECTOR;
    wUp += 8;
    wDown -= 8;
  }
}

/** The part of `lastPassToPower` for k of 0 and points/8, whose neighbours pair among themselves. */
function selfPairedPower(fft: Fft, z: usize, power: usize): void {
  const points = fft.points, eighth = points / 8, middle = z + load<u32>(fft.positions + eighth * 4);
  lastPass(z, z + 4 * COMPLEX);
  lastPass(middle, middle + 4 * COMPLEX);
  const two = f32x4.splat(2), re = v128.load(z), im = v128.load(z, 16);
  const sum = mul(two, add(re, im)), difference = mul(two, sub(re, im));
  v128.store(power, mul(sum, sum));
  v128.store(power + points * VECTOR, mul(difference, difference));
  const halfRe = mul(two, v128.load(z, 64)), halfIm = mul(two, v128.load(z, 80));
  v128.store(power + points / 2 * VECTOR, mulAdd(halfRe, halfRe, mul(halfIm, halfIm)));
  const at = power + eighth * VECTOR, step = eighth * VECTOR, w = fft.split + eighth * 8, wStep = eighth * 8;
  pairPower(
    w, v128.load(middle), v128.load(middle, 16), v128.load(middle, 96), v128.load(middle, 112),
    at, at + 6 * step,
  );
  pairPower(
    w + wStep, v128.load(z, 32), v128.load(z, 48), v128.load(z, 96), v128.load(z, 112),
    at + step, at + 5 * step,
  );
  pairPower(
    w + 2 * wStep, v128.load(middle, 32), v128.load(middle, 48), v128.load(middle, 64), v128.load(middle, 80),
    at + 2 * step, at + 4 * step,
  );
}

/** Splits Z[k] = a and Z[points − k] = b by W[k] at `w`; stores 4·|X[k]|² and 4·|X[points − k]|². */
// @ts-ignore: decorator
@inline
function pairPower(w: usize, ar: v128, ai: v128, br: v128, bi: v128, toLow: usize, toHigh: usize): void {
  const wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
  const er = add(ar, br), ei = sub(ai, bi), or = add(ai, bi), oi = sub(br, ar);
  const tr = sub(mul(wr, or), mul(wi, oi)), ti = mulAdd(wr, oi, mul(wi, or));
  const lr = add(er, tr), li = add(ei, ti), hr = sub(er, tr), hi = sub(ei, ti);
  v128.store(toLow, mulAdd(lr, lr, mul(li, li)));
  v128.store(toHigh, mulAdd(hr, hr, mul(hi, hi)));
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

/**
 * The Fourier transform of real signals, four at once: `size` samples are taken as size/2 complex ones
 * (even samples real, odd ones imaginary), transformed, and split (Sorensen et al. 1987).
 *
 * The split pairs frequency n with points − n, and a pass by fours works on k + j·points/4 for j = 0…3:
 * the fours of k and of points/4 − k pair among themselves. So both are worked on together, and the
 * pass that is next to the split is one sweep with it.
 */
import { add, COMPLEX, mul, mulAdd, sub, VECTOR } from "./simd";
import {
  Fft, firstPass, lastPass, middlePasses, plainButterfly, storeComplex, storeTwiddled, TWIDDLES4,
} from "./fft";

/** Stores 2·X[k] of `size` vectors of samples at `z`, a complex number for each k of 0…points. */
export function transformReal(fft: Fft, z: usize, spectrum: usize): void {
  firstPass(fft, z);
  middlePasses(fft, z);
  lastPassToSpectrum(fft, z, spectrum);
}

/** The last pass and the split: stores 2·X[k], a complex number for each k, from what `middlePasses` left. */
export function lastPassToSpectrum(fft: Fft, z: usize, spectrum: usize): void {
  lastPassAndSplit(fft, z, spectrum, COMPLEX);
}

/** The same, but stores 4·|X[k]|², a vector for each k. */
export function lastPassToPower(fft: Fft, z: usize, power: usize): void {
  lastPassAndSplit(fft, z, power, VECTOR);
}

/** @param bytes Of one frequency: COMPLEX for a spectrum, VECTOR for a power spectrum. */
// @ts-ignore: decorator
@inline
function lastPassAndSplit(fft: Fft, z: usize, out: usize, bytes: usize): void {
  splitSelfPaired(fft, z, out, bytes);
  const quarter = fft.points / 4, step = quarter * bytes, wStep = quarter * 8;
  let positionUp = fft.positions + 4, positionDown = fft.positions + (quarter - 1) * 4;
  let up = out + bytes, down = out + step - bytes; // k and quarter − k
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
    splitPair(wUp, a0r, a0i, sub(d02r, d13i), add(d02i, d13r), up, down + 3 * step, bytes);
    splitPair(wUp + wStep, a1r, a1i, sub(s02r, s13r), sub(s02i, s13i), up + step, down + 2 * step, bytes);
    splitPair(wDown + wStep, add(d02r, d13i), sub(d02i, d13r), a2r, a2i, down + step, up + 2 * step, bytes);
    splitPair(wDown, add(s02r, s13r), add(s02i, s13i), a3r, a3i, down, up + 3 * step, bytes);
    up += bytes;
    down -= bytes;
    wUp += 8;
    wDown -= 8;
  }
}

/** The part of `lastPassAndSplit` for k of 0 and points/8, whose neighbours pair among themselves. */
// @ts-ignore: decorator
@inline
function splitSelfPaired(fft: Fft, z: usize, out: usize, bytes: usize): void {
  const points = fft.points, eighth = points / 8, middle = z + load<u32>(fft.positions + eighth * 4);
  lastPass(z, z + 4 * COMPLEX);
  lastPass(middle, middle + 4 * COMPLEX);
  const two = f32x4.splat(2), zero = f32x4.splat(0), re = v128.load(z), im = v128.load(z, 16);
  storeSplit(out, mul(two, add(re, im)), zero, bytes);
  storeSplit(out + points * bytes, mul(two, sub(re, im)), zero, bytes);
  const halfRe = mul(two, v128.load(z, 64)), halfIm = mul(f32x4.splat(-2), v128.load(z, 80));
  storeSplit(out + points / 2 * bytes, halfRe, halfIm, bytes);
  const step = eighth * bytes, at = out + step, w = fft.split + eighth * 8, wStep = eighth * 8;
  splitPair(
    w, v128.load(middle), v128.load(middle, 16), v128.load(middle, 96), v128.load(middle, 112),
    at, at + 6 * step, bytes,
  );
  splitPair(
    w + wStep, v128.load(z, 32), v128.load(z, 48), v128.load(z, 96), v128.load(z, 112),
    at + step, at + 5 * step, bytes,
  );
  splitPair(
    w + 2 * wStep, v128.load(middle, 32), v128.load(middle, 48), v128.load(middle, 64), v128.load(middle, 80),
    at + 2 * step, at + 4 * step, bytes,
  );
}

/** Splits Z[k] = a and Z[points − k] = b by W[k] at `w` and stores what frequencies k and points − k are. */
// @ts-ignore: decorator
@inline
function splitPair(
  w: usize, ar: v128, ai: v128, br: v128, bi: v128, toLow: usize, toHigh: usize, bytes: usize,
): void {
  const wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
  const er = add(ar, br), ei = sub(ai, bi), or = add(ai, bi), oi = sub(br, ar);
  const tr = sub(mul(wr, or), mul(wi, oi)), ti = mulAdd(wr, oi, mul(wi, or));
  storeSplit(toLow, add(er, tr), add(ei, ti), bytes);
  storeSplit(toHigh, sub(er, tr), sub(ti, ei), bytes);
}

// @ts-ignore: decorator
@inline
function storeSplit(to: usize, re: v128, im: v128, bytes: usize): void {
  if (bytes == COMPLEX) storeComplex(to, re, im);
  else v128.store(to, mulAdd(re, re, mul(im, im)));
}

/**
 * Inverse of `transformReal`, times 2·size, but for the last pass: from a spectrum of 0…points (the
 * imaginary parts of its ends are ignored). A plain butterfly of the four neighbours at positions[n]
 * makes of them samples 2n + j·size/4 for j = 0…3 (imaginary parts) and the samples that follow them
 * (real parts).
 *
 * Real and imaginary parts are exchanged before and after a forward transform, which makes it one
 * that goes back: the passes are written once.
 */
export function inverseButLastPass(fft: Fft, spectrum: usize, z: usize): void {
  mergeSelfPaired(fft, spectrum, z);
  const quarter = fft.points / 4, stride = quarter * COMPLEX, wStep = quarter * 8;
  let up = spectrum + COMPLEX, down = spectrum + stride - COMPLEX; // k and quarter − k
  let zUp = z + COMPLEX, zDown = z + stride - COMPLEX;
  let wUp = fft.split + 8, wDown = fft.split + wStep - 8;
  let twiddlesUp = fft.twiddles + TWIDDLES4, twiddlesDown = fft.twiddles + (quarter - 1) * TWIDDLES4;
  while (up < down) {
    // Spectrum a at frequency k and b at points − k; a's place in `z` gets (a1, a2), b's (b1, b2).
    const up1 = up + stride, up2 = up1 + stride, up3 = up2 + stride;
    const down1 = down + stride, down2 = down1 + stride, down3 = down2 + stride;
    let ar = v128.load(up), ai = v128.load(up, 16), br = v128.load(down3), bi = v128.load(down3, 16);
    let er = add(ar, br), ei = sub(ai, bi), or = sub(ar, br), oi = add(ai, bi);
    let wr = v128.load32_splat(wUp), wi = v128.load32_splat(wUp, 4);
    let tr = sub(mul(wi, or), mul(wr, oi)), ti = mulAdd(wr, or, mul(wi, oi));
    const u0r = add(ei, ti), u0i = add(er, tr), d3r = sub(ti, ei), d3i = sub(er, tr);

    ar = v128.load(up1), ai = v128.load(up1, 16), br = v128.load(down2), bi = v128.load(down2, 16);
    er = add(ar, br), ei = sub(ai, bi), or = sub(ar, br), oi = add(ai, bi);
    wr = v128.load32_splat(wUp + wStep), wi = v128.load32_splat(wUp + wStep, 4);
    tr = sub(mul(wi, or), mul(wr, oi)), ti = mulAdd(wr, or, mul(wi, oi));
    const u1r = add(ei, ti), u1i = add(er, tr), d2r = sub(ti, ei), d2i = sub(er, tr);

    ar = v128.load(down1), ai = v128.load(down1, 16), br = v128.load(up2), bi = v128.load(up2, 16);
    er = add(ar, br), ei = sub(ai, bi), or = sub(ar, br), oi = add(ai, bi);
    wr = v128.load32_splat(wDown + wStep), wi = v128.load32_splat(wDown + wStep, 4);
    tr = sub(mul(wi, or), mul(wr, oi)), ti = mulAdd(wr, or, mul(wi, oi));
    const d1r = add(ei, ti), d1i = add(er, tr), u2r = sub(ti, ei), u2i = sub(er, tr);

    ar = v128.load(down), ai = v128.load(down, 16), br = v128.load(up3), bi = v128.load(up3, 16);
    er = add(ar, br), ei = sub(ai, bi), or = sub(ar, br), oi = add(ai, bi);
    wr = v128.load32_splat(wDown), wi = v128.load32_splat(wDown, 4);
    tr = sub(mul(wi, or), mul(wr, oi)), ti = mulAdd(wr, or, mul(wi, oi));
    const d0r = add(ei, ti), d0i = add(er, tr), u3r = sub(ti, ei), u3i = sub(er, tr);

    storeTwiddled(zUp, stride, twiddlesUp, u0r, u0i, u1r, u1i, u2r, u2i, u3r, u3i);
    storeTwiddled(zDown, stride, twiddlesDown, d0r, d0i, d1r, d1i, d2r, d2i, d3r, d3i);
    up += COMPLEX, zUp += COMPLEX, wUp += 8, twiddlesUp += TWIDDLES4;
    down -= COMPLEX, zDown -= COMPLEX, wDown -= 8, twiddlesDown -= TWIDDLES4;
  }
  middlePasses(fft, z);
}

/** The part of `inverseButLastPass` for k of 0 and points/8, whose fours pair among themselves. */
function mergeSelfPaired(fft: Fft, spectrum: usize, z: usize): void {
  const points = fft.points, eighth = points / 8, step = eighth * COMPLEX, stride = 2 * step;
  const re = v128.load(spectrum), lastRe = v128.load(spectrum + 4 * stride);
  storeComplex(z, sub(re, lastRe), add(re, lastRe));
  for (let k: usize = 1; k < 4; k++) {
    mergePair(fft.split + k * eighth * 8, spectrum + k * step, spectrum + (8 - k) * step, z + k * step, z + (8 - k) * step);
  }
  const middle = spectrum + 2 * stride;
  storeComplex(
    z + 2 * stride,
    mul(f32x4.splat(-2), v128.load(middle, 16)),
    mul(f32x4.splat(2), v128.load(middle)),
  );
  plainButterfly(z, stride);
  const odd = z + step;
  storeTwiddled(
    odd, stride, fft.twiddles + eighth * TWIDDLES4,
    v128.load(odd), v128.load(odd, 16), v128.load(odd + stride), v128.load(odd + stride, 16),
    v128.load(odd + 2 * stride), v128.load(odd + 2 * stride, 16),
    v128.load(odd + 3 * stride), v128.load(odd + 3 * stride, 16),
  );
}

/** Makes of frequencies k and points − k, at `low` and `high`, what the transform takes at these places. */
function mergePair(w: usize, low: usize, high: usize, toLow: usize, toHigh: usize): void {
  const ar = v128.load(low), ai = v128.load(low, 16), br = v128.load(high), bi = v128.load(high, 16);
  const er = add(ar, br), ei = sub(ai, bi), or = sub(ar, br), oi = add(ai, bi);
  const wr = v128.load32_splat(w), wi = v128.load32_splat(w, 4);
  const tr = sub(mul(wi, or), mul(wr, oi)), ti = mulAdd(wr, or, mul(wi, oi));
  storeComplex(toLow, add(ei, ti), add(er, tr));
  storeComplex(toHigh, sub(ti, ei), sub(er, tr));
}

/**
 * Convolution through the FFT: overlap-save, four neighbouring blocks in the four lanes. The kernel is cut
 * into four parts of a block each, so that blocks of a quarter of its length suffice: block j of the
 * result is the sum of part p with block j − p for p = 0…3.
 */
import { add, COMPLEX, interleave, isZero, mul, mulAdd, sub, VECTOR } from "./simd";
import { Fft, middlePasses } from "./fft";
import { inverseButLastPass, lastPassToSpectrum, transformReal } from "./real_fft";
import { firstPassOfRuns, silenceInaudibles } from "./runs";

/**
 * Bytes from one block of samples to the next: more than it is long, as blocks that are a power of two
 * apart share the same few places of the first-level cache.
 */
export function blockBytes(fft: Fft): usize {
  return fft.size * 2 + 64;
}

/** Bytes of a spectrum of four signals: size/2 + 1 complex vectors. */
// @ts-ignore: decorator
@inline
function spectrumBytes(fft: Fft): usize {
  return (fft.points + 1) * COMPLEX;
}

/** Bytes of working memory for `convolve`: a transform, and the spectra of the parts and of eight blocks. */
export function convolveWorkBytes(fft: Fft): usize {
  return fft.size * VECTOR + 3 * spectrumBytes(fft);
}

/**
 * Convolves and mixes: the result is `dry` times the signal and `wet` times its convolution.
 *
 * @param fft Of two blocks' samples.
 * @param kernel Four blocks of f32 samples, those behind the kernel's last being 0.
 * @param signal A block of zeros, then four blocks for each group, f32, `blockBytes` apart; inaudible samples
 *   become zero, and in the end the result's groups are in the place of the first blocks.
 */
export function convolve(
  fft: Fft, kernel: usize, signal: usize, groups: usize, dry: f32, wet: f32, work: usize,
): void {
  const step = blockBytes(fft), z = work, bytes = spectrumBytes(fft);
  const parts = z + fft.size * VECTOR;
  let earlier = parts + bytes, now = earlier + bytes;
  silenceInaudibles(signal, (4 * groups + 1) * step);
  const partBytes = fft.points * 4, hasFourth = !isZero(kernel + 3 * partBytes, partBytes);
  transformKernel(fft, kernel, wet, z, parts);
  memory.fill(earlier, 0, bytes);
  let wasSilent = true;
  for (let group: usize = 0; group < groups; group++, signal += 4 * step) {
    const isSilent = isZero(signal, 5 * step);
    if (isSilent) {
      memory.fill(now, 0, bytes);
    } else {
      firstPassOfRuns(fft, signal, step, z);
      middlePasses(fft, z);
      lastPassToSpectrum(fft, z, now);
    }
    if (isSilent && wasSilent) {
      memory.fill(signal, 0, 4 * step);
    } else {
      if (hasFourth) sumFourParts(parts, now, earlier, bytes);
      else sumThreeParts(parts, now, earlier, bytes);
      inverseButLastPass(fft, earlier, z);
      lastPassToBlocks(fft, z, dry, signal, step);
    }
    const spent = earlier;
    earlier = now, now = spent;
    wasSilent = isSilent;
  }
}

/** The spectra of the kernel's four parts, a part in each lane, scaled for what follows. */
function transformKernel(fft: Fft, kernel: usize, gain: f32, z: usize, parts: usize): void {
  const block = fft.points, step = block * 4;
  const scale = f32x4.splat(gain / (4 * <f32>fft.size)); // both spectra are doubled; the way back, size
  interleave(z, kernel, kernel + step, kernel + 2 * step, kernel + 3 * step, block);
  for (let at = z, end = z + block * VECTOR; at < end; at += VECTOR) {
    v128.store(at, mul(v128.load(at), scale));
  }
  memory.fill(z + block * VECTOR, 0, block * VECTOR);
  transformReal(fft, z, parts);
}

/**
 * Multiplies the spectra of four blocks and of the four before them by the kernel's parts and adds up what
 * each block gets; the sums replace those of the four before.
 */
function sumFourParts(parts: usize, now: usize, earlier: usize, bytes: usize): void {
  sumParts(parts, now, earlier, bytes, true);
}

/** The same for a kernel whose last part is 0. */
function sumThreeParts(parts: usize, now: usize, earlier: usize, bytes: usize): void {
  sumParts(parts, now, earlier, bytes, false);
}

// @ts-ignore: decorator
@inline
function sumParts(parts: usize, now: usize, earlier: usize, bytes: usize, hasFourth: bool): void {
  for (const end = now + bytes; now < end; now += COMPLEX, earlier += COMPLEX, parts += COMPLEX) {
    const x0r = v128.load(now), x0i = v128.load(now, 16), er = v128.load(earlier), ei = v128.load(earlier, 16);
    const x1r = i32x4.shuffle(er, x0r, 3, 4, 5, 6), x1i = i32x4.shuffle(ei, x0i, 3, 4, 5, 6);
    const x2r = i32x4.shuffle(er, x0r, 2, 3, 4, 5), x2i = i32x4.shuffle(ei, x0i, 2, 3, 4, 5);
    const h0r = v128.load32_splat(parts), h0i = v128.load32_splat(parts, 16);
    const h1r = v128.load32_splat(parts, 4), h1i = v128.load32_splat(parts, 20);
    const h2r = v128.load32_splat(parts, 8), h2i = v128.load32_splat(parts, 24);
    const re01 = add(sub(mul(x0r, h0r), mul(x0i, h0i)), sub(mul(x1r, h1r), mul(x1i, h1i)));
    let re23 = sub(mul(x2r, h2r), mul(x2i, h2i)), im23 = mulAdd(x2r, h2i, mul(x2i, h2r));
    const im01 = add(mulAdd(x0r, h0i, mul(x0i, h0r)), mulAdd(x1r, h1i, mul(x1i, h1r)));
    if (hasFourth) {
      const x3r = i32x4.shuffle(er, x0r, 1, 2, 3, 4), x3i = i32x4.shuffle(ei, x0i, 1, 2, 3, 4);
      const h3r = v128.load32_splat(parts, 12), h3i = v128.load32_splat(parts, 28);
      re23 = add(re23, sub(mul(x3r, h3r), mul(x3i, h3i)));
      im23 = add(im23, mulAdd(x3r, h3i, mul(x3i, h3r)));
    }
    v128.store(earlier, add(re01, re23));
    v128.store(earlier, add(im01, im23), 16);
  }
}

/**
 * The last pass on the second halves of four results, in which nothing wraps around: adds `dry` times the
 * four blocks behind `signal` and writes the sums one block before those.
 */
function lastPassToBlocks(fft: Fft, z: usize, dry: f32, signal: usize, step: usize): void {
  const quarterBytes = fft.size, gain = f32x4.splat(dry);
  let position = fft.positions;
  for (const end = signal + quarterBytes; signal < end; signal += VECTOR, position += 8) {
    // Four samples of each block's first half and four of its second.
    const even = z + load<u32>(position), odd = z + load<u32>(position, 4);
    let a0r = v128.load(even), a0i = v128.load(even, 16), a1r = v128.load(even, 32), a1i = v128.load(even, 48);
    let a2r = v128.load(even, 64), a2i = v128.load(even, 80), a3r = v128.load(even, 96), a3i = v128.load(even, 112);
    const p2r = sub(add(a0r, a2r), add(a1r, a3r)), p2i = sub(add(a0i, a2i), add(a1i, a3i));
    const p3r = sub(sub(a0r, a2r), sub(a1i, a3i)), p3i = add(sub(a0i, a2i), sub(a1r, a3r));
    a0r = v128.load(odd), a0i = v128.load(odd, 16), a1r = v128.load(odd, 32), a1i = v128.load(odd, 48);
    a2r = v128.load(odd, 64), a2i = v128.load(odd, 80), a3r = v128.load(odd, 96), a3i = v128.load(odd, 112);
    const q2r = sub(add(a0r, a2r), add(a1r, a3r)), q2i = sub(add(a0i, a2i), add(a1i, a3i));
    const q3r = sub(sub(a0r, a2r), sub(a1i, a3i)), q3i = add(sub(a0i, a2i), sub(a1r, a3r));
    storeMixed(signal, step, gain, p2i, p2r, q2i, q2r);
    storeMixed(signal + quarterBytes, step, gain, p3i, p3r, q3i, q3r);
  }
}

/** Four samples of four blocks, a block in each lane: each gets `gain` times what is a block behind it. */
// @ts-ignore: decorator
@inline
function storeMixed(to: usize, step: usize, gain: v128, a: v128, b: v128, c: v128, d: v128): void {
  const to1 = to + step, to2 = to1 + step, to3 = to2 + step, to4 = to3 + step;
  const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, mulAdd(gain, v128.load(to1), i64x2.shuffle(ab01, cd01, 0, 2)));
  v128.store(to1, mulAdd(gain, v128.load(to2), i64x2.shuffle(ab01, cd01, 1, 3)));
  v128.store(to2, mulAdd(gain, v128.load(to3), i64x2.shuffle(ab23, cd23, 0, 2)));
  v128.store(to3, mulAdd(gain, v128.load(to4), i64x2.shuffle(ab23, cd23, 1, 3)));
}

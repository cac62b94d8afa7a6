/**
 * Stretches time and keeps pitch with a phase vocoder, as librosa's `effects.time_stretch`: frames of
 * 2048 samples every 512, magnitudes interpolated between the two nearest frames, phases advanced
 * from frame to frame by what the input's phases advanced at that place.
 *
 * librosa unwraps angles and adds them up. Only their value modulo 2π matters, so unit phasors are
 * multiplied here instead: no arctangent, sine or cosine is left, and nothing grows with time.
 */
import { add, COMPLEX, interleave, mul, mulAdd, storeTransposed, sub, VECTOR } from "./simd";
import { Fft, lastPass } from "./fft";
import { inverse, splitSpectrum } from "./real_fft";
import { hann, initStft, Stft, stftBytes, transformFrames } from "./stft";

const SIZE: usize = 2048;
const HOP: usize = 512;
const BINS: usize = SIZE / 2 + 1;
/** Bytes of one f32 for each bin, rounded up to whole vectors. */
const PLANE: usize = (BINS + 3) / 4 * VECTOR;
/** A column of the input: magnitudes, then real and imaginary parts of unit phasors. */
const COLUMN: usize = 3 * PLANE;
/** Sum of the squared windows where four frames overlap. */
const FULL_OVERLAP: f64 = 1.5;
/** Columns of the input that are kept: the two in use and the four that were computed last. */
const RING: usize = 8;

/** What the vocoder needs; its tables lie behind it in memory. */
@unmanaged
export class Vocoder {
  stft: Stft;
  /** The window for putting frames back, scaled for `inverse` and full overlap (SIZE f32). */
  window: usize;
  /** The squared window (SIZE f32). */
  squaredWindow: usize;
}

/** Bytes that `initVocoder` fills. */
export function vocoderBytes(): usize {
  return 16 + stftBytes(SIZE) + SIZE * 8;
}

/** Fills `vocoderBytes()` bytes at `vocoder`; `fft` (of 2048 samples) must outlive it. */
export function initVocoder(vocoder: Vocoder, fft: Fft): void {
  vocoder.stft = changetype<Stft>(changetype<usize>(vocoder) + 16);
  initStft(vocoder.stft, fft);
  vocoder.window = changetype<usize>(vocoder.stft) + stftBytes(SIZE);
  vocoder.squaredWindow = vocoder.window + SIZE * 4;
  for (let n: usize = 0; n < SIZE; n++) {
    const w = hann(n, SIZE);
    store<f32>(vocoder.window + n * 4, <f32>(w / (FULL_OVERLAP * <f64>(2 * SIZE))));
    store<f32>(vocoder.squaredWindow + n * 4, <f32>(w * w));
  }
}

const TRANSFORM_BYTES: usize = SIZE * VECTOR;
/** All bins, rounded up to whole groups of four. */
const SPECTRUM_BYTES: usize = (BINS + 3) / 4 * 4 * COMPLEX;
/** An output frame: real parts of all bins, then imaginary parts. */
const RESULT: usize = 2 * PLANE;

/** Bytes of working memory for `stretch`. */
export function stretchWorkBytes(): usize {
  return TRANSFORM_BYTES + SPECTRUM_BYTES + RING * COLUMN + RESULT + 4 * RESULT;
}

/**
 * Stretches a padded signal, in which input frame t begins at sample t·512.
 *
 * @param columns Input frames that count; later ones are taken as silent.
 * @param signal (columns + 4)·512 + 2048 f32 samples.
 * @param rate Input frames for each output frame.
 * @param frames Output frames.
 * @param output Receives (frames − 1)·512 + 2048 samples, and zeros up to (frames + 3)·512 + 2048.
 */
export function stretch(
  vocoder: Vocoder, signal: usize, columns: usize, rate: f64, frames: usize, output: usize, work: usize,
): void {
  const z = work, spectrum = z + TRANSFORM_BYTES, ring = spectrum + SPECTRUM_BYTES;
  const phasors = ring + RING * COLUMN, results = phasors + RESULT;
  memory.fill(output, 0, ((frames + 3) * HOP + SIZE) * 4);
  let analysed: usize = 0;
  for (let t: usize = 0; t < frames; t++) {
    const place = <f64>t * rate, column = <usize>place;
    while (analysed <= column + 1) {
      analysed = max(analysed, column & ~3);
      analyse(vocoder, signal, analysed, columns, ring, z, spectrum);
      analysed += 4;
    }
    const from = ring + column % RING * COLUMN, to = ring + (column + 1) % RING * COLUMN;
    if (t == 0) memory.copy(phasors, from + PLANE, RESULT);
    const slot = t % 4;
    advance(from, to, <f32>(place - <f64>column), phasors, results + slot * RESULT);
    if (slot == 3 || t == frames - 1) {
      memory.fill(results + (slot + 1) * RESULT, 0, (3 - slot) * RESULT);
      overlapAdd(vocoder, results, z, spectrum, output + (t - slot) * HOP * 4);
    }
  }
  scaleEnds(vocoder, output, frames);
}

/** Fills four columns of the ring, from column `first` on. */
function analyse(
  vocoder: Vocoder, signal: usize, first: usize, columns: usize, ring: usize, z: usize, spectrum: usize,
): void {
  const x = signal + first * HOP * 4, lanes = spectrum; // not in use until the transform is done
  interleave(lanes, x, x + HOP * 4, x + 2 * HOP * 4, x + 3 * HOP * 4, SIZE);
  transformFrames(vocoder.stft, lanes, z);
  lastPass(z, z + TRANSFORM_BYTES);
  splitSpectrum(vocoder.stft.fft, z, spectrum);
  const column = ring + first % RING * COLUMN;
  for (let bin: usize = 0; bin < BINS; bin += 4) {
    const from = spectrum + bin * COMPLEX, to = column + bin * 4;
    const re0 = v128.load(from), im0 = v128.load(from, 16);
    const re1 = v128.load(from, 32), im1 = v128.load(from, 48);
    const re2 = v128.load(from, 64), im2 = v128.load(from, 80);
    const re3 = v128.load(from, 96), im3 = v128.load(from, 112);
    const m0 = magnitude(re0, im0), m1 = magnitude(re1, im1);
    const m2 = magnitude(re2, im2), m3 = magnitude(re3, im3);
    storeColumns(m0, m1, m2, m3, to);
    const i0 = inverseOf(m0), i1 = inverseOf(m1), i2 = inverseOf(m2), i3 = inverseOf(m3);
    storeColumns(cosine(re0, i0), cosine(re1, i1), cosine(re2, i2), cosine(re3, i3), to + PLANE);
    storeColumns(mul(im0, i0), mul(im1, i1), mul(im2, i2), mul(im3, i3), to + 2 * PLANE);
  }
  for (let i: usize = 0; i < 4; i++) {
    if (first + i >= columns) silence(column + i * COLUMN);
  }
}

// @ts-ignore: decorator
@inline
function magnitude(re: v128, im: v128): v128 {
  return f32x4.sqrt(mulAdd(re, re, mul(im, im)));
}

/** 1/magnitude, or 0 where that is 0. */
// @ts-ignore: decorator
@inline
function inverseOf(magnitude: v128): v128 {
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  return v128.and(f32x4.div(one, magnitude), f32x4.gt(magnitude, zero));
}

/** The real part of z/|z|: 1 where z is 0, whose angle counts as 0. */
// @ts-ignore: decorator
@inline
function cosine(re: v128, inverse: v128): v128 {
  const isZero = f32x4.eq(inverse, f32x4.splat(0));
  return v128.bitselect(f32x4.splat(1), mul(re, inverse), isZero);
}

/** Stores one bin group of four frames (frames in lanes, a vector a bin) to their four columns. */
// @ts-ignore: decorator
@inline
function storeColumns(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  storeTransposed(a, b, c, d, to, to + COLUMN, to + 2 * COLUMN, to + 3 * COLUMN);
}

function silence(column: usize): void {
  memory.fill(column, 0, COLUMN);
  for (let at = column + PLANE; at < column + 2 * PLANE; at += 4) store<f32>(at, 1);
}

/**
 * Writes one output frame between two columns, then turns the phasors by the angle from one to the
 * other. A step of Newton's method keeps their length at 1.
 */
function advance(from: usize, to: usize, fraction: f32, phasors: usize, result: usize): void {
  const near = f32x4.splat(1 - fraction), far = f32x4.splat(fraction);
  const half = f32x4.splat(0.5), threeHalves = f32x4.splat(1.5);
  for (let i: usize = 0; i < PLANE; i += VECTOR) {
    const re = v128.load(phasors + i), im = v128.load(phasors + i, PLANE);
    const size = mulAdd(near, v128.load(from + i), mul(far, v128.load(to + i)));
    v128.store(result + i, mul(size, re));
    v128.store(result + i, mul(size, im), PLANE);

    const ar = v128.load(from + i, PLANE), ai = v128.load(from + i, 2 * PLANE);
    const br = v128.load(to + i, PLANE), bi = v128.load(to + i, 2 * PLANE);
    const turnRe = mulAdd(br, ar, mul(bi, ai)), turnIm = sub(mul(bi, ar), mul(br, ai));
    const newRe = sub(mul(re, turnRe), mul(im, turnIm)), newIm = mulAdd(re, turnIm, mul(im, turnRe));
    const lengthSquared = mulAdd(newRe, newRe, mul(newIm, newIm));
    const correction = sub(threeHalves, mul(half, lengthSquared));
    v128.store(phasors + i, mul(newRe, correction));
    v128.store(phasors + i, mul(newIm, correction), PLANE);
  }
}

/** Turns four output frames back into samples, windows them and adds them to the output. */
function overlapAdd(vocoder: Vocoder, results: usize, z: usize, spectrum: usize, output: usize): void {
  for (let bin: usize = 0; bin < BINS; bin += 4) {
    const from = results + bin * 4, to = spectrum + bin * COMPLEX;
    storeTransposed(
      v128.load(from), v128.load(from, RESULT), v128.load(from, 2 * RESULT), v128.load(from, 3 * RESULT),
      to, to + COMPLEX, to + 2 * COMPLEX, to + 3 * COMPLEX,
    );
    storeTransposed(
      v128.load(from, PLANE), v128.load(from, RESULT + PLANE),
      v128.load(from, 2 * RESULT + PLANE), v128.load(from, 3 * RESULT + PLANE),
      to + 16, to + COMPLEX + 16, to + 2 * COMPLEX + 16, to + 3 * COMPLEX + 16,
    );
  }
  const fft = vocoder.stft.fft;
  inverse(fft, spectrum, z);
  for (let n: usize = 0, position = fft.positions; n < SIZE * 4; n += VECTOR, position += 8) {
    const first = z + load<u32>(position), second = z + load<u32>(position, 4);
    const a = v128.load(first, 16), b = v128.load(first), c = v128.load(second, 16), d = v128.load(second);
    const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    const window = v128.load(vocoder.window + n), to = output + n;
    addTo(to, mul(window, i64x2.shuffle(ab01, cd01, 0, 2)));
    addTo(to + HOP * 4, mul(window, i64x2.shuffle(ab01, cd01, 1, 3)));
    addTo(to + 2 * HOP * 4, mul(window, i64x2.shuffle(ab23, cd23, 0, 2)));
    addTo(to + 3 * HOP * 4, mul(window, i64x2.shuffle(ab23, cd23, 1, 3)));
  }
}

// @ts-ignore: decorator
@inline
function addTo(to: usize, value: v128): void {
  v128.store(to, add(v128.load(to), value));
}

/** Scales the ends, where fewer than four frames overlap, to the level of the rest. */
function scaleEnds(vocoder: Vocoder, output: usize, frames: usize): void {
  const overlap = SIZE / HOP, full = f32x4.splat(<f32>FULL_OVERLAP);
  for (let block: usize = 0; block < frames + overlap - 1; block++) {
    if (block >= overlap - 1 && block < frames) continue;
    const firstFrame = max(block + 1, overlap) - overlap, lastFrame = min(block, frames - 1);
    for (let i: usize = 0; i < HOP * 4; i += VECTOR) {
      let sum = f32x4.splat(0);
      for (let frame = firstFrame; frame <= lastFrame; frame++) {
        sum = add(sum, v128.load(vocoder.squaredWindow + (block - frame) * HOP * 4 + i));
      }
      const at = output + block * HOP * 4 + i, value = v128.load(at);
      const covered = f32x4.gt(sum, f32x4.splat(f32.MIN_NORMAL_VALUE));
      v128.store(at, v128.bitselect(mul(value, f32x4.div(full, sum)), value, covered));
    }
  }
}

/**
 * Stretches time and keeps pitch with a phase vocoder, as librosa's `effects.time_stretch`: frames of
 * 2048 samples every 512, magnitudes interpolated between the two nearest frames, phases advanced
 * from frame to frame by what the input's phases advanced at that place.
 *
 * librosa unwraps angles and adds them up. Only their value modulo 2π matters, so unit phasors are
 * multiplied here instead: no arctangent, sine or cosine is left, and nothing grows with time.
 */
import { add, COMPLEX, mul, mulAdd, storeTransposed, sub, VECTOR } from "./simd";
import { middlePasses } from "./fft";
import { inverseButLastPass, lastPassToSpectrum } from "./real_fft";
import { firstPassOfWindowedRuns, silenceInaudibles } from "./runs";
import { FULL_OVERLAP, HOP, HOP_BYTES, SIZE, Vocoder } from "./vocoder_tables";

const BINS: usize = SIZE / 2 + 1;
/** Bytes of one f32 for each bin, rounded up to whole vectors. */
const PLANE: usize = (BINS + 3) / 4 * VECTOR;
/** A column of the input: magnitudes, then real and imaginary parts of unit phasors. */
const COLUMN: usize = 3 * PLANE;
/** In memory, as loading a constant into all lanes is one instruction and making it there is more. */
const CONSTANTS = memory.data<f32>([1, 0.5, 1.5]);

const TRANSFORM_BYTES: usize = SIZE * VECTOR;
/** All bins, rounded up to whole groups of four. */
const SPECTRUM_BYTES: usize = (BINS + 3) / 4 * 4 * COMPLEX;

/**
 * Columns of the input that are kept, a multiple of 4: all that four output frames need, in the fours in
 * which they are computed.
 */
function ringColumns(rate: f64): usize {
  return (<usize>(3 * rate) + 9) & ~3;
}

/** Bytes of working memory for `stretch`. */
export function stretchWorkBytes(rate: f64): usize {
  return TRANSFORM_BYTES + SPECTRUM_BYTES + 2 * PLANE + ringColumns(rate) * COLUMN;
}

/**
 * Stretches a padded signal, in which input frame t begins at sample t·512.
 *
 * @param columns Input frames that count; later ones are taken as silent.
 * @param signal (columns + 4)·512 + 2048 f32 samples; inaudible ones become zero.
 * @param rate Input frames for each output frame.
 * @param frames Output frames that there are; only the first `wanted` are computed.
 * @param output Receives (wanted + 3)·512 samples, of which those from wanted·512 on lack what later
 *   frames add to them; room for 2048 more.
 */
export function stretch(
  vocoder: Vocoder, signal: usize, columns: usize, rate: f64, frames: usize, wanted: usize,
  output: usize, work: usize,
): void {
  const z = work, spectrum = z + TRANSFORM_BYTES, phasors = spectrum + SPECTRUM_BYTES;
  const ring = phasors + 2 * PLANE, ringSize = ringColumns(rate);
  const signalBytes = ((columns + 4) * HOP + SIZE) * 4;
  silenceInaudibles(signal, signalBytes);
  columns = min(columns, soundingColumns(signal, signalBytes));
  memory.fill(output, 0, 3 * HOP_BYTES);
  fillPhasors(phasors);
  let analysed: usize = 0, t: usize = 0;
  for (; t < wanted && <usize>(<f64>t * rate) < columns; t += 4) {
    for (let slot: usize = 0; slot < 4; slot++) {
      const column = <usize>(<f64>(t + slot) * rate);
      while (analysed <= column + 1) {
        analysed = max(analysed, column & ~3);
        analyse(vocoder, signal, analysed, columns, ring + analysed % ringSize * COLUMN, z, spectrum);
        analysed += 4;
      }
    }
    if (t == 0) memory.copy(phasors, ring + PLANE, 2 * PLANE);
    advance(ring, ringSize, t, rate, frames, phasors, spectrum);
    overlapAdd(vocoder, spectrum, z, output + t * HOP_BYTES);
  }
  // What follows is silent: the last frames' ends are all that is there.
  const written = (t + 3) * HOP_BYTES, all = (wanted + 3) * HOP_BYTES;
  if (written < all) memory.fill(output + written, 0, all - written);
  scaleEnds(vocoder, output, frames, wanted + 3);
}

/** How many frames of the padded signal begin before its last sample that is not zero ends. */
function soundingColumns(signal: usize, bytes: usize): usize {
  let end = bytes;
  while (end > 0 && !v128.any_true(v128.load(signal + end - VECTOR))) end -= VECTOR;
  return (end + HOP_BYTES - 1) / HOP_BYTES;
}

/** Fills four columns, from number `first` on; those from number `columns` on are silent. */
function analyse(
  vocoder: Vocoder, signal: usize, first: usize, columns: usize, column: usize, z: usize, spectrum: usize,
): void {
  if (first >= columns) {
    for (let i: usize = 0; i < 4; i++) silence(column + i * COLUMN);
    return;
  }
  const fft = vocoder.fft;
  firstPassOfWindowedRuns(fft, signal + first * HOP_BYTES, vocoder.window, z);
  middlePasses(fft, z);
  lastPassToSpectrum(fft, z, spectrum);
  const one = v128.load32_splat(CONSTANTS);
  for (let from = spectrum, to = column, end = column + PLANE; to < end; to += VECTOR, from += 4 * COMPLEX) {
    let a = v128.load(from), b = v128.load(from, 32), c = v128.load(from, 64), d = v128.load(from, 96);
    let ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    let cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    const re0 = i64x2.shuffle(ab01, cd01, 0, 2), re1 = i64x2.shuffle(ab01, cd01, 1, 3);
    const re2 = i64x2.shuffle(ab23, cd23, 0, 2), re3 = i64x2.shuffle(ab23, cd23, 1, 3);
    a = v128.load(from, 16), b = v128.load(from, 48), c = v128.load(from, 80), d = v128.load(from, 112);
    ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    storePolar(to, re0, i64x2.shuffle(ab01, cd01, 0, 2), one);
    storePolar(to + COLUMN, re1, i64x2.shuffle(ab01, cd01, 1, 3), one);
    storePolar(to + 2 * COLUMN, re2, i64x2.shuffle(ab23, cd23, 0, 2), one);
    storePolar(to + 3 * COLUMN, re3, i64x2.shuffle(ab23, cd23, 1, 3), one);
  }
  for (let i: usize = 0; i < 4; i++) {
    if (first + i >= columns) silence(column + i * COLUMN);
  }
}

/** Stores magnitudes and unit phasors; where the magnitude is 0, the angle counts as 0. */
// @ts-ignore: decorator
@inline
function storePolar(to: usize, re: v128, im: v128, one: v128): void {
  const magnitude = f32x4.sqrt(mulAdd(re, re, mul(im, im))), isZero = f32x4.eq(magnitude, f32x4.splat(0));
  const inverse = v128.andnot(f32x4.div(one, magnitude), isZero);
  v128.store(to, magnitude);
  v128.store(to, v128.or(mul(re, inverse), v128.and(one, isZero)), PLANE);
  v128.store(to, mul(im, inverse), 2 * PLANE);
}

function silence(column: usize): void {
  memory.fill(column, 0, COLUMN);
  fillPhasors(column + PLANE);
}

/** Fills a plane of real parts with 1 and the plane of imaginary parts after it with 0. */
function fillPhasors(phasors: usize): void {
  for (const end = phasors + PLANE; phasors < end; phasors += VECTOR) {
    v128.store(phasors, f32x4.splat(1));
    v128.store(phasors, f32x4.splat(0), PLANE);
  }
}

/**
 * Writes four output frames (a frame in each lane, frames past the last one silent), each between two
 * columns; after each the phasors turn by the angle from the one column to the other. A step of
 * Newton's method after the four keeps their length at 1.
 */
function advance(
  ring: usize, ringSize: usize, t: usize, rate: f64, frames: usize, phasors: usize, spectrum: usize,
): void {
  const place0 = <f64>t * rate, place1 = <f64>(t + 1) * rate;
  const place2 = <f64>(t + 2) * rate, place3 = <f64>(t + 3) * rate;
  const column0 = <usize>place0, column1 = <usize>place1, column2 = <usize>place2, column3 = <usize>place3;
  let from0 = ring + column0 % ringSize * COLUMN, to0 = ring + (column0 + 1) % ringSize * COLUMN;
  let from1 = ring + column1 % ringSize * COLUMN, to1 = ring + (column1 + 1) % ringSize * COLUMN;
  let from2 = ring + column2 % ringSize * COLUMN, to2 = ring + (column2 + 1) % ringSize * COLUMN;
  let from3 = ring + column3 % ringSize * COLUMN, to3 = ring + (column3 + 1) % ringSize * COLUMN;
  const live1 = <f32>(t + 1 < frames), live2 = <f32>(t + 2 < frames), live3 = <f32>(t + 3 < frames);
  const far0 = f32x4.splat(<f32>(place0 - <f64>column0));
  const far1 = f32x4.splat(<f32>(place1 - <f64>column1) * live1);
  const far2 = f32x4.splat(<f32>(place2 - <f64>column2) * live2);
  const far3 = f32x4.splat(<f32>(place3 - <f64>column3) * live3);
  const near0 = sub(f32x4.splat(1), far0), near1 = sub(f32x4.splat(live1), far1);
  const near2 = sub(f32x4.splat(live2), far2), near3 = sub(f32x4.splat(live3), far3);
  const half = v128.load32_splat(CONSTANTS, 4), threeHalves = v128.load32_splat(CONSTANTS, 8);
  for (const end = phasors + PLANE; phasors < end; phasors += VECTOR, spectrum += 4 * COMPLEX) {
    let re = v128.load(phasors), im = v128.load(phasors, PLANE);
    let size = mulAdd(near0, v128.load(from0), mul(far0, v128.load(to0)));
    const re0 = mul(size, re), im0 = mul(size, im);
    let ar = v128.load(from0, PLANE), ai = v128.load(from0, 2 * PLANE);
    let br = v128.load(to0, PLANE), bi = v128.load(to0, 2 * PLANE);
    let turnRe = mulAdd(br, ar, mul(bi, ai)), turnIm = sub(mul(bi, ar), mul(br, ai));
    let newRe = sub(mul(re, turnRe), mul(im, turnIm)), newIm = mulAdd(re, turnIm, mul(im, turnRe));
    re = newRe, im = newIm;
    size = mulAdd(near1, v128.load(from1), mul(far1, v128.load(to1)));
    const re1 = mul(size, re), im1 = mul(size, im);
    ar = v128.load(from1, PLANE), ai = v128.load(from1, 2 * PLANE);
    br = v128.load(to1, PLANE), bi = v128.load(to1, 2 * PLANE);
    turnRe = mulAdd(br, ar, mul(bi, ai)), turnIm = sub(mul(bi, ar), mul(br, ai));
    newRe = sub(mul(re, turnRe), mul(im, turnIm)), newIm = mulAdd(re, turnIm, mul(im, turnRe));
    re = newRe, im = newIm;
    size = mulAdd(near2, v128.load(from2), mul(far2, v128.load(to2)));
    const re2 = mul(size, re), im2 = mul(size, im);
    ar = v128.load(from2, PLANE), ai = v128.load(from2, 2 * PLANE);
    br = v128.load(to2, PLANE), bi = v128.load(to2, 2 * PLANE);
    turnRe = mulAdd(br, ar, mul(bi, ai)), turnIm = sub(mul(bi, ar), mul(br, ai));
    newRe = sub(mul(re, turnRe), mul(im, turnIm)), newIm = mulAdd(re, turnIm, mul(im, turnRe));
    re = newRe, im = newIm;
    size = mulAdd(near3, v128.load(from3), mul(far3, v128.load(to3)));
    const re3 = mul(size, re), im3 = mul(size, im);
    ar = v128.load(from3, PLANE), ai = v128.load(from3, 2 * PLANE);
    br = v128.load(to3, PLANE), bi = v128.load(to3, 2 * PLANE);
    turnRe = mulAdd(br, ar, mul(bi, ai)), turnIm = sub(mul(bi, ar), mul(br, ai));
    newRe = sub(mul(re, turnRe), mul(im, turnIm)), newIm = mulAdd(re, turnIm, mul(im, turnRe));
    const correction = sub(threeHalves, mul(half, mulAdd(newRe, newRe, mul(newIm, newIm))));
    re = mul(newRe, correction), im = mul(newIm, correction);
    v128.store(phasors, re);
    v128.store(phasors, im, PLANE);
    storeTransposed(re0, re1, re2, re3, spectrum, spectrum + COMPLEX, spectrum + 2 * COMPLEX, spectrum + 3 * COMPLEX);
    storeTransposed(
      im0, im1, im2, im3,
      spectrum + 16, spectrum + COMPLEX + 16, spectrum + 2 * COMPLEX + 16, spectrum + 3 * COMPLEX + 16,
    );
    from0 += VECTOR, to0 += VECTOR, from1 += VECTOR, to1 += VECTOR;
    from2 += VECTOR, to2 += VECTOR, from3 += VECTOR, to3 += VECTOR;
  }
}

/** Turns four output frames back into samples, windows them and adds them to the output. */
function overlapAdd(vocoder: Vocoder, spectrum: usize, z: usize, output: usize): void {
  const fft = vocoder.fft;
  inverseButLastPass(fft, spectrum, z);
  let position = fft.positions, window = vocoder.scaledWindow;
  for (const end = output + HOP_BYTES; output < end; output += VECTOR, window += VECTOR, position += 8) {
    // Four samples of each frame in each quarter: the frames' quarters j add up in seven blocks.
    const even = z + load<u32>(position), odd = z + load<u32>(position, 4);
    let b0 = v128.load(output), b1 = v128.load(output, HOP_BYTES), b2 = v128.load(output, 2 * HOP_BYTES);
    let a0r = v128.load(even), a0i = v128.load(even, 16), a1r = v128.load(even, 32), a1i = v128.load(even, 48);
    let a2r = v128.load(even, 64), a2i = v128.load(even, 80), a3r = v128.load(even, 96), a3i = v128.load(even, 112);
    let s02r = add(a0r, a2r), s02i = add(a0i, a2i), d02r = sub(a0r, a2r), d02i = sub(a0i, a2i);
    let s13r = add(a1r, a3r), s13i = add(a1i, a3i), d13r = sub(a1r, a3r), d13i = sub(a1i, a3i);
    const p0r = add(s02r, s13r), p0i = add(s02i, s13i), p1r = add(d02r, d13i), p1i = sub(d02i, d13r);
    const p2r = sub(s02r, s13r), p2i = sub(s02i, s13i), p3r = sub(d02r, d13i), p3i = add(d02i, d13r);
    a0r = v128.load(odd), a0i = v128.load(odd, 16), a1r = v128.load(odd, 32), a1i = v128.load(odd, 48);
    a2r = v128.load(odd, 64), a2i = v128.load(odd, 80), a3r = v128.load(odd, 96), a3i = v128.load(odd, 112);
    s02r = add(a0r, a2r), s02i = add(a0i, a2i), d02r = sub(a0r, a2r), d02i = sub(a0i, a2i);
    s13r = add(a1r, a3r), s13i = add(a1i, a3i), d13r = sub(a1r, a3r), d13i = sub(a1i, a3i);
    const q0r = add(s02r, s13r), q0i = add(s02i, s13i), q1r = add(d02r, d13i), q1i = sub(d02i, d13r);
    const q2r = sub(s02r, s13r), q2i = sub(s02i, s13i), q3r = sub(d02r, d13i), q3i = add(d02i, d13r);

    let w = v128.load(window, 3 * HOP_BYTES);
    let low = i32x4.shuffle(p3i, p3r, 0, 4, 1, 5), high = i32x4.shuffle(q3i, q3r, 0, 4, 1, 5);
    let b3 = mul(w, i64x2.shuffle(low, high, 0, 2));
    let b4 = mul(w, i64x2.shuffle(low, high, 1, 3));
    low = i32x4.shuffle(p3i, p3r, 2, 6, 3, 7), high = i32x4.shuffle(q3i, q3r, 2, 6, 3, 7);
    let b5 = mul(w, i64x2.shuffle(low, high, 0, 2));
    let b6 = mul(w, i64x2.shuffle(low, high, 1, 3));
    w = v128.load(window, 2 * HOP_BYTES);
    low = i32x4.shuffle(p2i, p2r, 0, 4, 1, 5), high = i32x4.shuffle(q2i, q2r, 0, 4, 1, 5);
    b2 = add(b2, mul(w, i64x2.shuffle(low, high, 0, 2)));
    b3 = add(b3, mul(w, i64x2.shuffle(low, high, 1, 3)));
    low = i32x4.shuffle(p2i, p2r, 2, 6, 3, 7), high = i32x4.shuffle(q2i, q2r, 2, 6, 3, 7);
    b4 = add(b4, mul(w, i64x2.shuffle(low, high, 0, 2)));
    b5 = add(b5, mul(w, i64x2.shuffle(low, high, 1, 3)));
    w = v128.load(window, 1 * HOP_BYTES);
    low = i32x4.shuffle(p1i, p1r, 0, 4, 1, 5), high = i32x4.shuffle(q1i, q1r, 0, 4, 1, 5);
    b1 = add(b1, mul(w, i64x2.shuffle(low, high, 0, 2)));
    b2 = add(b2, mul(w, i64x2.shuffle(low, high, 1, 3)));
    low = i32x4.shuffle(p1i, p1r, 2, 6, 3, 7), high = i32x4.shuffle(q1i, q1r, 2, 6, 3, 7);
    b3 = add(b3, mul(w, i64x2.shuffle(low, high, 0, 2)));
    b4 = add(b4, mul(w, i64x2.shuffle(low, high, 1, 3)));
    w = v128.load(window, 0 * HOP_BYTES);
    low = i32x4.shuffle(p0i, p0r, 0, 4, 1, 5), high = i32x4.shuffle(q0i, q0r, 0, 4, 1, 5);
    b0 = add(b0, mul(w, i64x2.shuffle(low, high, 0, 2)));
    b1 = add(b1, mul(w, i64x2.shuffle(low, high, 1, 3)));
    low = i32x4.shuffle(p0i, p0r, 2, 6, 3, 7), high = i32x4.shuffle(q0i, q0r, 2, 6, 3, 7);
    b2 = add(b2, mul(w, i64x2.shuffle(low, high, 0, 2)));
    b3 = add(b3, mul(w, i64x2.shuffle(low, high, 1, 3)));
    v128.store(output, b0);
    v128.store(output, b1, HOP_BYTES);
    v128.store(output, b2, 2 * HOP_BYTES);
    v128.store(output, b3, 3 * HOP_BYTES);
    v128.store(output, b4, 4 * HOP_BYTES);
    v128.store(output, b5, 5 * HOP_BYTES);
    v128.store(output, b6, 6 * HOP_BYTES);
  }
}

/** Scales the ends, where fewer than four frames overlap, to the level of the rest: those of the first `blocks`. */
function scaleEnds(vocoder: Vocoder, output: usize, frames: usize, blocks: usize): void {
  const overlap = SIZE / HOP, full = f32x4.splat(<f32>FULL_OVERLAP);
  for (let block: usize = 0; block < min(blocks, frames + overlap - 1); block++) {
    if (block >= overlap - 1 && block < frames) continue;
    const firstFrame = max(block + 1, overlap) - overlap, lastFrame = min(block, frames - 1);
    for (let i: usize = 0; i < HOP_BYTES; i += VECTOR) {
      let sum = f32x4.splat(0);
      for (let frame = firstFrame; frame <= lastFrame; frame++) {
        sum = add(sum, v128.load(vocoder.squaredWindow + (block - frame) * HOP_BYTES + i));
      }
      const at = output + block * HOP_BYTES + i, value = v128.load(at);
      const covered = f32x4.gt(sum, f32x4.splat(f32.MIN_NORMAL_VALUE));
      v128.store(at, v128.bitselect(mul(value, f32x4.div(full, sum)), value, covered));
    }
  }
}

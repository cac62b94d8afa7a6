/**
 * Changes the sample rate in up to four steps, each with linear phase and aligned to the input; which
 * filters they are is `resample_plan.ts`'s to say.
 *
 * 1. By halves, with a half-band filter (`half_band.ts`), until the rate is less than four times the new one.
 * 2. By a power of two, with the sharp low-pass that the lower of both rates needs: blocks of the
 *    input go through the FFT, are multiplied by the filter's real (zero-phase) response, and come
 *    back through a shorter or longer FFT (overlap-save, eight blocks at once: two in each lane).
 * 3. By what is left of the ratio, with a short kernel: the signal now fills at most half of the band, so
 *    that 16 taps suffice. Ratios of whole numbers have a row of weights for every place, all
 *    others interpolate between the rows of one table.
 * 4. Upwards by more than four, by a power of two once more, with a wide low-pass: as the second step.
 *
 * A ratio that is a power of two needs no third step.
 */
import {
  add, COMPLEX, INAUDIBLE, isZero, mul, mulAdd, silenceInaudible, storeTransposed, sub, sumEachLanes, VECTOR,
} from "./simd";
import { Fft, storeComplex, transform } from "./fft";
import { kaiser, sinc } from "./kaiser";
import { transformReal } from "./real_fft";

/**
 * Writes the sharp low-pass's response (f32, size/2 + 1 values, scaled for `filterBlocks`).
 *
 * @param cutoff Middle of the transition, as a part of the input's Nyquist frequency.
 * @param halfWidth Half the window's length, in samples; less than size/2.
 * @param beta Kaiser's, of the window.
 * @param work size + points complex vectors and two more.
 */
export function designLowPass(
  fft: Fft, cutoff: f64, halfWidth: f64, beta: f64, work: usize, response: usize,
): void {
  const size = fft.size, spectrum = work + size * VECTOR;
  memory.fill(work, 0, size * VECTOR);
  for (let n: usize = 0; <f64>n < halfWidth; n++) {
    const tap = f32x4.splat(<f32>(cutoff * sinc(cutoff * <f64>n) * kaiser(<f64>n / halfWidth, beta)));
    v128.store(work + n * VECTOR, tap);
    if (n > 0) v128.store(work + (size - n) * VECTOR, tap);
  }
  transformReal(fft, work, spectrum);
  const scale: f32 = 1 / (2 * <f32>size); // the spectrum comes doubled, the way back multiplies by size
  for (let k: usize = 0; k <= fft.points; k++) {
    store<f32>(response + k * 4, load<f32>(spectrum + k * COMPLEX) * scale);
  }
}

/**
 * Filters eight blocks and changes their rate to `out.points`/`into.points` of what it was.
 *
 * The filter's response is real and even, so that two blocks can go through one complex transform, the
 * second as imaginary parts, and come out apart from each other.
 *
 * @param bins Frequencies that the response lets through, from 0 Hz: at most `out.points`/2, and upwards at
 *   most `into.points`, so that it may reach into the first image, but not beyond it.
 * @param input f32 samples: the blocks begin `step` apart and are `into.points` long.
 * @param margin Output samples at each end of a block that wrap around and are dropped; even.
 * @param output Receives 8·(out.points − 2·margin) f32 samples in a row.
 * @param work `into.points` and `out.points` complex vectors.
 */
export function filterBlocks(
  into: Fft, out: Fft, response: usize, bins: usize, input: usize, step: usize,
  margin: usize, output: usize, work: usize,
): void {
  const z = work, spectrum = work + into.points * COMPLEX;
  if (isZero(input, (7 * step + into.points) * 4)) {
    memory.fill(output, 0, 8 * (out.points - 2 * margin) * 4);
    return;
  }
  interleave8(z, input, step * 4, into.points);
  transform(into, z);
  applyResponse(into, out, response, bins, z, spectrum);
  transform(out, spectrum);
  deinterleave8(out, spectrum, margin, output);
}

/** Puts eight runs of samples, `run` bytes apart, into the lanes of complex vectors; `count` is a multiple of 4. */
function interleave8(to: usize, from: usize, run: usize, count: usize): void {
  for (const end = to + count * COMPLEX; to < end; to += 4 * COMPLEX, from += 16) {
    interleave4(to, from, run);
    interleave4(to + VECTOR, from + 4 * run, run);
  }
}

// @ts-ignore: decorator
@inline
function interleave4(to: usize, from: usize, run: usize): void {
  const threshold = f32x4.splat(INAUDIBLE);
  storeTransposed(
    silenceInaudible(v128.load(from), threshold),
    silenceInaudible(v128.load(from + run), threshold),
    silenceInaudible(v128.load(from + 2 * run), threshold),
    silenceInaudible(v128.load(from + 3 * run), threshold),
    to, to + COMPLEX, to + 2 * COMPLEX, to + 3 * COMPLEX,
  );
}

/**
 * Multiplies the frequencies that the response lets through. Real and imaginary parts are exchanged, here and by
 * `deinterleave8`, which makes a forward transform one that goes back.
 */
function applyResponse(
  into: Fft, out: Fft, response: usize, bins: usize, z: usize, spectrum: usize,
): void {
  const last = spectrum + out.points * COMPLEX;
  let up = into.positions, down = into.positions + into.points * 4;
  storeScaled(spectrum, z + load<u32>(up), v128.load32_splat(response));
  for (let k: usize = 1; k < bins; k++) {
    const gain = v128.load32_splat(response + k * 4);
    storeScaled(spectrum + k * COMPLEX, z + load<u32>(up + k * 4), gain);
    storeScaled(last - k * COMPLEX, z + load<u32>(down - k * 4), gain);
  }
  memory.fill(spectrum + bins * COMPLEX, 0, (out.points - 2 * bins + 1) * COMPLEX);
}

// @ts-ignore: decorator
@inline
function storeScaled(to: usize, from: usize, gain: v128): void {
  storeComplex(to, mul(v128.load(from, 16), gain), mul(v128.load(from), gain));
}

/** Writes what is kept of eight blocks as runs of samples, one behind the other. */
function deinterleave8(out: Fft, z: usize, margin: usize, to: usize): void {
  const run = (out.points - 2 * margin) * 4;
  let position = out.positions + margin * 4;
  for (const end = to + run; to < end; to += 16, position += 16) {
    const a = z + load<u32>(position), b = z + load<u32>(position, 4);
    const c = z + load<u32>(position, 8), d = z + load<u32>(position, 12);
    const second = to + 4 * run;
    storeTransposed(
      v128.load(a, 16), v128.load(b, 16), v128.load(c, 16), v128.load(d, 16),
      to, to + run, to + 2 * run, to + 3 * run,
    );
    storeTransposed(
      v128.load(a), v128.load(b), v128.load(c), v128.load(d),
      second, second + run, second + 2 * run, second + 3 * run,
    );
  }
}

/** Taps of the short kernel: it reaches up to 8 samples to either side. */
const TAPS: usize = 16;
const ROW: usize = TAPS * 4;

/**
 * Fills rows of the short kernel, a Kaiser-windowed sinc: row p has the 16 weights for a place p/phases
 * of the way to the next sample.
 *
 * @param cutoff Of the sinc, as a part of the Nyquist frequency.
 * @param halfWidth Half the window's length, in samples; at most 8.
 */
export function fillKernelRows(
  table: usize, rows: usize, phases: usize, cutoff: f64, halfWidth: f64, beta: f64,
): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let tap: usize = 0; tap < TAPS; tap++) {
      const x = <f64>row / <f64>phases + 7 - <f64>tap;
      store<f32>(table + row * ROW + tap * 4, <f32>(cutoff * sinc(cutoff * x) * kaiser(x / halfWidth, beta)));
    }
  }
}

/**
 * Interpolates `count` samples at steps of `step`/`phases` input samples, each with the row of its phase.
 *
 * @param table `phases` rows of `fillKernelRows`.
 * @param input Address of the sample before the first place, or at it.
 * @param phase How far the first place lies behind that sample, in parts of `phases`.
 */
export function interpolateRational(
  table: usize, phases: usize, step: usize, input: usize, phase: usize, output: usize, count: usize,
): void {
  const whole = step / phases * 4, rest = step % phases;
  let x = input - 7 * 4;
  for (const whole4 = output + (count & ~3) * 4; output < whole4; output += 16) {
    const a = rowProducts(table + phase * ROW, x);
    phase += rest, x += whole;
    if (phase >= phases) phase -= phases, x += 4;
    const b = rowProducts(table + phase * ROW, x);
    phase += rest, x += whole;
    if (phase >= phases) phase -= phases, x += 4;
    const c = rowProducts(table + phase * ROW, x);
    phase += rest, x += whole;
    if (phase >= phases) phase -= phases, x += 4;
    const d = rowProducts(table + phase * ROW, x);
    phase += rest, x += whole;
    if (phase >= phases) phase -= phases, x += 4;
    v128.store(output, sumEachLanes(a, b, c, d));
  }
  for (const end = output + (count & 3) * 4; output < end; output += 4) {
    const sums = rowProducts(table + phase * ROW, x);
    phase += rest, x += whole;
    if (phase >= phases) phase -= phases, x += 4;
    v128.store_lane<f32>(output, sumEachLanes(sums, sums, sums, sums), 0);
  }
}

/** The 16 products of a row and of the samples at `x`, added up within each lane. */
// @ts-ignore: decorator
@inline
function rowProducts(row: usize, x: usize): v128 {
  const ab = mulAdd(v128.load(x, 16), v128.load(row, 16), mul(v128.load(x), v128.load(row)));
  const cd = mulAdd(v128.load(x, 48), v128.load(row, 48), mul(v128.load(x, 32), v128.load(row, 32)));
  return add(ab, cd);
}

/** Phases of the table for other ratios: 9 bits of a place. */
const PHASES: usize = 512;

/** Bits behind the point of a place: enough that 10⁵ steps are off by less than 10⁻⁷ samples. */
const FRACTION_BITS: u64 = 40;
const ONE: f64 = <f64>(<u64>1 << FRACTION_BITS);

/**
 * Interpolates `count` samples: number i lies at (first + i)·step − origin in `input`, whose samples
 * from 7 before to 9 after that place must be there; `origin` is a whole number. Between two of the
 * table's 513 rows weights are interpolated linearly (error below −116 dB).
 *
 * Places are counted in fixed point: converting a float for each sample costs more than the taps.
 */
export function interpolate(
  table: usize, input: usize, origin: f64, first: f64, step: f64, output: usize, count: usize,
): void {
  const start = first * step, whole = Math.floor(start);
  const fixedStep = <u64>(step * ONE + 0.5);
  let place = (<u64>(whole - origin) << FRACTION_BITS) + <u64>((start - whole) * ONE);
  for (const whole4 = output + (count & ~3) * 4; output < whole4; output += 16) {
    const a = interpolateLanes(table, input, place), b = interpolateLanes(table, input, place + fixedStep);
    place += fixedStep * 2;
    const c = interpolateLanes(table, input, place), d = interpolateLanes(table, input, place + fixedStep);
    place += fixedStep * 2;
    v128.store(output, sumEachLanes(a, b, c, d));
  }
  for (const end = output + (count & 3) * 4; output < end; output += 4, place += fixedStep) {
    const sums = interpolateLanes(table, input, place);
    v128.store_lane<f32>(output, sumEachLanes(sums, sums, sums, sums), 0);
  }
}

/** The 16 products of one place, added up within each lane. */
// @ts-ignore: decorator
@inline
function interpolateLanes(table: usize, input: usize, place: u64): v128 {
  const row = <usize>(place >> (FRACTION_BITS - 9)) & (PHASES - 1);
  const between = <i32>(place >> (FRACTION_BITS - 9 - 23)) & 0x7fffff;
  const fraction = f32x4.splat(<f32>between * (1.0 / 0x800000));
  const low = table + row * ROW, x = input + (<usize>(place >> FRACTION_BITS) - 7) * 4;
  const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32), x3 = v128.load(x, 48);
  let a = mul(x0, v128.load(low)), b = mul(x0, v128.load(low, ROW));
  a = mulAdd(x1, v128.load(low, 16), a);
  b = mulAdd(x1, v128.load(low, 80), b);
  a = mulAdd(x2, v128.load(low, 32), a);
  b = mulAdd(x2, v128.load(low, 96), b);
  a = mulAdd(x3, v128.load(low, 48), a);
  b = mulAdd(x3, v128.load(low, 112), b);
  return mulAdd(fraction, sub(b, a), a);
}

/**
 * The log-mel spectrogram: frames → window → FFT → power → mel bands → dB below the loudest cell.
 *
 * Four frames are worked on at once, one in each lane, far apart: lane l takes the frames from
 * `laneStart(l)` on. Each sample is put into its lane once, and the frames that overlap share it.
 */
import { add, interleave, maxLane, mulAdd, mul, storeTransposed, sub, VECTOR } from "./simd";
import { Fft } from "./fft";
import { lastPassToPower } from "./real_fft";
import { initStft, Stft, stftBytes, transformFrames } from "./stft";
import { applyMelFilters, initMelFilters, MelFilters, melFiltersBytes } from "./mel";

/** One front end. */
@unmanaged
export class LogMel {
  stft: Stft;
  mel: MelFilters;
  hop: usize;
  /** Frames of the whole clip. */
  frames: usize;
  /** Frames of one lane: a quarter of all, rounded up. */
  laneFrames: usize;
  /** How far below the loudest cell the floor is, in dB (positive). */
  dynamicRangeDb: f32;
}

/** Bytes that `initLogMel` fills. */
export function logMelBytes(fftSize: usize, bands: usize): usize {
  return 32 + stftBytes(fftSize) + melFiltersBytes(fftSize, bands);
}

/** Fills `logMelBytes` bytes at `plan`; `fft` must outlive it. */
export function initLogMel(
  plan: LogMel, fft: Fft, sampleRateHz: f64, hop: usize, frames: usize,
  bands: usize, minHz: f64, maxHz: f64, htk: bool, dynamicRangeDb: f32,
): void {
  plan.stft = changetype<Stft>(changetype<usize>(plan) + 32);
  initStft(plan.stft, fft);
  plan.mel = changetype<MelFilters>(changetype<usize>(plan.stft) + stftBytes(fft.size));
  const scale = 0.25; // `lastPassToPower` gives four times the power
  initMelFilters(plan.mel, fft.size, sampleRateHz, bands, minHz, maxHz, htk, scale);
  plan.hop = hop;
  plan.frames = frames;
  plan.laneFrames = (frames + 3) / 4;
  plan.dynamicRangeDb = dynamicRangeDb;
}

/** First frame of a lane. Late lanes overlap rather than run past the last frame. */
// @ts-ignore: decorator
@inline
function laneStart(plan: LogMel, lane: usize): usize {
  return min(lane * plan.laneFrames, plan.frames - plan.laneFrames);
}

/** Bytes of working memory that `logMel` needs. */
export function logMelWorkBytes(plan: LogMel): usize {
  const size = plan.stft.fft.size;
  const laneSamples = (plan.laneFrames - 1) * plan.hop + size;
  return (laneSamples + 4 + size + size / 2 + 1 + plan.laneFrames * plan.mel.bands) * VECTOR;
}

/**
 * Computes `[bands, frames]` (row-major, f32 dB) at `out` from the padded signal at `signal`, in
 * which frame t begins at sample t·hop. Returns the loudest cell's absolute level in dB: NaN where the
 * signal is not finite.
 */
export function logMel(plan: LogMel, signal: usize, work: usize, out: usize): f32 {
  const size = plan.stft.fft.size, hop = plan.hop, bands = plan.mel.bands;
  const laneFrames = plan.laneFrames;
  const lanes = work;
  const z = lanes + ((laneFrames - 1) * hop + size) * VECTOR;
  const power = z + size * VECTOR, decibels = power + (size / 2 + 1) * VECTOR;
  const lane0 = signal + laneStart(plan, 0) * hop * 4, lane1 = signal + laneStart(plan, 1) * hop * 4;
  const lane2 = signal + laneStart(plan, 2) * hop * 4, lane3 = signal + laneStart(plan, 3) * hop * 4;

  let loudest = f32x4.splat(-Infinity);
  for (let t: usize = 0, filled: usize = 0; t < laneFrames; t++) {
    const wanted = t * hop + size, at = filled * 4;
    interleave(lanes + filled * VECTOR, lane0 + at, lane1 + at, lane2 + at, lane3 + at, wanted - filled);
    filled = wanted;
    transformFrames(plan.stft, lanes + t * hop * VECTOR, z);
    lastPassToPower(plan.stft.fft, z, power);
    const column = decibels + t * bands * VECTOR;
    applyMelFilters(plan.mel, power, column);
    loudest = f32x4.max(loudest, toDecibels(column, bands));
  }
  const reference = maxLane(loudest);
  storeRows(plan, decibels, reference, out);
  return reference;
}

/** Turns energies into dB in place; returns the largest of each lane. */
function toDecibels(column: usize, bands: usize): v128 {
  let largest = f32x4.splat(-Infinity);
  for (const end = column + bands * VECTOR; column < end; column += VECTOR) {
    const db = powerToDecibels(v128.load(column));
    v128.store(column, db);
    largest = f32x4.max(largest, db);
  }
  return largest;
}

/** In memory, as loading a constant into all lanes is one instruction and making it there is more. */
const DECIBELS = memory.data<f32>([
  4.3430003, -2.1708232, 1.4429813, -1.1062551, 0.96978293, -0.62190341, // of m¹…m⁶
  1, 3.0103, 0.70710678, 1e-10,
]);

/** Number `index` of that table, in all lanes. */
// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load32_splat(DECIBELS + index * 4);
}

/**
 * 10·log10(max(power, 1e-10)) within 7e-6 dB: the exponent counts 3.01 dB a step, the mantissa of
 * √½…√2 goes through a least-maximum polynomial in m, which is the mantissa less 1.
 */
// @ts-ignore: decorator
@inline
function powerToDecibels(power: v128): v128 {
  const x = f32x4.max(power, constant(9));
  const exponent = i32x4.shr_s(i32x4.sub(x, constant(8)), 23); // mantissa ≥ √½ by its bits
  const m = sub(i32x4.sub(x, i32x4.shl(exponent, 23)), constant(6));
  let y = mulAdd(constant(5), m, constant(4));
  y = mulAdd(y, m, constant(3));
  y = mulAdd(y, m, constant(2));
  y = mulAdd(y, m, constant(1));
  y = mulAdd(y, m, constant(0));
  y = mulAdd(y, m, mul(f32x4.convert_i32x4_s(exponent), constant(7)));
  return add(y, sub(x, x)); // NaN where x is NaN or infinite, of which its bits know nothing
}

/** Subtracts the loudest cell, applies the floor and turns lanes back into rows of frames. */
function storeRows(plan: LogMel, decibels: usize, loudest: f32, out: usize): void {
  const bands = plan.mel.bands, laneFrames = plan.laneFrames, step = bands * VECTOR;
  const start0 = laneStart(plan, 0) * 4, start1 = laneStart(plan, 1) * 4;
  const start2 = laneStart(plan, 2) * 4, start3 = laneStart(plan, 3) * 4;
  const reference = f32x4.splat(loudest), floor = f32x4.splat(-plan.dynamicRangeDb);
  for (let band: usize = 0; band < bands; band++) {
    let from = decibels + band * VECTOR, to = out + band * plan.frames * 4;
    const whole = to + (laneFrames & ~3) * 4;
    for (; to < whole; to += 16, from += 4 * step) {
      storeTransposed(
        relative(from, reference, floor), relative(from + step, reference, floor),
        relative(from + 2 * step, reference, floor), relative(from + 3 * step, reference, floor),
        to + start0, to + start1, to + start2, to + start3,
      );
    }
    for (const end = whole + (laneFrames & 3) * 4; to < end; to += 4, from += step) {
      const cells = relative(from, reference, floor);
      v128.store_lane<f32>(to + start0, cells, 0);
      v128.store_lane<f32>(to + start1, cells, 1);
      v128.store_lane<f32>(to + start2, cells, 2);
      v128.store_lane<f32>(to + start3, cells, 3);
    }
  }
}

// @ts-ignore: decorator
@inline
function relative(cell: usize, reference: v128, floor: v128): v128 {
  return f32x4.max(sub(v128.load(cell), reference), floor);
}

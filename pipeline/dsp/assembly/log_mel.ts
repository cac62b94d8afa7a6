/**
 * The log-mel spectrogram: frames → window → FFT → power → mel bands → dB below the loudest cell.
 *
 * Four frames are worked on at once, one in each lane, far apart: each lane takes a quarter of the frames.
 * Each sample is put into its lane once, and the frames that overlap share it. Frames of zeros before
 * the first sound and after the last one, such as a padded clip has, are not transformed.
 */
import { add, interleave, maxLane, mulAdd, mul, storeTransposed, sub, VECTOR } from "./simd";
import { Fft } from "./fft";
import { lastPassToPower } from "./real_fft";
import { initStft, Stft, stftBytes, transformFrames } from "./stft";
import { applyMelFilters, initMelFilters, MelFilters, melFiltersBytes, writeMelFilters } from "./mel";

/** One front end. */
@unmanaged
export class LogMel {
  stft: Stft;
  mel: MelFilters;
  hop: usize;
  /** Frames of the whole clip. */
  frames: usize;
  /** How far below the loudest cell the floor is, in dB (positive). */
  dynamicRangeDb: f32;
}

/** `lastPassToPower` gives so many times the power. */
const POWER_SCALE: f64 = 4;

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
  initMelFilters(plan.mel, fft.size, sampleRateHz, bands, minHz, maxHz, htk, 1 / POWER_SCALE);
  plan.hop = hop;
  plan.frames = frames;
  plan.dynamicRangeDb = dynamicRangeDb;
}

/** Fills `[bands, size / 2 + 1]` f32 at `out` with the mel filters: weights of a power spectrum's bins. */
export function logMelFilters(plan: LogMel, out: usize): void {
  writeMelFilters(plan.mel, plan.stft.fft.size / 2 + 1, <f32>POWER_SCALE, out);
}

/** Bytes of working memory that `logMel` needs. */
export function logMelWorkBytes(plan: LogMel): usize {
  const size = plan.stft.fft.size, laneFrames = (plan.frames + 3) / 4;
  const laneSamples = (laneFrames - 1) * plan.hop + size;
  return (laneSamples + 4 + size + size / 2 + 1 + laneFrames * plan.mel.bands) * VECTOR + EXTREMES_BYTES;
}

/**
 * Computes `[bands, frames]` (row-major, f32 dB) at `out` from the padded signal at `signal`, in
 * which frame t begins at sample t·hop. Returns the loudest cell's absolute level in dB: NaN where the
 * signal is not finite.
 */
export function logMel(plan: LogMel, signal: usize, work: usize, out: usize): f32 {
  const size = plan.stft.fft.size, hop = plan.hop, bands = plan.mel.bands, frames = plan.frames;
  const first = firstSounding(signal, size, hop, frames), end = endOfSounding(signal, size, hop, first, frames);
  const sounding = end - first, laneFrames = (sounding + 3) / 4;
  const extremes = work, lanes = extremes + EXTREMES_BYTES;
  const z = lanes + ((laneFrames - 1) * hop + size + 4) * VECTOR;
  const power = z + size * VECTOR, decibels = power + (size / 2 + 1) * VECTOR;
  // Late lanes overlap rather than run past the last frame.
  const start1 = first + min(laneFrames, sounding - laneFrames);
  const start2 = first + min(2 * laneFrames, sounding - laneFrames);
  const start3 = first + min(3 * laneFrames, sounding - laneFrames);
  const lane0 = signal + first * hop * 4, lane1 = signal + start1 * hop * 4;
  const lane2 = signal + start2 * hop * 4, lane3 = signal + start3 * hop * 4;

  const silenceDb = f32x4.extract_lane(powerToDecibels(constant(9)), 0);
  v128.store(extremes, f32x4.splat(sounding < frames ? silenceDb : -Infinity));
  v128.store(extremes, i32x4.splat(0), VECTOR);
  for (let t: usize = 0, filled: usize = 0; t < laneFrames; t++) {
    const wanted = t * hop + size, at = filled * 4;
    interleave(lanes + filled * VECTOR, lane0 + at, lane1 + at, lane2 + at, lane3 + at, wanted - filled);
    filled = wanted;
    transformFrames(plan.stft, lanes + t * hop * VECTOR, z);
    lastPassToPower(plan.stft.fft, z, power);
    const column = decibels + t * bands * VECTOR;
    applyMelFilters(plan.mel, power, column);
    toDecibels(column, bands, extremes);
  }
  if (v128.any_true(i32x4.ge_u(v128.load(extremes, VECTOR), i32x4.splat(INFINITY_BITS)))) return NaN;
  const loudest = maxLane(v128.load(extremes)), floor = -plan.dynamicRangeDb;
  const silence = max(silenceDb - loudest, floor);
  for (let band: usize = 0; band < bands; band++, out += frames * 4) {
    fill(out, silence, first);
    fill(out + end * 4, silence, frames - end);
    storeRow(
      decibels + band * VECTOR, bands * VECTOR, laneFrames, loudest, floor,
      out + first * 4, out + start1 * 4, out + start2 * 4, out + start3 * 4,
    );
  }
  return loudest;
}

/** The first frame that is not all zeros; `frames` where there is none. */
function firstSounding(signal: usize, size: usize, hop: usize, frames: usize): usize {
  const samples = (frames - 1) * hop + size;
  let silent: usize = 0;
  while (silent < samples && load<u32>(signal + silent * 4) == 0) silent++;
  if (silent == samples) return frames;
  return silent < size ? 0 : (silent - size) / hop + 1;
}

/** Behind the last frame that is not all zeros; `first` where there is none. */
function endOfSounding(signal: usize, size: usize, hop: usize, first: usize, frames: usize): usize {
  if (first == frames) return frames;
  let length = (frames - 1) * hop + size;
  while (load<u32>(signal + length * 4 - 4) == 0) length--;
  return min(frames, (length - 1) / hop + 1);
}

/** What a clip's cells come to: the largest dB of each lane, then the largest power's bits. */
const EXTREMES_BYTES: usize = 2 * VECTOR;
/** Float bits from here on are infinite or no numbers, whatever their sign. */
const INFINITY_BITS: u32 = 0x7f800000;

/** Turns energies into dB in place, and takes the extremes of both. */
function toDecibels(column: usize, bands: usize, extremes: usize): void {
  // `pmax` is one instruction where `max`, which has to mind NaN, is eight.
  let largest = v128.load(extremes), largestBits = v128.load(extremes, VECTOR);
  for (const end = column + bands * VECTOR; column < end; column += VECTOR) {
    const power = f32x4.pmax(v128.load(column), constant(9)); // NaN stays NaN
    largestBits = i32x4.max_u(largestBits, power);
    const db = powerToDecibels(power);
    v128.store(column, db);
    largest = f32x4.pmax(largest, db);
  }
  v128.store(extremes, largest);
  v128.store(extremes, largestBits, VECTOR);
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
 * 10·log10(x) within 7e-6 dB for finite x from 1e-10: the exponent counts 3.01 dB a step, the mantissa of
 * √½…√2 goes through a least-maximum polynomial in m, which is the mantissa less 1.
 */
// @ts-ignore: decorator
@inline
function powerToDecibels(x: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, constant(8)), 23); // mantissa ≥ √½ by its bits
  const m = sub(i32x4.sub(x, i32x4.shl(exponent, 23)), constant(6));
  let y = mulAdd(constant(5), m, constant(4));
  y = mulAdd(y, m, constant(3));
  y = mulAdd(y, m, constant(2));
  y = mulAdd(y, m, constant(1));
  y = mulAdd(y, m, constant(0));
  return mulAdd(y, m, mul(f32x4.convert_i32x4_s(exponent), constant(7)));
}

/**
 * Turns one band's cells, a vector every `step` bytes, into runs of frames: less the loudest cell, and not
 * below the floor.
 */
function storeRow(
  from: usize, step: usize, laneFrames: usize, loudest: f32, floor: f32,
  to0: usize, to1: usize, to2: usize, to3: usize,
): void {
  const reference = f32x4.splat(loudest), lowest = f32x4.splat(floor);
  for (const whole = to0 + (laneFrames & ~3) * 4; to0 < whole; from += 4 * step) {
    storeTransposed(
      relative(from, reference, lowest), relative(from + step, reference, lowest),
      relative(from + 2 * step, reference, lowest), relative(from + 3 * step, reference, lowest),
      to0, to1, to2, to3,
    );
    to0 += 16, to1 += 16, to2 += 16, to3 += 16;
  }
  for (const end = to0 + (laneFrames & 3) * 4; to0 < end; from += step) {
    const cells = relative(from, reference, lowest);
    v128.store_lane<f32>(to0, cells, 0);
    v128.store_lane<f32>(to1, cells, 1);
    v128.store_lane<f32>(to2, cells, 2);
    v128.store_lane<f32>(to3, cells, 3);
    to0 += 4, to1 += 4, to2 += 4, to3 += 4;
  }
}

// @ts-ignore: decorator
@inline
function relative(cell: usize, reference: v128, lowest: v128): v128 {
  return f32x4.pmax(sub(v128.load(cell), reference), lowest);
}

/** Stores a value `count` times. */
function fill(to: usize, value: f32, count: usize): void {
  for (const end = to + count * 4; to < end; to += 4) store<f32>(to, value);
}

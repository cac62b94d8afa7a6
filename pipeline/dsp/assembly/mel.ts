/**
 * Triangular mel filters, normalised to equal area, as librosa's `filters.mel`. Between two
 * neighbouring mel points only one filter falls and only one rises: so the bins are swept once, each
 * with two weights.
 */
import { add, mulAdd, VECTOR } from "./simd";

/** The filters of one front end; their tables lie behind it in memory. */
@unmanaged
export class MelFilters {
  bands: usize;
  /** First bin with a weight. */
  firstBin: usize;
  /** For each of bands + 1 intervals between mel points: how many bins it has (u32). */
  counts: usize;
  /** For each bin from `firstBin`: weight in the rising filter, weight in the falling one (f32). */
  weights: usize;
}

const LINEAR_HZ: f64 = 200.0 / 3.0; // Slaney: hertz a mel below 1000 Hz
const LOG_FROM_HZ: f64 = 1000;
const LOG_FROM_MEL: f64 = LOG_FROM_HZ / LINEAR_HZ;

/** Slaney: a factor of 6.4 every 27 mel above 1000 Hz. */
// @ts-ignore: decorator
@inline
function logStep(): f64 {
  return Math.log(6.4) / 27;
}

function hzToMel(hz: f64, htk: bool): f64 {
  if (htk) return 2595 * Math.log10(1 + hz / 700);
  return hz < LOG_FROM_HZ ? hz / LINEAR_HZ : LOG_FROM_MEL + Math.log(hz / LOG_FROM_HZ) / logStep();
}

function melToHz(mel: f64, htk: bool): f64 {
  if (htk) return 700 * (Math.pow(10, mel / 2595) - 1);
  return mel < LOG_FROM_MEL
    ? mel * LINEAR_HZ
    : LOG_FROM_HZ * Math.exp(logStep() * (mel - LOG_FROM_MEL));
}

/** Bytes that `initMelFilters` fills. */
export function melFiltersBytes(fftSize: usize, bands: usize): usize {
  return 16 + (bands + 1) * 4 + (fftSize / 2 + 1) * 8 + (bands + 2) * 8;
}

/**
 * Fills `melFiltersBytes` bytes at `mel`. All weights are multiplied by `scale`.
 * Formula: librosa 0.10 `filters.mel(norm="slaney")`.
 */
export function initMelFilters(
  mel: MelFilters, fftSize: usize, sampleRateHz: f64,
  bands: usize, minHz: f64, maxHz: f64, htk: bool, scale: f64,
): void {
  const bins = fftSize / 2 + 1;
  mel.bands = bands;
  mel.counts = changetype<usize>(mel) + 16;
  mel.weights = mel.counts + (bands + 1) * 4;
  const points = mel.weights + bins * 8;
  const minMel = hzToMel(minHz, htk), maxMel = hzToMel(maxHz, htk);
  for (let i: usize = 0; i < bands + 2; i++) {
    const at = minMel + (maxMel - minMel) * <f64>i / <f64>(bands + 1);
    store<f64>(points + i * 8, melToHz(at, htk));
  }

  let bin: usize = 0;
  while (bin < bins && binHz(bin, fftSize, sampleRateHz) < load<f64>(points)) bin++;
  mel.firstBin = bin;
  let weight = mel.weights;
  for (let i: usize = 0; i <= bands; i++) {
    const low = load<f64>(points + i * 8), high = load<f64>(points + i * 8, 8);
    const risingArea = i < bands ? (load<f64>(points + i * 8, 16) - low) / 2 : Infinity;
    const fallingArea = i > 0 ? (high - load<f64>(points + i * 8 - 8)) / 2 : Infinity;
    let count: u32 = 0;
    for (; bin < bins; bin++, count++, weight += 8) {
      const hz = binHz(bin, fftSize, sampleRateHz);
      if (hz >= high) break;
      store<f32>(weight, <f32>(scale * (hz - low) / (high - low) / risingArea));
      store<f32>(weight, <f32>(scale * (high - hz) / (high - low) / fallingArea), 4);
    }
    store<u32>(mel.counts + i * 4, count);
  }
}

/** Fills `[bands, bins]` f32 at `out`: the weight of every bin in every filter, each times `scale`. */
export function writeMelFilters(mel: MelFilters, bins: usize, scale: f32, out: usize): void {
  memory.fill(out, 0, mel.bands * bins * 4);
  let bin = mel.firstBin, weight = mel.weights;
  for (let i: usize = 0; i <= mel.bands; i++) {
    for (const end = bin + load<u32>(mel.counts + i * 4); bin < end; bin++, weight += 8) {
      if (i < mel.bands) store<f32>(out + (i * bins + bin) * 4, load<f32>(weight) * scale);
      if (i > 0) store<f32>(out + ((i - 1) * bins + bin) * 4, load<f32>(weight, 4) * scale);
    }
  }
}

// @ts-ignore: decorator
@inline
function binHz(bin: usize, fftSize: usize, sampleRateHz: f64): f64 {
  return <f64>bin * sampleRateHz / <f64>fftSize;
}

/** Sums a power spectrum (a vector a bin) into a vector for each band. */
export function applyMelFilters(mel: MelFilters, power: usize, energies: usize): void {
  const zero = f32x4.splat(0);
  let bin = power + mel.firstBin * VECTOR, weight = mel.weights, rising = zero;
  let count = mel.counts;
  for (const lastCount = count + mel.bands * 4; count <= lastCount; count += 4) {
    const end = bin + <usize>load<u32>(count) * VECTOR;
    let up = zero, down = zero, up1 = zero, down1 = zero;
    for (; bin + VECTOR < end; bin += 2 * VECTOR, weight += 16) {
      const p = v128.load(bin), p1 = v128.load(bin, 16);
      up = mulAdd(p, v128.load32_splat(weight), up);
      down = mulAdd(p, v128.load32_splat(weight, 4), down);
      up1 = mulAdd(p1, v128.load32_splat(weight, 8), up1);
      down1 = mulAdd(p1, v128.load32_splat(weight, 12), down1);
    }
    if (bin < end) {
      const p = v128.load(bin);
      up = mulAdd(p, v128.load32_splat(weight), up);
      down = mulAdd(p, v128.load32_splat(weight, 4), down);
      bin += VECTOR;
      weight += 8;
    }
    if (count > mel.counts) {
      v128.store(energies, add(rising, add(down, down1)));
      energies += VECTOR;
    }
    rising = add(up, up1);
  }
}

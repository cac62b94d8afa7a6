/**
 * The filters of a change of rate: those of libsoxr's quality "HQ", librosa's default, so that what is
 * resampled here has librosa's features.
 *
 * Which filters libsoxr chains, their pass bands and the attenuation each has to reach are the formulas
 * of its `cr.c` (0.1.3). Each is a sinc windowed after Kaiser ("Nonrecursive digital filter design
 * using the I0-sinh window function", 1974), whose length and beta are linear in the attenuation; the constants
 * are fitted to the filters that libsoxr prints where `SOXR_TRACE` is set.
 */
import type { Kernels } from "./kernels.ts";

/** What one pair of rates needs. Lengths are in samples at the rate named. */
export interface ResamplePlan {
  readonly fromHz: number;
  readonly toHz: number;
  /** How often the rate is halved before all else: until it is less than four times the new one. */
  readonly numHalvings: number;
  /** The rate after that: the input's, as far as the filters below are concerned. */
  readonly halvedHz: number;
  /** The rate after the sharp filter: `halvedHz` times a power of two. */
  readonly midPerInput: number;
  /** Transform of the input's blocks, and how far two of them are apart. */
  readonly fftSize: number;
  readonly blockStep: number;
  /** Input samples at each end of a block that the filter spoils. */
  readonly margin: number;
  /** Samples of silence that go before the first: what the sharp filter rings into is then kept. */
  readonly leadIn: number;
  /** The sharp filter's response; see `designLowPass`. */
  readonly response: Float32Array;
  /** The short kernel; absent where the sharp filter's rate is the new rate. */
  readonly kernel?: ShortKernel;
}

/** Weights that interpolate between the samples of the sharp filter. */
export interface ShortKernel {
  /** `[phases, 16]`, and one row more where places lie between two of them. */
  readonly rows: Float32Array;
  /** Rows a mid sample. */
  readonly phases: number;
  /** Every place is on a row: two of them are this many rows apart. */
  readonly rowStep?: number;
}

/** Taps of the short kernel. */
export const shortTaps = 16;

/** What 20 bits of precision ask of one filter, in dB: a bit more, as pass band and stop band share the error. */
const baseAttenuationDb = 21 * 6.0206;
/** What filters in a chain ask of each in addition, by how many there are before it: 20·log₁₀(n + 1) dB. */
const sharedAttenuationDb = [0, 6.0206, 9.5424, 12.0412, 13.9794, 15.563, 16.902, 18.0618];

/** Where the sharp filter begins to fall, as a part of the lower Nyquist frequency; it ends at 1. */
const passBand = 0.913744;
/** The mid rate is at least this many times the lower rate, so that the short kernel suffices. */
const oversampling = 1.95; // not 2, for rates a little off a power of two: 44,099 to 22,050 Hz

/** Ratios of whole numbers up to this have a row for every place. */
const maxPhases = 1024;
/** Rows of the kernel that serves all other ratios. */
const sharedPhases = 512;

/** The smallest power of two that is at least `value`, which may be a fraction. */
function powerOfTwoFrom(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  while (power / 2 >= value) power /= 2;
  return power;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Kaiser's beta of a sharp filter; his formula has 0.1102·(dB − 8.7). */
function sharpBeta(attenuationDb: number): number {
  return 0.1116 * (attenuationDb - 9.594);
}

/** Taps of a sharp filter whose transition takes `width` of the Nyquist frequency: `grain` times a whole number and one. */
function sharpTaps(attenuationDb: number, width: number, grain: number): number {
  const taps = Math.ceil(0.14206 * (attenuationDb - 9.55) / width + 1);
  return Math.floor((taps + grain - 2) / grain) * grain + 1;
}

/** A short kernel's cutoff (of the mid rate's Nyquist frequency), half width (mid samples) and beta. */
interface KernelShape {
  readonly cutoff: number;
  readonly halfWidth: number;
  readonly beta: number;
}

/** Flat up to half of the mid band, and nothing of the images of that. */
const flatKernelShape: KernelShape = { cutoff: 1, halfWidth: 8, beta: 12.27 };

/**
 * libsoxr's kernel for a signal that fills 1/`oversampled` of the mid band: it is as short as its images,
 * which begin above the signal's, allow, and costs 0.01 dB where the sharp filter begins to fall.
 */
function shortKernelShape(oversampled: number, isUpwards: boolean): KernelShape {
  const passEnd = passBand / oversampled, transition = (1 - passBand) / oversampled;
  const stop = 2 - (passEnd + 0.7 * transition);
  const halfTransition = 1.1439 * (stop - passEnd) / 2;
  const taps = Math.floor(8.95066 / halfTransition) + 1;
  const evenTaps = isUpwards ? taps : taps + taps % 2;
  return { cutoff: stop - halfTransition, halfWidth: evenTaps / 2, beta: 14.0586 };
}

/** The plan of a pair of different, valid rates; those used last are kept. Working memory is lost. */
export function resamplePlan(kernels: Kernels, fromHz: number, toHz: number): ResamplePlan {
  const key = `${fromHz} ${toHz}`, plan = keptPlans.get(key) ?? createPlan(kernels, fromHz, toHz);
  keptPlans.delete(key);
  keptPlans.set(key, plan); // as the one used last
  if (keptPlans.size > maxKeptPlans) keptPlans.delete(keptPlans.keys().next().value!);
  return plan;
}

const keptPlans = new Map<string, ResamplePlan>();
const maxKeptPlans = 8;

function createPlan(kernels: Kernels, fromHz: number, toHz: number): ResamplePlan {
  let numHalvings = 0;
  while (fromHz >= toHz * 4 * 2 ** numHalvings) numHalvings++;
  const halvedHz = fromHz / 2 ** numHalvings, ratio = toHz / halvedHz, lower = Math.min(1, ratio);
  const isPowerOfTwo = powerOfTwoFrom(ratio) === ratio;
  const midPerInput = isPowerOfTwo ? ratio : powerOfTwoFrom(oversampling * lower);

  // For ratios of small numbers libsoxr needs one filter and no kernel.
  const [up, down] = isPowerOfTwo
    ? [Math.max(1, ratio), Math.max(1, 1 / ratio)]
    : lowestTerms(toHz, halvedHz);
  const larger = Math.max(up, down), isOneFilter = isPowerOfTwo || larger < 5 || up * down < 6;
  const attenuationDb = baseAttenuationDb + (isOneFilter ? 0 : 6.0206) +
    sharedAttenuationDb[numHalvings];
  // Taps are counted at the higher one of the rates on both sides of libsoxr's filter.
  const tapsPerLowerSample = isOneFilter ? larger : midPerInput / lower;
  const grainTaps = isOneFilter && up === 4 ? 8 : 4;
  const taps = sharpTaps(attenuationDb, (1 - passBand) / tapsPerLowerSample, grainTaps);
  const halfWidth = taps / 2 / tapsPerLowerSample / lower;

  // Every length must be a whole, even number of mid samples too.
  const grain = 2 * Math.max(1, 1 / midPerInput);
  const margin = Math.ceil(halfWidth / grain) * grain;
  let fftSize = 64;
  while (fftSize < 8 * margin || fftSize * midPerInput < 64) fftSize *= 2;

  const fft = kernels.fft(fftSize), values = fftSize / 2 + 1;
  const [work, response] = kernels.layOut((2 * fftSize + 2) * 16, values * 4);
  const cutoff = (1 + passBand) / 2 * lower;
  kernels.exports.designLowPass(fft, cutoff, halfWidth, sharpBeta(attenuationDb), work, response);
  const plan = {
    ...{ fromHz, toHz, numHalvings, halvedHz, midPerInput },
    ...{ fftSize, blockStep: fftSize - 2 * margin, margin },
    response: kernels.floats(response, values).slice(),
  };
  if (isPowerOfTwo) return { ...plan, leadIn: 0 };
  // From 1.5 to 2 libsoxr's kernel comes first.
  const isSharpLast = isOneFilter || (halvedHz > 1.5 * toHz && halvedHz < 2 * toHz);
  const leadIn = isSharpLast ? shortTaps * Math.max(1, 1 / midPerInput) : 0;
  const shape = isOneFilter
    ? flatKernelShape
    : shortKernelShape(midPerInput / lower, toHz > halvedHz);
  return { ...plan, leadIn, kernel: createShortKernel(kernels, midPerInput, up, down, shape) };
}

/** Numerator and denominator of a ratio; infinite where the rates are no whole numbers. */
function lowestTerms(a: number, b: number): [number, number] {
  if (!Number.isInteger(a) || !Number.isInteger(b)) return [Infinity, Infinity];
  const divisor = greatestCommonDivisor(a, b);
  return [a / divisor, b / divisor];
}

/** @param up Samples of output for `down` samples of input. */
function createShortKernel(
  kernels: Kernels,
  midPerInput: number,
  up: number,
  down: number,
  shape: KernelShape,
): ShortKernel {
  const [rowStep, phases] = lowestTerms(
    down * Math.max(1, midPerInput),
    up * Math.max(1, 1 / midPerInput),
  );
  if (!(phases <= maxPhases)) return sharedKernel ??= fillSharedKernel(kernels);
  return { rows: fillRows(kernels, phases, phases, shape), phases, rowStep };
}

let sharedKernel: ShortKernel | undefined;

function fillSharedKernel(kernels: Kernels): ShortKernel {
  const rows = fillRows(kernels, sharedPhases + 1, sharedPhases, shortKernelShape(2, true));
  return { rows, phases: sharedPhases };
}

function fillRows(
  kernels: Kernels,
  numRows: number,
  phases: number,
  { cutoff, halfWidth, beta }: KernelShape,
): Float32Array {
  const [table] = kernels.layOut(numRows * shortTaps * 4);
  kernels.exports.fillKernelRows(table, numRows, phases, cutoff, halfWidth, beta);
  return kernels.floats(table, numRows * shortTaps).slice();
}

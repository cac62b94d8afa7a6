/**
 * The filters of a change of rate: those of libsoxr's quality "HQ", librosa's default, so that what is
 * resampled here has librosa's features.
 *
 * Which filters libsoxr chains, their pass bands and the attenuation each has to reach are the formulas
 * of its `cr.c` (0.1.3). Each is a windowed sinc (`kaiser_filter.ts`).
 */
import {
  type BlockSizes,
  designResponse,
  type FilterShape,
  layOutBlocks,
  sharpBeta,
  sharpTaps,
  wideAttenuation,
} from "./kaiser_filter.ts";
import type { Kernels } from "./kernels.ts";

/** The filters of a change of rate: one plan, or two where the rate is raised to more than four times of it. */
export interface ResamplePlans {
  readonly first: ResamplePlan;
  /** Raises the rate that the first comes to by a power of two. */
  readonly post?: ResamplePlan;
}

/** What takes one rate to another. Lengths are in samples at the rate named. */
export interface ResamplePlan extends BlockSizes {
  /** How often the rate is halved before all else: until it is less than four times the new one. */
  readonly numHalvings: number;
  /** The rate after that: the input's, as far as the filters below are concerned. Only its ratio to `toHz` counts. */
  readonly halvedHz: number;
  readonly toHz: number;
  /** The rate after the sharp filter: `halvedHz` times a power of two. */
  readonly midPerInput: number;
  /** What libsoxr's filters of this chain have to reach, but for the short kernel, in dB. */
  readonly attenuationDb: number;
  /** Samples of silence that go before the first: what the sharp filter rings into is then kept. */
  readonly leadIn: number;
  /** The sharp filter's response at the frequencies that it lets through; see `designLowPass`. */
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

/**
 * libsoxr's window of a short kernel ends this many rows before its taps do: with ten rows that is −96 dB of
 * the sound. Kept to where a post filter follows, as it would change what all other rates come to.
 */
const windowTrimRows = 0.25;

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

/** Flat up to half of the mid band, and nothing of the images of that. */
const flatKernelShape: FilterShape = { cutoff: 1, halfWidth: 8, beta: 12.27 };

/**
 * libsoxr's kernel for a signal that fills 1/`oversampled` of the mid band: it is as short as its images,
 * which begin above the signal's, allow, and costs 0.01 dB where the sharp filter begins to fall.
 */
function shortKernelShape(oversampled: number, isUpwards: boolean): FilterShape {
  const passEnd = passBand / oversampled, transition = (1 - passBand) / oversampled;
  const stop = 2 - (passEnd + 0.7 * transition);
  const halfTransition = 1.1439 * (stop - passEnd) / 2;
  const taps = Math.floor(8.95066 / halfTransition) + 1;
  const evenTaps = isUpwards ? taps : taps + taps % 2;
  return { cutoff: stop - halfTransition, halfWidth: evenTaps / 2, beta: 14.0586 };
}

/** The plans of a pair of different, valid rates; those used last are kept. Working memory is lost. */
export function resamplePlans(kernels: Kernels, fromHz: number, toHz: number): ResamplePlans {
  const key = `${fromHz} ${toHz}`, plans = keptPlans.get(key) ?? createPlans(kernels, fromHz, toHz);
  keptPlans.delete(key);
  keptPlans.set(key, plans); // as those used last
  if (keptPlans.size > maxKeptPlans) keptPlans.delete(keptPlans.keys().next().value!);
  return plans;
}

const keptPlans = new Map<string, ResamplePlans>();
const maxKeptPlans = 8;

function createPlans(kernels: Kernels, fromHz: number, toHz: number): ResamplePlans {
  const factor = postFactor(toHz / fromHz);
  if (factor === 1) return { first: createPlan(kernels, fromHz, toHz, 0) };
  // The rate between them times the factor, so that rates that are whole numbers stay so.
  const first = createPlan(kernels, fromHz * factor, toHz, 1);
  return { first, post: createPostPlan(kernels, first, factor) };
}

/** What libsoxr leaves to its last filter of a change upwards: a power of two, so that less than eight times are left. */
function postFactor(ratio: number): number {
  if (ratio <= 4 || ratio === 5) return 1;
  let factor = 4;
  while (ratio >= 8 * factor && factor < 256) factor *= 2;
  return factor;
}

/** @param numPosts Filters that follow these. */
function createPlan(
  kernels: Kernels,
  fromHz: number,
  toHz: number,
  numPosts: number,
): ResamplePlan {
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
    sharedAttenuationDb[numHalvings + numPosts];
  // Taps are counted at the higher one of the rates on both sides of libsoxr's filter.
  const tapsPerLowerSample = isOneFilter ? larger : midPerInput / lower;
  const grainTaps = isOneFilter && up === 4 ? 8 : 4;
  const taps = sharpTaps(attenuationDb, (1 - passBand) / tapsPerLowerSample, grainTaps);
  const halfWidth = taps / 2 / tapsPerLowerSample / lower;

  const blocks = layOutBlocks(halfWidth, midPerInput), { fftSize } = blocks;
  const plan = {
    ...{ numHalvings, halvedHz, toHz, midPerInput, attenuationDb },
    ...blocks,
    response: designResponse(kernels, fftSize, Math.min(fftSize, fftSize * midPerInput) / 2, {
      cutoff: (1 + passBand) / 2 * lower,
      halfWidth,
      beta: sharpBeta(attenuationDb),
    }),
  };
  if (isPowerOfTwo) return { ...plan, leadIn: 0 };
  // From 1.5 to 2 libsoxr's kernel comes first.
  const isSharpLast = isOneFilter || (halvedHz > 1.5 * toHz && halvedHz < 2 * toHz);
  const leadIn = isSharpLast ? shortTaps * Math.max(1, 1 / midPerInput) : 0;
  const shape = isOneFilter
    ? flatKernelShape
    : shortKernelShape(midPerInput / lower, toHz > halvedHz);
  const trimRows = numPosts > 0 ? windowTrimRows : 0;
  const kernel = createShortKernel(kernels, midPerInput, up, down, shape, trimRows);
  return { ...plan, leadIn, kernel };
}

/**
 * The filter that takes away the images of a signal that `first` has made: it falls from where that begins to
 * fall up to where its first image begins.
 */
function createPostPlan(kernels: Kernels, first: ResamplePlan, factor: number): ResamplePlan {
  const { halvedHz, toHz, attenuationDb } = first;
  const band = halvedHz / toHz; // what the signal fills
  const fall = 2 - band - passBand * band, cutoff = (2 - band + passBand * band) / 2;
  const wideDb = wideAttenuation(attenuationDb, fall / 4 / cutoff);
  const halfWidth = sharpTaps(wideDb, fall / factor, 2 * factor) / 2; // in samples after it
  const blocks = layOutBlocks(halfWidth / factor, factor), { fftSize } = blocks;
  // Designed at the rate after it, and up to where the image of 0 Hz begins.
  const shape = { cutoff: cutoff / factor, halfWidth, beta: sharpBeta(wideDb) };
  const response = designResponse(kernels, fftSize * factor, fftSize, shape);
  return {
    ...{ numHalvings: 0, halvedHz: toHz, toHz: toHz * factor, midPerInput: factor, attenuationDb },
    ...blocks,
    leadIn: 0,
    response: response.map((gain) => gain * factor),
  };
}

/** Numerator and denominator of a ratio; infinite where the rates are no whole numbers. */
function lowestTerms(a: number, b: number): [number, number] {
  if (!Number.isInteger(a) || !Number.isInteger(b)) return [Infinity, Infinity];
  const divisor = greatestCommonDivisor(a, b);
  return [a / divisor, b / divisor];
}

/**
 * @param up Samples of output for `down` samples of input.
 * @param trimRows Rows by which the window is narrower on either side.
 */
function createShortKernel(
  kernels: Kernels,
  midPerInput: number,
  up: number,
  down: number,
  shape: FilterShape,
  trimRows: number,
): ShortKernel {
  const [rowStep, phases] = lowestTerms(
    down * Math.max(1, midPerInput),
    up * Math.max(1, 1 / midPerInput),
  );
  if (!(phases <= maxPhases)) return sharedKernel ??= fillSharedKernel(kernels);
  // libsoxr's kernel has an even number of rows, as its number of taps is odd.
  const halfWidth = shape.halfWidth - trimRows / (phases % 2 === 0 ? phases : 2 * phases);
  const rows = fillRows(kernels, phases, phases, { ...shape, halfWidth });
  return { rows, phases, rowStep };
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
  { cutoff, halfWidth, beta }: FilterShape,
): Float32Array {
  const [table] = kernels.layOut(numRows * shortTaps * 4);
  kernels.exports.fillKernelRows(table, numRows, phases, cutoff, halfWidth, beta);
  return kernels.floats(table, numRows * shortTaps).slice();
}

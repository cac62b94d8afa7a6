/**
 * Prediction of samples of at most 16 bits from at most 12 earlier ones, in 32-bit vectors.
 *
 * All is counted in 2^−15 of a unit and modulo 2^32: products and sums may overflow, as the sample, which
 * is the sum's top 17 bits, is known to fit. The nearest two samples, which are waited for, have products
 * of 32 bits; those before them go two at a time through products of 16 bits.
 */
import { codes, lanes, planeBytes } from "./layout";
import { loadResiduals, residual, storeSamples } from "./lanes";
import { coefficientOf, shiftOf, vectorOrder } from "./predictor";

const fraction: i32 = 15;

const nearest = memory.data(16, 16);
const second = memory.data(16, 16);
/** What brings a sum of 16-bit products to 2^−15 of a unit. */
const scale = memory.data(16, 16);
/** Coefficients 2 and 3, 4 and 5, …, 10 and 11. */
const pairs = memory.data(5 * 16, 16);
const half = memory.data<i32>([32768, 32768, 32768, 32768], 16);

function prepare(first: i32): void {
  for (let lane = 0; lane < lanes; lane++) {
    const subframe = first + lane, up = fraction - shiftOf(subframe);
    store<i32>(nearest + 4 * lane, coefficientOf(subframe, 0) << up);
    store<i32>(second + 4 * lane, coefficientOf(subframe, 1) << up);
    store<i32>(scale + 4 * lane, 1 << up);
    for (let i = 0; i < vectorOrder - 2; i++) {
      const at = pairs + 16 * (i >> 1) + 4 * lane + 2 * (i & 1);
      store<i16>(at, <i16>coefficientOf(subframe, 2 + i));
    }
  }
}

// @ts-ignore: decorator
@inline
function pairProduct(i: i32, pair: v128): v128 {
  return i32x4.dot_i16x8_s(v128.load(pairs + 16 * i), pair);
}

/** A sample and, in the upper halves, the one before it. */
// @ts-ignore: decorator
@inline
function pairOf(sample: v128, before: v128): v128 {
  return v128.shuffle<u16>(sample, i32x4.shl(before, 16), 0, 9, 2, 11, 4, 13, 6, 15);
}

/** The sum of the products of the third sample before and all before that, given as pairs. */
// @ts-ignore: decorator
@inline
function farSum(p3: v128, p5: v128, p7: v128, p9: v128, p11: v128): v128 {
  const far = i32x4.add(pairProduct(4, p11), pairProduct(3, p9));
  const middle = i32x4.add(pairProduct(2, p7), pairProduct(1, p5));
  return i32x4.add(i32x4.add(far, middle), pairProduct(0, p3));
}

/** The sample after `x1` and `x2`, from its residual and the sum of the products before these. */
// @ts-ignore: decorator
@inline
function nextSample(residual: v128, farSum: v128, x1: v128, x2: v128): v128 {
  let sum = i32x4.add(i32x4.shl(residual, fraction), i32x4.mul(farSum, v128.load(scale)));
  sum = i32x4.add(sum, i32x4.mul(x2, v128.load(second)));
  sum = i32x4.add(sum, i32x4.mul(x1, v128.load(nearest)));
  return i32x4.shr_s(sum, fraction);
}

/** What has bits above the lowest 16 where a sample does not fit into 16 bits. */
// @ts-ignore: decorator
@inline
function excess(sample: v128): v128 {
  return i32x4.add(sample, v128.load(half));
}

/**
 * Predicts four subframes.
 *
 * @returns Whether all samples have 16 bits; where not, they are wrong.
 */
export function predictNarrow(first: i32, blockSize: i32): bool {
  prepare(first);
  const zero = i32x4.splat(0);
  let x1 = zero, x2 = zero, excesses = zero;
  // Pair i is the sample that is i before the next one, with the one before it.
  let p1 = zero, p2 = zero, p3 = zero, p4 = zero, p5 = zero, p6 = zero;
  let p7 = zero, p8 = zero, p9 = zero, p10 = zero, p11 = zero;
  const begin = codes + first * planeBytes;
  for (let at = begin, last = begin + 4 * blockSize; at < last; at += 16) {
    loadResiduals(at);
    const y0 = nextSample(residual(0), farSum(p3, p5, p7, p9, p11), x1, x2);
    const p0 = pairOf(y0, x1);
    const y1 = nextSample(residual(1), farSum(p2, p4, p6, p8, p10), y0, x1);
    const y2 = nextSample(residual(2), farSum(p1, p3, p5, p7, p9), y1, y0);
    const y3 = nextSample(residual(3), farSum(p0, p2, p4, p6, p8), y2, y1);
    storeSamples(at, y0, y1, y2, y3);
    excesses = v128.or(excesses, v128.or(excess(y0), excess(y1)));
    excesses = v128.or(excesses, v128.or(excess(y2), excess(y3)));
    p11 = p7; p10 = p6; p9 = p5; p8 = p4; p7 = p3; p6 = p2; p5 = p1; p4 = p0;
    p3 = pairOf(y1, y0); p2 = pairOf(y2, y1); p1 = pairOf(y3, y2);
    x2 = y2; x1 = y3;
  }
  return !v128.any_true(i32x4.shr_u(excesses, 16));
}

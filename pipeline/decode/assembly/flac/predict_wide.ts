/**
 * Prediction of samples of any width, from at most 12 earlier ones in 64-bit vectors: counted in 2^−16 of
 * a unit a coefficient of 15 bits fits into 32, and the sample is bits 16 to 47 of the sum.
 */
import { codes, lanes, planeBytes } from "./layout";
import { loadResiduals, residual, storeSamples } from "./lanes";
import { coefficientOf, shiftOf, vectorOrder } from "./predictor";

const fraction: i32 = 16;
const coefficients = memory.data(vectorOrder * 16, 16);

function prepare(first: i32): void {
  for (let lane = 0; lane < lanes; lane++) {
    const subframe = first + lane, up = fraction - shiftOf(subframe);
    for (let i = 0; i < vectorOrder; i++) {
      store<i32>(coefficients + 16 * i + 4 * lane, coefficientOf(subframe, i) << up);
    }
  }
}

// @ts-ignore: decorator
@inline
function addLow(sum: v128, i: i32, x: v128): v128 {
  return i64x2.add(sum, i64x2.extmul_low_i32x4_s(x, v128.load(coefficients + 16 * i)));
}

// @ts-ignore: decorator
@inline
function addHigh(sum: v128, i: i32, x: v128): v128 {
  return i64x2.add(sum, i64x2.extmul_high_i32x4_s(x, v128.load(coefficients + 16 * i)));
}

/** The sample after x0, before which come x1, x2, … */
// @ts-ignore: decorator
@inline
function nextSample(
  residual: v128,
  x0: v128, x1: v128, x2: v128, x3: v128, x4: v128, x5: v128,
  x6: v128, x7: v128, x8: v128, x9: v128, x10: v128, x11: v128,
): v128 {
  let low = addLow(addLow(addLow(addLow(i64x2.splat(0), 11, x11), 10, x10), 9, x9), 8, x8);
  low = addLow(addLow(addLow(addLow(low, 7, x7), 6, x6), 5, x5), 4, x4);
  low = addLow(addLow(addLow(addLow(low, 3, x3), 2, x2), 1, x1), 0, x0);
  let high = addHigh(addHigh(addHigh(addHigh(i64x2.splat(0), 11, x11), 10, x10), 9, x9), 8, x8);
  high = addHigh(addHigh(addHigh(addHigh(high, 7, x7), 6, x6), 5, x5), 4, x4);
  high = addHigh(addHigh(addHigh(addHigh(high, 3, x3), 2, x2), 1, x1), 0, x0);
  low = i64x2.shr_u(low, fraction);
  high = i64x2.shr_u(high, fraction);
  return i32x4.add(residual, i32x4.shuffle(low, high, 0, 2, 4, 6));
}

/** Predicts four subframes. */
export function predictWide(first: i32, blockSize: i32): void {
  prepare(first);
  const zero = i32x4.splat(0);
  let x0 = zero, x1 = zero, x2 = zero, x3 = zero, x4 = zero, x5 = zero;
  let x6 = zero, x7 = zero, x8 = zero, x9 = zero, x10 = zero, x11 = zero;
  const begin = codes + first * planeBytes;
  for (let at = begin, last = begin + 4 * blockSize; at < last; at += 16) {
    loadResiduals(at);
    const y0 = nextSample(residual(0), x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11);
    const y1 = nextSample(residual(1), y0, x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10);
    const y2 = nextSample(residual(2), y1, y0, x0, x1, x2, x3, x4, x5, x6, x7, x8, x9);
    const y3 = nextSample(residual(3), y2, y1, y0, x0, x1, x2, x3, x4, x5, x6, x7, x8);
    storeSamples(at, y0, y1, y2, y3);
    x11 = x7; x10 = x6; x9 = x5; x8 = x4; x7 = x3; x6 = x2; x5 = x1; x4 = x0;
    x3 = y0; x2 = y1; x1 = y2; x0 = y3;
  }
}

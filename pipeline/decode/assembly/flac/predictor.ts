/** The linear predictors of the pending subframes: sample n is foretold by samples n − 1, n − 2, … */
import { maxSubframes } from "./layout";

export const maxOrder: i32 = 32;
/** The most earlier samples that the vectors take. */
export const vectorOrder: i32 = 12;

const orders = memory.data(4 * maxSubframes, 16);
const shifts = memory.data(4 * maxSubframes, 16);
const wastedBits = memory.data(4 * maxSubframes, 16);
const coefficients = memory.data(4 * maxSubframes * maxOrder, 16);

/** How many earlier samples a subframe's predictor takes. */
export function orderOf(subframe: i32): i32 {
  return load<i32>(orders + 4 * subframe);
}

/** Bits by which the sum of its products is shifted to the right: 0 to 15. */
export function shiftOf(subframe: i32): i32 {
  return load<i32>(shifts + 4 * subframe);
}

/** The coefficient, 15 bits at most, of the sample that is i + 1 before; 0 from the order on. */
export function coefficientOf(subframe: i32, i: i32): i32 {
  return load<i32>(coefficients + 4 * (maxOrder * subframe + i));
}

/** Bits by which the samples are to be shifted to the left when they are complete. */
export function wastedBitsOf(subframe: i32): i32 {
  return load<i32>(wastedBits + 4 * subframe);
}

export function setWastedBits(subframe: i32, count: i32): void {
  store<i32>(wastedBits + 4 * subframe, count);
}

/** Gives a subframe a predictor whose coefficients are still 0. */
export function resetPredictor(subframe: i32, order: i32, shift: i32): void {
  store<i32>(orders + 4 * subframe, order);
  store<i32>(shifts + 4 * subframe, shift);
  memory.fill(coefficients + 4 * maxOrder * subframe, 0, 4 * maxOrder);
}

export function setCoefficient(subframe: i32, i: i32, value: i32): void {
  store<i32>(coefficients + 4 * (maxOrder * subframe + i), value);
}

/** A fixed polynomial of 0 to 4 earlier samples: 1; 2, −1; 3, −3, 1; 4, −6, 4, −1. */
export function setFixedPredictor(subframe: i32, order: i32): void {
  resetPredictor(subframe, order, 0);
  let binomial = order;
  for (let i = 0; i < order; i++) {
    setCoefficient(subframe, i, binomial);
    binomial = -binomial * (order - i - 1) / (i + 2);
  }
}

/** What is foretold of the sample at `at` that has `numBefore` before it, fewer than the order. */
export function predictWarmUp(subframe: i32, at: usize, numBefore: i32): i32 {
  let sum: i64 = 0;
  for (let i = 0; i < numBefore; i++) {
    sum += <i64>coefficientOf(subframe, i) * load<i32>(at - 4 - 4 * i);
  }
  return <i32>(sum >> shiftOf(subframe));
}

/** What is foretold of the sample at `at`, four products a step: further coefficients are 0. */
export function predictOne(subframe: i32, at: usize): i32 {
  let sum: i64 = 0, coefficient = coefficients + 4 * maxOrder * subframe;
  for (let sample = at - 16, first = sample - 4 * orderOf(subframe); sample > first; sample -= 16) {
    sum += load<i32>(coefficient) * <i64>load<i32>(sample, 12);
    sum += load<i32>(coefficient, 4) * <i64>load<i32>(sample, 8);
    sum += load<i32>(coefficient, 8) * <i64>load<i32>(sample, 4);
    sum += load<i32>(coefficient, 12) * <i64>load<i32>(sample);
    coefficient += 16;
  }
  return <i32>(sum >> shiftOf(subframe));
}

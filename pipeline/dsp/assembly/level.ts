/** Levels of signals, and their mixtures. */
import { mulAdd, VECTOR } from "./simd";

/** The sum of the squares of `count` f32. */
export function sumOfSquares(x: usize, count: usize): f64 {
  let low = f64x2.splat(0), high = low;
  for (const whole = x + (count & ~3) * 4; x < whole; x += VECTOR) {
    const samples = v128.load(x);
    const a = f64x2.promote_low_f32x4(samples);
    const b = f64x2.promote_low_f32x4(i64x2.shuffle(samples, samples, 1, 1));
    low = f64x2.add(low, f64x2.mul(a, a)), high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sums = f64x2.add(low, high);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (const end = x + (count & 3) * 4; x < end; x += 4) sum += <f64>load<f32>(x) * <f64>load<f32>(x);
  return sum;
}

/** Adds `gain` times `count` f32 (a multiple of 4) at `x` to those at `sum`. */
export function addScaled(x: usize, gain: f32, sum: usize, count: usize): void {
  const gains = f32x4.splat(gain);
  for (const end = x + count * 4; x < end; x += VECTOR, sum += VECTOR) {
    v128.store(sum, mulAdd(gains, v128.load(x), v128.load(sum)));
  }
}

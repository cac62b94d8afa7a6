/** Levels of signals, and their mixtures. */
import { mulAdd, VECTOR } from "./simd";

/** The sum of the squares of `count` f32. */
export function sumOfSquares(x: usize, count: usize): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a; // four sums, so that no addition waits for the one before
  for (const whole = x + (count & ~7) * 4; x < whole; x += 2 * VECTOR) {
    const first = v128.load(x), second = v128.load(x, VECTOR);
    a = f64x2.add(a, square(first));
    b = f64x2.add(b, square(i64x2.shuffle(first, first, 1, 1)));
    c = f64x2.add(c, square(second));
    d = f64x2.add(d, square(i64x2.shuffle(second, second, 1, 1)));
  }
  const sums = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (const end = x + (count & 7) * 4; x < end; x += 4) sum += <f64>load<f32>(x) * <f64>load<f32>(x);
  return sum;
}

/** The squares of the first two lanes. */
// @ts-ignore: decorator
@inline
function square(lanes: v128): v128 {
  const wide = f64x2.promote_low_f32x4(lanes);
  return f64x2.mul(wide, wide);
}

/** Adds `gain` times `count` f32 (a multiple of 4) at `x` to those at `sum`. */
export function addScaled(x: usize, gain: f32, sum: usize, count: usize): void {
  const gains = f32x4.splat(gain);
  for (const end = x + count * 4; x < end; x += VECTOR, sum += VECTOR) {
    v128.store(sum, mulAdd(gains, v128.load(x), v128.load(sum)));
  }
}

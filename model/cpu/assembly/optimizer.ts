/** Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019) and clipping. */
import { multiplyAdd, splat } from "./simd";

/** Sets the f64 at `sum` to zero. */
export function clearSum(sum: usize): void {
  store<f64>(sum, 0);
}

/** Adds the squares of `floats` values (a multiple of 4) to the f64 at `sum`. */
export function addSquares(values: usize, floats: i32, sum: usize): void {
  let total = f64x2.splat(0);
  for (let i: usize = 0; i < <usize>floats * 4; i += 16) {
    const v = v128.load(values + i);
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    total = f64x2.add(total, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  store<f64>(sum, load<f64>(sum) + f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1));
}

/**
 * Adds up the partial squares and stores what the gradient is to be multiplied by (f32 at `scale`);
 * raises the f64 at `largestNorm` where the norm is larger. A `clipNorm` of 0 leaves gradients alone.
 */
export function finishNorm(squares: usize, count: i32, clipNorm: f64, scale: usize, largestNorm: usize): void {
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) sum += load<f64>(squares + i * 8);
  const norm = Math.sqrt(sum);
  store<f32>(scale, clipNorm > 0 && norm > clipNorm ? <f32>(clipNorm / norm) : 1);
  // Written so that a norm that is not a number shows.
  if (!(norm <= load<f64>(largestNorm))) store<f64>(largestNorm, norm);
}

/**
 * One step for `floats` values (a multiple of 4).
 *
 * @param stepSize learningRate / (1 − β₁ᵗ).
 * @param secondFactor 1 / (1 − β₂ᵗ).
 * @param kept 1 − learningRate · weightDecay, or 1 where weights do not decay.
 * @param scale Address of the gradient's factor.
 */
export function adam(
  values: usize, gradient: usize, first: usize, second: usize, floats: i32, beta1: f32, beta2: f32,
  epsilon: f32, stepSize: f32, secondFactor: f32, kept: f32, scale: usize,
): void {
  const factor = v128.load32_splat(scale), b1 = splat(beta1), b2 = splat(beta2);
  const c1 = splat(1 - beta1), c2 = splat(1 - beta2), step = splat(-stepSize);
  for (let i: usize = 0; i < <usize>floats * 4; i += 16) {
    const g = f32x4.mul(v128.load(gradient + i), factor);
    const m = multiplyAdd(b1, v128.load(first + i), f32x4.mul(c1, g));
    const v = multiplyAdd(b2, v128.load(second + i), f32x4.mul(c2, f32x4.mul(g, g)));
    v128.store(first + i, m);
    v128.store(second + i, v);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, splat(secondFactor))), splat(epsilon));
    const decayed = f32x4.mul(v128.load(values + i), splat(kept));
    v128.store(values + i, multiplyAdd(step, f32x4.div(m, root), decayed));
  }
}

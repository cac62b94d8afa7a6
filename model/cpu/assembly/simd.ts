/**
 * Four floats at a time. One source, two builds: with relaxed SIMD a multiply-add is one fused
 * instruction (1.3 times the speed of the real kernels), without it a product and a sum.
 */

/** a·b + c. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}

/** The same number in all four lanes. */
@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** The number in one lane in all four. */
@inline
export function splatLane(v: v128, lane: i32): v128 {
  if (lane == 0) return v128.shuffle<f32>(v, v, 0, 0, 0, 0);
  if (lane == 1) return v128.shuffle<f32>(v, v, 1, 1, 1, 1);
  if (lane == 2) return v128.shuffle<f32>(v, v, 2, 2, 2, 2);
  return v128.shuffle<f32>(v, v, 3, 3, 3, 3);
}

/** The sum of the four lanes. */
@inline
export function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/**
 * Whether V8 joins pairs of vectors to 256 bits here, as its `--experimental-wasm-revectorize` makes it: then the
 * kernels that it can do that to are taken (`multiplyEightColumns` says how they must look). Without it they
 * are slower than the others, and give the same bits.
 */
let joining = false;

/**
 * Says whether V8 may join vectors here. That takes AVX2, which goes with a fused multiply-add.
 *
 * @returns whether it does.
 */
export function joinVectors(on: bool): bool {
  const x = splat(1 + 1.0 / 4096), unfused = splat(-1 - 1.0 / 2048);
  joining = on && f32x4.extract_lane(multiplyAdd(x, x, unfused), 0) != 0;
  return joining;
}

@inline
export function joinsVectors(): bool {
  return joining;
}

/**
 * v, by way of a replaced lane: V8 joins two such vectors without asking where they come from, as long as all that
 * they are made of comes before both, which the shuffle sees to: of `other` it takes nothing.
 */
@inline
export function apart(v: v128, other: v128): v128 {
  const same = v128.shuffle<f32>(v, other, 0, 1, 2, 3);
  return f64x2.replace_lane(same, 0, f64x2.extract_lane(v, 0));
}

/** One vector that depends on all eight: see `multiplyEightColumns`. */
@inline
export function mingle(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): v128 {
  return v128.xor(
    v128.xor(v128.xor(a, b), v128.xor(c, d)), v128.xor(v128.xor(e, f), v128.xor(g, h)),
  );
}

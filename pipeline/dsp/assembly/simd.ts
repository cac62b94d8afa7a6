/**
 * Short names for the vector instructions. Plain SIMD only: relaxed instructions may round
 * differently from one machine to the next, and features must be the same bits everywhere.
 */

/** Bytes of one vector: four float32, one in each lane. */
export const VECTOR: usize = 16;
/** Bytes of one complex number in four lanes: a vector of real parts, then one of imaginary parts. */
export const COMPLEX: usize = 32;

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

/** a·b + c, rounded twice. */
// @ts-ignore: decorator
@inline
export function mulAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The sums of four vectors' lanes, one in each lane. */
// @ts-ignore: decorator
@inline
export function sumEachLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** The largest of the four lanes. */
// @ts-ignore: decorator
@inline
export function maxLane(a: v128): f32 {
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}

/**
 * Transposes the 4 × 4 matrix whose rows are four vectors and stores its rows at four places.
 * Four runs of samples become vectors with a run in each lane, and the other way round.
 */
// @ts-ignore: decorator
@inline
export function storeTransposed(
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  to0: usize,
  to1: usize,
  to2: usize,
  to3: usize,
): void {
  const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to0, i64x2.shuffle(ab01, cd01, 0, 2));
  v128.store(to1, i64x2.shuffle(ab01, cd01, 1, 3));
  v128.store(to2, i64x2.shuffle(ab23, cd23, 0, 2));
  v128.store(to3, i64x2.shuffle(ab23, cd23, 1, 3));
}

/** Samples below this (−300 dB) count as silence. */
export const INAUDIBLE: f32 = 1e-15;

/**
 * Sets inaudible samples to zero. A sound that fades out further has squares too small for normal
 * floating point, on which processors take up to a hundred times as long. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function silenceInaudible(samples: v128, threshold: v128): v128 {
  return v128.andnot(samples, f32x4.lt(f32x4.abs(samples), threshold));
}

/**
 * Puts four runs of float32 samples into the four lanes: vector i = (a[i], b[i], c[i], d[i]), but for
 * inaudible ones, which become zero. The runs are addresses; any of them may overlap.
 */
export function interleave(to: usize, a: usize, b: usize, c: usize, d: usize, count: usize): void {
  const threshold = f32x4.splat(INAUDIBLE);
  const whole = to + (count & ~3) * VECTOR;
  for (; to < whole; to += 4 * VECTOR, a += 16, b += 16, c += 16, d += 16) {
    storeTransposed(
      silenceInaudible(v128.load(a), threshold), silenceInaudible(v128.load(b), threshold),
      silenceInaudible(v128.load(c), threshold), silenceInaudible(v128.load(d), threshold),
      to, to + VECTOR, to + 2 * VECTOR, to + 3 * VECTOR,
    );
  }
  for (const end = to + (count & 3) * VECTOR; to < end; to += VECTOR, a += 4, b += 4, c += 4, d += 4) {
    store<f32>(to, load<f32>(a));
    store<f32>(to, load<f32>(b), 4);
    store<f32>(to, load<f32>(c), 8);
    store<f32>(to, load<f32>(d), 12);
    v128.store(to, silenceInaudible(v128.load(to), threshold));
  }
}

/** Whether `bytes` bytes (a multiple of 16) are all zero. */
export function isZero(x: usize, bytes: usize): bool {
  for (const end = x + bytes; x < end; x += VECTOR) {
    if (v128.any_true(v128.load(x))) return false;
  }
  return true;
}

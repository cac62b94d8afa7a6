/**
 * The first pass of `real_fft.ts`'s transform on runs of samples as they lie in memory: four runs that overlap
 * become the four lanes on the way, in the same sweep.
 */
import { COMPLEX, INAUDIBLE, mul, silenceInaudible, VECTOR } from "./simd";
import { Fft, storeTwiddled, TWIDDLES4 } from "./fft";

/**
 * The first pass on four runs of `size` samples at `x`, each a quarter of a run behind the one before, with
 * a window (`size` f32); `middlePasses` follows. All that is in the runs has to be audible or 0.
 */
export function firstPassOfWindowedRuns(fft: Fft, x: usize, window: usize, z: usize): void {
  const stride = fft.points / 4 * COMPLEX, quarter = fft.size; // bytes of a quarter of a run
  let twiddles = fft.twiddles;
  for (const end = x + quarter; x < end; x += VECTOR, window += VECTOR) {
    const window1 = window + quarter, window2 = window1 + quarter, window3 = window2 + quarter;
    const w0 = v128.load(window), w1 = v128.load(window1), w2 = v128.load(window2), w3 = v128.load(window3);
    const at1 = x + quarter, at2 = at1 + quarter, at3 = at2 + quarter, at4 = at3 + quarter;
    const at5 = at4 + quarter, at6 = at5 + quarter;
    const x0 = v128.load(x), x1 = v128.load(at1), x2 = v128.load(at2), x3 = v128.load(at3);
    const x4 = v128.load(at4), x5 = v128.load(at5), x6 = v128.load(at6);
    storeFirstPass(
      z, stride, twiddles,
      mul(x0, w0), mul(x1, w0), mul(x2, w0), mul(x3, w0), mul(x1, w1), mul(x2, w1), mul(x3, w1), mul(x4, w1),
      mul(x2, w2), mul(x3, w2), mul(x4, w2), mul(x5, w2), mul(x3, w3), mul(x4, w3), mul(x5, w3), mul(x6, w3),
    );
    z += 2 * COMPLEX, twiddles += 2 * TWIDDLES4;
  }
}

/**
 * The same without a window, with each run half a run behind the one before.
 *
 * @param step Bytes from one half of a run to the next.
 */
export function firstPassOfRuns(fft: Fft, x: usize, step: usize, z: usize): void {
  const stride = fft.points / 4 * COMPLEX, quarter = fft.size;
  let twiddles = fft.twiddles;
  for (const end = x + quarter; x < end; x += VECTOR) {
    const at2 = x + step, at4 = at2 + step, at6 = at4 + step, at8 = at6 + step;
    const x0 = v128.load(x), x2 = v128.load(at2), x4 = v128.load(at4), x6 = v128.load(at6), x8 = v128.load(at8);
    const x1 = v128.load(x + quarter), x3 = v128.load(at2 + quarter), x5 = v128.load(at4 + quarter);
    const x7 = v128.load(at6 + quarter), x9 = v128.load(at8 + quarter);
    storeFirstPass(
      z, stride, twiddles, x0, x2, x4, x6, x1, x3, x5, x7, x2, x4, x6, x8, x3, x5, x7, x9,
    );
    z += 2 * COMPLEX, twiddles += 2 * TWIDDLES4;
  }
}

/** Two places of the pass, from four samples of the four runs a…d in each quarter 0…3. */
// @ts-ignore: decorator
@inline
function storeFirstPass(
  z: usize, stride: usize, twiddles: usize,
  a0: v128, b0: v128, c0: v128, d0: v128, a1: v128, b1: v128, c1: v128, d1: v128,
  a2: v128, b2: v128, c2: v128, d2: v128, a3: v128, b3: v128, c3: v128, d3: v128,
): void {
  let ab0 = i32x4.shuffle(a0, b0, 0, 4, 1, 5), cd0 = i32x4.shuffle(c0, d0, 0, 4, 1, 5);
  let ab1 = i32x4.shuffle(a1, b1, 0, 4, 1, 5), cd1 = i32x4.shuffle(c1, d1, 0, 4, 1, 5);
  let ab2 = i32x4.shuffle(a2, b2, 0, 4, 1, 5), cd2 = i32x4.shuffle(c2, d2, 0, 4, 1, 5);
  let ab3 = i32x4.shuffle(a3, b3, 0, 4, 1, 5), cd3 = i32x4.shuffle(c3, d3, 0, 4, 1, 5);
  storeTwiddled(
    z, stride, twiddles,
    i64x2.shuffle(ab0, cd0, 0, 2), i64x2.shuffle(ab0, cd0, 1, 3),
    i64x2.shuffle(ab1, cd1, 0, 2), i64x2.shuffle(ab1, cd1, 1, 3),
    i64x2.shuffle(ab2, cd2, 0, 2), i64x2.shuffle(ab2, cd2, 1, 3),
    i64x2.shuffle(ab3, cd3, 0, 2), i64x2.shuffle(ab3, cd3, 1, 3),
  );
  ab0 = i32x4.shuffle(a0, b0, 2, 6, 3, 7), cd0 = i32x4.shuffle(c0, d0, 2, 6, 3, 7);
  ab1 = i32x4.shuffle(a1, b1, 2, 6, 3, 7), cd1 = i32x4.shuffle(c1, d1, 2, 6, 3, 7);
  ab2 = i32x4.shuffle(a2, b2, 2, 6, 3, 7), cd2 = i32x4.shuffle(c2, d2, 2, 6, 3, 7);
  ab3 = i32x4.shuffle(a3, b3, 2, 6, 3, 7), cd3 = i32x4.shuffle(c3, d3, 2, 6, 3, 7);
  storeTwiddled(
    z + COMPLEX, stride, twiddles + TWIDDLES4,
    i64x2.shuffle(ab0, cd0, 0, 2), i64x2.shuffle(ab0, cd0, 1, 3),
    i64x2.shuffle(ab1, cd1, 0, 2), i64x2.shuffle(ab1, cd1, 1, 3),
    i64x2.shuffle(ab2, cd2, 0, 2), i64x2.shuffle(ab2, cd2, 1, 3),
    i64x2.shuffle(ab3, cd3, 0, 2), i64x2.shuffle(ab3, cd3, 1, 3),
  );
}

/** Sets inaudible samples of `bytes` bytes (a multiple of 16) to zero. */
export function silenceInaudibles(x: usize, bytes: usize): void {
  const threshold = f32x4.splat(INAUDIBLE);
  for (const end = x + bytes; x < end; x += VECTOR) {
    v128.store(x, silenceInaudible(v128.load(x), threshold));
  }
}

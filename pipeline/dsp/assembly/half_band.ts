/** The first step of resampling from high rates; see `resample.ts`. */
import { add, mul, mulAdd } from "./simd";
import { kaiser, sinc } from "./kaiser";

/** Half the half-band filter's window, in input samples: nine taps to either side, as every other one is zero. */
const HALF_REACH: usize = 18;
/** Kaiser's beta, for a stop band of −126 dB: closest to libsoxr's in what it rings before the first sample. */
const HALF_BETA: f64 = 0.1102 * (127 - 8.7);

/**
 * Halves the rate of a signal that fills less than a quarter of its band: what lies above three quarters
 * is taken away, what lies between folds back to where a later filter takes it away.
 *
 * @param input f32 samples: HALF_REACH before the first output's place, and from there two for each
 *   output, HALF_REACH more and 8 that are read and not used.
 * @param output Receives `count` f32 samples, and up to 3 that are to be ignored.
 * @param odd Room for half of the input and 4 samples more.
 */
export function halve(input: usize, count: usize, output: usize, odd: usize): void {
  for (let to = odd, from = input, last = odd + (count + HALF_REACH) * 4; to < last; to += 16, from += 32) {
    v128.store(to, i32x4.shuffle(v128.load(from), v128.load(from, 16), 1, 3, 5, 7));
  }
  const h1 = halfBandTap(1), h3 = halfBandTap(3), h5 = halfBandTap(5), h7 = halfBandTap(7), h9 = halfBandTap(9);
  const h11 = halfBandTap(11), h13 = halfBandTap(13), h15 = halfBandTap(15), h17 = halfBandTap(17);
  const half = f32x4.splat(0.5);
  let place = input + HALF_REACH * 4;
  for (const end = output + count * 4; output < end; output += 16, place += 32, odd += 16) {
    const even = i32x4.shuffle(v128.load(place), v128.load(place, 16), 0, 2, 4, 6);
    let a = mulAdd(add(v128.load(odd, 32), v128.load(odd, 36)), h1, mul(half, even));
    let b = mul(add(v128.load(odd, 28), v128.load(odd, 40)), h3);
    a = mulAdd(add(v128.load(odd, 24), v128.load(odd, 44)), h5, a);
    b = mulAdd(add(v128.load(odd, 20), v128.load(odd, 48)), h7, b);
    a = mulAdd(add(v128.load(odd, 16), v128.load(odd, 52)), h9, a);
    b = mulAdd(add(v128.load(odd, 12), v128.load(odd, 56)), h11, b);
    a = mulAdd(add(v128.load(odd, 8), v128.load(odd, 60)), h13, a);
    b = mulAdd(add(v128.load(odd, 4), v128.load(odd, 64)), h15, b);
    a = mulAdd(add(v128.load(odd), v128.load(odd, 68)), h17, a);
    v128.store(output, add(a, b));
  }
}

/** The half-band filter's tap at `x` samples from its middle, in every lane. */
function halfBandTap(x: f64): v128 {
  return f32x4.splat(<f32>(0.5 * sinc(x / 2) * kaiser(x / <f64>HALF_REACH, HALF_BETA)));
}

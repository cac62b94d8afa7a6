/** Scalar mathematics for the host, whose own functions differ in the last digits among engines. */

/** 10^(decibels/20). */
export function decibelsToAmplitude(decibels: f64): f64 {
  return Math.pow(10, decibels / 20);
}

/** 2^exponent. */
export function powerOfTwo(exponent: f64): f64 {
  return Math.pow(2, exponent);
}

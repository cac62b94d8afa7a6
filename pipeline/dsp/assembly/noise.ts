/**
 * Gaussian noise by the Box–Muller transform. Value i depends on the seed and on i alone: its random
 * bits are a hash of both, so there is no state, and four lanes work at once.
 */
import { mul, mulAdd, sub, VECTOR } from "./simd";

/** In memory, as loading a constant into all lanes is one instruction and making it there is more. */
const LOG = memory.data<f32>([
  1.0000032, -0.50001965, 0.33303298, -0.24881339, 0.20604673, -0.18901985, 0.11827485, // of m¹…m⁷
  1, 0.6931472, 0.70710678,
]);
const COSINE = memory.data<f32>([1, -1.233697, 0.25359865, -0.020408358]); // of x⁰, x², x⁴, x⁶
const SINE = memory.data<f32>([1.5707885, -0.645712, 0.07766739]); // of x¹, x³, x⁵

/** Number `index` of a table, in all lanes. */
// @ts-ignore: decorator
@inline
function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + index * 4);
}

/** Fills `count` f32 (a multiple of 8) with numbers from the standard normal distribution. */
export function gaussianNoise(seed: u32, output: usize, count: usize): void {
  const key = i32x4.splat(seed * 0x9e3779b1 + 0x7f4a7c15);
  let counter = i32x4(1, 3, 5, 7); // odd: radius; the even one after it: angle
  for (const end = output + count * 4; output < end; output += 2 * VECTOR) {
    const radiusBits = mix(v128.xor(mix(counter), key));
    const angleBits = mix(v128.xor(mix(i32x4.add(counter, i32x4.splat(1))), key));
    counter = i32x4.add(counter, i32x4.splat(8));

    const uniform = f32x4.convert_i32x4_s(i32x4.add(i32x4.shr_u(radiusBits, 8), i32x4.splat(1)));
    const radius = f32x4.sqrt(mul(f32x4.splat(-2), log(mul(uniform, f32x4.splat(1.0 / 0x1000000)))));
    // An angle within ±45°, then two bits that choose one of the four such sectors of the circle.
    const turn = mul(f32x4.convert_i32x4_s(i32x4.shr_s(angleBits, 2)), f32x4.splat(1.0 / 0x40000000));
    const cosine = v128.xor(mul(radius, cosQuarter(turn)), i32x4.shl(angleBits, 31));
    const sine = mul(radius, sinQuarter(turn));
    const swap = i32x4.shr_s(i32x4.shl(angleBits, 30), 31);
    v128.store(output, v128.bitselect(sine, cosine, swap));
    v128.store(output, v128.bitselect(cosine, sine, swap), VECTOR);
  }
}

/** The finaliser of MurmurHash3 in four lanes: spreads 32 bits evenly. */
// @ts-ignore: decorator
@inline
function mix(h: v128): v128 {
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), i32x4.splat(0x85ebca6b));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** ln(x) within 3e-7: the exponent, and a least-maximum polynomial of the mantissa in √½…√2. */
// @ts-ignore: decorator
@inline
function log(x: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, constant(LOG, 9)), 23); // m ≥ √½ by its bits
  const m = sub(i32x4.sub(x, i32x4.shl(exponent, 23)), constant(LOG, 7));
  let y = mulAdd(constant(LOG, 6), m, constant(LOG, 5));
  y = mulAdd(y, m, constant(LOG, 4));
  y = mulAdd(y, m, constant(LOG, 3));
  y = mulAdd(y, m, constant(LOG, 2));
  y = mulAdd(y, m, constant(LOG, 1));
  y = mulAdd(y, m, constant(LOG, 0));
  const wholes = mul(f32x4.convert_i32x4_s(exponent), constant(LOG, 8));
  return f32x4.min(mulAdd(y, m, wholes), f32x4.splat(0)); // rounding must not give a root of −0.000…
}

/** cos(x·π/2) for |x| ≤ ½ within 3e-8 (least-maximum polynomial). */
// @ts-ignore: decorator
@inline
function cosQuarter(x: v128): v128 {
  const square = mul(x, x);
  let y = mulAdd(constant(COSINE, 3), square, constant(COSINE, 2));
  y = mulAdd(y, square, constant(COSINE, 1));
  return mulAdd(y, square, constant(COSINE, 0));
}

/** sin(x·π/2) for |x| ≤ ½ within 6e-7 (least-maximum polynomial). */
// @ts-ignore: decorator
@inline
function sinQuarter(x: v128): v128 {
  const square = mul(x, x);
  const y = mulAdd(constant(SINE, 2), square, constant(SINE, 1));
  return mul(x, mulAdd(y, square, constant(SINE, 0)));
}

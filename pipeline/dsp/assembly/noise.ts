/**
 * Gaussian noise by the Box–Muller transform. Value i depends on the seed and on i alone: its random
 * bits are a hash of both, so there is no state, and four lanes work at once.
 */
import { mul, mulAdd, sub, VECTOR } from "./simd";

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
  const exponent = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23); // bits of √½
  const m = sub(i32x4.sub(x, i32x4.shl(exponent, 23)), f32x4.splat(1));
  let y = mulAdd(f32x4.splat(0.11827485), m, f32x4.splat(-0.18901985));
  y = mulAdd(y, m, f32x4.splat(0.20604673));
  y = mulAdd(y, m, f32x4.splat(-0.24881339));
  y = mulAdd(y, m, f32x4.splat(0.33303298));
  y = mulAdd(y, m, f32x4.splat(-0.50001965));
  y = mulAdd(y, m, f32x4.splat(1.0000032));
  const wholes = mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(0.6931472));
  return f32x4.min(mulAdd(y, m, wholes), f32x4.splat(0)); // rounding must not give a root of −0.000…
}

/** cos(x·π/2) for |x| ≤ ½ within 3e-8 (least-maximum polynomial). */
// @ts-ignore: decorator
@inline
function cosQuarter(x: v128): v128 {
  const square = mul(x, x);
  let y = mulAdd(f32x4.splat(-0.020408358), square, f32x4.splat(0.25359865));
  y = mulAdd(y, square, f32x4.splat(-1.233697));
  return mulAdd(y, square, f32x4.splat(1));
}

/** sin(x·π/2) for |x| ≤ ½ within 6e-7 (least-maximum polynomial). */
// @ts-ignore: decorator
@inline
function sinQuarter(x: v128): v128 {
  const square = mul(x, x);
  const y = mulAdd(f32x4.splat(0.07766739), square, f32x4.splat(-0.645712));
  return mul(x, mulAdd(y, square, f32x4.splat(1.5707885)));
}

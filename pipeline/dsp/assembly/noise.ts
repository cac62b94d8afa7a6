/**
 * Gaussian noise by the Box–Muller transform. Value i depends on the seed and on i alone: its random
 * bits are a hash of both, so there is no state, and four lanes work at once.
 */
import { mul, mulAdd, sub, VECTOR } from "./simd";
import { sumOfSquares } from "./level";

/** In memory, as loading a constant into all lanes is one instruction and making it there is more. */
const LOG = memory.data<f32>([
  1.0000032, -0.50001965, 0.33303298, -0.24881339, 0.20604673, -0.18901985, 0.11827485, // of m¹…m⁷
  1, 0.6931472, 0.70710678,
]);
const COSINE = memory.data<f32>([1, -1.233697, 0.25359865, -0.020408358]); // of x⁰, x², x⁴, x⁶
const SINE = memory.data<f32>([1.5707885, -0.645712, 0.07766739]); // of x¹, x³, x⁵
const HASH = memory.data<u32>([0x85ebca6b, 0xc2b2ae35, 1, 4]);
const SCALE = memory.data<f32>([1.0 / 0x1000000, 1.0 / 0x40000000, -2]);

/** Number `index` of a table, in all lanes. */
// @ts-ignore: decorator
@inline
function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + index * 4);
}

/** Bytes that are hashed, then turned into noise: they stay in the first-level cache. */
const CHUNK: usize = 8192;

/** Fills `count` f32 (a multiple of 8) with numbers from the standard normal distribution. */
export function gaussianNoise(seed: u32, output: usize, count: usize): void {
  const end = output + count * 4;
  for (let place: u32 = 0; output < end; output += CHUNK, place += CHUNK / 8) {
    // Two loops, as the steps of one number wait for each other: more numbers are then under way at once.
    const bytes = min(CHUNK, end - output);
    hashPlaces(seed, place, output, bytes);
    hashesToNormal(output, bytes);
  }
}

/** Stores two vectors of random bits for each four places from `first` on. */
function hashPlaces(seed: u32, first: u32, to: usize, bytes: usize): void {
  const radiusKey = i32x4.splat(seed * 0x9e3779b1 + 0x7f4a7c15);
  const angleKey = i32x4.splat(seed * 0x9e3779b1 + 0x94d049bb);
  let places = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (const end = to + bytes; to < end; to += 2 * VECTOR) {
    const hash = mix(places);
    v128.store(to, mix(v128.xor(hash, radiusKey)));
    v128.store(to, mix(v128.xor(hash, angleKey)), VECTOR);
    places = i32x4.add(places, constant(HASH, 3));
  }
}

/** Turns two vectors of random bits at a time into two of noise, in place. */
function hashesToNormal(at: usize, bytes: usize): void {
  for (const end = at + bytes; at < end; at += 2 * VECTOR) {
    const radiusBits = v128.load(at), angleBits = v128.load(at, VECTOR);
    const uniform = f32x4.convert_i32x4_s(i32x4.add(i32x4.shr_u(radiusBits, 8), constant(HASH, 2)));
    const radius = f32x4.sqrt(mul(constant(SCALE, 2), log(mul(uniform, constant(SCALE, 0)))));
    // An angle within ±45°, then two bits that choose one of the four such sectors of the circle.
    const turn = mul(f32x4.convert_i32x4_s(i32x4.shr_s(angleBits, 2)), constant(SCALE, 1));
    const cosine = v128.xor(mul(radius, cosQuarter(turn)), i32x4.shl(angleBits, 31));
    const sine = mul(radius, sinQuarter(turn));
    const swap = v128.and(v128.xor(cosine, sine), i32x4.shr_s(i32x4.shl(angleBits, 30), 31));
    v128.store(at, v128.xor(cosine, swap));
    v128.store(at, v128.xor(sine, swap), VECTOR);
  }
}

/** The finaliser of MurmurHash3 in four lanes: spreads 32 bits evenly. */
// @ts-ignore: decorator
@inline
function mix(h: v128): v128 {
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), constant(HASH, 0));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), constant(HASH, 1));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/**
 * ln(x) within 3e-7: the exponent, and a least-maximum polynomial of the mantissa in √½…√2, whose terms are
 * paired so that few wait for others (Estrin).
 */
// @ts-ignore: decorator
@inline
function log(x: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, constant(LOG, 9)), 23); // m ≥ √½ by its bits
  const m = sub(i32x4.sub(x, i32x4.shl(exponent, 23)), constant(LOG, 7)), square = mul(m, m);
  const low = mulAdd(mulAdd(constant(LOG, 3), m, constant(LOG, 2)), square, mulAdd(constant(LOG, 1), m, constant(LOG, 0)));
  const high = mulAdd(constant(LOG, 6), square, mulAdd(constant(LOG, 5), m, constant(LOG, 4)));
  const wholes = mul(f32x4.convert_i32x4_s(exponent), constant(LOG, 8));
  const y = mulAdd(mulAdd(high, mul(square, square), low), m, wholes);
  return f32x4.pmin(y, f32x4.splat(0)); // rounding must not give a root of −0.000…
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

/**
 * Fills `length` f32 with noise that decays by 60 dB over `decaySamples`; returns the sum of its squares.
 * Room for 7 more, whose values are to be ignored.
 */
export function decayingNoise(seed: u32, decaySamples: f64, output: usize, length: usize): f64 {
  gaussianNoise(seed, output, (length + 7) & ~7);
  const step = Math.pow(10, -3 / decaySamples), step2 = step * step;
  const step4 = f64x2.splat(step2 * step2);
  let low = f64x2.replace_lane(f64x2.splat(1), 1, step), high = f64x2.mul(low, f64x2.splat(step2));
  for (let at = output, end = output + length * 4; at < end; at += VECTOR) {
    const envelope = i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
    v128.store(at, mul(v128.load(at), envelope));
    low = f64x2.mul(low, step4), high = f64x2.mul(high, step4);
  }
  return sumOfSquares(output, length);
}

/**
 * Matrix products of a block of tiles, a small tile of results held in registers. x86-64 has 16 SIMD
 * registers, of which the compiler keeps one; and where the engine checks the bounds of each access
 * (Deno's does), loads are dearer than they look: a check takes a slot that a multiply-add could
 * have. So the kernels hold as much as fits and load as little as they can.
 */
import { apart, mingle, multiplyAdd, splat, splatLane } from "./simd";

/**
 * out[5][8] (+)= aᵀ·b over `rows` rows: five columns of a by eight of b. Rows of a, b and out lie
 * `aRow`, `bRow` and `outRow` bytes apart. Four of the columns come in one load.
 */
@inline
export function multiplyFiveColumns(
  a: usize, aRow: usize, b: usize, bRow: usize, rows: i32, out: usize, outRow: usize, accumulate: bool,
): void {
  let a0 = splat(0), a1 = splat(0), b0 = splat(0), b1 = splat(0), c0 = splat(0), c1 = splat(0);
  let d0 = splat(0), d1 = splat(0), e0 = splat(0), e1 = splat(0);
  const end = b + <usize>rows * bRow;
  while (b < end) {
    const r0 = v128.load(b), r1 = v128.load(b, 16), columns = v128.load(a);
    let v = splatLane(columns, 0);
    a0 = multiplyAdd(v, r0, a0); a1 = multiplyAdd(v, r1, a1);
    v = splatLane(columns, 1);
    b0 = multiplyAdd(v, r0, b0); b1 = multiplyAdd(v, r1, b1);
    v = splatLane(columns, 2);
    c0 = multiplyAdd(v, r0, c0); c1 = multiplyAdd(v, r1, c1);
    v = splatLane(columns, 3);
    d0 = multiplyAdd(v, r0, d0); d1 = multiplyAdd(v, r1, d1);
    v = v128.load32_splat(a, 16);
    e0 = multiplyAdd(v, r0, e0); e1 = multiplyAdd(v, r1, e1);
    a += aRow;
    b += bRow;
  }
  put(out, a0, a1, accumulate); out += outRow;
  put(out, b0, b1, accumulate); out += outRow;
  put(out, c0, c1, accumulate); out += outRow;
  put(out, d0, d1, accumulate); out += outRow;
  put(out, e0, e1, accumulate);
}

/** `multiplyFiveColumns` for four: multiples of eight are fives and up to four fours. */
@inline
export function multiplyFourColumns(
  a: usize, aRow: usize, b: usize, bRow: usize, rows: i32, out: usize, outRow: usize, accumulate: bool,
): void {
  let a0 = splat(0), a1 = splat(0), b0 = splat(0), b1 = splat(0);
  let c0 = splat(0), c1 = splat(0), d0 = splat(0), d1 = splat(0);
  const end = b + <usize>rows * bRow;
  while (b < end) {
    const r0 = v128.load(b), r1 = v128.load(b, 16), columns = v128.load(a);
    let v = splatLane(columns, 0);
    a0 = multiplyAdd(v, r0, a0); a1 = multiplyAdd(v, r1, a1);
    v = splatLane(columns, 1);
    b0 = multiplyAdd(v, r0, b0); b1 = multiplyAdd(v, r1, b1);
    v = splatLane(columns, 2);
    c0 = multiplyAdd(v, r0, c0); c1 = multiplyAdd(v, r1, c1);
    v = splatLane(columns, 3);
    d0 = multiplyAdd(v, r0, d0); d1 = multiplyAdd(v, r1, d1);
    a += aRow;
    b += bRow;
  }
  put(out, a0, a1, accumulate); out += outRow;
  put(out, b0, b1, accumulate); out += outRow;
  put(out, c0, c1, accumulate); out += outRow;
  put(out, d0, d1, accumulate);
}

/**
 * `multiplyFiveColumns` for eight, as V8's `--experimental-wasm-revectorize` makes it 256 bits wide: it joins
 * two operations on 128 bits that do the same to two vectors. It starts from integer additions and goes
 * up to what they add; two loads or stores with a check of bounds between them it does not join, and what
 * is read after a loop as it left it is taken apart in every round. Hence
 *
 * - columns m and m + 4 are a pair: each is a lane of one of two vectors of a, both multiplied by the
 *   same four of b, so that nothing of b is a pair (four columns lie at a, four at `next`);
 * - the two vectors of a are `apart`;
 * - after the loop each sum is joined once more, with nothing, and all meet in one addition, whose value
 *   nobody needs: it goes to `sink`.
 */
export function multiplyEightColumns(
  a: usize, next: usize, aRow: usize, b: usize, bRow: usize, rows: i32, out: usize, outRow: usize,
  accumulate: bool, sink: usize,
): void {
  const zero = splat(0);
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
  let e0 = zero, e1 = zero, f0 = zero, f1 = zero, g0 = zero, g1 = zero, h0 = zero, h1 = zero;
  const end = b + <usize>rows * bRow;
  while (b < end) {
    const four = v128.load(a), others = v128.load(next), v = apart(four, others), w = apart(others, four);
    const r0 = v128.load(b), r1 = v128.load(b, 16);
    let x = splatLane(v, 0), y = splatLane(w, 0);
    a0 = multiplyAdd(x, r0, a0); e0 = multiplyAdd(y, r0, e0);
    a1 = multiplyAdd(x, r1, a1); e1 = multiplyAdd(y, r1, e1);
    x = splatLane(v, 1); y = splatLane(w, 1);
    b0 = multiplyAdd(x, r0, b0); f0 = multiplyAdd(y, r0, f0);
    b1 = multiplyAdd(x, r1, b1); f1 = multiplyAdd(y, r1, f1);
    x = splatLane(v, 2); y = splatLane(w, 2);
    c0 = multiplyAdd(x, r0, c0); g0 = multiplyAdd(y, r0, g0);
    c1 = multiplyAdd(x, r1, c1); g1 = multiplyAdd(y, r1, g1);
    x = splatLane(v, 3); y = splatLane(w, 3);
    d0 = multiplyAdd(x, r0, d0); h0 = multiplyAdd(y, r0, h0);
    d1 = multiplyAdd(x, r1, d1); h1 = multiplyAdd(y, r1, h1);
    a += aRow;
    next += aRow;
    b += bRow;
  }
  a0 = v128.or(a0, zero); a1 = v128.or(a1, zero); e0 = v128.or(e0, zero); e1 = v128.or(e1, zero);
  b0 = v128.or(b0, zero); b1 = v128.or(b1, zero); f0 = v128.or(f0, zero); f1 = v128.or(f1, zero);
  c0 = v128.or(c0, zero); c1 = v128.or(c1, zero); g0 = v128.or(g0, zero); g1 = v128.or(g1, zero);
  d0 = v128.or(d0, zero); d1 = v128.or(d1, zero); h0 = v128.or(h0, zero); h1 = v128.or(h1, zero);
  v128.store(sink, i32x4.add(mingle(a0, a1, b0, b1, c0, c1, d0, d1), mingle(e0, e1, f0, f1, g0, g1, h0, h1)));
  put(out, a0, a1, accumulate); out += outRow;
  put(out, b0, b1, accumulate); out += outRow;
  put(out, c0, c1, accumulate); out += outRow;
  put(out, d0, d1, accumulate); out += outRow;
  put(out, e0, e1, accumulate); out += outRow;
  put(out, f0, f1, accumulate); out += outRow;
  put(out, g0, g1, accumulate); out += outRow;
  put(out, h0, h1, accumulate);
}

/** out[8] (+)= the two vectors. */
@inline
function put(out: usize, v: v128, w: v128, accumulate: bool): void {
  if (accumulate) {
    v = f32x4.add(v128.load(out), v);
    w = f32x4.add(v128.load(out, 16), w);
  }
  v128.store(out, v);
  v128.store(out, w, 16);
}

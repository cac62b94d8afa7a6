/**
 * Matrix products of a block of tiles, a small tile of results held in registers. x86-64 has 16 SIMD
 * registers, of which the compiler keeps one; and where the engine checks the bounds of each access
 * (Deno's does), loads are dearer than they look: a check takes a slot that a multiply-add could
 * have. So the kernels hold as much as fits and load as little as they can.
 */
import { multiplyAdd, splat } from "./simd";

/** The number in one lane in all four. */
@inline
function splatLane(v: v128, lane: i32): v128 {
  if (lane == 0) return v128.shuffle<f32>(v, v, 0, 0, 0, 0);
  if (lane == 1) return v128.shuffle<f32>(v, v, 1, 1, 1, 1);
  if (lane == 2) return v128.shuffle<f32>(v, v, 2, 2, 2, 2);
  return v128.shuffle<f32>(v, v, 3, 3, 3, 3);
}

/**
 * out[rows][n] = a[rows][k] · b[k][n] for 8 columns of b, which lie packed as `b[k][8]`.
 * Rows of a are `k` floats long, rows of out `outRow` bytes. Computes 6 rows.
 */
@inline
export function multiplySixRows(a: usize, k: i32, b: usize, out: usize, outRow: usize): void {
  const row = <usize>k * 4;
  let p0 = a, p1 = p0 + row, p2 = p1 + row, p3 = p2 + row, p4 = p3 + row, p5 = p4 + row;
  let a0 = splat(0), a1 = splat(0), b0 = splat(0), b1 = splat(0), c0 = splat(0), c1 = splat(0);
  let d0 = splat(0), d1 = splat(0), e0 = splat(0), e1 = splat(0), f0 = splat(0), f1 = splat(0);
  const end = b + <usize>k * 32;
  while (b < end) {
    const r0 = v128.load(b), r1 = v128.load(b, 16);
    b += 32;
    let v = v128.load32_splat(p0);
    a0 = multiplyAdd(v, r0, a0); a1 = multiplyAdd(v, r1, a1); p0 += 4;
    v = v128.load32_splat(p1);
    b0 = multiplyAdd(v, r0, b0); b1 = multiplyAdd(v, r1, b1); p1 += 4;
    v = v128.load32_splat(p2);
    c0 = multiplyAdd(v, r0, c0); c1 = multiplyAdd(v, r1, c1); p2 += 4;
    v = v128.load32_splat(p3);
    d0 = multiplyAdd(v, r0, d0); d1 = multiplyAdd(v, r1, d1); p3 += 4;
    v = v128.load32_splat(p4);
    e0 = multiplyAdd(v, r0, e0); e1 = multiplyAdd(v, r1, e1); p4 += 4;
    v = v128.load32_splat(p5);
    f0 = multiplyAdd(v, r0, f0); f1 = multiplyAdd(v, r1, f1); p5 += 4;
  }
  v128.store(out, a0); v128.store(out, a1, 16); out += outRow;
  v128.store(out, b0); v128.store(out, b1, 16); out += outRow;
  v128.store(out, c0); v128.store(out, c1, 16); out += outRow;
  v128.store(out, d0); v128.store(out, d1, 16); out += outRow;
  v128.store(out, e0); v128.store(out, e1, 16); out += outRow;
  v128.store(out, f0); v128.store(out, f1, 16);
}

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
  if (accumulate) {
    let p = out;
    a0 = v128.load(p); a1 = v128.load(p, 16); p += outRow;
    b0 = v128.load(p); b1 = v128.load(p, 16); p += outRow;
    c0 = v128.load(p); c1 = v128.load(p, 16); p += outRow;
    d0 = v128.load(p); d1 = v128.load(p, 16); p += outRow;
    e0 = v128.load(p); e1 = v128.load(p, 16);
  }
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
  v128.store(out, a0); v128.store(out, a1, 16); out += outRow;
  v128.store(out, b0); v128.store(out, b1, 16); out += outRow;
  v128.store(out, c0); v128.store(out, c1, 16); out += outRow;
  v128.store(out, d0); v128.store(out, d1, 16); out += outRow;
  v128.store(out, e0); v128.store(out, e1, 16);
}

/** `multiplyFiveColumns` for four: multiples of eight are fives and up to four fours. */
@inline
export function multiplyFourColumns(
  a: usize, aRow: usize, b: usize, bRow: usize, rows: i32, out: usize, outRow: usize, accumulate: bool,
): void {
  let a0 = splat(0), a1 = splat(0), b0 = splat(0), b1 = splat(0);
  let c0 = splat(0), c1 = splat(0), d0 = splat(0), d1 = splat(0);
  if (accumulate) {
    let p = out;
    a0 = v128.load(p); a1 = v128.load(p, 16); p += outRow;
    b0 = v128.load(p); b1 = v128.load(p, 16); p += outRow;
    c0 = v128.load(p); c1 = v128.load(p, 16); p += outRow;
    d0 = v128.load(p); d1 = v128.load(p, 16);
  }
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
  v128.store(out, a0); v128.store(out, a1, 16); out += outRow;
  v128.store(out, b0); v128.store(out, b1, 16); out += outRow;
  v128.store(out, c0); v128.store(out, c1, 16); out += outRow;
  v128.store(out, d0); v128.store(out, d1, 16);
}

/**
 * Matrix products of a block of tiles. Twelve accumulators of four floats, two vectors of the right
 * side and one broadcast value fill 15 of the 16 SIMD registers of x86-64: 6 × 8 results at once.
 */
import { multiplyAdd, splat } from "./simd";

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
 * out[4][8] (+)= aᵀ·b over `rows` rows: four columns of a by eight of b, whose rows lie `aRow` and
 * `bRow` bytes apart. `out` is 32 floats in one piece.
 */
@inline
export function multiplyTransposed(
  a: usize, aRow: usize, b: usize, bRow: usize, rows: i32, out: usize, accumulate: bool,
): void {
  let a0 = splat(0), a1 = splat(0), b0 = splat(0), b1 = splat(0);
  let c0 = splat(0), c1 = splat(0), d0 = splat(0), d1 = splat(0);
  if (accumulate) {
    a0 = v128.load(out); a1 = v128.load(out, 16); b0 = v128.load(out, 32); b1 = v128.load(out, 48);
    c0 = v128.load(out, 64); c1 = v128.load(out, 80); d0 = v128.load(out, 96); d1 = v128.load(out, 112);
  }
  for (let i = 0; i < rows; i++) {
    const r0 = v128.load(b), r1 = v128.load(b, 16);
    let v = v128.load32_splat(a);
    a0 = multiplyAdd(v, r0, a0); a1 = multiplyAdd(v, r1, a1);
    v = v128.load32_splat(a, 4);
    b0 = multiplyAdd(v, r0, b0); b1 = multiplyAdd(v, r1, b1);
    v = v128.load32_splat(a, 8);
    c0 = multiplyAdd(v, r0, c0); c1 = multiplyAdd(v, r1, c1);
    v = v128.load32_splat(a, 12);
    d0 = multiplyAdd(v, r0, d0); d1 = multiplyAdd(v, r1, d1);
    a += aRow;
    b += bRow;
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, b0, 32); v128.store(out, b1, 48);
  v128.store(out, c0, 64); v128.store(out, c1, 80); v128.store(out, d0, 96); v128.store(out, d1, 112);
}

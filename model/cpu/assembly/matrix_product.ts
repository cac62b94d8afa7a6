/**
 * Matrix products of a block of tiles, a small tile of results held in registers. x86-64 has 16 SIMD
 * registers, of which the compiler keeps one; and where the engine checks the bounds of each access
 * (Deno's does), loads are dearer than they look: a check takes a slot that a multiply-add could
 * have. So the kernels hold as much as fits and load as little as they can.
 */
import { multiplyAdd, splat, splatLane } from "./simd";

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

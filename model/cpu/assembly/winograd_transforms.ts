/**
 * The one-dimensional transforms of Winograd's F(4×4, 3×3) (Lavin & Gray 2016), four channels at a
 * time, from memory to memory; a two-dimensional transform is one over the rows, then one over the
 * columns. With Bᵀ (6×6), G (6×3) and Aᵀ (4×6), a tile of the convolution is
 *
 *   y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A
 *
 * and its gradients are the transposed steps: dw = Gᵀ [ (Bᵀ x B) ⊙ (A dy Aᵀ) ] G and
 * dx = B [ (G w Gᵀ) ⊙ (A dy Aᵀ) ] Bᵀ, where ⊙ also sums over tiles or channels: 36 matrix products.
 */
import { multiplyAdd, splat } from "./simd";

/** Bᵀ: 6 → 6, of the input. Vectors lie `step` bytes apart at `p`, `outStep` at `out`. */
@inline
export function transformInput(p: usize, step: usize, out: usize, outStep: usize): void {
  const d0 = v128.load(p), d1 = v128.load(p + step), d2 = v128.load(p + 2 * step);
  const d3 = v128.load(p + 3 * step), d4 = v128.load(p + 4 * step), d5 = v128.load(p + 5 * step);
  const a = multiplyAdd(splat(-4), d2, d4), b = multiplyAdd(splat(-4), d1, d3);
  const c = f32x4.sub(d4, d2), d = f32x4.mul(splat(2), f32x4.sub(d3, d1));
  v128.store(out, multiplyAdd(splat(4), d0, multiplyAdd(splat(-5), d2, d4)));
  v128.store(out + outStep, f32x4.add(a, b));
  v128.store(out + 2 * outStep, f32x4.sub(a, b));
  v128.store(out + 3 * outStep, f32x4.add(c, d));
  v128.store(out + 4 * outStep, f32x4.sub(c, d));
  v128.store(out + 5 * outStep, multiplyAdd(splat(4), d1, multiplyAdd(splat(-5), d3, d5)));
}

/** Aᵀ: 6 → 4, of the products. */
@inline
export function transformOutput(p: usize, step: usize, out: usize, outStep: usize): void {
  const m0 = v128.load(p), m1 = v128.load(p + step), m2 = v128.load(p + 2 * step);
  const m3 = v128.load(p + 3 * step), m4 = v128.load(p + 4 * step), m5 = v128.load(p + 5 * step);
  const a = f32x4.add(m1, m2), b = f32x4.sub(m1, m2), c = f32x4.add(m3, m4), d = f32x4.sub(m3, m4);
  v128.store(out, f32x4.add(f32x4.add(m0, a), c));
  v128.store(out + outStep, multiplyAdd(splat(2), d, b));
  v128.store(out + 2 * outStep, multiplyAdd(splat(4), c, a));
  v128.store(out + 3 * outStep, f32x4.add(multiplyAdd(splat(8), d, b), m5));
}

/** G: 3 → 6, of the kernel. */
@inline
export function transformKernel(p: usize, step: usize, out: usize, outStep: usize): void {
  const g0 = v128.load(p), g1 = v128.load(p + step), g2 = v128.load(p + 2 * step);
  const a = f32x4.mul(splat(-1.0 / 6), f32x4.add(g0, g2)), b = f32x4.mul(splat(-1.0 / 6), g1);
  const c = multiplyAdd(splat(1.0 / 6), g2, f32x4.mul(splat(1.0 / 24), g0));
  const d = f32x4.mul(splat(1.0 / 12), g1);
  v128.store(out, f32x4.mul(splat(0.25), g0));
  v128.store(out + outStep, f32x4.add(a, b));
  v128.store(out + 2 * outStep, f32x4.sub(a, b));
  v128.store(out + 3 * outStep, f32x4.add(c, d));
  v128.store(out + 4 * outStep, f32x4.sub(c, d));
  v128.store(out + 5 * outStep, g2);
}

/** A: 4 → 6, of the output's gradient. */
@inline
export function transformOutputGradient(p: usize, step: usize, out: usize, outStep: usize): void {
  const y0 = v128.load(p), y1 = v128.load(p + step);
  const y2 = v128.load(p + 2 * step), y3 = v128.load(p + 3 * step);
  const a = f32x4.add(y0, y2), b = f32x4.add(y1, y3);
  const c = multiplyAdd(splat(4), y2, y0), d = multiplyAdd(splat(8), y3, f32x4.mul(splat(2), y1));
  v128.store(out, y0);
  v128.store(out + outStep, f32x4.add(a, b));
  v128.store(out + 2 * outStep, f32x4.sub(a, b));
  v128.store(out + 3 * outStep, f32x4.add(c, d));
  v128.store(out + 4 * outStep, f32x4.sub(c, d));
  v128.store(out + 5 * outStep, y3);
}

/** Gᵀ: 6 → 3, of the products' sum: the kernel's gradient. */
@inline
export function transformKernelGradient(p: usize, step: usize, out: usize, outStep: usize): void {
  const m0 = v128.load(p), m1 = v128.load(p + step), m2 = v128.load(p + 2 * step);
  const m3 = v128.load(p + 3 * step), m4 = v128.load(p + 4 * step), m5 = v128.load(p + 5 * step);
  const a = f32x4.add(m1, m2), b = f32x4.sub(m2, m1), c = f32x4.add(m3, m4), d = f32x4.sub(m3, m4);
  const sixth = splat(1.0 / 6);
  v128.store(out, multiplyAdd(splat(0.25), m0, multiplyAdd(splat(1.0 / 24), c, f32x4.mul(splat(-1.0 / 6), a))));
  v128.store(out + outStep, multiplyAdd(sixth, b, f32x4.mul(splat(1.0 / 12), d)));
  v128.store(out + 2 * outStep, multiplyAdd(sixth, f32x4.sub(c, a), m5));
}

/** B: 6 → 6, of the products: the input's gradient. */
@inline
export function transformInputGradient(p: usize, step: usize, out: usize, outStep: usize): void {
  const m0 = v128.load(p), m1 = v128.load(p + step), m2 = v128.load(p + 2 * step);
  const m3 = v128.load(p + 3 * step), m4 = v128.load(p + 4 * step), m5 = v128.load(p + 5 * step);
  const a = f32x4.add(m1, m2), b = f32x4.sub(m1, m2), c = f32x4.add(m3, m4), d = f32x4.sub(m3, m4);
  v128.store(out, f32x4.mul(splat(4), m0));
  v128.store(out + outStep, multiplyAdd(splat(4), f32x4.sub(m5, b), f32x4.mul(splat(-2), d)));
  v128.store(out + 2 * outStep, multiplyAdd(splat(-5), m0, multiplyAdd(splat(-4), a, f32x4.neg(c))));
  v128.store(out + 3 * outStep, multiplyAdd(splat(-5), m5, multiplyAdd(splat(2), d, b)));
  v128.store(out + 4 * outStep, f32x4.add(f32x4.add(m0, a), c));
  v128.store(out + 5 * outStep, m5);
}

/** The same as `transformInputGradient`, added to what `out` holds: neighbouring tiles overlap. */
@inline
export function addInputGradient(p: usize, step: usize, out: usize, outStep: usize): void {
  const m0 = v128.load(p), m1 = v128.load(p + step), m2 = v128.load(p + 2 * step);
  const m3 = v128.load(p + 3 * step), m4 = v128.load(p + 4 * step), m5 = v128.load(p + 5 * step);
  const a = f32x4.add(m1, m2), b = f32x4.sub(m1, m2), c = f32x4.add(m3, m4), d = f32x4.sub(m3, m4);
  addTo(out, f32x4.mul(splat(4), m0));
  addTo(out + outStep, multiplyAdd(splat(4), f32x4.sub(m5, b), f32x4.mul(splat(-2), d)));
  addTo(out + 2 * outStep, multiplyAdd(splat(-5), m0, multiplyAdd(splat(-4), a, f32x4.neg(c))));
  addTo(out + 3 * outStep, multiplyAdd(splat(-5), m5, multiplyAdd(splat(2), d, b)));
  addTo(out + 4 * outStep, f32x4.add(f32x4.add(m0, a), c));
  addTo(out + 5 * outStep, m5);
}

@inline
function addTo(out: usize, value: v128): void {
  v128.store(out, f32x4.add(v128.load(out), value));
}

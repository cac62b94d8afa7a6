/**
 * The first convolution: one input channel, 3×3, computed as it is written. With nine products a
 * value there is nothing for Winograd's transforms to save, and so little to compute that y, the
 * largest tensor of the network, is never stored: each pass makes it again, a row or two at a time
 * in `scratch`, faster than memory could deliver it.
 *
 * The input is padded by one pixel on all sides (and on the right up to a multiple of 24 outputs);
 * y's rows are a multiple of 24 pixels long, so that the inner kernels never meet an edge.
 */
import { multiplyEightColumns, multiplyFourColumns } from "./matrix_product";
import { apart, joinsVectors, mingle, multiplyAdd, splat, splatLane } from "./simd";
import { takeRows, unpooledGradient, windowGradient } from "./batch_norm_pool";

/** Pixels of a row that the kernel computes at once: 6 × 8 channels take 12 of 16 registers. */
const BLOCK = 6;

/** Scales one image of decibels into the middle of its zero-padded copy. */
export function prepareInput(
  input: usize, height: i32, width: i32, scale: f32, offset: f32, padded: usize, paddedRowBytes: usize,
): void {
  for (let h = 0; h < height; h++) {
    const out = padded + <usize>(h + 1) * paddedRowBytes + 4;
    for (let w = 0; w < width; w++) {
      store<f32>(out + (<usize>w << 2), load<f32>(input) * scale + offset);
      input += 4;
    }
  }
}

/** Six pixels × eight channels of y. */
@inline
function convolveBlock(x: usize, xRow: usize, kernel: usize, pixel: usize, y: usize): void {
  let a0 = splat(0), a1 = splat(0), b0 = splat(0), b1 = splat(0), c0 = splat(0), c1 = splat(0);
  let d0 = splat(0), d1 = splat(0), e0 = splat(0), e1 = splat(0), f0 = splat(0), f1 = splat(0);
  for (let row = 0; row < 3; row++) {
    for (let column: usize = 0; column < 12; column += 4) {
      const k0 = v128.load(kernel), k1 = v128.load(kernel, 16), p = x + column;
      const a = v128.load32_splat(p), b = v128.load32_splat(p, 4), c = v128.load32_splat(p, 8);
      a0 = multiplyAdd(a, k0, a0); a1 = multiplyAdd(a, k1, a1);
      b0 = multiplyAdd(b, k0, b0); b1 = multiplyAdd(b, k1, b1);
      c0 = multiplyAdd(c, k0, c0); c1 = multiplyAdd(c, k1, c1);
      const d = v128.load32_splat(p, 12), e = v128.load32_splat(p, 16), f = v128.load32_splat(p, 20);
      d0 = multiplyAdd(d, k0, d0); d1 = multiplyAdd(d, k1, d1);
      e0 = multiplyAdd(e, k0, e0); e1 = multiplyAdd(e, k1, e1);
      f0 = multiplyAdd(f, k0, f0); f1 = multiplyAdd(f, k1, f1);
      kernel += pixel;
    }
    x += xRow;
  }
  v128.store(y, a0); v128.store(y, a1, 16); y += pixel;
  v128.store(y, b0); v128.store(y, b1, 16); y += pixel;
  v128.store(y, c0); v128.store(y, c1, 16); y += pixel;
  v128.store(y, d0); v128.store(y, d1, 16); y += pixel;
  v128.store(y, e0); v128.store(y, e1, 16); y += pixel;
  v128.store(y, f0); v128.store(y, f1, 16);
}

/**
 * Eight pixels × eight channels of y, in the form that V8 joins to 256 bits: see `multiplyEightColumns`. A
 * pixel of x is spread once for the three taps that it goes to.
 */
function convolveEight(x: usize, xRow: usize, kernel: usize, pixel: usize, y: usize, sink: usize): void {
  const zero = splat(0);
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
  let e0 = zero, e1 = zero, f0 = zero, f1 = zero, g0 = zero, g1 = zero, h0 = zero, h1 = zero;
  for (let row = 0; row < 3; row++) {
    const p0 = v128.load(kernel), p1 = v128.load(kernel, 16), p = apart(p0, p1), P = apart(p1, p0);
    kernel += pixel;
    const q0 = v128.load(kernel), q1 = v128.load(kernel, 16), q = apart(q0, q1), Q = apart(q1, q0);
    kernel += pixel;
    const r0 = v128.load(kernel), r1 = v128.load(kernel, 16), r = apart(r0, r1), R = apart(r1, r0);
    kernel += pixel;
    const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32);
    let v = splatLane(x0, 0);
    a0 = multiplyAdd(v, p, a0); a1 = multiplyAdd(v, P, a1);
    v = splatLane(x0, 1);
    b0 = multiplyAdd(v, p, b0); b1 = multiplyAdd(v, P, b1);
    a0 = multiplyAdd(v, q, a0); a1 = multiplyAdd(v, Q, a1);
    v = splatLane(x0, 2);
    c0 = multiplyAdd(v, p, c0); c1 = multiplyAdd(v, P, c1);
    b0 = multiplyAdd(v, q, b0); b1 = multiplyAdd(v, Q, b1);
    a0 = multiplyAdd(v, r, a0); a1 = multiplyAdd(v, R, a1);
    v = splatLane(x0, 3);
    d0 = multiplyAdd(v, p, d0); d1 = multiplyAdd(v, P, d1);
    c0 = multiplyAdd(v, q, c0); c1 = multiplyAdd(v, Q, c1);
    b0 = multiplyAdd(v, r, b0); b1 = multiplyAdd(v, R, b1);
    v = splatLane(x1, 0);
    e0 = multiplyAdd(v, p, e0); e1 = multiplyAdd(v, P, e1);
    d0 = multiplyAdd(v, q, d0); d1 = multiplyAdd(v, Q, d1);
    c0 = multiplyAdd(v, r, c0); c1 = multiplyAdd(v, R, c1);
    v = splatLane(x1, 1);
    f0 = multiplyAdd(v, p, f0); f1 = multiplyAdd(v, P, f1);
    e0 = multiplyAdd(v, q, e0); e1 = multiplyAdd(v, Q, e1);
    d0 = multiplyAdd(v, r, d0); d1 = multiplyAdd(v, R, d1);
    v = splatLane(x1, 2);
    g0 = multiplyAdd(v, p, g0); g1 = multiplyAdd(v, P, g1);
    f0 = multiplyAdd(v, q, f0); f1 = multiplyAdd(v, Q, f1);
    e0 = multiplyAdd(v, r, e0); e1 = multiplyAdd(v, R, e1);
    v = splatLane(x1, 3);
    h0 = multiplyAdd(v, p, h0); h1 = multiplyAdd(v, P, h1);
    g0 = multiplyAdd(v, q, g0); g1 = multiplyAdd(v, Q, g1);
    f0 = multiplyAdd(v, r, f0); f1 = multiplyAdd(v, R, f1);
    v = splatLane(x2, 0);
    h0 = multiplyAdd(v, q, h0); h1 = multiplyAdd(v, Q, h1);
    g0 = multiplyAdd(v, r, g0); g1 = multiplyAdd(v, R, g1);
    v = splatLane(x2, 1);
    h0 = multiplyAdd(v, r, h0); h1 = multiplyAdd(v, R, h1);
    x += xRow;
  }
  a0 = v128.or(a0, zero); a1 = v128.or(a1, zero); b0 = v128.or(b0, zero); b1 = v128.or(b1, zero);
  c0 = v128.or(c0, zero); c1 = v128.or(c1, zero); d0 = v128.or(d0, zero); d1 = v128.or(d1, zero);
  e0 = v128.or(e0, zero); e1 = v128.or(e1, zero); f0 = v128.or(f0, zero); f1 = v128.or(f1, zero);
  g0 = v128.or(g0, zero); g1 = v128.or(g1, zero); h0 = v128.or(h0, zero); h1 = v128.or(h1, zero);
  v128.store(sink, i32x4.add(mingle(a0, b0, c0, d0, e0, f0, g0, h0), mingle(a1, b1, c1, d1, e1, f1, g1, h1)));
  v128.store(y, a0); v128.store(y, a1, 16); y += pixel;
  v128.store(y, b0); v128.store(y, b1, 16); y += pixel;
  v128.store(y, c0); v128.store(y, c1, 16); y += pixel;
  v128.store(y, d0); v128.store(y, d1, 16); y += pixel;
  v128.store(y, e0); v128.store(y, e1, 16); y += pixel;
  v128.store(y, f0); v128.store(y, f1, 16); y += pixel;
  v128.store(y, g0); v128.store(y, g1, 16); y += pixel;
  v128.store(y, h0); v128.store(y, h1, 16);
}

/** `rows` rows of y from the padded rows that start at `padded`. `sink`: 16 bytes. */
function convolveRows(
  padded: usize, paddedRowBytes: usize, rows: i32, width: i32, channels: i32, kernel: usize, y: usize,
  rowBytes: usize, sink: usize,
): void {
  const pixel = <usize>channels * 4;
  for (let h = 0; h < rows; h++) {
    const x = padded + <usize>h * paddedRowBytes, o = y + <usize>h * rowBytes;
    for (let c: usize = 0; c < pixel; c += 32) {
      if (joinsVectors()) {
        for (let w = 0; w < width; w += 8) {
          convolveEight(x + (<usize>w << 2), paddedRowBytes, kernel + c, pixel, o + <usize>w * pixel + c, sink);
        }
      } else {
        for (let w = 0; w < width; w += BLOCK) {
          convolveBlock(x + (<usize>w << 2), paddedRowBytes, kernel + c, pixel, o + <usize>w * pixel + c);
        }
      }
    }
  }
}

/** The moments of one image's y, and the values selected from it: see `takeRows`. `scratch`: two rows of y, a pixel. */
export function directForward(
  padded: usize, paddedRowBytes: usize, height: i32, width: i32, channels: i32, kernel: usize,
  gamma: usize, moments: usize, selected: usize, scratch: usize, rowBytes: usize,
): void {
  for (let h = 0; h < height; h += 2) {
    const x = padded + <usize>h * paddedRowBytes, rows = min(2, height - h);
    convolveRows(x, paddedRowBytes, rows, width, channels, kernel, scratch, rowBytes, scratch + 2 * rowBytes);
    takeRows(scratch, rowBytes, h, rows, width, channels, gamma, moments, selected);
  }
}

/**
 * Adds one row's products to the kernel's gradient, `[3][4][channels]`: each row of the kernel is a
 * product of four neighbouring columns of x, of which the fourth is not wanted, with dLoss/dy. `sink`: 16 bytes.
 */
@inline
function accumulateRow(
  x: usize, xRow: usize, dy: usize, width: i32, pixel: usize, gradient: usize, accumulate: bool,
  sink: usize,
): void {
  let row: usize = 0;
  if (joinsVectors()) {
    for (let c: usize = 0; c < pixel; c += 32) {
      multiplyEightColumns(x, x + xRow, 4, dy + c, pixel, width, gradient + c, pixel, accumulate, sink);
    }
    row = 2;
  }
  for (; row < 3; row++) {
    const a = x + row * xRow, g = gradient + 4 * row * pixel;
    for (let c: usize = 0; c < pixel; c += 32) {
      multiplyFourColumns(a, 4, dy + c, pixel, width, g + c, pixel, accumulate);
    }
  }
}

/**
 * The kernel's gradient of one image, `[3][3][channels]`: y is made again two rows at a time, turned
 * into dLoss/dy where it lies, and multiplied with the input. `scratch`: two rows of y, 13 pixels.
 */
export function directKernelGradient(
  padded: usize, paddedRowBytes: usize, height: i32, width: i32, channels: i32, kernel: usize,
  selected: usize, gradient: usize, gradientRowBytes: usize, gradientPixelBytes: usize,
  coefficients: usize, kernelGradient: usize, scratch: usize, rowBytes: usize,
): void {
  const pixel = <usize>channels * 4, sink = scratch + 2 * rowBytes, taps = sink + pixel;
  for (let h = 0; h < height; h += 2) {
    const x = padded + <usize>h * paddedRowBytes, rows = min(2, height - h);
    const pooledColumns = rows == 2 ? width / 2 : 0;
    convolveRows(x, paddedRowBytes, rows, width, channels, kernel, scratch, rowBytes, scratch + 2 * rowBytes);
    for (let w = 0; w < pooledColumns; w++) {
      const y = scratch + <usize>(2 * w) * pixel;
      const g = gradient + <usize>(h / 2) * gradientRowBytes + <usize>w * gradientPixelBytes;
      for (let c: usize = 0; c < pixel; c += 16) {
        windowGradient(
          y + c, rowBytes, pixel, v128.load(selected + c), v128.load(g + c), coefficients + c, y + c,
          pixel, rowBytes,
        );
      }
      selected += pixel;
    }
    for (let row = 0; row < rows; row++) {
      const dy = scratch + <usize>row * rowBytes;
      for (let w = 2 * pooledColumns; w < width; w++) {
        const p = dy + <usize>w * pixel;
        for (let c: usize = 0; c < pixel; c += 16) {
          v128.store(p + c, unpooledGradient(v128.load(p + c), pixel, coefficients + c));
        }
      }
      const from = x + <usize>row * paddedRowBytes;
      accumulateRow(from, paddedRowBytes, dy, width, pixel, taps, h + row > 0, sink);
    }
  }
  for (let row: usize = 0; row < 3; row++) {
    memory.copy(kernelGradient + 3 * row * pixel, taps + 4 * row * pixel, 3 * pixel);
  }
}

/** sums ← the images' partial gradients added up in their order. */
export function sumPartials(partials: usize, count: i32, floats: i32, sums: usize): void {
  const bytes = <usize>floats * 4;
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = v128.load(partials + i);
    for (let b = 1; b < count; b++) sum = f32x4.add(sum, v128.load(partials + <usize>b * bytes + i));
    v128.store(sums + i, sum);
  }
}

/** The kernel `[9][channels]` with each channel multiplied by its factor. */
export function scaleDirectKernel(kernel: usize, channels: i32, factor: usize, out: usize): void {
  const pixel = <usize>channels * 4;
  for (let k: usize = 0; k < 9 * pixel; k += pixel) {
    for (let c: usize = 0; c < pixel; c += 16) {
      v128.store(out + k + c, f32x4.mul(v128.load(kernel + k + c), v128.load(factor + c)));
    }
  }
}

/**
 * Convolution with folded statistics, ReLU and pooling of one image, for prediction: two rows of y
 * at a time in `scratch`.
 */
export function directPooled(
  padded: usize, paddedRowBytes: usize, height: i32, width: i32, channels: i32, kernel: usize,
  addend: usize, out: usize, outRowBytes: usize, scratch: usize, rowBytes: usize,
): void {
  const pixel = <usize>channels * 4, zero = splat(0);
  for (let h = 0; h < height / 2; h++) {
    const x = padded + <usize>(2 * h) * paddedRowBytes;
    convolveRows(x, paddedRowBytes, 2, width, channels, kernel, scratch, rowBytes, scratch + 2 * rowBytes);
    for (let w = 0; w < width / 2; w++) {
      const p = scratch + <usize>(2 * w) * pixel, o = out + <usize>h * outRowBytes + <usize>w * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        const above = f32x4.pmax(v128.load(p + c), v128.load(p + pixel + c));
        const below = f32x4.pmax(v128.load(p + rowBytes + c), v128.load(p + rowBytes + pixel + c));
        const z = f32x4.add(f32x4.pmax(above, below), v128.load(addend + c));
        v128.store(o + c, f32x4.pmax(z, zero));
      }
    }
  }
}

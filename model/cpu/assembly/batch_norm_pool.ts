/**
 * Batch normalisation, ReLU and 2×2 max pooling as one operation.
 *
 * Forward, one pass over the convolution's output y while it is in the cache: normalising is monotone
 * in each channel, so the largest of the four normalised values belongs to the largest y (the smallest
 * where gamma is negative), whatever the moments will be. That y, the «selected» one, is a quarter of
 * them: it is what gets normalised, and all that the sums of the backward pass need.
 *
 * Channels are innermost and a multiple of 8. Means are subtracted before anything is scaled, and
 * variances are sums of squares around a nearby value, so that features far from zero lose nothing.
 */
import { multiplyAdd, splat } from "./simd";

/**
 * What the kernels need to know of a layer's normalisation: six rows of `channels` floats. z =
 * (y − mean)·scale + beta; dLoss/dy = scale·dLoss/dz + (y − mean)·slope + offset.
 */
const MEAN: usize = 0, INVERSE_DEVIATION: usize = 1, SCALE: usize = 2, BETA: usize = 3;
const SLOPE: usize = 4, OFFSET: usize = 5;

/**
 * Adds row `h` of an image to its moments: `moments[0]` the means of the rows so far, `moments[1]`
 * the sums of squared deviations from them. Deviations are taken from the mean of the rows before
 * and merged by Chan, Golub & LeVeque (1979).
 */
export function addRowMoments(y: usize, width: i32, channels: i32, h: i32, moments: usize): void {
  const pixel = <usize>channels * 4, weight = splat(1 / <f32>(h + 1)), perRow = splat(1 / <f32>width);
  // Around the row's own mean the squares are smaller by width·delta²; merging with the h rows
  // before adds width·delta²·h / (h + 1).
  const merged = splat(<f32>width * (<f32>h / <f32>(h + 1) - 1));
  for (let c: usize = 0; c < pixel; c += 32) {
    // The first row has no rows before it: its middle will do.
    const centre = h == 0 ? y + <usize>(width / 2) * pixel + c : moments + c;
    const mean0 = v128.load(centre), mean1 = v128.load(centre, 16);
    let p = y + c, w = 0;
    let s0 = splat(0), s1 = splat(0), t0 = splat(0), t1 = splat(0);
    let q0 = splat(0), q1 = splat(0), r0 = splat(0), r1 = splat(0);
    for (; w + 2 <= width; w += 2) {
      const a = f32x4.sub(v128.load(p), mean0), b = f32x4.sub(v128.load(p, 16), mean1);
      s0 = f32x4.add(s0, a); s1 = f32x4.add(s1, b);
      q0 = multiplyAdd(a, a, q0); q1 = multiplyAdd(b, b, q1);
      p += pixel;
      const d = f32x4.sub(v128.load(p), mean0), e = f32x4.sub(v128.load(p, 16), mean1);
      t0 = f32x4.add(t0, d); t1 = f32x4.add(t1, e);
      r0 = multiplyAdd(d, d, r0); r1 = multiplyAdd(e, e, r1);
      p += pixel;
    }
    if (w < width) {
      const a = f32x4.sub(v128.load(p), mean0), b = f32x4.sub(v128.load(p, 16), mean1);
      s0 = f32x4.add(s0, a); s1 = f32x4.add(s1, b);
      q0 = multiplyAdd(a, a, q0); q1 = multiplyAdd(b, b, q1);
    }
    const delta0 = f32x4.mul(f32x4.add(s0, t0), perRow), delta1 = f32x4.mul(f32x4.add(s1, t1), perRow);
    let squares0 = multiplyAdd(f32x4.mul(delta0, delta0), merged, f32x4.add(q0, r0));
    let squares1 = multiplyAdd(f32x4.mul(delta1, delta1), merged, f32x4.add(q1, r1));
    const m = moments + c, n = m + pixel;
    if (h > 0) {
      squares0 = f32x4.add(squares0, v128.load(n));
      squares1 = f32x4.add(squares1, v128.load(n, 16));
    }
    v128.store(m, multiplyAdd(delta0, weight, mean0));
    v128.store(m, multiplyAdd(delta1, weight, mean1), 16);
    v128.store(n, squares0);
    v128.store(n, squares1, 16);
  }
}

/**
 * Takes in rows of an image's y that lie at `y`, from the even row `h` on: their moments, and the value
 * that is selected from each 2×2 window, `selected[height / 2][width / 2][channels]`.
 */
export function takeRows(
  y: usize, rowBytes: usize, h: i32, rows: i32, width: i32, channels: i32, gamma: usize, moments: usize,
  selected: usize,
): void {
  for (let i = 0; i < rows; i++) addRowMoments(y + <usize>i * rowBytes, width, channels, h + i, moments);
  const pixel = <usize>channels * 4, columns = width / 2, zero = splat(0);
  selected += <usize>(h / 2 * columns) * pixel;
  for (let i = 0; i + 2 <= rows; i += 2) {
    for (let w = 0; w < columns; w++) {
      const p = y + <usize>i * rowBytes + <usize>(2 * w) * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        const a = v128.load(p + c), b = v128.load(p + pixel + c);
        const d = v128.load(p + rowBytes + c), e = v128.load(p + rowBytes + pixel + c);
        const s = v128.bitselect(
          f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(d, e)),
          f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(d, e)),
          f32x4.ge(v128.load(gamma + c), zero),
        );
        v128.store(selected + c, s);
      }
      selected += pixel;
    }
  }
}

/**
 * Merges the images' moments, in their order, into the layer's coefficients for the forward pass
 * and follows them with the running statistics.
 */
export function finishMoments(
  moments: usize, images: i32, pixelsPerImage: i32, channels: i32, gamma: usize, beta: usize,
  runningMean: usize, runningVariance: usize, momentum: f32, epsilon: f32, coefficients: usize,
): void {
  const row = <usize>channels * 4, one = splat(1);
  const perValue = splat(<f32>(1 / (<f64>images * <f64>pixelsPerImage)));
  for (let c: usize = 0; c < row; c += 16) {
    let mean = v128.load(moments + c), squares = v128.load(moments + row + c);
    for (let b = 1; b < images; b++) {
      const m = moments + <usize>b * 2 * row + c;
      const delta = f32x4.sub(v128.load(m), mean);
      const weight = splat(<f32>pixelsPerImage * <f32>b / <f32>(b + 1));
      squares = f32x4.add(squares, multiplyAdd(f32x4.mul(delta, delta), weight, v128.load(m + row)));
      mean = multiplyAdd(delta, splat(1 / <f32>(b + 1)), mean);
    }
    // A constant channel's squares may come out as −0 or a rounding error below it.
    const variance = f32x4.max(f32x4.mul(squares, perValue), splat(0));
    const inverse = f32x4.div(one, f32x4.sqrt(f32x4.add(variance, splat(epsilon))));
    const k = coefficients + c;
    v128.store(k + MEAN * row, mean);
    v128.store(k + INVERSE_DEVIATION * row, inverse);
    v128.store(k + SCALE * row, f32x4.mul(v128.load(gamma + c), inverse));
    v128.store(k + BETA * row, v128.load(beta + c));
    follow(runningMean + c, mean, momentum);
    follow(runningVariance + c, variance, momentum);
  }
}

/** running ← momentum·running + (1 − momentum)·value. */
@inline
function follow(running: usize, value: v128, momentum: f32): void {
  const kept = f32x4.mul(v128.load(running), splat(momentum));
  v128.store(running, multiplyAdd(value, splat(1 - momentum), kept));
}

/** Normalises and activates one image's selected values: `out[rows][columns][channels]`, rows `outRowBytes` apart. */
export function normaliseSelected(
  selected: usize, rows: i32, columns: i32, channels: i32, coefficients: usize, out: usize,
  outRowBytes: usize,
): void {
  const pixel = <usize>channels * 4, zero = splat(0);
  for (let h = 0; h < rows; h++) {
    let o = out + <usize>h * outRowBytes;
    for (let w = 0; w < columns; w++) {
      for (let c: usize = 0; c < pixel; c += 16) {
        const centred = f32x4.sub(v128.load(selected + c), v128.load(coefficients + MEAN * pixel + c));
        const scale = v128.load(coefficients + SCALE * pixel + c);
        const z = multiplyAdd(centred, scale, v128.load(coefficients + BETA * pixel + c));
        v128.store(o + c, f32x4.pmax(z, zero));
      }
      selected += pixel;
      o += pixel;
    }
  }
}

/**
 * Sums over one image that the gradients of beta and gamma need: `sums[0]` of dLoss/dz, `sums[1]`
 * of dLoss/dz·(y − mean). The gradient's strides are zero where all positions share one.
 */
export function gradientSums(
  selected: usize, rows: i32, columns: i32, channels: i32, gradient: usize, gradientRowBytes: usize,
  gradientPixelBytes: usize, coefficients: usize, sums: usize,
): void {
  const pixel = <usize>channels * 4, zero = splat(0);
  for (let c: usize = 0; c < pixel; c += 16) {
    v128.store(sums + c, zero);
    v128.store(sums + pixel + c, zero);
  }
  for (let h = 0; h < rows; h++) {
    for (let c: usize = 0; c < pixel; c += 16) {
      const mean = v128.load(coefficients + MEAN * pixel + c);
      const scale = v128.load(coefficients + SCALE * pixel + c);
      const beta = v128.load(coefficients + BETA * pixel + c);
      let p = selected + <usize>(h * columns) * pixel + c;
      let q = gradient + <usize>h * gradientRowBytes + c;
      let sum = v128.load(sums + c), product = v128.load(sums + pixel + c);
      for (let w = 0; w < columns; w++) {
        const centred = f32x4.sub(v128.load(p), mean);
        const active = f32x4.gt(multiplyAdd(centred, scale, beta), zero);
        const g = v128.and(v128.load(q), active);
        sum = f32x4.add(sum, g);
        product = multiplyAdd(g, centred, product);
        p += pixel;
        q += gradientPixelBytes;
      }
      v128.store(sums + c, sum);
      v128.store(sums + pixel + c, product);
    }
  }
}

/**
 * Adds up the images' sums in their order: the gradients of gamma and beta, and the coefficients
 * of the backward pass (Ioffe & Szegedy 2015, section 3).
 */
export function finishGradientSums(
  sums: usize, images: i32, pixelsPerImage: i32, channels: i32, coefficients: usize,
  gammaGradient: usize, betaGradient: usize,
): void {
  const row = <usize>channels * 4;
  const perValue = splat(<f32>(-1 / (<f64>images * <f64>pixelsPerImage)));
  for (let c: usize = 0; c < row; c += 16) {
    let sum = splat(0), product = splat(0);
    for (let b = 0; b < images; b++) {
      const s = sums + <usize>b * 2 * row + c;
      sum = f32x4.add(sum, v128.load(s));
      product = f32x4.add(product, v128.load(s + row));
    }
    const k = coefficients + c;
    const inverse = v128.load(k + INVERSE_DEVIATION * row), scale = v128.load(k + SCALE * row);
    const normalised = f32x4.mul(product, inverse);
    v128.store(betaGradient + c, sum);
    v128.store(gammaGradient + c, normalised);
    const share = f32x4.mul(scale, perValue);
    v128.store(k + SLOPE * row, f32x4.mul(f32x4.mul(share, inverse), normalised));
    v128.store(k + OFFSET * row, f32x4.mul(share, sum));
  }
}

/**
 * dLoss/dy of one pooling window, four channels: at `out` and one pixel and one row further on.
 * The gradient goes to the first of the four that was selected. `coefficients` points at the four
 * channels of the first row.
 */
@inline
export function windowGradient(
  y: usize, rowBytes: usize, pixel: usize, selected: v128, gradient: v128, coefficients: usize,
  out: usize, outPixel: usize, outRow: usize,
): void {
  const mean = v128.load(coefficients + MEAN * pixel), scale = v128.load(coefficients + SCALE * pixel);
  const beta = v128.load(coefficients + BETA * pixel), slope = v128.load(coefficients + SLOPE * pixel);
  const offset = v128.load(coefficients + OFFSET * pixel);
  const active = f32x4.gt(multiplyAdd(f32x4.sub(selected, mean), scale, beta), splat(0));
  const g = v128.and(f32x4.mul(scale, gradient), active);
  const y0 = v128.load(y), y1 = v128.load(y + pixel);
  const y2 = v128.load(y + rowBytes), y3 = v128.load(y + rowBytes + pixel);
  const is0 = f32x4.eq(y0, selected);
  const is1 = v128.andnot(f32x4.eq(y1, selected), is0), until1 = v128.or(is0, is1);
  const is2 = v128.andnot(f32x4.eq(y2, selected), until1), until2 = v128.or(until1, is2);
  const is3 = v128.andnot(f32x4.eq(y3, selected), until2);
  const d0 = multiplyAdd(f32x4.sub(y0, mean), slope, offset);
  const d1 = multiplyAdd(f32x4.sub(y1, mean), slope, offset);
  const d2 = multiplyAdd(f32x4.sub(y2, mean), slope, offset);
  const d3 = multiplyAdd(f32x4.sub(y3, mean), slope, offset);
  v128.store(out, f32x4.add(d0, v128.and(g, is0)));
  v128.store(out + outPixel, f32x4.add(d1, v128.and(g, is1)));
  v128.store(out + outRow, f32x4.add(d2, v128.and(g, is2)));
  v128.store(out + outRow + outPixel, f32x4.add(d3, v128.and(g, is3)));
}

/** dLoss/dy of a pixel that no pooling window holds: the last row or column of an odd shape. */
@inline
export function unpooledGradient(y: v128, pixel: usize, coefficients: usize): v128 {
  const centred = f32x4.sub(y, v128.load(coefficients + MEAN * pixel));
  const slope = v128.load(coefficients + SLOPE * pixel);
  return multiplyAdd(centred, slope, v128.load(coefficients + OFFSET * pixel));
}

/**
 * The normalisation by running statistics as a factor and an addend of the convolution's output,
 * for a kernel that has them folded in: factor = gamma / √(variance + ε), addend = beta − mean·factor.
 */
export function foldRunningStatistics(
  gamma: usize, beta: usize, runningMean: usize, runningVariance: usize, epsilon: f32, channels: i32,
  factor: usize, addend: usize,
): void {
  for (let c: usize = 0; c < <usize>channels * 4; c += 16) {
    const deviation = f32x4.sqrt(f32x4.add(v128.load(runningVariance + c), splat(epsilon)));
    const f = f32x4.div(v128.load(gamma + c), deviation);
    v128.store(factor + c, f);
    v128.store(addend + c, f32x4.sub(v128.load(beta + c), f32x4.mul(v128.load(runningMean + c), f)));
  }
}

/**
 * Global pooling: the last block's output, `[rows][columns][channels]` of mel bands and frames, to one
 * value a channel. It is the mean of all positions; or the mean over mel bands, which gives the
 * «frames», `[columns][channels]`, and their mean plus their maximum over time (Kong et al. 2020, PANNs).
 */
import { splat } from "./simd";

/** out ← the mean of `count` vectors of `pixel` bytes that begin `stride` bytes apart. */
@inline
function average(vectors: usize, count: i32, stride: usize, pixel: usize, out: usize): void {
  const share = splat(1 / <f32>count);
  for (let c: usize = 0; c < pixel; c += 16) {
    let sum = splat(0);
    for (let i = 0; i < count; i++) sum = f32x4.add(sum, v128.load(vectors + <usize>i * stride + c));
    v128.store(out + c, f32x4.mul(sum, share));
  }
}

/** Means over the `positions` of one pooled image `[positions][channels]`. */
export function averagePositions(pooled: usize, positions: i32, channels: i32, out: usize): void {
  const pixel = <usize>channels * 4;
  average(pooled, positions, pixel, pixel, out);
}

/** The frames of one pooled image, and their mean plus their maximum. */
export function meanMaxFrames(
  pooled: usize, rows: i32, columns: i32, channels: i32, frames: usize, out: usize,
): void {
  const pixel = <usize>channels * 4;
  for (let column: usize = 0; column < <usize>columns; column++) {
    average(pooled + column * pixel, rows, <usize>columns * pixel, pixel, frames + column * pixel);
  }
  average(frames, columns, pixel, pixel, out);
  for (let c: usize = 0; c < pixel; c += 16) {
    v128.store(out + c, f32x4.add(v128.load(out + c), maximum(frames + c, columns, pixel)));
  }
}

/** The largest of `count` vectors, lane by lane. */
@inline
function maximum(vectors: usize, count: i32, stride: usize): v128 {
  let highest = v128.load(vectors);
  for (let i = 1; i < count; i++) highest = f32x4.pmax(highest, v128.load(vectors + <usize>i * stride));
  return highest;
}

/**
 * The gradient of `meanMaxFrames` by each position of a column, which all rows share, in place of the
 * frames. The first of the largest frames has the maximum's, as in PyTorch's `max(dim)`.
 *
 * @param gradient dLoss/dout.
 */
export function meanMaxFramesGradient(
  frames: usize, rows: i32, columns: i32, channels: i32, gradient: usize,
): void {
  const pixel = <usize>channels * 4;
  const perRow = splat(1 / <f32>rows), perPosition = splat(1 / <f32>(rows * columns));
  for (let c: usize = 0; c < pixel; c += 16) {
    const g = v128.load(gradient + c), highest = maximum(frames + c, columns, pixel);
    const ofMean = f32x4.mul(g, perPosition), ofMaximum = f32x4.mul(g, perRow);
    let isOpen = i32x4.splat(-1);
    for (let w: usize = 0; w < <usize>columns; w++) {
      const p = frames + w * pixel + c;
      const isFirst = v128.and(f32x4.eq(v128.load(p), highest), isOpen);
      isOpen = v128.andnot(isOpen, isFirst);
      v128.store(p, f32x4.add(ofMean, v128.and(ofMaximum, isFirst)));
    }
  }
}

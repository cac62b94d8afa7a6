import { sizeOf } from "../model/operations.ts";

/** Values with their shape, row-major. */
export interface Tensor {
  /** Length of every axis. */
  readonly shape: readonly number[];
  /** The values. */
  readonly values: Float32Array;
}

/** The values with their axes in another order: axis `i` of the result is axis `axes[i]` of the tensor. */
export function permute({ shape, values }: Tensor, axes: readonly number[]): Tensor {
  const steps = axes.map((axis) => sizeOf(shape.slice(axis + 1)));
  const permuted = axes.map((axis) => shape[axis]), result = new Float32Array(values.length);
  const at = axes.map(() => 0);
  for (let i = 0, from = 0; i < result.length; i++) {
    result[i] = values[from];
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++at[axis] < permuted[axis]) break;
      from -= at[axis] * steps[axis];
      at[axis] = 0;
    }
  }
  return { shape: permuted, values: result };
}

/** A convolution's kernel, `[height, width, in, out]`, as ONNX and PyTorch have it: `[out, in, height, width]`. */
export function channelsFirst(kernel: Tensor): Tensor {
  return permute(kernel, [3, 2, 0, 1]);
}

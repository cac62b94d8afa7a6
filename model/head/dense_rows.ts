/**
 * Arithmetic of dense layers on a few rows at a time, in double precision. A kernel is `[inputs, units]`. Four terms
 * are added at a time, which halves the time: a sum is read and written for four of them.
 */

/** to = bias + from · kernel, row by row: from `[rows, inputs]`, to `[rows, units]`. */
export function productOfRows(
  from: ArrayLike<number>,
  kernel: ArrayLike<number>,
  bias: ArrayLike<number>,
  to: Float64Array,
  rows = 1,
): void {
  const units = bias.length, inputs = from.length / rows, whole = inputs - inputs % 4;
  for (let row = 0; row < rows; row++) {
    const start = row * inputs, out = row * units;
    to.set(bias, out);
    for (let j = 0; j < whole; j += 4) {
      const at = start + j, a = from[at], b = from[at + 1], c = from[at + 2], d = from[at + 3];
      const w = j * units, x = w + units, y = x + units, z = y + units;
      for (let k = 0; k < units; k++) {
        to[out + k] += a * kernel[w + k] + b * kernel[x + k] + c * kernel[y + k] +
          d * kernel[z + k];
      }
    }
    for (let j = whole; j < inputs; j++) {
      const a = from[start + j], w = j * units;
      for (let k = 0; k < units; k++) to[out + k] += a * kernel[w + k];
    }
  }
}

/**
 * kernel += the rows' inputs ⊗ errors, bias += errors: the gradient of a layer.
 *
 * @param rows A multiple of four; one without errors adds nothing.
 */
export function addGradientOfRows(
  inputs: Float64Array,
  errors: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  rows: number,
): void {
  const units = bias.length, size = kernel.length / units;
  for (let row = 0; row < rows; row += 4) {
    const p = row * size, q = p + size, r = q + size, s = r + size;
    const w = row * units, x = w + units, y = x + units, z = y + units;
    for (let j = 0; j < size; j++) {
      const a = inputs[p + j], b = inputs[q + j], c = inputs[r + j], d = inputs[s + j];
      const out = j * units;
      for (let k = 0; k < units; k++) {
        kernel[out + k] += a * errors[w + k] + b * errors[x + k] + c * errors[y + k] +
          d * errors[z + k];
      }
    }
    for (let k = 0; k < units; k++) {
      bias[k] += errors[w + k] + errors[x + k] + errors[y + k] + errors[z + k];
    }
  }
}

/** The errors before a layer that has ReLU before it, whose answers are `values`. */
export function passBackRows(
  kernel: Float64Array,
  errors: Float64Array,
  values: Float64Array,
  before: Float64Array,
  rows: number,
): void {
  const size = values.length / rows, units = errors.length / rows;
  for (let at = 0; at < values.length; at++) {
    const from = Math.floor(at / size) * units, kernelRow = at % size * units;
    let sum = 0;
    if (values[at] > 0) {
      for (let k = 0; k < units; k++) sum += kernel[kernelRow + k] * errors[from + k];
    }
    before[at] = sum;
  }
}

/** ReLU, in place. */
export function rectify(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
}

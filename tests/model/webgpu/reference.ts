/** The kernels' arithmetic in float64, loop by loop as the definitions read: what kernels are held to. */
import type { ImageShape } from "../../../model/webgpu/kernels/image_shape.ts";

/** Calls back for each pixel and tap: (index of pixel, index of its neighbour or −1, tap). */
function forEachTap(
  { batch, height, width }: ImageShape,
  visit: (pixel: number, neighbour: number, tap: number) => void,
): void {
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let tap = 0; tap < 9; tap++) {
          const ny = y + Math.floor(tap / 3) - 1, nx = x + tap % 3 - 1;
          const inside = ny >= 0 && ny < height && nx >= 0 && nx < width;
          visit((n * height + y) * width + x, inside ? (n * height + ny) * width + nx : -1, tap);
        }
      }
    }
  }
}

/** Convolution of `input` with `filter` `[3, 3, inputs, outputs]`. */
export function conv2d(
  shape: ImageShape,
  outputs: number,
  input: Float32Array | Float64Array,
  filter: Float32Array,
): Float64Array {
  const { channels } = shape;
  const result = new Float64Array(input.length / channels * outputs);
  forEachTap(shape, (pixel, neighbour, tap) => {
    if (neighbour < 0) return;
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < outputs; k++) {
        result[pixel * outputs + k] += input[neighbour * channels + c] *
          filter[(tap * channels + c) * outputs + k];
      }
    }
  });
  return result;
}

/** Gradients of `conv2d` by its input and its filter. */
export function conv2dGradients(
  shape: ImageShape,
  outputs: number,
  input: Float32Array | Float64Array,
  filter: Float32Array,
  gradient: Float32Array | Float64Array,
): { input: Float64Array; filter: Float64Array } {
  const { channels } = shape;
  const byInput = new Float64Array(input.length), byFilter = new Float64Array(filter.length);
  forEachTap(shape, (pixel, neighbour, tap) => {
    if (neighbour < 0) return;
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < outputs; k++) {
        const g = gradient[pixel * outputs + k];
        const f = (tap * channels + c) * outputs + k;
        byInput[neighbour * channels + c] += g * filter[f];
        byFilter[f] += g * input[neighbour * channels + c];
      }
    }
  });
  return { input: byInput, filter: byFilter };
}

/** Mean and biased variance of each channel. */
export function batchStatistics(channels: number, values: Float32Array | Float64Array) {
  const mean = new Float64Array(channels), variance = new Float64Array(channels);
  const pixels = values.length / channels;
  values.forEach((value, i) => mean[i % channels] += value / pixels);
  values.forEach((value, i) =>
    variance[i % channels] += (value - mean[i % channels]) ** 2 / pixels
  );
  return { mean, variance };
}

/** Batch normalisation (ε = 1e-5), ReLU and 2×2 max pooling, and their gradients. */
export function normReluPool(
  shape: ImageShape,
  values: Float32Array | Float64Array,
  statistics: { mean: ArrayLike<number>; variance: ArrayLike<number> },
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
) {
  const { batch, height, width, channels } = shape;
  const pixels = batch * height * width;
  const rows = Math.floor(height / 2), columns = Math.floor(width / 2);
  const { mean, variance } = statistics;
  const inverse = Array.from(variance, (v) => 1 / Math.sqrt(v + 1e-5));
  const output = new Float64Array(batch * rows * columns * channels);
  const chosen = new Int32Array(output.length);
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        for (let c = 0; c < channels; c++) {
          const to = ((n * rows + y) * columns + x) * channels + c;
          output[to] = 0;
          chosen[to] = -1; // nowhere: the ReLU is shut
          for (let k = 0; k < 4; k++) {
            const from = ((n * height + 2 * y + (k >> 1)) * width + 2 * x + k % 2) * channels + c;
            const value = (values[from] - mean[c]) * inverse[c] * gamma[c] + beta[c];
            if (value > output[to]) [output[to], chosen[to]] = [value, from];
          }
        }
      }
    }
  }
  /** Gradients by gamma, by beta and by the values, where the statistics are the batch's own. */
  function gradients(gradient: Float32Array | Float64Array) {
    const byGamma = new Float64Array(channels), byBeta = new Float64Array(channels);
    const byNormed = new Float64Array(values.length);
    gradient.forEach((g, i) => {
      if (chosen[i] < 0) return;
      const c = i % channels;
      byNormed[chosen[i]] = g;
      byBeta[c] += g;
      byGamma[c] += g * (values[chosen[i]] - mean[c]) * inverse[c];
    });
    const byValues = byNormed.map((g, i) => {
      const c = i % channels, normed = (values[i] - mean[c]) * inverse[c];
      return gamma[c] * inverse[c] * (g - byBeta[c] / pixels - normed * byGamma[c] / pixels);
    });
    return { gamma: byGamma, beta: byBeta, values: byValues };
  }
  return { output, gradients };
}

import * as tf from "../../../deps/tfjs_core.ts";
import { createDropoutMask } from "../../../model/dropout.ts";
import {
  type ClassifierAttributes,
  classifierGradient,
  classify,
  rowLayout,
  spreadGradient,
  trainClassifier,
} from "../../../model/webgpu/kernels/classifier.ts";
import { dimensionsOf, pixelsOf } from "../../../model/webgpu/kernels/image_shape.ts";
import { assertClose, drawNormal, gpuTest, readTensor } from "./gpu.ts";

/** Rows times columns, in float64. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, rows: number, inner: number) {
  const columns = b.length / inner, result = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < inner; k++) {
      for (let c = 0; c < columns; c++) {
        result[r * columns + c] += a[r * inner + k] * b[k * columns + c];
      }
    }
  }
  return result;
}

function transpose(a: ArrayLike<number>, rows: number): Float64Array {
  const columns = a.length / rows;
  return Float64Array.from(a, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);
}

const columnSums = (a: ArrayLike<number>, rows: number) =>
  product(new Float64Array(rows).fill(1), a, 1, rows);

/** The same in float64, from the definition; gradients of the mean loss. */
function reference(
  { input, globalPooling, units, classes, activation }: ClassifierAttributes,
  x: ArrayLike<number>,
  weights: Record<"denseKernel" | "denseBias" | "logitsKernel" | "logitsBias", Float32Array>,
  targets: ArrayLike<number>,
  mask: ArrayLike<number>,
) {
  const { batch, height, width, channels } = input, pixels = height * width;
  const pooledIndex = (i: number) => Math.floor(i / (pixels * channels)) * channels + i % channels;
  const pooled = new Float64Array(batch * channels),
    frames = new Float64Array(batch * width * channels);
  const frameIndex = (i: number) =>
    (Math.floor(i / (pixels * channels)) * width + Math.floor(i / channels) % width) * channels +
    i % channels;
  for (let i = 0; i < x.length; i++) {
    pooled[pooledIndex(i)] += x[i] / pixels;
    frames[frameIndex(i)] += x[i] / height;
  }
  /** Index of each channel's first largest frame. */
  const peaks = Array.from(pooled, (_, i) => {
    const first = Math.floor(i / channels) * width * channels + i % channels;
    const own = Array.from({ length: width }, (_, column) => frames[first + column * channels]);
    return first + own.indexOf(Math.max(...own)) * channels;
  });
  const hasMax = globalPooling === "mean-max";
  if (hasMax) peaks.forEach((peak, i) => pooled[i] += frames[peak]);
  const linear = product(pooled, weights.denseKernel, batch, channels)
    .map((sum, i) => sum + weights.denseBias[i % units]);
  const hidden = linear.map((value, i) => Math.max(value, 0) * mask[i]);
  const logits = product(hidden, weights.logitsKernel, batch, units)
    .map((sum, i) => sum + weights.logitsBias[i % classes]);
  const probabilities = new Float64Array(batch * classes), losses = new Float64Array(batch);
  const byLogits = new Float64Array(batch * classes);
  for (let b = 0; b < batch; b++) {
    const row = logits.subarray(b * classes, (b + 1) * classes);
    const logSum = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
    const wanted = Array.from({ length: classes }, (_, c) => targets[b * classes + c]);
    const total = wanted.reduce((a, t) => a + t);
    row.forEach((z, c) => {
      const i = b * classes + c, sigmoid = 1 / (1 + Math.exp(-z));
      const isSoftmax = activation === "softmax";
      probabilities[i] = isSoftmax ? Math.exp(z - logSum) : sigmoid;
      losses[b] += isSoftmax
        ? wanted[c] * (logSum - z)
        : -(wanted[c] * Math.log(sigmoid) + (1 - wanted[c]) * Math.log(1 - sigmoid)) / classes;
      byLogits[i] = isSoftmax
        ? (probabilities[i] * total - wanted[c]) / batch
        : (sigmoid - wanted[c]) / (batch * classes);
    });
  }
  const byHidden = product(byLogits, transpose(weights.logitsKernel, units), batch, classes)
    .map((g, i) => linear[i] > 0 ? g * mask[i] : 0);
  const byPooled = product(byHidden, transpose(weights.denseKernel, channels), batch, units);
  return {
    probabilities,
    losses,
    byInput: Float64Array.from(
      x,
      (_, i) => {
        const isPeak = hasMax && peaks[pooledIndex(i)] === frameIndex(i);
        return byPooled[pooledIndex(i)] * (1 / pixels + (isPeak ? 1 / height : 0));
      },
    ),
    gradients: {
      denseKernel: product(transpose(pooled, batch), byHidden, channels, batch),
      denseBias: columnSums(byHidden, batch),
      logitsKernel: product(transpose(hidden, batch), byLogits, units, batch),
      logitsBias: columnSums(byLogits, batch),
    },
  };
}

const cases = [
  { name: "softmax", activation: "softmax", units: 24, classes: 10, dropoutRate: 0 },
  { name: "sigmoid", activation: "sigmoid", units: 7, classes: 3, dropoutRate: 0 },
  {
    name: "mean-max, frames of which several are the largest",
    globalPooling: "mean-max",
    activation: "softmax",
    units: 24,
    classes: 10,
    dropoutRate: 0,
  },
  {
    name: "more than a workgroup, dropout",
    activation: "softmax",
    units: 130,
    classes: 131,
    dropoutRate: 0.4,
  },
  { name: "two classes, dropout", activation: "sigmoid", units: 5, classes: 2, dropoutRate: 0.5 },
] as const;

for (const { name, dropoutRate, ...choices } of cases) {
  const sizes = { globalPooling: "mean", ...choices } as const;
  gpuTest(`the classifier and its gradients equal float64: ${name}`, async () => {
    const { units, classes } = sizes;
    const input = { batch: 5, height: 3, width: 5, channels: 12 }, { batch, channels } = input;
    const shapes = {
      denseKernel: channels * units,
      denseBias: units,
      logitsKernel: units * classes,
      logitsBias: classes,
    };
    let size = 3; // weights need not begin at the start
    const offsets = { denseKernel: 0, denseBias: 0, logitsKernel: 0, logitsBias: 0 };
    const keys = Object.keys(shapes) as (keyof typeof shapes)[];
    for (const key of keys) size = (offsets[key] = size) + shapes[key];
    const attributes: ClassifierAttributes = { input, ...sizes, offsets };
    const values = drawNormal(pixelsOf(input) * channels, "input", name);
    if (sizes.globalPooling === "mean-max") {
      // The third and the last frame are the first one again, so that the largest is often not alone.
      const row = input.width * channels;
      for (let from = 0; from < values.length; from += row) {
        for (const frame of [2, 4]) {
          values.copyWithin(from + frame * channels, from, from + channels);
        }
      }
    }
    const parameters = drawNormal(size, "parameters", name).map((v) => v / 2);
    const targets = drawNormal(batch * classes, "targets", name).map((v) => Math.abs(v) % 1);
    const x = tf.tensor(values, dimensionsOf(input)), p = tf.tensor(parameters);
    const t = tf.tensor(targets, [batch, classes]);
    const updates = tf.tensor(new Float32Array(size).fill(7));

    const rows = trainClassifier([x, p, t], { ...attributes, dropoutRate, dropoutSeed: 42 });
    classifierGradient([rows], attributes, updates);
    const byInput = spreadGradient([rows], attributes);
    const plain = classify([x, p], attributes);

    const slice = (buffer: Float32Array, key: keyof typeof shapes) =>
      buffer.subarray(offsets[key], offsets[key] + shapes[key]);
    const weights = Object.fromEntries(keys.map((key) => [key, slice(parameters, key)]));
    const expect = (mask: ArrayLike<number>) =>
      reference(
        attributes,
        values,
        weights as Record<keyof typeof shapes, Float32Array>,
        targets,
        mask,
      );
    const layout = rowLayout(attributes);
    /** The same part of every example's row. */
    const column = (buffer: Float32Array, at: number, count: number) =>
      Array.from(
        { length: batch * count },
        (_, i) => buffer[Math.floor(i / count) * layout.size + at + i % count],
      );

    const trained = expect(createDropoutMask(42, batch, units, dropoutRate));
    const written = await readTensor(rows), updated = await readTensor(updates);
    const { probabilities, loss } = layout;
    assertClose(
      "probabilities",
      column(written, probabilities, classes),
      trained.probabilities,
      1e-5,
    );
    assertClose("losses", column(written, loss, 1), trained.losses, 1e-5);
    assertClose("input gradient", await readTensor(byInput), trained.byInput, 1e-5);
    for (const key of keys) {
      assertClose(`gradient of ${key}`, slice(updated, key), trained.gradients[key], 1e-5);
    }
    assertClose("place before the weights", updated.subarray(0, 3), [7, 7, 7], 1e-9);
    const asked = expect(new Float32Array(batch * units).fill(1));
    const answered = column(await readTensor(plain), probabilities, classes);
    assertClose("prediction", answered, asked.probabilities, 1e-5);
    tf.dispose([x, p, t, updates, rows, byInput, plain]);
  });
}

import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { conv2d } from "../../../model/webgpu/kernels/conv2d.ts";
import {
  conv2dFilterGradient,
  sharesOf,
} from "../../../model/webgpu/kernels/conv2d_filter_gradient.ts";
import { dimensionsOf, type ImageShape } from "../../../model/webgpu/kernels/image_shape.ts";
import { rotateFilter } from "../../../model/webgpu/kernels/rotate_filter.ts";
import { sumPartials } from "../../../model/webgpu/kernels/sum_partials.ts";
import { assertClose, drawNormal, gpuTest } from "./gpu.ts";
import * as reference from "./reference.ts";

/** Shapes at the tiles' edges: a pixel more than a tile, one row, one column, narrow and wide channels. */
const cases: { name: string; input: ImageShape; outputs: number }[] = [
  { name: "one pixel", input: { batch: 1, height: 1, width: 1, channels: 4 }, outputs: 4 },
  { name: "odd sides", input: { batch: 3, height: 7, width: 13, channels: 8 }, outputs: 12 },
  { name: "129 pixels", input: { batch: 1, height: 3, width: 43, channels: 4 }, outputs: 32 },
  { name: "one column", input: { batch: 2, height: 37, width: 1, channels: 20 }, outputs: 36 },
  { name: "one row", input: { batch: 2, height: 1, width: 37, channels: 16 }, outputs: 64 },
  {
    name: "two tiles of outputs",
    input: { batch: 2, height: 5, width: 9, channels: 24 },
    outputs: 68,
  },
  { name: "many shares", input: { batch: 2, height: 24, width: 33, channels: 4 }, outputs: 8 },
];

for (const { name, input: shape, outputs } of cases) {
  gpuTest(`conv2d and its gradients equal float64: ${name}`, async () => {
    const before = tf.memory().numTensors;
    const pixels = shape.batch * shape.height * shape.width, offset = 12;
    const input = drawNormal(pixels * shape.channels, "input", name);
    const filter = drawNormal(9 * shape.channels * outputs, "filter", name);
    const gradient = drawNormal(pixels * outputs, "gradient", name);
    const filters = new Float32Array(offset + filter.length);
    filters.set(filter, offset);
    const x = tf.tensor(input, dimensionsOf(shape)), w = tf.tensor(filters);
    const g = tf.tensor(gradient, dimensionsOf({ ...shape, channels: outputs }));

    const forward = conv2d([x, w], { input: shape, outputs, filterOffset: offset });
    const rotated = rotateFilter([w], { inputs: shape.channels, outputs, filterOffset: offset });
    const byInput = conv2d([g, rotated], {
      input: { ...shape, channels: outputs },
      outputs: shape.channels,
      filterOffset: 0,
    });
    const partials = conv2dFilterGradient([x, g], { input: shape, outputs });
    const updates = tf.tensor(new Float32Array(filters.length).fill(7));
    sumPartials([partials], {
      rows: sharesOf({ input: shape, outputs }).shares,
      columns: filter.length,
      offset,
    }, updates);

    const expected = reference.conv2dGradients(shape, outputs, input, filter, gradient);
    assertClose(
      "output",
      await forward.data(),
      reference.conv2d(shape, outputs, input, filter),
      1e-6,
    );
    assertClose("input gradient", await byInput.data(), expected.input, 1e-6);
    const written = await updates.data();
    assertClose("filter gradient", written.subarray(offset), expected.filter, 1e-6);
    assert.deepEqual(
      [...written.subarray(0, offset)],
      Array(offset).fill(7),
      "wrote before offset",
    );
    tf.dispose([x, w, g, forward, rotated, byInput, partials, updates]);
    assert.equal(tf.memory().numTensors, before);
  });
}

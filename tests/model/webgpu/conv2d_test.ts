import { assertEquals, assertStrictEquals } from "@std/assert";
import * as tf from "../../../deps/tfjs_core.ts";
import type { Precision } from "../../../model/precision.ts";
import { gradientScale } from "../../../model/webgpu/kernels/arithmetic.ts";
import { conv2d } from "../../../model/webgpu/kernels/conv2d.ts";
import {
  conv2dFilterGradient,
  sharesOf,
} from "../../../model/webgpu/kernels/conv2d_filter_gradient.ts";
import { dimensionsOf, type ImageShape } from "../../../model/webgpu/kernels/image_shape.ts";
import { rotateFilter } from "../../../model/webgpu/kernels/rotate_filter.ts";
import { sumPartials } from "../../../model/webgpu/kernels/sum_partials.ts";
import { assertClose, drawNormal, gpuTest, hasAdapter, hasFloat16 } from "./gpu.ts";
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

/** Float16 with a gradient as small as that of a mean over so many pixels. */
const tiny = {
  name: "many pixels",
  input: { batch: 2, height: 96, width: 128, channels: 4 },
  outputs: 8,
};

/** Largest relative errors; in float16 sixteen products of 11 bits are added in 11 bits. */
const bounds: Readonly<Record<Precision, number>> = { float32: 1e-6, float16: 2e-3 };

for (
  const { name, input: shape, outputs, precision, size } of [
    ...cases.map((of) => ({ ...of, precision: "float32", size: 1 } as const)),
    ...cases.map((of) => ({ ...of, precision: "float16", size: 1 } as const)),
    { ...tiny, precision: "float16", size: 1e-7 } as const,
  ]
) {
  gpuTest(`conv2d and its gradients equal float64: ${name}, ${precision}`, async () => {
    const bound = bounds[precision];
    const before = tf.memory().numTensors;
    const pixels = shape.batch * shape.height * shape.width, offset = 12;
    const input = drawNormal(pixels * shape.channels, "input", name);
    const filter = drawNormal(9 * shape.channels * outputs, "filter", name);
    const gradient = drawNormal(pixels * outputs, "gradient", name).map((g) => size * g);
    const filters = new Float32Array(offset + filter.length);
    filters.set(filter, offset);
    const x = tf.tensor(input, dimensionsOf(shape)), w = tf.tensor(filters);
    const g = tf.tensor(gradient, dimensionsOf({ ...shape, channels: outputs }));

    const forward = conv2d([x, w], {
      input: shape,
      outputs,
      filterOffset: offset,
      precision,
    });
    const rotated = rotateFilter([w], { inputs: shape.channels, outputs, filterOffset: offset });
    const byInput = conv2d([g, rotated], {
      input: { ...shape, channels: outputs },
      outputs: shape.channels,
      filterOffset: 0,
      precision,
      scale: gradientScale(shape),
    });
    const partials = conv2dFilterGradient([x, g], { input: shape, outputs, precision });
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
      bound,
    );
    assertClose("input gradient", await byInput.data(), expected.input, bound);
    const written = await updates.data();
    assertClose("filter gradient", written.subarray(offset), expected.filter, bound);
    assertEquals(
      [...written.subarray(0, offset)],
      Array(offset).fill(7),
      "wrote before offset",
    );
    tf.dispose([x, w, g, forward, rotated, byInput, partials, updates]);
    assertStrictEquals(tf.memory().numTensors, before);
  }, precision === "float16" ? !hasFloat16 : !hasAdapter);
}

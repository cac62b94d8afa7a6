import * as tf from "../../../deps/tfjs_core.ts";
import { firstBlock } from "../../../model/webgpu/kernels/first_block.ts";
import { firstBlockGradient } from "../../../model/webgpu/kernels/first_block_gradient.ts";
import type { FirstBlockAttributes } from "../../../model/webgpu/kernels/first_block_shader.ts";
import { firstBlockStatistics } from "../../../model/webgpu/kernels/first_block_statistics.ts";
import { dimensionsOf, pixelsOf, pooledShape } from "../../../model/webgpu/kernels/image_shape.ts";
import { assertClose, drawNormal, gpuTest, readTensor } from "./gpu.ts";
import * as reference from "./reference.ts";

const cases = [
  { name: "odd sides", batch: 2, height: 7, width: 13, channels: 8, level: -40 },
  { name: "equal maxima", batch: 2, height: 9, width: 10, channels: 8, level: -40, spread: 0 },
  { name: "wide", batch: 1, height: 2, width: 131, channels: 36, level: -79 },
  { name: "many shares", batch: 3, height: 33, width: 40, channels: 32, level: -10 },
  { name: "more channels than a workgroup", batch: 2, height: 4, width: 6, channels: 68, level: 0 },
];

for (const { name, level, spread = 8, ...shape } of cases) {
  gpuTest(`the first block equals float64: ${name}`, async () => {
    const { batch, height, width, channels } = shape;
    const input = drawNormal(batch * height * width, "input", name).map((v) => level + spread * v);
    const offsets = { filterOffset: 4, gammaOffset: 4 + 9 * channels };
    const attributes: FirstBlockAttributes = {
      shape,
      ...offsets,
      betaOffset: offsets.gammaOffset + channels,
      meanOffset: offsets.gammaOffset + 2 * channels,
      varianceOffset: offsets.gammaOffset + 3 * channels,
      inputScale: 2 / 80,
      inputOffset: 2,
      pivot: 2 + level * 2 / 80,
    };
    const size = offsets.gammaOffset + 4 * channels;
    const parameters = drawNormal(size, "parameters", name);
    const gradient = drawNormal(pixelsOf(pooledShape(shape)) * channels, "gradient", name);
    const x = tf.tensor(input, [batch, height, width]), p = tf.tensor(parameters);
    const g = tf.tensor(gradient, dimensionsOf(pooledShape(shape)));
    const updates = tf.tensor(new Float32Array(size));

    const moments = firstBlockStatistics(x, p, attributes, updates);
    const output = firstBlock([x, p, updates], attributes);
    firstBlockGradient(x, p, moments, g, attributes, updates);

    const written = await readTensor(updates);
    const slice = (buffer: Float32Array, offset: number, length = channels) =>
      buffer.subarray(offset, offset + length);
    const filter = slice(parameters, 4, 9 * channels);
    const image = { ...shape, channels: 1 };
    const scaled = Float64Array.from(input, (v) => v * 2 / 80 + 2);
    const convolved = reference.conv2d(image, channels, scaled, filter);
    const statistics = reference.batchStatistics(channels, convolved);
    assertClose("mean", slice(written, attributes.meanOffset), statistics.mean, 1e-5);
    assertClose("variance", slice(written, attributes.varianceOffset), statistics.variance, 1e-5);
    const expected = reference.normReluPool(
      shape,
      convolved,
      statistics,
      slice(parameters, attributes.gammaOffset),
      slice(parameters, attributes.betaOffset),
    );
    const gradients = expected.gradients(gradient);
    const byFilter =
      reference.conv2dGradients(image, channels, scaled, filter, gradients.values).filter;
    assertClose("output", await readTensor(output), expected.output, 5e-6);
    assertClose("gamma gradient", slice(written, attributes.gammaOffset), gradients.gamma, 1e-5);
    assertClose("beta gradient", slice(written, attributes.betaOffset), gradients.beta, 1e-5);
    assertClose("filter gradient", slice(written, 4, 9 * channels), byFilter, 1e-5);
    tf.dispose([x, p, g, updates, moments, output]);
  });
}

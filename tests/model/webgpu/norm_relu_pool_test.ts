import * as tf from "../../../deps/tfjs_core.ts";
import {
  type BatchNormAttributes,
  batchNormStatistics,
} from "../../../model/webgpu/kernels/batch_norm.ts";
import { dimensionsOf, pixelsOf, pooledShape } from "../../../model/webgpu/kernels/image_shape.ts";
import {
  normReluPool,
  normReluPoolGradient,
} from "../../../model/webgpu/kernels/norm_relu_pool.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { assertClose, drawNormal, gpuTest, readTensor } from "./gpu.ts";
import * as reference from "./reference.ts";

/** Gamma, beta, mean and variance of the channels, one after the other, behind four other values. */
function attributesOf(shape: BatchNormAttributes["shape"]): BatchNormAttributes {
  const offset = (i: number) => 4 + i * shape.channels;
  return {
    shape,
    gammaOffset: offset(0),
    betaOffset: offset(1),
    meanOffset: offset(2),
    varianceOffset: offset(3),
  };
}

const cases = [
  { name: "even sides", shape: { batch: 2, height: 6, width: 8, channels: 4 }, mean: 0 },
  {
    name: "odd sides, large mean",
    shape: { batch: 3, height: 7, width: 13, channels: 68 },
    mean: 300,
  },
  { name: "many shares", shape: { batch: 5, height: 33, width: 20, channels: 8 }, mean: -1 },
  { name: "one window", shape: { batch: 1, height: 2, width: 3, channels: 132 }, mean: 2 },
];

for (const { name, shape, mean } of cases) {
  gpuTest(`batch norm, ReLU and pooling equal float64: ${name}`, async () => {
    const attributes = attributesOf(shape), { channels } = shape;
    const size = 4 + 4 * channels;
    const values = drawNormal(pixelsOf(shape) * channels, "values", name).map((v) => v + mean);
    const parameters = drawNormal(size, "parameters", name);
    const gradient = drawNormal(pixelsOf(pooledShape(shape)) * channels, "gradient", name);
    const y = tf.tensor(values, dimensionsOf(shape)), p = tf.tensor(parameters);
    const g = tf.tensor(gradient, dimensionsOf(pooledShape(shape)));
    const updates = tf.tensor(new Float32Array(size).fill(7));

    batchNormStatistics(y, attributes, updates);
    const output = normReluPool([y, p, updates], attributes);
    const byValues = normReluPoolGradient(y, p, g, attributes, updates);

    const written = await readTensor(updates);
    const slice = (buffer: Float32Array, offset: number) =>
      buffer.subarray(offset, offset + channels);
    const statistics = reference.batchStatistics(channels, values);
    assertClose("mean", slice(written, attributes.meanOffset), statistics.mean, 1e-6);
    assertClose("variance", slice(written, attributes.varianceOffset), statistics.variance, 1e-5);
    const expected = reference.normReluPool(
      shape,
      values,
      // Near zero a wrongly rounded value can change which pixel wins: judge by the same statistics.
      {
        mean: slice(written, attributes.meanOffset),
        variance: slice(written, attributes.varianceOffset),
      },
      slice(parameters, attributes.gammaOffset),
      slice(parameters, attributes.betaOffset),
    );
    const gradients = expected.gradients(gradient);
    assertClose("output", await readTensor(output), expected.output, 1e-6);
    assertClose("gamma gradient", slice(written, attributes.gammaOffset), gradients.gamma, 1e-5);
    assertClose("beta gradient", slice(written, attributes.betaOffset), gradients.beta, 1e-5);
    assertClose("value gradient", await readTensor(byValues), gradients.values, 1e-5);
    assertSameBits([...written.subarray(0, 4)], [7, 7, 7, 7], "wrote before its place");
    tf.dispose([y, p, g, updates, output, byValues]);
  });
}

gpuTest("the first of equal maxima gets the whole gradient", async () => {
  const shape = { batch: 1, height: 2, width: 2, channels: 4 }, attributes = attributesOf(shape);
  const size = 4 + 4 * 4, parameters = new Float32Array(size).fill(1);
  const y = tf.tensor(new Float32Array(16).fill(3), dimensionsOf(shape)), p = tf.tensor(parameters);
  const g = tf.tensor(new Float32Array([1, 2, 3, 4]), [1, 1, 1, 4]);
  // Statistics far from the batch's, so that the sums do not cancel what is passed on.
  const updates = tf.tensor(new Float32Array(size).fill(1));
  const byValues = normReluPoolGradient(y, p, g, attributes, updates);
  const inverse = 1 / Math.sqrt(1 + 1e-5), normed = 2 * inverse;
  const expected = Array.from({ length: 16 }, (_, i) => {
    const passed = 1 + i % 4;
    return inverse * ((i < 4 ? passed : 0) - passed / 4 - normed * passed * normed / 4);
  });
  assertClose("gradient", await readTensor(byValues), expected, 1e-6);
  tf.dispose([y, p, g, updates, byValues]);
});

import * as tf from "../../../deps/tfjs_core.ts";
import { adam } from "../../../model/engine.ts";
import { batchNormMomentum } from "../../../model/conv_network.ts";
import { stepAdam } from "../../../model/webgpu/kernels/adam.ts";
import { parameterRole } from "../../../model/webgpu/parameter_layout.ts";
import { assertClose, drawNormal, gpuTest, readTensor } from "./gpu.ts";

const kinds = Object.values(parameterRole);

for (
  const { name, size, clipNorm, weightDecay } of [
    { name: "not clipped", size: 24, clipNorm: 0, weightDecay: 0 },
    { name: "below the norm to clip to", size: 60, clipNorm: 1e3, weightDecay: 0.1 },
    { name: "clipped, more than a workgroup", size: 4 * 12345, clipNorm: 2, weightDecay: 0.1 },
  ]
) {
  gpuTest(`three steps of Adam equal float64: ${name}`, async () => {
    const learningRate = 0.01;
    const roles = Float32Array.from({ length: size / 4 }, (_, quad) => kinds[quad % 3]);
    const factors = Float32Array.from({ length: size / 4 }, (_, quad) => [1, 0.125][quad % 2]);
    const roleOf = (i: number) => roles[Math.floor(i / 4)];
    const state = new Float32Array(3 * size);
    state.set(drawNormal(size, "parameters", name));
    const expected = Float64Array.from(state);
    const s = tf.tensor(state, [3, size]), r = tf.tensor(roles);
    const f = tf.tensor(factors);
    for (let step = 1; step <= 3; step++) {
      const updates = drawNormal(size, "updates", name, step);
      const u = tf.tensor(updates);
      const squares = stepAdam(s, u, r, f, { size, step, learningRate, weightDecay, clipNorm });

      const square = updates.reduce(
        (sum, g, i) => roleOf(i) === parameterRole.runningStatistic ? sum : sum + g * g,
        0,
      );
      const scale = clipNorm > 0 && Math.sqrt(square) > clipNorm ? clipNorm / Math.sqrt(square) : 1;
      for (let i = 0; i < size; i++) {
        const role = roleOf(i), first = size + i, second = 2 * size + i;
        if (role === parameterRole.runningStatistic) {
          expected[i] = batchNormMomentum * expected[i] + (1 - batchNormMomentum) * updates[i];
          continue;
        }
        const g = scale * updates[i], rate = learningRate * factors[Math.floor(i / 4)];
        expected[first] = adam.beta1 * expected[first] + (1 - adam.beta1) * g;
        expected[second] = adam.beta2 * expected[second] + (1 - adam.beta2) * g * g;
        if (role === parameterRole.decayed) expected[i] *= 1 - rate * weightDecay;
        expected[i] -= rate * expected[first] / (1 - adam.beta1 ** step) /
          (Math.sqrt(expected[second] / (1 - adam.beta2 ** step)) + adam.epsilon);
      }
      const norm = (await readTensor(squares)).reduce((a, b) => a + b);
      assertClose("square of the norm", [norm], [square], 1e-5);
      tf.dispose([u, squares]);
    }
    const written = await readTensor(s);
    for (const [i, part] of ["parameters", "first moments", "second moments"].entries()) {
      const of = (values: Float32Array | Float64Array) => values.subarray(i * size, (i + 1) * size);
      assertClose(part, of(written), of(expected), 1e-6);
    }
    tf.dispose([s, r, f]);
  });
}

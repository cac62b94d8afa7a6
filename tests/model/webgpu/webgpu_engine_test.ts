import assert from "node:assert/strict";
import { createCpuEngine } from "../../../model/cpu/cpu_engine.ts";
import type { StepMetrics } from "../../../model/engine.ts";
import { createModelSpec } from "../../../model/model_spec.ts";
import { createWebGpuEngine } from "../../../model/webgpu/webgpu_engine.ts";
import { createInitialWeights } from "../../../model/weights.ts";
import { drawNoise, plainStep, smallSpec, testEngineContract } from "../engine_contract.ts";
import { gpuTest, hasAdapter } from "./gpu.ts";

testEngineContract(
  "webgpu",
  (spec, weights) => createWebGpuEngine(spec, { weights, allowSoftware: true }),
  { gradientTolerance: 1e-4, ignore: !hasAdapter },
);

gpuTest("the first steps have the CPU engine's losses", async () => {
  const spec = createModelSpec(
    { melBands: 32, numFrames: 40, numClasses: 8, dynamicRangeDb: 80 },
    { dropoutRate: 0.3 },
  );
  const weights = createInitialWeights(spec, 1);
  const engines = [
    await createCpuEngine(spec, { threads: 1, weights }),
    await createWebGpuEngine(spec, { weights, allowSoftware: true }),
  ];
  for (let i = 0; i < 5; i++) {
    const { inputs, targets } = drawNoise(spec, 4, i);
    const options = { learningRate: 1e-3, clipNorm: 1, weightDecay: 1e-4, dropoutSeed: i };
    const losses: number[] = [];
    for (const engine of engines) {
      await engine.step(inputs, targets, options);
      losses.push((await engine.takeMetrics()).lossSum / 4);
    }
    assert.ok(Math.abs(losses[0] - losses[1]) < 1e-3, `step ${i + 1}: ${losses}`);
  }
  for (const engine of engines) await engine.dispose();
});

gpuTest("metrics are sums over the steps, and the largest of their norms", async () => {
  const weights = createInitialWeights(smallSpec, 1), still = { ...plainStep, learningRate: 0 };
  const engine = await createWebGpuEngine(smallSpec, { weights, allowSoftware: true });
  const batches = [1, 3, 5].map((size, key) => drawNoise(smallSpec, size, key));
  const single: StepMetrics[] = [];
  for (const { inputs, targets } of batches) {
    await engine.step(inputs, targets, still);
    single.push(await engine.takeMetrics());
  }
  for (const { inputs, targets } of batches) await engine.step(inputs, targets, still);
  const { steps, examples, lossSum, correct, maxGradientNorm } = await engine.takeMetrics();
  assert.deepEqual([steps, examples], [3, 9]);
  const sum = (of: (metrics: StepMetrics) => number) =>
    single.reduce((total, metrics) => total + of(metrics), 0);
  assert.ok(Math.abs(lossSum - sum((metrics) => metrics.lossSum)) < 1e-5);
  assert.equal(correct, sum((metrics) => metrics.correct));
  const norms = single.map((metrics) => metrics.maxGradientNorm);
  assert.equal(maxGradientNorm, Math.max(...norms));
  assert.notEqual(maxGradientNorm, norms.at(-1), "a case where the last is not the largest");
  await engine.dispose();
});

import assert from "node:assert/strict";
import { createCpuEngine } from "../../../model/cpu/cpu_engine.ts";
import { createModelSpec } from "../../../model/model_spec.ts";
import { createWebGpuEngine } from "../../../model/webgpu/webgpu_engine.ts";
import { createInitialWeights } from "../../../model/weights.ts";
import { drawNoise, testEngineContract } from "../engine_contract.ts";
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

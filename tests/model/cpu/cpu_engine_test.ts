import assert from "node:assert/strict";
import { type CpuEngineOptions, createCpuEngine } from "../../../model/cpu/cpu_engine.ts";
import type { ModelSpec } from "../../../model/model_spec.ts";
import {
  drawNoise,
  exportAll,
  plainStep,
  smallSpec,
  testEngineContract,
} from "../engine_contract.ts";

const gradientTolerance = 1e-4;

testEngineContract(
  "wasm",
  (spec, weights) => createCpuEngine(spec, { weights, threads: 2 }),
  { gradientTolerance },
);
testEngineContract(
  "wasm without relaxed SIMD and without shared memory",
  (spec, weights) => createCpuEngine(spec, { weights, relaxedSimd: false, sharedMemory: false }),
  { gradientTolerance },
);

/** State after a few steps of varying batches. */
async function train(options: CpuEngineOptions, spec: ModelSpec = smallSpec) {
  const engine = await createCpuEngine(spec, options);
  try {
    for (const [key, batch] of [11, 3, 11].entries()) {
      const { inputs, targets } = drawNoise(spec, batch, key);
      await engine.step(inputs, targets, { ...plainStep, clipNorm: 1, weightDecay: 0.1 });
    }
    const predictions = await engine.predict(drawNoise(spec, 4).inputs);
    return { ...await exportAll(engine), metrics: await engine.takeMetrics(), predictions };
  } finally {
    await engine.dispose();
  }
}

Deno.test("any number of threads and any planned batch gives the same bits", async () => {
  const one = await train({ threads: 1 });
  assert.deepEqual(await train({ threads: 2 }), one);
  assert.deepEqual(await train({ threads: 3, maxBatch: 20 }), one);
  assert.deepEqual(await train({ sharedMemory: false }), one);
});

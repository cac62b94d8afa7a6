import {
  assert,
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import { createCpuEngine } from "../../../model/cpu/cpu_engine.ts";
import { adam, type StepMetrics } from "../../../model/engine.ts";
import { createConvNetwork } from "../../../model/conv_network.ts";
import { createWebGpuEngine } from "../../../model/webgpu/webgpu_engine.ts";
import { createInitialWeights } from "../../../model/weights.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import {
  drawBatch,
  drawNoise,
  drawWeights,
  loadVectors,
  plainStep,
  relativeError,
  smallNetwork,
  testEngineContract,
} from "../engine_contract.ts";
import { attributesOf, gpuTest, hasAdapter, hasFloat16 } from "./gpu.ts";

testEngineContract(
  "webgpu",
  (network, weights) => createWebGpuEngine(network, { weights, allowSoftware: true }),
  { gradientTolerance: 1e-4, ignore: !hasAdapter },
);

gpuTest("the first steps have the CPU engine's losses", async () => {
  const network = createConvNetwork({
    ...{ melBands: 32, numFrames: 40, numClasses: 8 },
    dropoutRate: 0.3,
  });
  const weights = createInitialWeights(network, 1);
  const engines = [
    await createCpuEngine(network, { threads: 1, weights }),
    await createWebGpuEngine(network, { weights, allowSoftware: true }),
  ];
  for (let i = 0; i < 5; i++) {
    const { inputs, targets } = drawNoise(network, 4, i);
    const options = { learningRate: 1e-3, clipNorm: 1, weightDecay: 1e-4, dropoutSeed: i };
    const losses: number[] = [];
    for (const engine of engines) {
      await engine.step(inputs, targets, options);
      losses.push((await engine.takeMetrics()).lossSum / 4);
    }
    assert(Math.abs(losses[0] - losses[1]) < 1e-3, `step ${i + 1}: ${losses}`);
  }
  for (const engine of engines) await engine.dispose();
});

gpuTest("metrics are sums over the steps, and the largest of their norms", async () => {
  const weights = createInitialWeights(smallNetwork, 1), still = { ...plainStep, learningRate: 0 };
  const engine = await createWebGpuEngine(smallNetwork, { weights, allowSoftware: true });
  const batches = [1, 3, 5].map((size, key) => drawNoise(smallNetwork, size, key));
  const single: StepMetrics[] = [];
  for (const { inputs, targets } of batches) {
    await engine.step(inputs, targets, still);
    single.push(await engine.takeMetrics());
  }
  for (const { inputs, targets } of batches) await engine.step(inputs, targets, still);
  const { steps, examples, lossSum, correct, maxGradientNorm } = await engine.takeMetrics();
  assertEquals([steps, examples], [3, 9]);
  const sum = (of: (metrics: StepMetrics) => number) =>
    single.reduce((total, metrics) => total + of(metrics), 0);
  assert(Math.abs(lossSum - sum((metrics) => metrics.lossSum)) < 1e-5);
  assertStrictEquals(correct, sum((metrics) => metrics.correct));
  const norms = single.map((metrics) => metrics.maxGradientNorm);
  assertStrictEquals(maxGradientNorm, Math.max(...norms));
  assertNotStrictEquals(maxGradientNorm, norms.at(-1), "a case where the last is not the largest");
  await engine.dispose();
});

gpuTest("steps go on while the GPU works, up to eight of them", async ({ device: { queue } }) => {
  const engine = await createWebGpuEngine(smallNetwork, { allowSoftware: true });
  const { inputs, targets } = drawNoise(smallNetwork, 2);
  const workDone = queue.onSubmittedWorkDone;
  const ends: PromiseWithResolvers<undefined>[] = [];
  // A GPU that ends a step when the test says so.
  queue.onSubmittedWorkDone = () => {
    const end = Promise.withResolvers<undefined>();
    ends.push(end);
    return end.promise;
  };
  try {
    for (let i = 0; i < 8; i++) await engine.step(inputs, targets, plainStep);
    assertStrictEquals(ends.length, 8, "no step waited for another");
    let isTaken = false;
    const ninth = engine.step(inputs, targets, plainStep).then(() => isTaken = true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert(!isTaken, "the ninth must wait for the first");
    ends[0].resolve(undefined);
    await ninth;
  } finally {
    queue.onSubmittedWorkDone = workDone;
    for (const { resolve } of ends) resolve(undefined);
  }
  await engine.dispose();
});

gpuTest("a batch's memory is free for the next as soon as its step is queued", async () => {
  const weights = createInitialWeights(smallNetwork, 1);
  const batches = [3, 3, 1].map((size, key) => drawNoise(smallNetwork, size, key));
  // What the feature workers write into is shared with them.
  const memory = new Float32Array(new SharedArrayBuffer(4 * batches[0].inputs.length));
  const trained = await Promise.all([true, false].map(async (waits) => {
    const engine = await createWebGpuEngine(smallNetwork, { weights, allowSoftware: true });
    for (const { inputs, targets } of batches) {
      const lent = waits ? inputs.slice() : memory.subarray(0, inputs.length);
      lent.set(inputs);
      await engine.step(lent, targets, plainStep);
      if (waits) await engine.takeMetrics();
      else lent.fill(NaN);
    }
    const result = await engine.exportWeights();
    await engine.dispose();
    return result;
  }));
  assertSameBits(trained[0], trained[1]);
});

gpuTest("nothing is read back from the GPU but what is asked for", async () => {
  const engine = await createWebGpuEngine(smallNetwork, { allowSoftware: true });
  const { inputs, targets } = drawNoise(smallNetwork, 2);
  const map = GPUBuffer.prototype.mapAsync;
  let reads = 0;
  GPUBuffer.prototype.mapAsync = function (...args) {
    reads++;
    return map.apply(this, args);
  };
  try {
    for (let i = 0; i < 20; i++) await engine.step(inputs, targets, plainStep);
    assertStrictEquals(reads, 0);
    await engine.takeMetrics();
    assertStrictEquals(reads, 1);
  } finally {
    GPUBuffer.prototype.mapAsync = map;
  }
  await engine.dispose();
});

// A rounding may change which pixel of a window is the largest, which moves a gradient from one pixel to
// another: so the whole network is within a tenth, where each kernel alone is within 2e-3.
for (const name of ["default", "clipped_decayed", "many_tiles"]) {
  gpuTest(`float16 follows PyTorch's float64 on ${name}`, async () => {
    const vectors = await loadVectors(name), { network, batch, options } = vectors;
    const { inputs, targets } = drawBatch(vectors), weights = drawWeights(network);
    const choices = { weights, allowSoftware: true, precision: "float16" } as const;
    const engine = await createWebGpuEngine(network, choices);
    assertMatch(engine.device, /, float16$/);
    await engine.step(inputs, targets, { ...options, clipNorm: 0, dropoutSeed: 1 });
    const { firstMoments } = await engine.exportOptimizer();
    let furthest = 0;
    for (const { name: weight, values } of firstMoments) {
      const expected = vectors.gradients[weight];
      const gradient = Array.from(values, (m) => m / (1 - adam.beta1))
        .filter((_, i) => i % expected.stride === 0);
      const error = relativeError(gradient, expected.values);
      assert(error < 0.1, `gradient of ${weight} differs by ${error}`);
      furthest = Math.max(furthest, error);
    }
    assert(furthest > 1e-4, `${furthest} is float32's`);
    await engine.dispose();

    const trained = await createWebGpuEngine(network, choices);
    for (const [i, expected] of vectors.losses.entries()) {
      await trained.step(inputs, targets, { ...options, dropoutSeed: i + 1 });
      const loss = (await trained.takeMetrics()).lossSum / batch;
      assert(Math.abs(loss - expected) < 0.01, `step ${i + 1}: ${loss}, not ${expected}`);
    }
    await trained.dispose();
  }, !hasFloat16);
}

gpuTest(
  "every product of a step is float16, with its gradient scaled, and none of a prediction",
  async () => {
    const { inputs, targets } = drawNoise(smallNetwork, 8);
    const choices = { allowSoftware: true, precision: "float16" } as const;
    const engine = await createWebGpuEngine(smallNetwork, choices);
    const step = () => engine.step(inputs, targets, plainStep);
    const products = await attributesOf("MelstreamConv2D", step);
    // 8 images of 10 × 15 pixels: 1,200 / 16 is near 64.
    const expected = [["float16", undefined], ["float16", 64]];
    assertEquals(products.map(({ precision, scale }) => [precision, scale]), expected);
    const gradients = await attributesOf("MelstreamConv2DFilterGradient", step);
    assertEquals(gradients.map(({ precision }) => precision), ["float16"]);
    const predicted = await attributesOf(
      "MelstreamConv2D",
      () => engine.predict(inputs).then(() => {}),
    );
    assertEquals(predicted.map(({ precision }) => precision), ["float32"]);
    await engine.dispose();
  },
  !hasFloat16,
);

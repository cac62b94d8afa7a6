/**
 * Everything to know of a GPU in one go, as JSON on stdout: what the adapter is, the self-test, gradients
 * against PyTorch's in float64, training speed by batch size, each kernel's time beside its floor, and
 * PyTorch on the same card where `python3` has it with CUDA.
 *
 *     deno task bench:gpu [--batch 32,64,128] [--seconds 5] [--tiny] [--tflops 67 --gigabytes 4800] [--stock] [--no-peer]
 *
 * `--tiny` takes small features, for software adapters. `--tflops` and `--gigabytes` are the card's float32 peak and
 * memory bandwidth per second; with them the floor is given in milliseconds. `--stock` also times a step of
 * each batch on tfjs's own kernels, which takes a minute or more on a software adapter.
 *
 * On a machine without Deno or a network, bring the `deno` executable and the program in one file:
 *
 *     deno bundle --platform deno -o gpu.js tests/bench/gpu.ts
 *     ./deno run -A --unstable-webgpu gpu.js --no-peer
 *
 * The peer is run by hand there: `python3 tests/bench/gpu_peer.py 128 216 5 32 64 128`. Where no adapter is
 * found, the Vulkan loader (`libvulkan1`) or the driver's manifest (`VK_DRIVER_FILES`) is missing.
 */
import { parseArgs } from "node:util";
import { adam } from "../../model/engine.ts";
import { createModelSpec, type ModelSpec } from "../../model/model_spec.ts";
import { openDevice, type WebGpuDevice } from "../../model/webgpu/device.ts";
import { selfTest } from "../../model/webgpu/self_test.ts";
import { createWebGpuEngine } from "../../model/webgpu/webgpu_engine.ts";
import { drawBatch, drawWeights, relativeError } from "../model/engine_contract.ts";
import defaultVectors from "../vectors/model/default.json" with { type: "json" };
import { stepCosts } from "./step_cost.ts";
import { createStockTrainer } from "./stock_trainer.ts";

const { values: flags } = parseArgs({
  options: {
    batch: { type: "string", default: "32,64,128" },
    seconds: { type: "string", default: "5" },
    tiny: { type: "boolean", default: false },
    tflops: { type: "string" },
    gigabytes: { type: "string" },
    stock: { type: "boolean", default: false },
    "no-peer": { type: "boolean", default: false },
  },
});
const batches = flags.batch.split(",").map(Number), seconds = Number(flags.seconds);
const spec = createModelSpec({
  melBands: flags.tiny ? 16 : 128,
  numFrames: flags.tiny ? 24 : 216,
  numClasses: 10,
  dynamicRangeDb: 80,
});
const stepOptions = { learningRate: 1e-3, clipNorm: 1, weightDecay: 0, dropoutSeed: 1 };

function factsOf({ device, description, isSoftware, backend }: WebGpuDevice) {
  const { limits } = device;
  return {
    deno: globalThis.Deno?.version.deno,
    adapter: description,
    isSoftware,
    info: backend.adapterInfo,
    features: [...device.features],
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
  };
}

/** Relative error (L2) of each gradient of the default channels against PyTorch in float64. */
async function gradientErrors(): Promise<Record<string, number>> {
  const vectors = defaultVectors as unknown as Parameters<typeof drawBatch>[0] & {
    gradients: Record<string, { stride: number; values: number[] }>;
  };
  const { inputs, targets } = drawBatch(vectors);
  const engine = await createWebGpuEngine(vectors.spec as ModelSpec, {
    weights: drawWeights(vectors.spec as ModelSpec),
    allowSoftware: true,
  });
  await engine.step(inputs, targets, { ...stepOptions, clipNorm: 0 });
  const { firstMoments } = await engine.exportOptimizer();
  await engine.dispose();
  return Object.fromEntries(firstMoments.map(({ name, values }) => {
    const expected = vectors.gradients[name];
    const gradient = Array.from(values, (moment) => moment / (1 - adam.beta1));
    const sampled = gradient.filter((_, i) => i % expected.stride === 0);
    return [name, relativeError(sampled, expected.values)];
  }));
}

function drawExamples(batch: number) {
  const inputs = new Float32Array(batch * spec.melBands * spec.numFrames);
  for (let i = 0; i < inputs.length; i++) inputs[i] = -80 * Math.random();
  const targets = new Float32Array(batch * spec.numClasses);
  for (let b = 0; b < batch; b++) targets[b * spec.numClasses + b % spec.numClasses] = 1;
  return { inputs, targets };
}

/** Training speed and the time of each kernel in a step. */
async function measure({ device, backend }: WebGpuDevice, batch: number) {
  const { inputs, targets } = drawExamples(batch);
  const engine = await createWebGpuEngine(spec, { allowSoftware: true });
  try {
    const firstStep = performance.now();
    await engine.step(inputs, targets, stepOptions);
    await engine.takeMetrics();
    const firstStepMs = performance.now() - firstStep;
    await engine.step(inputs, targets, stepOptions);
    await engine.takeMetrics();

    const start = performance.now();
    let steps = 0;
    while (performance.now() - start < 1000 * seconds) {
      await engine.step(inputs, targets, stepOptions);
      steps++;
    }
    const { lossSum } = await engine.takeMetrics(); // waits for what is under way
    const stepMs = (performance.now() - start) / steps;
    const costs = stepCosts(spec, batch);
    const flops = costs.reduce((sum, cost) => sum + cost.flops, 0);
    const kernelMs = device.features.has("timestamp-query")
      ? await profile(backend, () => void engine.step(inputs, targets, stepOptions))
      : undefined;
    await engine.takeMetrics();
    return {
      batch,
      examplesPerSecond: batch / stepMs * 1000,
      stepMs,
      firstStepMs,
      lossIsFinite: Number.isFinite(lossSum),
      gigaflops: flops / stepMs / 1e6,
      kernels: costs.map(({ kernels, flops, bytes }) => ({
        kernels,
        gigaflop: flops / 1e9,
        gigabytes: bytes / 1e9,
        floorMs: flags.tflops && flags.gigabytes
          ? Math.max(flops / Number(flags.tflops) / 1e9, bytes / Number(flags.gigabytes) / 1e6)
          : undefined,
        measuredMs: kernelMs && kernels.reduce((sum, name) => sum + (kernelMs.get(name) ?? 0), 0),
      })),
      kernelMs: kernelMs && Object.fromEntries(kernelMs),
    };
  } finally {
    await engine.dispose();
  }
}

/** Milliseconds of one training step on tfjs's own kernels, after one to warm up where that is not too long. */
async function measureStock(batch: number): Promise<number> {
  const { inputs, targets } = drawExamples(batch);
  const trainer = await createStockTrainer(spec);
  const step = async () => {
    const start = performance.now();
    await trainer.step(inputs, targets, stepOptions.learningRate);
    return performance.now() - start;
  };
  try {
    const first = await step();
    return first > 1000 * seconds ? first : await step();
  } finally {
    await trainer.dispose();
  }
}

/** Milliseconds of each kernel by the GPU's own clock, over what `run` queues before it first waits. */
async function profile(
  backend: WebGpuDevice["backend"],
  run: () => void,
): Promise<Map<string, number>> {
  const timing = await backend.time(run);
  const total = new Map<string, number>();
  const text = (timing as { getExtraProfileInfo?(): string }).getExtraProfileInfo?.() ?? "";
  for (const entry of text.split(", ").filter(Boolean)) {
    const [name, ms] = entry.split(": ");
    total.set(name, (total.get(name) ?? 0) + Number(ms));
  }
  return total;
}

/** PyTorch's speed on the same card; what hinders it otherwise. */
async function runPeer(): Promise<unknown> {
  const script = new URL("./gpu_peer.py", import.meta.url).pathname;
  const args = [script, spec.melBands, spec.numFrames, seconds, ...batches].map(String);
  try {
    const { success, stdout, stderr } = await new Deno.Command("python3", { args }).output();
    if (success) return JSON.parse(new TextDecoder().decode(stdout));
    return { skipped: new TextDecoder().decode(stderr).trim().split("\n").at(-1) };
  } catch (error) {
    return { skipped: String(error) };
  }
}

const device = await openDevice({ allowSoftware: true, profile: true });
const report = {
  facts: factsOf(device),
  selfTest: await selfTest(),
  gradientErrors: await gradientErrors(),
  shape: [spec.melBands, spec.numFrames],
  training: [] as (Awaited<ReturnType<typeof measure>> & { stockStepMs?: number })[],
  peer: undefined as unknown,
};
for (const batch of batches) {
  const training = await measure(device, batch);
  const stockStepMs = flags.stock ? await measureStock(batch) : undefined;
  report.training.push({ ...training, stockStepMs });
}
await device.close();
if (!flags["no-peer"]) report.peer = await runPeer();
console.log(JSON.stringify(report, null, 2));

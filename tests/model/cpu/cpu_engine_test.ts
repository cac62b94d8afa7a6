import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { type CpuEngineOptions, createCpuEngine } from "../../../model/cpu/cpu_engine.ts";
import { createConvNetwork } from "../../../model/conv_network.ts";
import type { Network } from "../../../model/network.ts";
import type { Weight } from "../../../model/weights.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import {
  createSmallNetwork,
  drawNoise,
  exportAll,
  meanMaxNetwork,
  plainStep,
  predictByLayers,
  smallNetwork,
  testEngineContract,
} from "../engine_contract.ts";

const gradientTolerance = 1e-4;

testEngineContract(
  "cpu",
  (network, weights) => createCpuEngine(network, { weights, threads: 2 }),
  { gradientTolerance },
);
testEngineContract(
  "cpu without relaxed SIMD and without shared memory",
  (network, weights) =>
    createCpuEngine(network, { weights, relaxedSimd: false, sharedMemory: false }),
  { gradientTolerance },
);

/** State after a few steps of varying batches, or so many times as many. */
async function train(options: CpuEngineOptions, network: Network, rounds = 1) {
  const engine = await createCpuEngine(network, options);
  try {
    const batches = Array.from({ length: rounds }, () => [2, 11, 3]).flat();
    for (const [key, batch] of batches.entries()) {
      const { inputs, targets } = drawNoise(network, batch, key);
      await engine.step(inputs, targets, { ...plainStep, clipNorm: 1, weightDecay: 0.1 });
    }
    const predictions = await engine.predict(drawNoise(network, 4).inputs);
    return { ...await exportAll(engine), metrics: await engine.takeMetrics(), predictions };
  } finally {
    await engine.dispose();
  }
}

Deno.test("any number of threads and any planned batch gives the same bits", async () => {
  for (const network of [smallNetwork, meanMaxNetwork]) {
    const one = await train({ threads: 1 }, network);
    assertSameBits(await train({ threads: 2 }, network), one);
    assertSameBits(await train({ threads: 3, maxBatch: 20 }, network), one);
    assertSameBits(await train({ sharedMemory: false }, network), one);
  }
});

/** Large enough for V8 to compile its kernels with its optimising compiler, which is what joins vectors. */
const warmNetwork = createConvNetwork({
  ...{ melBands: 62, numFrames: 90, numClasses: 3, channels: [16, 24, 40] },
});

Deno.test("kernels made for joined vectors give the same bits", async () => {
  for (const network of [smallNetwork, warmNetwork]) {
    const rounds = network === warmNetwork ? 8 : 1;
    const apart = await train({ joinVectors: false }, network, rounds);
    assertSameBits(await train({ joinVectors: true }, network, rounds), apart);
    assertSameBits(
      await train({ joinVectors: true, threads: 1, maxBatch: 20 }, network, rounds),
      apart,
    );
  }
});

/** Runs with every worker that is created meanwhile in `workers`. */
async function capturingWorkers(run: (workers: Worker[]) => Promise<void>): Promise<void> {
  const workers: Worker[] = [], original = globalThis.Worker;
  globalThis.Worker = class extends original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.push(this);
    }
  };
  try {
    await run(workers);
  } finally {
    globalThis.Worker = original;
  }
}

const sanitized = { sanitizeOps: true, sanitizeResources: true };

Deno.test(
  "a worker that dies in the middle of a step is an error, not a stall",
  sanitized,
  () =>
    capturingWorkers(async (workers) => {
      const engine = await createCpuEngine(smallNetwork, { threads: 3 });
      const { inputs, targets } = drawNoise(smallNetwork, 8);
      await engine.step(inputs, targets, plainStep);
      const step = engine.step(inputs, targets, plainStep);
      const failed = assertFails(step, /a worker failed: out of memory/);
      await Promise.resolve(); // The step has started.
      workers[1].terminate();
      workers[1].dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
      await failed;
      await assertFails(engine.step(inputs, targets, plainStep), /out of memory/);
      await assertFails(engine.exportWeights(), /out of memory/);
      await engine.dispose();
    }),
);

Deno.test(
  "an exception in a worker reaches the caller with its reason",
  sanitized,
  () =>
    capturingWorkers(async (workers) => {
      const engine = await createCpuEngine(smallNetwork, { threads: 2 });
      const { inputs, targets } = drawNoise(smallNetwork, 2);
      workers[0].postMessage(null);
      await assertFails(engine.step(inputs, targets, plainStep), /a worker failed: TypeError/);
      await engine.dispose();
    }),
);

Deno.test("the program ends though a step is under way", async () => {
  const script = `
    import { createCpuEngine } from ${
    JSON.stringify(
      new URL("../../../model/cpu/cpu_engine.ts", import.meta.url).href,
    )
  };
    import { drawNoise, plainStep, smallNetwork } from ${
    JSON.stringify(
      new URL("../engine_contract.ts", import.meta.url).href,
    )
  };
    const engine = await createCpuEngine(smallNetwork, { threads: 3 });
    const { inputs, targets } = drawNoise(smallNetwork, 64);
    engine.step(inputs, targets, plainStep);
    if (Deno.args[0] === "exit") setTimeout(() => Deno.exit(0), 5);
    else await engine.dispose();
  `;
  for (const how of ["dispose", "exit"]) {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    try {
      await Deno.writeTextFile(file, script);
      const command = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-check",
          "--config",
          new URL("../../../deno.json", import.meta.url).pathname,
          file,
          how,
        ],
        signal: AbortSignal.timeout(60_000),
        stderr: "piped",
      });
      const { code, signal, stderr } = await command.output();
      const text = new TextDecoder().decode(stderr);
      assertEquals({ code, signal }, { code: 0, signal: null }, `${how}: ${text}`);
    } finally {
      await Deno.remove(file);
    }
  }
});

Deno.test("the caller's thread goes on while the workers work", async () => {
  const network = createSmallNetwork({ melBands: 64, numFrames: 64 });
  const engine = await createCpuEngine(network, { threads: 2 });
  try {
    // Far more work than two turns take; a thread that worked itself would come to no second turn.
    const { inputs, targets } = drawNoise(network, 256);
    let turns = 0, done = false;
    const step = engine.step(inputs, targets, plainStep).then(() => done = true);
    while (!done) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turns++;
    }
    await step;
    assert(turns > 1, `turns of the event loop meanwhile: ${turns}`);
  } finally {
    await engine.dispose();
  }
});

Deno.test("follows any epsilon and momentum", async () => {
  const { inputs, targets } = drawNoise(smallNetwork, 4);
  const [usual, odd] = [{}, { epsilon: 0.25, momentum: 0.5 }].map((change): Network => ({
    ...smallNetwork,
    nodes: smallNetwork.nodes.map((node) =>
      node.op === "batch-norm" ? { ...node, ...change } : node
    ),
  }));
  const trainOnce = async (network: Network) => {
    const engine = await createCpuEngine(network, { threads: 1 });
    await engine.step(inputs, targets, plainStep);
    const weights = await engine.exportWeights(), answers = await engine.predict(inputs);
    await engine.dispose();
    return { weights, answers };
  };
  const { weights, answers } = await trainOnce(odd);
  const meanOf = (all: readonly Weight[]) =>
    all.find(({ name }) => name === "batch_norm_1/moving_mean")!.values;
  // From 0 the running mean goes 1 − momentum of the way.
  const usualMean = meanOf((await trainOnce(usual)).weights);
  meanOf(weights).forEach((mean, i) => assert(Math.abs(mean - 5 * usualMean[i]) < 1e-5));
  const dir = await Deno.makeTempDir();
  try {
    const expected = await predictByLayers(dir, odd, weights, inputs);
    answers.forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-5, `${value}`));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("refuses threads and batches that are no counts", async () => {
  await assertRejects(() => createCpuEngine(smallNetwork, { threads: 0 }), RangeError);
  await assertRejects(() => createCpuEngine(smallNetwork, { threads: 1.5 }), RangeError);
  await assertRejects(() => createCpuEngine(smallNetwork, { maxBatch: 0 }), RangeError);
});

Deno.test("says how much memory a batch would need that none can hold", sanitized, async () => {
  const network = createSmallNetwork({ melBands: 128, numFrames: 216, channels: [32, 64] });
  for (const sharedMemory of [true, false]) {
    const engine = createCpuEngine(network, { sharedMemory, maxBatch: 1000, threads: 1 });
    const error = await assertRejects(() => engine, RangeError);
    assertMatch(error.message, /batch of 1000 .* current value is \d+ MB/);
  }
});

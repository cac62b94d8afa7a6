/**
 * The proof that a GPU computes right before it is trained on: one training step and one prediction of a
 * tiny copy of the network against values that PyTorch computed in float64. It runs every kernel of a
 * real step, in the same compiled form but for batch size and shapes.
 */
import { adam, type Engine } from "../engine.ts";
import { defaultsOf } from "../../settings/setting.ts";
import {
  createConvNetwork,
  type GlobalPooling,
  type NetworkSettings,
  networkSettings,
} from "../conv_network.ts";
import { chainOf } from "../match_blocks.ts";
import type { Network } from "../network.ts";
import { sizeOf } from "../operations.ts";
import { weightShapes } from "../resolve_network.ts";
import type { Weight } from "../weights.ts";
import { openDevice } from "./device.ts";
import type { Precision } from "../precision.ts";
import known from "./known_answers.json" with { type: "json" };
import { supportsOnWebGpu } from "./supports_on_webgpu.ts";
import { createWebGpuEngine, type WebGpuEngineOptions } from "./webgpu_engine.ts";

/** What a self-test found. */
export type SelfTestResult =
  | {
    readonly ok: true;
    /** Time taken, the shaders' compilation included. */
    readonly elapsedMs: number;
    /** Largest relative error of a gradient. */
    readonly gradientError: number;
  }
  | {
    readonly ok: false;
    /** What was wrong, with the kernel or weight it shows in: a whole sentence. */
    readonly reason: string;
  };

/**
 * Largest relative error of a gradient, and of loss and probabilities: float32 with room for fast maths;
 * in float16 a rounding may change which pixel of a window is the largest.
 */
const tolerances: Readonly<Record<Precision, number>> = { float32: 2e-3, float16: 0.15 };

const learningRate = 1e-3;

/** `draw` of make_known_answers.py: multiples of the golden ratio modulo 1, scaled. */
function draw(stream: number, count: number, low: number, high: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const bits = Math.imul(i + stream * 65537, 0x9e3779b1) >>> 8;
    return low + (high - low) * (bits / 2 ** 24);
  });
}

/** `draw_weights` of make_known_answers.py. */
function drawWeights(network: Network): Weight[] {
  return weightShapes(network).map(({ name, shape }, i) => {
    const bound = Math.sqrt(6 / sizeOf(shape.slice(0, -1)));
    const ranges: Record<string, [number, number]> = {
      kernel: [-bound, bound],
      gamma: [0.5, 1.5],
      moving_variance: [0.5, 1.5],
    };
    const [low, high] = ranges[name.split("/")[1]] ?? [-0.2, 0.2];
    return { name, shape, values: draw(10 + i, sizeOf(shape), low, high) };
  });
}

/** Adam's first step moves a weight by learningRate · g / (|g| + ε): the furthest that one is off, in learning rates. */
function updateError(before: Float32Array, after: Float32Array, gradient: number[]): number {
  return Math.max(
    ...gradient.map((g, i) =>
      Math.abs((before[i] - after[i]) / learningRate - g / (Math.abs(g) + adam.epsilon))
    ),
  );
}

/** How far the engine is from the committed values: the first that is off, or the largest error seen. */
async function compare(
  precision: Precision,
  globalPooling: GlobalPooling,
): Promise<{ reason: string } | { gradientError: number }> {
  const tolerance = tolerances[precision];
  const { batch, choices } = known, { melBands, numFrames, numClasses } = choices;
  const expected = known.answers[globalPooling];
  const network = createConvNetwork({ ...choices, globalPooling, activation: "softmax" });
  const inputs = draw(1, batch * melBands * numFrames, -80, 0);
  const targets = new Float32Array(batch * numClasses);
  for (let b = 0; b < batch; b++) targets[b * numClasses + b] = 1;
  const weights = drawWeights(network);
  const engine = await createWebGpuEngine(network, { weights, allowSoftware: true, precision });
  try {
    const probabilities = await engine.predict(inputs);
    const furthest = Math.max(
      ...probabilities.map((p, i) => Math.abs(p - expected.probabilities[i])),
    );
    // Written so that a NaN fails.
    if (!(furthest < tolerance)) return { reason: `probabilities are off by ${furthest}` };

    const wholeNorm = Math.hypot(...Object.values(expected.gradients).map(({ norm }) => norm));
    // Clips to the half, so that clipping is tested too.
    const options = { learningRate, clipNorm: wholeNorm / 2, weightDecay: 0, dropoutSeed: 0 };
    await engine.step(inputs, targets, options);
    const { lossSum, maxGradientNorm } = await engine.takeMetrics();
    const lossError = Math.abs(lossSum / batch / expected.loss - 1);
    if (!(lossError < tolerance)) return { reason: `the loss is off by ${lossError}` };
    const normError = Math.abs(maxGradientNorm / wholeNorm - 1);
    if (!(normError < tolerance)) return { reason: `the gradient's norm is off by ${normError}` };

    const { firstMoments } = await engine.exportOptimizer(), after = await engine.exportWeights();
    let gradientError = 0;
    for (const { name, values } of firstMoments) {
      const { norm, product } = expected.gradients[name as keyof typeof expected.gradients];
      // After one step from zero, Adam's first moment is (1 − β₁) · gradient.
      const clipped = Array.from(values, (moment) => moment / (1 - adam.beta1));
      const gradient = clipped.map((g) => 2 * g);
      const index = weights.findIndex((weight) => weight.name === name);
      const direction = draw(50 + index, gradient.length, -1, 1);
      const error = Math.max(
        Math.abs(Math.hypot(...gradient) - norm),
        Math.abs(gradient.reduce((sum, g, i) => sum + g * direction[i], 0) - product),
      ) / norm;
      if (!(error < tolerance)) return { reason: `the gradient of ${name} is off by ${error}` };
      gradientError = Math.max(gradientError, error);
      const moved = updateError(weights[index].values, after[index].values, clipped);
      if (!(moved < tolerance)) return { reason: `the update of ${name} is off by ${moved}` };
    }
    return { gradientError };
  } finally {
    await engine.dispose();
  }
}

/**
 * Tests the GPU.
 *
 * @param precision What training is to be tested in.
 * @param globalPooling That of the network that is to be computed.
 * @param seconds How long it may take: some drivers hang, and would keep a run waiting for ever.
 * @returns Where it fails, a whole sentence that says why; it does not throw.
 */
export async function selfTest(
  precision: Precision = "float32",
  globalPooling: GlobalPooling = defaultsOf<NetworkSettings>(networkSettings).globalPooling,
  seconds = 60,
): Promise<SelfTestResult> {
  const late = Promise.withResolvers<SelfTestResult>();
  const reason = `Cannot trust the GPU as it gave no answer for ${seconds} s`;
  const timer = setTimeout(() => late.resolve({ ok: false, reason }), 1000 * seconds);
  try {
    return await Promise.race([test(precision, globalPooling), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function test(
  precision: Precision,
  globalPooling: GlobalPooling,
): Promise<SelfTestResult> {
  const start = performance.now();
  try {
    const device = await openDevice({ allowSoftware: true });
    try {
      const result = await compare(precision, globalPooling);
      if ("gradientError" in result) {
        return { ok: true, elapsedMs: performance.now() - start, ...result };
      }
      const reason = `Cannot trust ${device.description} as ${result.reason}`;
      return { ok: false, reason };
    } finally {
      await device.close();
    }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The engine on a GPU that has passed the self-test, whose compiled shaders it takes over.
 *
 * @throws {Error} where there is no GPU or it computes wrong numbers, and as `createWebGpuEngine`.
 */
export async function createTestedWebGpuEngine(
  network: Network,
  options: WebGpuEngineOptions = {},
): Promise<Engine> {
  const device = await openDevice(options);
  try {
    const { globalPooling } = chainOf(supportsOnWebGpu(network), "WebGPU");
    const result = await selfTest(options.precision, globalPooling);
    if (!result.ok) throw new Error(result.reason);
    return await createWebGpuEngine(network, options);
  } finally {
    await device.close();
  }
}

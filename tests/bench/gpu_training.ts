/** Training speed on a GPU: steps by the clock, each kernel by the GPU's own, the main thread's share. */
import type { Precision } from "../../model/precision.ts";
import { createConvNetwork } from "../../model/conv_network.ts";
import { type Network, outputOf } from "../../model/network.ts";
import type { WebGpuDevice } from "../../model/webgpu/device.ts";
import { createWebGpuEngine } from "../../model/webgpu/webgpu_engine.ts";
import { type FrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { stepCosts } from "./step_cost.ts";
import { createStockTrainer } from "./stock_trainer.ts";

/** What a card can do at most, as its maker says. */
export interface CardPeaks {
  /** Float32 operations a second / 10¹². */
  readonly tflops: number;
  /** Bytes a second between the card and its memory / 10⁹. */
  readonly gigabytes: number;
}

/** What one kind of kernel does in a step, must take and takes. */
export interface KernelTime {
  readonly kernels: readonly string[];
  readonly gigaflop: number;
  readonly megabytes: number;
  /** By the card's peaks; undefined where these are not given. */
  readonly floorMs?: number;
  /** By the GPU's clock; undefined where it has none. */
  readonly measuredMs?: number;
}

/** How fast one size of batch is trained. */
export interface TrainingSpeed {
  readonly batch: number;
  readonly precision: Precision;
  readonly examplesPerSecond: number;
  readonly stepMs: number;
  /** Time of the main thread in a step, for recording and uploading: above `stepMs` the GPU would starve. */
  readonly recordMs: number;
  /** Time of the first step, the shaders' compilation included. */
  readonly firstStepMs: number;
  readonly gigaflopsPerSecond: number;
  readonly kernels: readonly KernelTime[];
  /** Every kernel by its own name, in milliseconds. */
  readonly kernelMs?: Readonly<Record<string, number>>;
}

const stepOptions = { learningRate: 1e-3, clipNorm: 1, weightDecay: 0, dropoutSeed: 1 };

/** The default network for a front end, with ten classes. */
export function networkFor(frontEnd: FrontEnd): Network {
  const { melBands, dynamicRangeDb } = frontEnd;
  return createConvNetwork({
    melBands,
    numFrames: numFrames(frontEnd),
    numClasses: 10,
    inputScale: 2 / dynamicRangeDb,
  });
}

function drawExamples(network: Network, batch: number) {
  const { melBands, numFrames } = network, { numClasses } = outputOf(network);
  const inputs = new Float32Array(batch * melBands * numFrames);
  for (let i = 0; i < inputs.length; i++) inputs[i] = -80 * Math.random();
  const targets = new Float32Array(batch * numClasses);
  for (let b = 0; b < batch; b++) targets[b * numClasses + b % numClasses] = 1;
  return { inputs, targets };
}

/** What is timed, and for how long. */
export interface TrainingOptions {
  readonly batch: number;
  readonly precision: Precision;
  readonly seconds: number;
  readonly peaks?: CardPeaks;
}

/** Trains for some seconds at one size of batch. */
export async function timeTraining(
  { device, backend }: WebGpuDevice,
  network: Network,
  { batch, seconds, precision, peaks }: TrainingOptions,
): Promise<TrainingSpeed> {
  const { inputs, targets } = drawExamples(network, batch);
  const engine = await createWebGpuEngine(network, { allowSoftware: true, precision });
  const step = () => engine.step(inputs, targets, stepOptions);
  /** Time of one step from an idle GPU: until the call has recorded it, and until it is done. */
  const single = async () => {
    const startMs = performance.now();
    const recorded = step();
    const recordMs = performance.now() - startMs;
    await recorded;
    await engine.takeMetrics();
    return { recordMs, stepMs: performance.now() - startMs };
  };
  try {
    const first = await single();
    const recordMs = Math.min((await single()).recordMs, (await single()).recordMs);

    const startMs = performance.now();
    let steps = 0;
    do {
      await step();
      steps++;
    } while (performance.now() - startMs < 1000 * seconds);
    const { lossSum } = await engine.takeMetrics(); // waits for what is under way
    const stepMs = (performance.now() - startMs) / steps;
    if (!Number.isFinite(lossSum)) throw new Error(`The loss must be finite: it is ${lossSum}`);

    const costs = stepCosts(network, batch);
    const kernelMs = device.features.has("timestamp-query")
      ? await timeKernels(backend, () => void step())
      : undefined;
    await engine.takeMetrics();
    return {
      batch,
      precision,
      examplesPerSecond: batch / stepMs * 1000,
      stepMs,
      recordMs,
      firstStepMs: first.stepMs,
      gigaflopsPerSecond: costs.reduce((sum, { flops }) => sum + flops, 0) / stepMs / 1e6,
      kernels: costs.map(({ kernels, flops, bytes }) => ({
        kernels,
        gigaflop: flops / 1e9,
        megabytes: bytes / 1e6,
        floorMs: peaks && Math.max(flops / peaks.tflops / 1e9, bytes / peaks.gigabytes / 1e6),
        measuredMs: kernelMs && kernels.reduce((sum, name) => sum + (kernelMs.get(name) ?? 0), 0),
      })),
      kernelMs: kernelMs && Object.fromEntries(kernelMs),
    };
  } finally {
    await engine.dispose();
  }
}

/** Milliseconds of each kernel by the GPU's own clock, over what `run` queues before it first waits. */
async function timeKernels(
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

/** Milliseconds of a step on tfjs's own kernels, after one to warm up where that takes no longer than `seconds`. */
export async function timeStock(network: Network, batch: number, seconds: number): Promise<number> {
  const { inputs, targets } = drawExamples(network, batch);
  const trainer = await createStockTrainer(network);
  const step = async () => {
    const startMs = performance.now();
    await trainer.step(inputs, targets, stepOptions.learningRate);
    return performance.now() - startMs;
  };
  try {
    const first = await step();
    return first > 1000 * seconds ? first : await step();
  } finally {
    await trainer.dispose();
  }
}

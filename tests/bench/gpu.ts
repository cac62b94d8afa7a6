/**
 * Everything to know of a GPU in one go: what the machine offers (`doctor`), the self-test, gradients
 * against PyTorch's in float64, training speed by batch size, each kernel's time beside its floor, PyTorch
 * on the same card where `python3` has it with CUDA, how fast the machine's cores make features, and the
 * program's whole job: `train` and `predict` on the default recordings.
 *
 *     deno task bench:gpu [--batch 32,64,128] [--seconds 5] [--epochs 60] [--out gpu.json]
 *                         [--tflops 67 --gigabytes 4800] [--tiny] [--stock] [--no-peer]
 *
 * Words on stdout; `--out` has all figures, written anew after each part, so that a run which is cut short
 * keeps what it has. A part that fails says so and the rest go on.
 *
 * `--tflops` and `--gigabytes` are the card's float32 peak and memory bandwidth per second; with them the
 * floor is given in milliseconds. `--tiny` takes short clips and few bands, for software adapters; `--stock`
 * also times a step of each batch on tfjs's own kernels, which takes a minute or more there.
 *
 * `deno task bench:gpu:pack` packs it for a machine without Deno or a network: see `pack_gpu.ts`.
 */
import { parseArgs } from "node:util";
import { examineMachine, type Finding } from "../../cli/doctor_command.ts";
import { type Precision, precisions } from "../../model/precision.ts";
import { adam } from "../../model/engine.ts";
import { type ConvNetworkOptions, createConvNetwork } from "../../model/conv_network.ts";
import { float16, openDevice, type WebGpuDevice } from "../../model/webgpu/device.ts";
import { selfTest } from "../../model/webgpu/known_answers.ts";
import { createWebGpuEngine } from "../../model/webgpu/webgpu_engine.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { drawBatch, drawWeights, relativeError } from "../model/engine_contract.ts";
import defaultVectors from "../vectors/model/default.json" with { type: "json" };
import { runJob, timeFeatures } from "./gpu_job.ts";
import {
  type CardPeaks,
  networkFor,
  timeStock,
  timeTraining,
  type TrainingSpeed,
} from "./gpu_training.ts";

const { values: flags } = parseArgs({
  options: {
    batch: { type: "string", default: "32,64,128" },
    seconds: { type: "string", default: "5" },
    epochs: { type: "string", default: "60" },
    out: { type: "string", default: "gpu.json" },
    tflops: { type: "string" },
    gigabytes: { type: "string" },
    tiny: { type: "boolean", default: false },
    stock: { type: "boolean", default: false },
    "no-peer": { type: "boolean", default: false },
  },
});
const batches = flags.batch.split(",").map(Number), seconds = Number(flags.seconds);
const peaks: CardPeaks | undefined = flags.tflops && flags.gigabytes
  ? { tflops: Number(flags.tflops), gigabytes: Number(flags.gigabytes) }
  : undefined;
const frontEnd = flags.tiny
  ? { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 16 }
  : defaultFrontEnd;
const network = networkFor(frontEnd);

const report: Record<string, unknown> = { shape: [network.melBands, network.numFrames] };
let failures = 0;

/** Does one part, says what came out and keeps it. */
async function part<T>(name: string, run: () => Promise<T>, words: (result: T) => string[]) {
  console.log(`\n${name}`);
  try {
    const result = await run();
    report[name] = result;
    for (const line of words(result)) console.log(`  ${line}`);
  } catch (error) {
    failures++;
    report[name] = { failed: String(error) };
    console.log(`  FAILED: ${(error as Error).message}`);
  }
  await Deno.writeTextFile(flags.out, `${JSON.stringify(report, null, 2)}\n`);
}

const share = (x: number) => `${(100 * x).toFixed(1)} %`;

await part(
  "doctor",
  async () => {
    const findings: Finding[] = [];
    for await (const finding of examineMachine()) findings.push(finding);
    return findings;
  },
  (findings) =>
    findings.map(({ name, words, isFailure }) =>
      `${name.padEnd(12)}${isFailure ? "FAILED: " : ""}${words}`
    ),
);

await part("adapter", () =>
  withDevice(({ device, backend, description, isSoftware }) => {
    const { limits, features } = device;
    return {
      description,
      isSoftware,
      info: backend.adapterInfo,
      features: [...features],
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
    };
  }), ({ description, isSoftware, features }) => [
  `${description}${isSoftware ? " (software)" : ""}, with ${features.join(", ")}`,
]);

await part("self-test", async () => {
  const result = await selfTest();
  if (!result.ok) throw new Error(result.reason);
  return result;
}, ({ elapsedMs, gradientError }) => [
  `passed in ${elapsedMs.toFixed(0)} ms, gradients within ${gradientError.toExponential(1)}`,
]);

for (const precision of precisions) {
  await part(`parity of ${precision}`, () => gradientErrors(precision), (errors) => {
    const [name, error] = Object.entries(errors).toSorted(([, a], [, b]) => b - a)[0];
    return [`gradients within ${error.toExponential(1)} of float64, furthest ${name}`];
  });
}

await part("training", () =>
  withDevice(async (gpu) => {
    const speeds: TrainingSpeed[] = [];
    const offered = gpu.device.features.has(float16) ? precisions : ["float32"] as const;
    for (const batch of batches) {
      for (const precision of offered) {
        const speed = await timeTraining(gpu, network, { batch, precision, seconds, peaks });
        for (const line of describeSpeed(speed)) console.log(`  ${line}`);
        speeds.push(speed);
      }
    }
    return speeds;
  }), () => []);

if (flags.stock) {
  await part(
    "tfjs's own kernels",
    async () => {
      const stepMs: Record<string, number> = {};
      for (const batch of batches) stepMs[batch] = await timeStock(network, batch, seconds);
      return stepMs;
    },
    (stepMs) =>
      Object.entries(stepMs).map(([batch, ms]) => `batch ${batch}: ${ms.toFixed(0)} ms a step`),
  );
}

if (!flags["no-peer"]) await part("PyTorch", runPeer, describePeer);

await part("features", () => timeFeatures(frontEnd, seconds), ({ workers, clipsPerSecond }) => [
  `${clipsPerSecond.toFixed(0)} clips/s of ${workers} workers with nothing else at work`,
]);

await part("job", () => runJob(frontEnd, { epochs: Number(flags.epochs) }), (job) => [
  `${job.engine}: ${job.epochs} epochs in ${job.seconds.toFixed(0)} s, ` +
  `${job.clipsPerSecond.toFixed(0)} clips/s, limit: ${job.limit} ` +
  `(${share(job.waitShare)} of the time waited for features)`,
  `loss ${job.losses.map((loss) => loss.toFixed(3)).join(" to ")}, ` +
  `validation accuracy ${share(job.validationAccuracy)}, test accuracy ${share(job.testAccuracy)}`,
]);

console.log(`\nall figures: ${flags.out}`);
if (failures > 0) Deno.exit(1);

/** Runs with the GPU open, its kernels' clock included. */
async function withDevice<T>(run: (gpu: WebGpuDevice) => T | Promise<T>): Promise<T> {
  const gpu = await openDevice({ allowSoftware: true, profile: true });
  try {
    return await run(gpu);
  } finally {
    await gpu.close();
  }
}

/** Relative error (L2) of each gradient of the default channels against PyTorch in float64. */
async function gradientErrors(precision: Precision): Promise<Record<string, number>> {
  const network = createConvNetwork(defaultVectors.choices as ConvNetworkOptions);
  const vectors = { ...defaultVectors, network } as unknown as Parameters<typeof drawBatch>[0] & {
    gradients: Record<string, { stride: number; values: number[] }>;
  };
  const { inputs, targets } = drawBatch(vectors);
  const engine = await createWebGpuEngine(network, {
    weights: drawWeights(network),
    allowSoftware: true,
    precision,
  });
  const options = { learningRate: 1e-3, clipNorm: 0, weightDecay: 0, dropoutSeed: 1 };
  await engine.step(inputs, targets, options);
  const { firstMoments } = await engine.exportOptimizer();
  await engine.dispose();
  return Object.fromEntries(firstMoments.map(({ name, values }) => {
    const expected = vectors.gradients[name];
    const gradient = Array.from(values, (moment) => moment / (1 - adam.beta1));
    const sampled = gradient.filter((_, i) => i % expected.stride === 0);
    return [name, relativeError(sampled, expected.values)];
  }));
}

function describeSpeed({ kernels, kernelMs, ...speed }: TrainingSpeed): string[] {
  const ms = (value?: number) => (value === undefined ? "?" : value.toFixed(3)).padStart(9);
  return [
    `batch ${speed.batch}, ${speed.precision}: ${speed.examplesPerSecond.toFixed(1)} examples/s, ` +
    `${speed.stepMs.toFixed(2)} ms a step (${speed.recordMs.toFixed(2)} of the main thread), ` +
    `${speed.gigaflopsPerSecond.toFixed(0)} GFLOPS, first step ${speed.firstStepMs.toFixed(0)} ms`,
    "  floor, ms   measured   GFLOP       MB   kernels",
    ...kernels.map(({ kernels, gigaflop, megabytes, floorMs, measuredMs }) =>
      `  ${ms(floorMs)}  ${ms(measuredMs)}${gigaflop.toFixed(2).padStart(8)}` +
      `${megabytes.toFixed(0).padStart(9)}   ` +
      kernels.map((name) => name.replace("Melstream", "")).join(", ")
    ),
    `           ${ms(kernelMs && Object.values(kernelMs).reduce((a, b) => a + b))}` +
    `                    all kernels of a step`,
  ];
}

/** What gpu_peer.py prints. */
interface Peer {
  readonly torch: string;
  readonly device: string;
  readonly results: readonly {
    readonly batch: number;
    readonly layout: string;
    readonly tf32: boolean;
    readonly examplesPerSecond: number;
  }[];
}

/** PyTorch's speed on the same card; what hinders it otherwise. */
async function runPeer(): Promise<Peer | { readonly skipped: string }> {
  const script = new URL("./gpu_peer.py", import.meta.url).pathname;
  const args = [script, network.melBands, network.numFrames, seconds, ...batches].map(String);
  try {
    const { success, stdout, stderr } = await new Deno.Command("python3", { args }).output();
    if (success) return JSON.parse(new TextDecoder().decode(stdout));
    return { skipped: new TextDecoder().decode(stderr).trim().split("\n").at(-1)! };
  } catch (error) {
    return { skipped: String(error) };
  }
}

function describePeer(peer: Peer | { readonly skipped: string }): string[] {
  if ("skipped" in peer) return [`not here: ${peer.skipped}`];
  const ours = Array.isArray(report.training) ? report.training as TrainingSpeed[] : [];
  const lines = peer.results.map(({ batch, layout, tf32, examplesPerSecond }) => {
    const speed = ours.find((speed) => speed.batch === batch && speed.precision === "float32")
      ?.examplesPerSecond;
    const ratio = speed ? `: melstream has ${(speed / examplesPerSecond).toFixed(2)} of it` : "";
    return `batch ${batch}, ${layout}, TF32 ${tf32 ? "on" : "off"}: ` +
      `${examplesPerSecond.toFixed(0)} examples/s${ratio}`;
  });
  return [`PyTorch ${peer.torch} on ${peer.device}`, ...lines];
}

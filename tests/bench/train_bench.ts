/**
 * Times training and prediction of the default network, beside PyTorch where it is installed, a few
 * steps of each in turn, so that whatever else the machine does falls on all alike.
 *
 *     deno task bench:train [--backend wasm|webgpu] [--threads N] [--batch N] [--steps N]
 *                           [--python PROGRAM] [--busy] [--json]
 *
 * `--busy` also times the engine while another process keeps one core busy.
 */
import { parseArgs } from "node:util";
import { type Backend, createEngine } from "../../model/create_engine.ts";
import type { Engine } from "../../model/engine.ts";
import { createModelSpec } from "../../model/model_spec.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { profileTraining } from "./train_profile.ts";

/** Rounds that the steps are spread over. */
const rounds = 5;

type Kind = "train" | "predict";

/** Something that can be timed: the engine, or PyTorch. */
interface Contestant {
  readonly name: string;
  /** Seconds of each of `count` steps. */
  run(kind: Kind, count: number): Promise<number[]>;
  stop(): Promise<void>;
}

const { values } = parseArgs({
  options: {
    backend: { type: "string", default: "wasm" },
    threads: { type: "string", default: String(navigator.hardwareConcurrency) },
    batch: { type: "string", default: "16" },
    steps: { type: "string", default: "20" },
    python: { type: "string" },
    busy: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const threads = Number(values.threads), batch = Number(values.batch);
const stepsPerRound = Math.max(1, Math.round(Number(values.steps) / rounds));
const spec = createModelSpec({
  melBands: 128,
  numFrames: 216,
  numClasses: 10,
  dynamicRangeDb: 80,
});

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function createBatch() {
  const inputs = new Float32Array(batch * spec.melBands * spec.numFrames);
  for (let i = 0; i < inputs.length; i++) inputs[i] = -80 * Math.random();
  const targets = new Float32Array(batch * spec.numClasses);
  for (let b = 0; b < batch; b++) targets[b * spec.numClasses + b % spec.numClasses] = 1;
  return { inputs, targets };
}

function contestantOf(engine: Engine): Contestant {
  const { inputs, targets } = createBatch();
  const options = { learningRate: 1e-3, clipNorm: 1, weightDecay: 0, dropoutSeed: 1 };
  return {
    name: `melstream (${engine.name}: ${engine.device})`,
    async run(kind, count) {
      const seconds: number[] = [];
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        if (kind === "predict") await engine.predict(inputs);
        else {
          await engine.step(inputs, targets, options);
          await engine.takeMetrics(); // Waits for the arithmetic.
        }
        seconds.push((performance.now() - start) / 1000);
      }
      return seconds;
    },
    stop: () => engine.dispose(),
  };
}

/** The first Python that has torch. */
async function findPython(): Promise<string | undefined> {
  for (const python of values.python ? [values.python] : ["python3", "/usr/bin/python3"]) {
    try {
      const { success } = await new Deno.Command(python, {
        args: ["-c", "import torch"],
        stderr: "null",
      }).output();
      if (success) return python;
    } catch { /* Not installed: the next one. */ }
  }
}

async function startPeer(python: string, layout: string): Promise<Contestant> {
  const script = new URL("./train_peer.py", import.meta.url).pathname;
  const args = [script, layout, ...[batch, threads, spec.melBands, spec.numFrames].map(String)];
  const child = new Deno.Command(python, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const readLine = async () => {
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`Cannot time PyTorch as its process has ended: ${text}`);
      text += value;
    }
    const line = text.slice(0, text.indexOf("\n"));
    text = text.slice(line.length + 1);
    return JSON.parse(line);
  };
  const { version } = await readLine();
  return {
    name: `PyTorch ${version} ${layout}`,
    async run(kind, count) {
      await writer.write(new TextEncoder().encode(`${kind} ${count}\n`));
      return await readLine();
    },
    async stop() {
      await writer.close();
      await reader.cancel();
      await child.status;
    },
  };
}

/** Median examples per second of each contestant, taken in turns. */
async function compare(contestants: Contestant[], kind: Kind): Promise<number[]> {
  const seconds = contestants.map((): number[] => []);
  for (const contestant of contestants) await contestant.run(kind, 2);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      seconds[i].push(...await contestant.run(kind, stepsPerRound));
    }
  }
  return seconds.map((times) => batch / median(times));
}

/** Speed while another process keeps one core busy, as a share of the speed without, in turns. */
async function compareBusy(contestant: Contestant): Promise<number> {
  const times: { free: number[]; busy: number[] } = { free: [], busy: [] };
  for (let round = 0; round < rounds; round++) {
    times.free.push(...await contestant.run("train", stepsPerRound));
    const neighbour = new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] }).spawn();
    await new Promise((resolve) => setTimeout(resolve, 300));
    times.busy.push(...await contestant.run("train", stepsPerRound));
    neighbour.kill("SIGKILL");
    await neighbour.status;
  }
  return median(times.free) / median(times.busy);
}

const rssBefore = Deno.memoryUsage().rss;
const weights = createInitialWeights(spec, 0);
const created = performance.now();
const { engine } = await createEngine(spec, {
  weights,
  backend: values.backend as Backend,
  threads,
});
const own = contestantOf(engine);
await own.run("train", 1);
const firstStepMs = performance.now() - created;
await own.run("train", 2);
const memoryMb = (Deno.memoryUsage().rss - rssBefore) / 1e6;

const python = await findPython();
const peers = python
  ? [await startPeer(python, "nchw"), await startPeer(python, "channels_last")]
  : [];
const contestants = [own, ...peers];
const training = await compare(contestants, "train");
const prediction = await compare(contestants, "predict");
const busyShare = values.busy ? await compareBusy(own) : undefined;
for (const contestant of contestants) await contestant.stop();
const phases = engine.name === "wasm"
  ? await profileTraining(spec, batch, engine.device.includes("relaxed"))
  : [];

if (values.json) {
  const [, ...others] = contestants.map(({ name }, i) => ({
    name,
    examplesPerSecond: training[i],
    predictedPerSecond: prediction[i],
  }));
  console.log(JSON.stringify({
    ...{ backend: engine.name, device: engine.device, threads, batch },
    ...{ examplesPerSecond: training[0], predictedPerSecond: prediction[0] },
    ...{ firstStepMs, memoryMb, busyShare, phases, peers: others },
  }));
} else {
  console.log(`batch ${batch}, ${threads} threads, medians of ${rounds * stepsPerRound} steps\n`);
  console.log("examples/s   train  predict");
  contestants.forEach(({ name }, i) => {
    const ratio = i > 0 ? `  ×${(training[0] / training[i]).toFixed(2)}` : "";
    const predictRatio = i > 0 ? ` ×${(prediction[0] / prediction[i]).toFixed(2)}` : "";
    console.log(
      `${training[i].toFixed(1).padStart(18)} ${prediction[i].toFixed(1).padStart(8)}  ${name}` +
        `${ratio}${predictRatio}`,
    );
  });
  console.log(`\nfirst step ${firstStepMs.toFixed(0)} ms from nothing, ${memoryMb.toFixed(0)} MB`);
  if (busyShare) console.log(`with one core busy: ${busyShare.toFixed(2)} of its own speed`);
  if (phases.length) console.log("\none thread, best times:");
  for (const { name, milliseconds, effectiveGflops } of phases) {
    const gflops = effectiveGflops ? `${effectiveGflops.toFixed(0).padStart(6)} GFLOPS` : "";
    console.log(`${name.padEnd(12)} ${milliseconds.toFixed(1).padStart(7)} ms ${gflops}`);
  }
}

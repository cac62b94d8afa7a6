/**
 * Times training and prediction of the default network, beside PyTorch and JAX where they are installed, a few
 * steps of each in turn, so that whatever else the machine does falls on all alike.
 *
 *     deno task bench:train [--backend cpu|webgpu] [--threads N] [--batch N] [--steps N]
 *                           [--python PROGRAM] [--peers NAME,NAME] [--busy] [--json]
 *
 * `--peers` takes `nchw` or `channels_last`, each with `+bfloat16` (autocast) and `+compiled`
 * (`torch.compile`, which needs a C++ compiler) behind it, and `jax`, where it is installed. A peer that fails
 * is named with its error. `--busy` also times the engine while another process keeps one core busy.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { createConvNetwork } from "../../model/conv_network.ts";
import { type Backend, createEngine } from "../../model/create_engine.ts";
import type { Engine } from "../../model/engine.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { findPython } from "./find_python.ts";
import { modelledSpeedUp, profileTraining } from "./train_profile.ts";

/** Rounds that the steps are spread over. */
const rounds = 5;

type Kind = "train" | "predict";

/** Seconds of steps, by the clock and of the processor (all threads added). */
interface Times {
  readonly wall: number[];
  readonly cpu: number[];
}

/** Something that can be timed: the engine, PyTorch or JAX. */
interface Contestant {
  readonly name: string;
  /** Times of each of `count` steps. */
  run(kind: Kind, count: number): Promise<Times>;
  stop(): Promise<void>;
}

const { values } = parseArgs({
  options: {
    backend: { type: "string", default: "cpu" },
    threads: { type: "string", default: String(navigator.hardwareConcurrency) },
    batch: { type: "string", default: "16" },
    steps: { type: "string", default: "20" },
    python: { type: "string" },
    peers: {
      type: "string",
      default:
        "nchw,channels_last,channels_last+bfloat16,channels_last+compiled,channels_last+bfloat16+compiled,jax",
    },
    busy: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const threads = Number(values.threads), batch = Number(values.batch);
const stepsPerRound = Math.max(1, Math.round(Number(values.steps) / rounds));
const numClasses = 10;
const network = createConvNetwork({ melBands: 128, numFrames: 216, numClasses });

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function createBatch() {
  const inputs = new Float32Array(batch * network.melBands * network.numFrames);
  for (let i = 0; i < inputs.length; i++) inputs[i] = -80 * Math.random();
  const targets = new Float32Array(batch * numClasses);
  for (let b = 0; b < batch; b++) targets[b * numClasses + b % numClasses] = 1;
  return { inputs, targets };
}

function contestantOf(engine: Engine): Contestant {
  const { inputs, targets } = createBatch();
  const options = { learningRate: 1e-3, clipNorm: 1, weightDecay: 0, dropoutSeed: 1 };
  return {
    name: `melstream (${engine.name}: ${engine.device})`,
    async run(kind, count) {
      const times: Times = { wall: [], cpu: [] };
      for (let i = 0; i < count; i++) {
        const start = performance.now(), cpuStart = process.cpuUsage();
        if (kind === "predict") await engine.predict(inputs);
        else {
          await engine.step(inputs, targets, options);
          await engine.takeMetrics(); // Waits for the arithmetic.
        }
        const { user, system } = process.cpuUsage(cpuStart);
        times.wall.push((performance.now() - start) / 1000);
        times.cpu.push((user + system) / 1e6);
      }
      return times;
    },
    stop: () => engine.dispose(),
  };
}

/** The processor's name, and those of its instructions that decide how fast this may be. */
async function describeProcessor(): Promise<string> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const name = /^model name\s*: (.*)$/m.exec(text)?.[1] ?? `${Deno.build.os} ${Deno.build.arch}`;
  const flags = /^flags\s*: (.*)$/m.exec(text)?.[1].split(" ") ?? [];
  const known = ["avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16"];
  return [name, ...known.filter((flag) => flags.includes(flag))].join(" ");
}

/** What computes a peer. */
const libraryOf = (peer: string) => peer === "jax" ? "jax" : "torch";

async function startPeer(python: string, layout: string): Promise<Contestant> {
  const isJax = libraryOf(layout) === "jax";
  const script = new URL(isJax ? "./train_peer_jax.py" : "./train_peer.py", import.meta.url);
  const args = [
    script.pathname,
    layout,
    ...[batch, threads, network.melBands, network.numFrames].map(String),
  ];
  const child = new Deno.Command(python, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const readLine = async () => {
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error((await errors).trim().split("\n").at(-1));
      text += value;
    }
    const line = text.slice(0, text.indexOf("\n"));
    text = text.slice(line.length + 1);
    return JSON.parse(line);
  };
  const { version, instructions } = await readLine();
  return {
    name: (isJax ? `JAX ${version}` : `PyTorch ${version} ${layout} ${instructions}`).trim(),
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

/** What a contestant reached. */
interface Speed {
  /** Examples per second: the median, and the best on a machine that others use too. */
  readonly median: number;
  readonly best: number;
  /** Least processor time of an example in ms: it hardly knows of others, but a waiting thread that spins counts. */
  readonly cpuMs: number;
}

/** Speed of each contestant, taken in turns. */
async function compare(contestants: Contestant[], kind: Kind): Promise<Speed[]> {
  const times = contestants.map((): Times => ({ wall: [], cpu: [] }));
  for (const contestant of contestants) await contestant.run(kind, 2);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const { wall, cpu } = await contestant.run(kind, stepsPerRound);
      times[i].wall.push(...wall);
      times[i].cpu.push(...cpu);
    }
  }
  return times.map(({ wall, cpu }) => ({
    median: batch / median(wall),
    best: batch / Math.min(...wall),
    cpuMs: 1000 * Math.min(...cpu) / batch,
  }));
}

/** Speed while another process keeps one core busy, as a share of the speed without, in turns. */
async function compareBusy(contestant: Contestant): Promise<number> {
  const times: { free: number[]; busy: number[] } = { free: [], busy: [] };
  for (let round = 0; round < rounds; round++) {
    times.free.push(...(await contestant.run("train", stepsPerRound)).wall);
    const neighbour = new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] }).spawn();
    await new Promise((resolve) => setTimeout(resolve, 300));
    times.busy.push(...(await contestant.run("train", stepsPerRound)).wall);
    neighbour.kill("SIGKILL");
    await neighbour.status;
  }
  return median(times.free) / median(times.busy);
}

const rssBefore = Deno.memoryUsage().rss;
const weights = createInitialWeights(network, 0);
const created = performance.now();
const { engine } = await createEngine(network, {
  weights,
  backend: values.backend as Backend,
  threads,
});
const own = contestantOf(engine);
await own.run("train", 1);
const firstStepMs = performance.now() - created;
await own.run("train", 2);
const memoryMb = (Deno.memoryUsage().rss - rssBefore) / 1e6;

const candidates = values.python ? [values.python] : ["python3", "/usr/bin/python3"];
const peers: Contestant[] = [], pythons = new Map<string, string | undefined>();
for (const mode of values.peers.split(",").filter((name) => name)) {
  const library = libraryOf(mode);
  if (!pythons.has(library)) pythons.set(library, await findPython(library, candidates));
  const python = pythons.get(library);
  if (!python) continue;
  try {
    const peer = await startPeer(python, mode);
    for (const kind of ["train", "predict"] as const) await peer.run(kind, 1);
    peers.push(peer);
  } catch (error) {
    console.error(`Cannot time ${library} ${mode}: ${(error as Error).message}`);
  }
}
const contestants = [own, ...peers];
const training = await compare(contestants, "train");
const prediction = await compare(contestants, "predict");
const busyShare = values.busy ? await compareBusy(own) : undefined;
for (const contestant of contestants) await contestant.stop();
const phases = engine.name === "cpu"
  ? await profileTraining(network, batch, engine.device.includes("relaxed"))
  : [];

if (values.json) {
  const [{ name: _, ...speeds }, ...others] = contestants.map(({ name }, i) => ({
    name,
    examplesPerSecond: training[i].median,
    bestPerSecond: training[i].best,
    cpuMs: training[i].cpuMs,
    predictedPerSecond: prediction[i].median,
    bestPredictedPerSecond: prediction[i].best,
    predictedCpuMs: prediction[i].cpuMs,
  }));
  console.log(JSON.stringify({
    ...{ backend: engine.name, device: engine.device, threads, batch },
    ...speeds,
    ...{ firstStepMs, memoryMb, busyShare, phases, peers: others },
  }));
} else {
  const { deno, v8 } = Deno.version, cores = navigator.hardwareConcurrency;
  console.log(`Deno ${deno}, V8 ${v8}, ${cores} cores: ${await describeProcessor()}`);
  console.log(`batch ${batch}, ${threads} threads, medians of ${rounds * stepsPerRound} steps\n`);
  const show = (speeds: Speed[], i: number) => {
    const { median, best, cpuMs } = speeds[i];
    const ratio = i > 0 ? ` ×${(speeds[0].median / median).toFixed(2)}` : "";
    const cpuRatio = i > 0 ? ` ×${(cpuMs / speeds[0].cpuMs).toFixed(2)}` : "";
    const perSecond = `${median.toFixed(1)} (best ${best.toFixed(1)})${ratio}`;
    return `${perSecond.padEnd(26)}${cpuMs.toFixed(1)}${cpuRatio}`.padEnd(40);
  };
  for (const [kind, speeds] of [["train", training], ["predict", prediction]] as const) {
    console.log(`${kind}: examples/s`.padEnd(26) + "CPU ms/example");
    contestants.forEach(({ name }, i) => console.log(show(speeds, i) + name));
  }
  console.log(`\nfirst step ${firstStepMs.toFixed(0)} ms from nothing, ${memoryMb.toFixed(0)} MB`);
  if (busyShare) console.log(`with one core busy: ${busyShare.toFixed(2)} of its own speed`);
  if (phases.length) console.log("\none thread, best times:");
  for (const { name, tasks, milliseconds, serialMs, effectiveGflops } of phases) {
    const gflops = effectiveGflops ? `${effectiveGflops.toFixed(0).padStart(6)} GFLOPS` : "";
    const shared = `${tasks.toString().padStart(4)} tasks, ${serialMs.toFixed(2)} ms alone`;
    console.log(`${name.padEnd(12)} ${milliseconds.toFixed(1).padStart(7)} ms ${shared} ${gflops}`);
  }
  const model = [1, 2, 4, 6, 8, 12, 16, 32].map((cores) =>
    `${cores}: ×${modelledSpeedUp(phases, cores).toFixed(2)}`
  );
  if (phases.length) {
    console.log(`\nby these phases, threads and speed at most: ${model.join("  ")}`);
  }
}

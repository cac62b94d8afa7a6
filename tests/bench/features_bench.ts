/**
 * Times the feature engine, each task in turns with the same task in torchaudio and librosa where a
 * Python has these, on one thread.
 *
 *     deno task bench:features [--python python3,/path/to/another] [--only log-mel,stretch] [--json]
 *
 * (`MELSTREAM_PYTHON` names Pythons, too.)
 *
 * Targets: log-mel 3× torchaudio with its allocator tuned; stretch 2× PyTorch; file to features 5×
 * librosa; augmented graph 10× librosa's recipe; two workers 1.8× one.
 */
import { parseArgs } from "node:util";
import {
  applyAugmentation,
  type AugmentationDraw,
  defaultPolicy,
  drawAugmentation,
} from "../../pipeline/augment/augment.ts";
import { decodeFile } from "../../pipeline/decode/decode_file.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import { clipSamples, defaultFrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { createRandom } from "../../pipeline/random.ts";
import { plainRequests } from "../../pipeline/requests.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import { FeaturePool } from "../../workers/feature_pool.ts";
import { encodeWav } from "../fixtures.ts";
import { clipAt } from "../fixtures.ts";
import { GraphRunner, requestEachKind, requestFor } from "./graph_runner.ts";
import { type Peer, PeerProcess } from "./features_peers.ts";

/** One line of the bench. */
interface Task {
  readonly title: string;
  /** What the peers call it, and what it needs. */
  readonly name: string;
  readonly job: object;
  /** How many times as fast as which peer it should be. */
  readonly target?: { readonly peer: string; readonly ratio: number };
  run(): void | Promise<void>;
}

interface Measurement {
  readonly contestant: string;
  readonly bestMs: number;
  readonly medianMs: number;
}

interface Result {
  readonly title: string;
  readonly measurements: readonly Measurement[];
  readonly target?: { readonly peer: string; readonly ratio: number; readonly reached: number };
}

const { values } = parseArgs({
  options: {
    python: {
      type: "string",
      default: Deno.env.get("MELSTREAM_PYTHON") ?? "python3,/usr/bin/python3",
    },
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
  },
});
const rounds = 7, roundMs = 250;
/** Of a stream: so many that its start and its last clips, when one worker waits, weigh little. */
const streamClips = 768;

const dsp = await loadDsp();
const { sampleRateHz } = defaultFrontEnd, length = clipSamples(defaultFrontEnd);
const logMel = dsp.createLogMel(defaultFrontEnd);
const features = new Float32Array(defaultFrontEnd.melBands * numFrames(defaultFrontEnd));
const augmented = { frontEnd: defaultFrontEnd, seed: 1, augment: defaultPolicy };
const plainGraph = new GraphRunner({ frontEnd: defaultFrontEnd, seed: 1 }, dsp);
const augmentedGraph = new GraphRunner(augmented, dsp);
const sound = new Float32Array(5 * 96000);
dsp.gaussianNoise(1, sound);

/** A folder with the same recordings as FLAC 44.1 kHz, WAV 8 kHz and (with ffmpeg) OGG. */
async function makeFiles(dir: string): Promise<Record<string, string[]>> {
  await import("supersonic-scsynth-samples/package.json", { with: { type: "json" } });
  const root = import.meta.resolve("supersonic-scsynth-samples/package.json");
  const files: Record<string, string[]> = {
    "FLAC 44.1 kHz": [],
    "WAV 8 kHz": [],
    "OGG 44.1 kHz": [],
  };
  for (const name of ["loop_garzul", "loop_amen_full", "ambi_lunar_land"]) {
    const flac = decodeURIComponent(new URL(`./samples/${name}.flac`, root).pathname);
    files["FLAC 44.1 kHz"].push(flac);
    const audio = await decodeFile(flac, { durationSeconds: 6 });
    const wav = `${dir}/${name}.wav`, ogg = `${dir}/${name}.ogg`;
    await Deno.writeFile(
      wav,
      encodeWav(dsp.resample(audio.samples, audio.sampleRateHz, 8000), 8000),
    );
    files["WAV 8 kHz"].push(wav);
    const args = ["-v", "error", "-i", flac, "-c:a", "libvorbis", "-q:a", "5", ogg];
    const converted = await new Deno.Command("ffmpeg", { args }).output().catch(() => undefined);
    if (converted?.success) files["OGG 44.1 kHz"].push(ogg);
  }
  return files;
}

/** One draw of each kind, so that every run has the same work. */
function drawEachKind(): AugmentationDraw[] {
  const draws = new Map<string, AugmentationDraw>();
  for (let i = 0; draws.size < defaultPolicy.choices.length; i++) {
    const draw = drawAugmentation(defaultPolicy, createRandom("bench", i));
    if (!draws.has(draw.kind)) draws.set(draw.kind, draw);
  }
  return [...draws.values()];
}

function createTasks(files: Record<string, string[]>): Task[] {
  const clip = sound.slice(0, length), out = new Float32Array(length);
  const stretches = [0.8, 1.25].map((rate): Task => ({
    title: `time stretch of 5 s by ${rate}`,
    name: "stretch",
    job: { rate },
    target: { peer: "torchaudio", ratio: 2 },
    run: () => void dsp.timeStretch(clip, rate),
  }));
  const resamplings = [44100, 48000, 8000].map((fromHz): Task => {
    const samples = sound.slice(0, 5 * fromHz);
    return {
      title: `resampling of 5 s from ${fromHz} Hz`,
      name: "resample",
      job: { fromHz },
      run: () => void dsp.resample(samples, fromHz, sampleRateHz),
    };
  });
  const loads = Object.entries(files).filter(([, paths]) => paths.length > 0).map((
    [format, paths],
  ): Task => ({
    title: `${format} file to features, 3 clips`,
    name: "load-features",
    job: { paths },
    target: { peer: "librosa", ratio: 5 },
    async run() {
      await plainGraph.run(paths.map((path) => requestFor(path)));
    },
  }));
  const draws = drawEachKind(), paths = Object.values(files).flatMap((some) => some.slice(0, 1));
  const copies = paths.flatMap((path) => requestEachKind(augmented, path));
  return [
    {
      title: "log-mel of 5 s",
      name: "log-mel",
      job: {},
      target: { peer: "torchaudio", ratio: 3 },
      run: () => logMel.compute(clip, features),
    },
    ...stretches,
    {
      title: "pitch shift of 5 s by 2 semitones",
      name: "pitch-shift",
      job: { semitones: 2 },
      run: () => void dsp.pitchShift(clip, 2, sampleRateHz),
    },
    ...resamplings,
    ...loads,
    {
      title: `augmented features of 5 s in memory, ${draws.length} kinds`,
      name: "augment",
      job: { draws },
      target: { peer: "librosa", ratio: 10 },
      run() {
        for (const draw of draws) {
          const changed = applyAugmentation(draw, clip, { sampleRateHz, dsp, out });
          if (changed !== clip) out.fill(0, changed.length); // as the graph does
          logMel.compute(changed === clip ? clip : out, features);
        }
      },
    },
    // As a data set that draws afresh each epoch does it, and as one that keeps everything in memory.
    ...[true, false].map((reload): Task => ({
      title: `file to augmented features, ${paths.length} files × ${draws.length} kinds` +
        (reload ? "" : ", peer loading a file once"),
      name: "augmented",
      job: {
        reload,
        clips: copies.map(({ request: { clip }, draw }) => ({ path: clip.recording.id, draw })),
      },
      ...(reload ? { target: { peer: "librosa", ratio: 10 } } : {}),
      async run() {
        await augmentedGraph.run(copies.map(({ request }) => request));
      },
    })),
  ];
}

async function timeOurs(task: Task, count: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = 0; i < count; i++) {
    const startMs = performance.now();
    await task.run();
    seconds.push((performance.now() - startMs) / 1000);
  }
  return seconds;
}

/** Times a task in turns with the peers that have it. */
async function measure(task: Task, peers: readonly Peer[]): Promise<Result> {
  const contestants = [
    { name: "melstream", run: (count: number) => timeOurs(task, count) },
    ...peers.filter(({ tasks }) => tasks.includes(task.name)).map((peer) => ({
      name: peer.name,
      run: (count: number) => peer.run(task.name, task.job, count),
    })),
  ];
  const counts: number[] = [], seconds = contestants.map((): number[] => []);
  for (const { run } of contestants) {
    await run(3); // compilers and caches
    counts.push(Math.max(2, Math.ceil(roundMs / 1000 / Math.max(...await run(2)))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run }] of contestants.entries()) seconds[i].push(...await run(counts[i]));
  }
  const measurements = contestants.map(({ name }, i): Measurement => {
    const sorted = seconds[i].toSorted((a, b) => a - b);
    return {
      contestant: name,
      bestMs: 1000 * sorted[0],
      medianMs: 1000 * sorted[sorted.length >> 1],
    };
  });
  const { target } = task,
    peer = measurements.find((one) => target && one.contestant.startsWith(target.peer));
  const reached = peer && peer.medianMs / measurements[0].medianMs;
  return {
    title: task.title,
    measurements,
    ...(target && reached ? { target: { ...target, reached } } : {}),
  };
}

/** Where the time of the augmented graph goes, and how much of it in no stage. */
async function measureStages(files: Record<string, string[]>): Promise<Result[]> {
  const results: Result[] = [];
  for (const [format, paths] of Object.entries(files).filter(([, some]) => some.length > 0)) {
    const requests = paths.flatMap((path) => requestEachKind(augmented, path))
      .map(({ request }) => request);
    const times: Record<string, number[]> = {};
    for (let round = 0; round <= rounds; round++) {
      const startMs = performance.now();
      const stageMs = await augmentedGraph.run(requests);
      const all = { "whole graph": performance.now() - startMs, ...stageMs };
      if (round === 0) continue; // compilers and caches
      for (const [name, ms] of Object.entries(all)) (times[name] ??= []).push(ms / requests.length);
    }
    const measurements = Object.entries(times).map(([contestant, all]): Measurement => {
      const sorted = all.toSorted((a, b) => a - b);
      return { contestant, bestMs: sorted[0], medianMs: sorted[sorted.length >> 1] };
    });
    results.push({ title: `stages of the augmented graph, ${format}, a clip`, measurements });
  }
  return results;
}

/** Clips a second of the whole graph on this many workers. */
async function timeWorkers(pool: FeaturePool, paths: string[], clips: number): Promise<number> {
  const requests = Array.from(
    { length: clips },
    (_, i) => clipAt(paths[i % paths.length], { id: `${i}` }),
  );
  const startMs = performance.now();
  const batches = createBatchStream(pool, plainRequests(requests), {
    graph: { frontEnd: defaultFrontEnd, seed: 1 },
    batchSize: 16,
  });
  for await (const batch of batches) batch.release();
  return clips / (performance.now() - startMs) * 1000;
}

async function measureWorkers(paths: string[]): Promise<Result> {
  const pools = [1, 2].map((workers) => new FeaturePool({ workers }));
  const msPerClip = pools.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, pool] of pools.entries()) {
      const rate = await timeWorkers(pool, paths, streamClips);
      if (round > 0) msPerClip[i].push(1000 / rate); // the first round starts the threads
    }
  }
  for (const pool of pools) pool.close();
  const measurements = pools.map(({ numWorkers }, i): Measurement => {
    const sorted = msPerClip[i].toSorted((a, b) => a - b);
    return {
      contestant: `melstream, workers: ${numWorkers}`,
      bestMs: sorted[0],
      medianMs: sorted[sorted.length >> 1],
    };
  });
  const reached = measurements[0].medianMs / measurements[1].medianMs;
  const target = { peer: "one worker", ratio: 1.8, reached };
  return { title: "file to features, a clip of a stream", measurements, target };
}

function report({ title, measurements, target }: Result): string {
  const lines = measurements.map(({ contestant, bestMs, medianMs }) => {
    const times = `${medianMs.toFixed(3).padStart(10)} ms (best ${bestMs.toFixed(3)})`;
    const ratio = (medianMs / measurements[0].medianMs).toFixed(2).padStart(8);
    return `  ${contestant.padEnd(24)}${times.padEnd(34)}${ratio}×`;
  });
  const verdict = target
    ? [
      `  target ${target.ratio}× ${target.peer}: ${target.reached.toFixed(1)}×` +
      (target.reached >= target.ratio ? "" : ", MISSED"),
    ]
    : [];
  return [title, ...lines, ...verdict].join("\n");
}

const only = values.only.split(",").filter((name) => name !== "");
const wanted = (name: string) => only.length === 0 || only.includes(name);
const processes: PeerProcess[] = [];
for (const python of values.python.split(",")) {
  const process = await PeerProcess.start(python);
  if (!process) continue;
  processes.push(process);
  for (const [library, reason] of Object.entries(process.failures)) {
    console.error(`${python} has ${library}, which cannot be imported: ${reason}`);
  }
}
const peers = processes.flatMap((process) => process.peers)
  .filter(({ name }, i, all) => all.findIndex((other) => other.name === name) === i);
if (!values.json && peers.length === 0) {
  console.log("No Python with torchaudio, librosa or audioFlux found.");
}

const dir = await Deno.makeTempDir({ prefix: "melstream-bench-" });
const results: Result[] = [];
const add = (result: Result) => {
  results.push(result);
  if (!values.json) console.log(report(result));
};
try {
  const files = await makeFiles(dir);
  for (const task of createTasks(files)) {
    if (wanted(task.name)) add(await measure(task, peers));
  }
  if (wanted("stages")) (await measureStages(files)).forEach(add);
  if (wanted("workers")) add(await measureWorkers(Object.values(files).flat()));
} finally {
  await Deno.remove(dir, { recursive: true });
  for (const process of processes) await process.stop();
}
if (values.json) console.log(JSON.stringify(results, null, 2));

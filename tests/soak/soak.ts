/** Train and predict with faults injected: every row is there in the end, and a model that loads. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createRandom, type Random } from "../../pipeline/random.ts";
import { serveFiles } from "../file_server.ts";
import { writeTone } from "../fixtures.ts";
import {
  checkRows,
  type Disturbance,
  leftoversIn,
  readRows,
  readSkipped,
  run,
  weightsOf,
} from "./program.ts";

/** What all rounds share: the recordings, and what comes of them undisturbed. */
interface Ground {
  readonly dir: string;
  /** Recordings to label. */
  readonly names: readonly string[];
  /** What an undisturbed prediction says of them. */
  readonly rows: readonly (readonly string[])[];
  /** What an undisturbed run learns. */
  readonly weights: readonly Float32Array[];
  /** Milliseconds that an undisturbed run took. */
  readonly trainMs: number;
  /** Milliseconds that an undisturbed prediction took. */
  readonly predictMs: number;
}

/** A round of one fault, in a folder of its own. @returns What it came to, in words. */
type Round = (ground: Ground, out: string, random: Random) => Promise<string>;

const numClips = 12, numTests = 200;
const machine = ["--backend", "cpu", "--threads", "1", "--workers", "2"];
const recipe = [
  ...["--seconds", "0.4", "--mels", "32", "--channels", "4,4", "--batch-size", "4"],
  ...["--epochs", "3", "--save-minutes", "0", "--augment-factor", "1"],
];
const trainOn = (
  data: string,
  out: string,
) => ["train", "--data", data, "--out", out, ...recipe, ...machine];
const predictOf = (
  data: string,
  model: string,
  out: string,
) => ["predict", "--data", data, "--model", model, "--out", out, ...machine];

async function writeRecordings(dir: string): Promise<string[]> {
  const names: string[] = [];
  for (const [label, hz] of [["low", 300], ["high", 1500]] as const) {
    for (let i = 0; i < numClips; i++) {
      await writeTone(`${dir}/train/${label}/${i}.wav`, hz, `${label}${i}`);
    }
  }
  for (let i = 0; i < numTests; i++) {
    names.push(`${i}.wav`);
    await writeTone(`${dir}/test/${i}.wav`, i % 2 ? 1500 : 300, i);
  }
  return names;
}

async function prepare(dir: string): Promise<Ground> {
  const names = await writeRecordings(`${dir}/data`), out = `${dir}/undisturbed`;
  const timed = async (args: readonly string[]) => {
    const startMs = performance.now(), { code, stderr } = await run(args);
    assertEquals(code, 0, stderr);
    return performance.now() - startMs;
  };
  const trainMs = await timed(trainOn(`${dir}/data`, `${out}/run`));
  const predictMs = await timed(predictOf(`${dir}/data/test`, `${out}/run`, `${out}/s.csv`));
  const rows = await readRows(`${out}/s.csv`);
  return { dir, names, rows, weights: await weightsOf(`${out}/run`), trainMs, predictMs };
}

/** Trains, disturbed for the first times, resuming until it has ended. @returns How often it was begun. */
async function trainThrough(
  { dir, weights }: Ground,
  out: string,
  disturb: () => Disturbance,
): Promise<number> {
  for (let times = 1;; times++) {
    const isBegun = await isThere(`${out}/config.json`);
    const args = trainOn(`${dir}/data`, out);
    // One that was killed behind its last epoch, before its report, has ended.
    if (await isThere(`${out}/metrics.json`)) {
      assertEquals(await weightsOf(out), weights);
      return times;
    }
    const isLast = times > 4;
    const { code, stderr } = await run(
      isBegun ? ["train", "--resume", out, ...machine, "--save-minutes", "0"] : args,
      isLast ? {} : disturb(),
    );
    assert(code === 0 || !isLast, stderr);
    if (code === 1) assertMatch(stderr, /^melstream: Cannot write .*too large/m);
    if (code !== 0) continue;
    assertEquals(await weightsOf(out), weights);
    assertEquals(await leftoversIn(out), []);
    return times;
  }
}

/** Predicts, disturbed for the first times, going on until it has ended. @returns How often it was begun. */
async function predictThrough(
  { dir, rows }: Ground,
  out: string,
  disturb: () => Disturbance,
): Promise<number> {
  const args = predictOf(`${dir}/data/test`, `${dir}/undisturbed/run`, `${out}/s.csv`);
  for (let times = 1;; times++) {
    const isLast = times > 4;
    const { code, stderr } = await run([...args, "--resume"], isLast ? {} : disturb());
    assert(code === 0 || !isLast, stderr);
    if (code === 1) assertMatch(stderr, /^melstream: Cannot write .*too large/m);
    if (code !== 0) continue;
    await checkRows(`${out}/s.csv`, rows);
    assertEquals(await leftoversIn(out), []);
    return times;
  }
}

const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);

/** Cuts a file at a place by chance, a little later. @returns What puts it back. */
async function cutLater(
  path: string,
  afterMs: number,
  random: Random,
): Promise<() => Promise<void>> {
  const bytes = await Deno.readFile(path), length = random.integer(bytes.length);
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(() => Deno.truncate(path, length).then(resolve), afterMs);
  return async () => {
    await promise;
    await Deno.writeFile(path, bytes);
  };
}

/** The faults, by their names. */
export const rounds: Readonly<Record<string, Round>> = {
  async "train killed"(ground, out, random) {
    const times = await trainThrough(
      ground,
      out,
      () => ({ killMs: random.uniform(0.2, 1.1) * ground.trainMs }),
    );
    return `the same weights after ${times} sittings`;
  },
  async "predict killed"(ground, out, random) {
    const times = await predictThrough(ground, out, () => ({
      killMs: random.uniform(0.2, 1.1) * ground.predictMs,
    }));
    return `the same rows after ${times} sittings`;
  },
  async "disk full"(ground, out, random) {
    const disturb = () => ({ fileBlocks: 1 + random.integer(60) });
    const trained = await trainThrough(ground, `${out}/run`, disturb);
    const predicted = await predictThrough(ground, `${out}/p`, disturb);
    return `the same weights after ${trained} sittings, the same rows after ${predicted}`;
  },
  async "threads killed"({ dir, rows, weights, predictMs }, out, random) {
    const threads = `${Math.round(predictMs / 3)} 6 ${random.integer(1e6)}`;
    const trained = await run(trainOn(`${dir}/data`, `${out}/run`), { threads });
    assertEquals(trained.code, 0, trained.stderr);
    const lost = await readSkipped(`${out}/run/skipped.csv`);
    // A clip whose thread was ended twice is named; without such ones nothing has changed.
    if (lost.size === 0) assertEquals(await weightsOf(`${out}/run`), weights);
    const args = predictOf(`${dir}/data/test`, `${dir}/undisturbed/run`, `${out}/s.csv`);
    const { code, stderr } = await run(args, { threads });
    const skipped = await readSkipped(`${out}/skipped.csv`);
    assertEquals(code, skipped.size > 0 ? 2 : 0, stderr);
    await checkRows(`${out}/s.csv`, rows, skipped);
    return `${lost.size} clips lost in training, ${skipped.size} in prediction`;
  },
  async "file cut"({ dir, names, rows, trainMs, predictMs }, out, random) {
    const name = names[random.integer(names.length)];
    const mendTest = await cutLater(
      `${dir}/data/test/${name}`,
      random.uniform(0, predictMs),
      random,
    );
    const args = predictOf(`${dir}/data/test`, `${dir}/undisturbed/run`, `${out}/s.csv`);
    const { code, stderr } = await run(args);
    await mendTest();
    const skipped = await readSkipped(`${out}/skipped.csv`);
    assertEquals(code, skipped.size > 0 ? 2 : 0, stderr);
    assert([...skipped].every((other) => other === name), [...skipped].join());
    await checkRows(`${out}/s.csv`, rows, new Set([name]));
    const clip = `${dir}/data/train/low/${random.integer(numClips)}.wav`;
    const mendClip = await cutLater(clip, random.uniform(0, trainMs), random);
    const trained = await run(trainOn(`${dir}/data`, `${out}/run`));
    await mendClip();
    assertEquals(trained.code, 0, trained.stderr);
    await weightsOf(`${out}/run`);
    return `${skipped.size} rows stand for it`;
  },
  async "server cut off"({ dir, names, rows }, out, random) {
    const some = names.slice(0, 40), flaky = new Set(some.filter(() => random.next() < 0.1));
    let left = 5 + random.integer(some.length - 10); // what it answers before it goes away
    const server = serveFiles({
      find: (path) => Deno.readFile(`${dir}/data/test${path}`),
      faultOf: (path, count) =>
        --left < 0
          ? new Response("", { status: 503 })
          : count === 0 && flaky.has(path.slice(1))
          ? "cut"
          : undefined,
    });
    await using _ = server;
    await Deno.mkdir(out, { recursive: true });
    const manifest = `${out}/manifest.csv`;
    const lines = some.map((name) => `${name},${server.url}/${name}`);
    await Deno.writeTextFile(manifest, `id,path\n${lines.join("\n")}\n`);
    const args = [
      ...predictOf(manifest, `${dir}/undisturbed/run`, `${out}/s.csv`),
      "--id-column",
      "id",
    ];
    const stopped = await run([...args, "--max-errors", "0"]);
    assertEquals(stopped.code, 1, stopped.stderr);
    assertMatch(stopped.stderr, /--resume|asking|after 4 tries/);
    left = Infinity;
    const { code, stderr } = await run([...args, "--resume"]);
    const skipped = await readSkipped(`${out}/skipped.csv`);
    assertEquals(code, skipped.size > 0 ? 2 : 0, stderr);
    await checkRows(`${out}/s.csv`, rows.slice(0, some.length), skipped);
    return `${skipped.size} rows stand for what was not to be had`;
  },
};

/** How long it goes on, and who is told. */
export interface SoakOptions {
  /** An empty folder. */
  readonly dir: string;
  /** Begins no round after so long, but for the first of each fault. */
  readonly minutes: number;
  /** Key of all that is drawn. */
  readonly seed: number;
  /** Which faults, by their names. @default {all} */
  readonly faults?: readonly string[];
  /** Is told of each round. */
  readonly say?: (text: string) => void;
}

/**
 * Goes through the faults again and again.
 *
 * @returns How many rounds there were.
 * @throws {AssertionError} for a row or a model that is not as it should be; the folder is left as it is.
 */
export async function soak(options: SoakOptions): Promise<number> {
  const { dir, minutes, seed, faults = Object.keys(rounds), say = () => {} } = options;
  const startMs = performance.now(), ground = await prepare(dir);
  for (let i = 0;; i++) {
    if (i >= faults.length && performance.now() - startMs > 60_000 * minutes) return i;
    const name = faults[i % faults.length], out = `${dir}/${i}`;
    try {
      const outcome = await rounds[name](ground, out, createRandom(seed, "soak", i));
      say(`${((performance.now() - startMs) / 60_000).toFixed(1)} min  ${name}: ${outcome}`);
    } catch (error) {
      throw new Error(`round ${i}, ${name}, seed ${seed}, in ${out}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    await Deno.remove(out, { recursive: true });
  }
}

/**
 * Peak memory of `train` and `predict` by the number of recordings, and of `train` by epochs: it must grow with
 * neither.
 *
 *     deno task bench:memory [--recordings 200,2000,20000] [--json]
 *
 * The recordings are links to a few short tones, and the model is small, so that hundreds of thousands are heard in
 * minutes. Linux only: it reads the peak of the resident set from /proc.
 */
import { parseArgs } from "node:util";
import { memoryFlags } from "../../compile/executable.ts";
import { createRandom } from "../../pipeline/random.ts";
import { createTone, encodeWav } from "../fixtures.ts";
import { peakOf, type ProcessFigures } from "./peak_memory.ts";

const { values } = parseArgs({
  options: {
    recordings: { type: "string", default: "200,2000,20000" },
    json: { type: "boolean", default: false },
  },
});
const sizes = values.recordings.split(",").map(Number);
const program = new URL("../../main.ts", import.meta.url).pathname;
/** Tones of each class, and files of a folder. */
const numTones = 32, perFolder = 1000;
const small = [
  ...["--seconds", "0.1", "--mels", "16", "--fft", "512", "--channels", "4", "--batch-size", "64"],
  ...["--augment-factor", "0", "--validation-split", "0.1"],
];
const machine = ["--backend", "cpu", "--threads", "1", "--workers", "1"];

/** Tones of two classes; no two have the same length, so that links to one are all that is equal. */
async function writeTones(dir: string): Promise<void> {
  const random = createRandom("memory");
  for (const [label, hz] of [["low", 300], ["high", 1500]] as const) {
    await Deno.mkdir(`${dir}/${label}`, { recursive: true });
    for (let i = 0; i < numTones; i++) {
      const tone = createTone(hz, `${label}${i}`, { seconds: random.uniform(0.1, 0.2) });
      await Deno.writeFile(`${dir}/${label}/${i}.wav`, encodeWav(tone, 8000));
    }
  }
}

/** Links of the tones, so many of all: `low/12/12034.wav`. */
async function linkTones(tones: string, dir: string, numRecordings: number): Promise<void> {
  for (let i = 0; i < numRecordings; i++) {
    const label = i % 2 ? "high" : "low", folder = `${dir}/${label}/${Math.floor(i / perFolder)}`;
    if (i % perFolder < 2) await Deno.mkdir(folder, { recursive: true });
    await Deno.link(`${tones}/${label}/${(i >> 1) % numTones}.wav`, `${folder}/${i}.wav`);
  }
}

/** As the tasks run it. */
const measure = (...args: string[]) =>
  peakOf(Deno.execPath(), ["run", "-q", memoryFlags, "-A", program, ...args, ...machine]);

/** What was measured. */
interface Row extends Pick<ProcessFigures, "megabytes" | "cpuSeconds"> {
  readonly what: string;
  readonly recordings: number;
}

const rows: Row[] = [], dir = await Deno.makeTempDir({ prefix: "melstream-memory-" });
const note = (what: string, recordings: number, { megabytes, cpuSeconds }: ProcessFigures) => {
  rows.push({ what, recordings, megabytes, cpuSeconds });
  if (values.json) return;
  const first = rows.find((row) => row.what === what)!.megabytes;
  const more = (100 * (megabytes / first - 1)).toFixed(1);
  console.log(
    `${what.padEnd(20)} ${`${recordings}`.padStart(8)} recordings  ${
      megabytes.toFixed(0).padStart(5)
    } MB  ` +
      `${more.padStart(6)} % more  ${cpuSeconds.toFixed(0)} s of a processor`,
  );
};
try {
  await writeTones(`${dir}/tones`);
  for (const numRecordings of sizes) {
    const data = `${dir}/${numRecordings}`, run = `${dir}/run-${numRecordings}`;
    await linkTones(`${dir}/tones`, data, numRecordings);
    const epochs = ["--epochs", "1", ...small];
    note(
      "train, one epoch",
      numRecordings,
      await measure("train", "--data", data, "--out", run, ...epochs),
    );
    if (numRecordings === sizes[0]) {
      const out = `${run}-ten`;
      const more = ["--data", data, "--out", out, "--epochs", "10", "--patience", "10", ...small];
      note("train, ten epochs", numRecordings, await measure("train", ...more));
    }
    const out = `${dir}/${numRecordings}.csv`;
    note(
      "predict",
      numRecordings,
      await measure("predict", "--data", data, "--model", run, "--out", out),
    );
    await Deno.remove(data, { recursive: true });
  }
  if (values.json) console.log(JSON.stringify(rows));
} finally {
  await Deno.remove(dir, { recursive: true });
}

/**
 * Peak memory of `train` on 300 files and on 3,000: it must not grow with the data set.
 *
 *     deno task bench:memory [--json]
 *
 * Linux only: it reads the peak of the resident set from /proc.
 */
import { parseArgs } from "node:util";
import { writeTone } from "../fixtures.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const root = new URL("../..", import.meta.url).pathname;

/** Trains one epoch on `numFiles` short tones of two classes; returns the peak in MB. */
async function peakMegabytes(numFiles: number): Promise<number> {
  const dir = await Deno.makeTempDir();
  try {
    for (let i = 0; i < numFiles; i++) {
      await writeTone(`${dir}/data/${i % 2 ? "high" : "low"}/${i}.wav`, i % 2 ? 1500 : 300, i);
    }
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "-A", `${root}main.ts`, "train", "--data", `${dir}/data`],
        ...["--out", `${dir}/run`, "--epochs", "1", "--augment-factor", "0"],
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    let ended = false, peak = 0;
    child.status.then(() => ended = true);
    while (!ended) {
      const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
      peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? peak);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { success } = await child.status;
    if (!success) throw new Error(`Cannot measure: train on ${numFiles} files failed`);
    return peak / 1000;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const result: Record<string, number> = {};
for (const numFiles of [300, 3000]) result[numFiles] = await peakMegabytes(numFiles);
result.growth = result[3000] / result[300];
if (values.json) {
  console.log(JSON.stringify(result));
} else {
  console.log(
    `peak memory of train: ${result[300].toFixed(0)} MB on 300 files, ` +
      `${result[3000].toFixed(0)} MB on 3,000 (${((result.growth - 1) * 100).toFixed(1)} % more)`,
  );
}

/**
 * Peak memory of `train` on 300 files, in one epoch and in ten, and on 3,000: it must grow with neither.
 *
 *     deno task bench:memory [--json]
 *
 * Linux only: it reads the peak of the resident set from /proc.
 */
import { parseArgs } from "node:util";
import { writeTone } from "../fixtures.ts";
import { peakOf } from "./peak_memory.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const root = new URL("../..", import.meta.url).pathname;

/** Trains on `numFiles` short tones of two classes and a copy of each; returns the peak in MB. */
async function peakMegabytes(numFiles: number, numEpochs: number): Promise<number> {
  const dir = await Deno.makeTempDir();
  try {
    for (let i = 0; i < numFiles; i++) {
      await writeTone(`${dir}/data/${i % 2 ? "high" : "low"}/${i}.wav`, i % 2 ? 1500 : 300, i);
    }
    const args = ["run", "-q", "-A", `${root}main.ts`, "train", "--data", `${dir}/data`];
    const more = ["--out", `${dir}/run`, "--epochs", `${numEpochs}`];
    return (await peakOf(Deno.execPath(), [...args, ...more])).megabytes;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const oneEpoch = await peakMegabytes(300, 1);
const tenEpochs = await peakMegabytes(300, 10);
const moreFiles = await peakMegabytes(3000, 1);
if (values.json) {
  console.log(JSON.stringify({ oneEpoch, tenEpochs, moreFiles }));
} else {
  const growth = (peak: number) =>
    `${peak.toFixed(0)} MB (${(100 * (peak / oneEpoch - 1)).toFixed(1)} % more)`;
  console.log(
    `peak memory of train on 300 files: ${oneEpoch.toFixed(0)} MB in one epoch, ` +
      `${growth(tenEpochs)} in ten; on 3,000 files ${growth(moreFiles)}`,
  );
}

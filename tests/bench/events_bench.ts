/**
 * Long recordings: real clips mixed at known times into a real background are found again by `predict`. Peak memory
 * and time are those of ten seconds, ten minutes and two hours, of every format that ffmpeg is there to write.
 *
 *     deno task bench:events [--hours 2] [--epochs 30] [--seconds 1] [--hop 0.5]
 *
 * Linux only: it reads the peak of the resident set from /proc.
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { openDefaultDataset } from "../../pipeline/sources/default_dataset.ts";
import { makeLongRecording } from "../long_recording.ts";
import { peakOf } from "./peak_memory.ts";

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "2" },
    epochs: { type: "string", default: "30" },
    seconds: { type: "string", default: "1" },
    hop: { type: "string", default: "0.5" },
  },
});
const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const labels = ["kick", "cymbal", "tabla"], background = "ambience", sampleRateHz = 22050;

/** A folder of the default recordings' clips of these labels, those of the test part included. */
async function writeClips(dir: string): Promise<void> {
  const { train, test } = await openDefaultDataset();
  for (const { id, location, labels: [label] = [] } of [...train, ...test]) {
    if (![...labels, background].includes(label) || location.kind !== "file") continue;
    await Deno.mkdir(`${dir}/${label}`, { recursive: true });
    await Deno.copyFile(location.path, `${dir}/${label}/${id}`);
  }
}

const melstream = (...args: readonly string[]) =>
  peakOf(Deno.execPath(), ["run", "-q", "-A", main, ...args]);

async function makeRecording(path: string, seconds: number): Promise<void> {
  const clips = await makeLongRecording({ path, seconds, labels });
  const name = path.split("/").at(-1)!;
  const rows = clips.map(({ start, end, label }) =>
    [name, start / sampleRateHz, end / sampleRateHz, label].join(",")
  );
  await Deno.writeTextFile(`${path}.csv`, ["filename,start,end,label", ...rows, ""].join("\n"));
}

const dir = await Deno.makeTempDir();
try {
  await writeClips(`${dir}/clips`);
  const run = `${dir}/run`;
  await melstream(
    ...["train", "--data", `${dir}/clips`, "--background-class", background],
    ...["--seconds", values.seconds, "--epochs", values.epochs, "--out", run],
  );
  const predict = async (path: string, more: readonly string[] = []) =>
    await melstream(
      ...["predict", "--model", run, "--data", path, "--window", values.seconds],
      ...["--hop", values.hop, "--merge", "0", "--out", `${dir}/events.csv`, ...more],
    );

  const hours = Number(values.hours), durations = { short: 10, medium: 600, long: 3600 * hours };
  for (const [name, seconds] of Object.entries(durations)) {
    await makeRecording(`${dir}/${name}.wav`, seconds);
  }
  const hasFfmpeg = await new Deno.Command("ffmpeg", { args: ["-version"] }).output()
    .then(({ success }) => success, () => false);
  for (const format of hasFfmpeg ? ["wav", "flac", "mp3", "ogg"] : ["wav"]) {
    const results = [];
    for (const name of Object.keys(durations)) {
      const path = `${dir}/${name}.${format}`;
      if (format !== "wav") {
        const args = ["-v", "error", "-i", `${dir}/${name}.wav`, path];
        await new Deno.Command("ffmpeg", { args }).output();
      }
      results.push(await predict(path));
    }
    const [short, medium, long] = results;
    console.log(
      `${format.padEnd(4)}  ${hours} h in ${long.seconds.toFixed(0)} s: ` +
        `${(durations.long / long.seconds).toFixed(0)} × real time; peak memory ` +
        `${long.megabytes.toFixed(0)} MB, of ten minutes ${medium.megabytes.toFixed(0)} MB, ` +
        `of 10 s ${short.megabytes.toFixed(0)} MB`,
    );
  }
  const truth = ["--labels", `${dir}/long.wav.csv`, "--tolerance", values.seconds];
  console.log((await predict(`${dir}/long.wav`, truth)).stderr.trimEnd());
} finally {
  await Deno.remove(dir, { recursive: true });
}

/**
 * `deno task story`: what docs/walkthrough.md tells, done anew. An executable, alone in a folder of recordings, trains,
 * labels, is tried and trains again from its pages in a browser, and gives its model to a page, to Python and to
 * PyTorch. Each step says what came of it; the first that fails ends the story.
 *
 * A browser or Python that is not there is left out, and that is said.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Command } from "../../deps/commander.ts";
import { parse } from "../../deps/std_csv.ts";
import { basename, join } from "../../deps/std_path.ts";
import { decodeFile } from "../../pipeline/decode/decode_file.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";
import { describeLocation } from "../../pipeline/locations/location.ts";
import { openDefaultDataset } from "../../pipeline/sources/default_dataset.ts";
import { root } from "../cli/melstream.ts";
import { withFolder } from "../fixtures.ts";
import { findChromium } from "../report/browser.ts";
import { type Alone, leaveAlone } from "./alone.ts";
import { makeExecutable, needOlderRuntime } from "./maker.ts";
import { formatSize, step } from "./step.ts";
import { type Known, openFromDisk, trainAndTry } from "./story_pages.ts";

const { older: isOlder, pictures, python, epochs } = new Command("deno task story")
  .description("Do what docs/walkthrough.md tells, with one executable")
  .option("--older", "on Deno 2.4's runtime, which npm has (Linux on x64)")
  .option("--pictures <dir>", "folder for pictures of the pages that are met")
  .option("--python <path>", "a Python that has onnxruntime and librosa", "python3")
  .option("--epochs <n>", "epochs of the first run", "20")
  .allowExcessArguments(false)
  .parse(Deno.args, { from: "user" })
  .opts<{ older?: true; pictures?: string; python: string; epochs: string }>();

const older = isOlder && await needOlderRuntime(), chromium = findChromium();
if (pictures !== undefined) await Deno.mkdir(pictures, { recursive: true });

await withFolder(async (dir) => {
  const { executable, staged } = await step(
    "deno task compile",
    () => makeExecutable(dir, "main.ts", { older }),
  );
  await Deno.remove(staged, { recursive: true });
  const alone = await leaveAlone(join(dir, "elsewhere"), executable);
  await layOut(alone.dir);
  tell(`one file of ${formatSize(alone.size)}, moved to a folder with recordings and nothing else`);
  if (alone.isOffline) tell("(what it is asked from here on, it does without a network)");

  const data = ["--data", "recordings"];
  await told(alone, ["inspect", "recordings"], /report/);
  await told(
    alone,
    ["train", ...data, "--epochs", epochs, "--seed", "1"],
    /^(data|classes|clips|epoch \d+ kept|model:)/,
  );
  const labelling = ["--labels", "truth.csv", "--probabilities", "probabilities.csv"];
  await told(alone, ["predict", ...data, ...labelling], /^(\d+ rows|score)/);
  const known = await surest(alone);
  tell(`surest of ${known.name}: ${known.label}, ${known.percent} %`);

  if (chromium) {
    await step(
      "melstream serve",
      () => alone.serve([], (address) => trainAndTry({ chromium, address, known, pictures, tell })),
    );
  } else tell("serve: left out, as there is no Chromium here");

  const model = ["--model", await firstRun(alone)];
  for (const format of ["onnx", "safetensors", "html"]) {
    await told(alone, ["export", "--format", format, ...model], /./);
  }
  if (chromium) {
    const page = join(alone.dir, "page", "index.html");
    await step("page/index.html", () => openFromDisk({ chromium, page, known, pictures, tell }));
  } else tell("page/index.html: left out, as there is no Chromium here");
  await askPython(alone, known);
});
console.log("the story holds from its beginning to its end");

function tell(words: string): void {
  for (const line of words.trimEnd().split("\n")) console.log(`  ${line}`);
}

/** Runs a command and tells the lines of what it said that count. */
async function told({ run }: Alone, words: readonly string[], lines: RegExp): Promise<void> {
  const said = await step(["melstream", ...words].join(" "), () => run(...words));
  const chosen = said.split("\n").filter((line) => line !== "" && lines.test(line));
  assert(chosen.length > 0, said);
  tell(chosen.join("\n"));
}

/** Puts the recordings that come along into a folder, as a user's lie, with the labels of the test part beside it. */
async function layOut(dir: string): Promise<void> {
  const { train, test } = await openDefaultDataset();
  for (
    const { part, recordings } of [{ part: "train", recordings: train }, {
      part: "test",
      recordings: test,
    }]
  ) {
    for (const { location, labels = [] } of recordings) {
      const folder = join(dir, "recordings", part, ...part === "train" ? labels : []);
      const path = describeLocation(location);
      await Deno.mkdir(folder, { recursive: true });
      await Deno.copyFile(path, join(folder, basename(path)));
    }
  }
  const rows = test.map(({ location, labels }) =>
    `${basename(describeLocation(location))},${labels}\n`
  );
  await Deno.writeTextFile(join(dir, "truth.csv"), `filename,label\n${rows.join("")}`);
}

/** Of the recordings that the model hears whole, the one whose label the program is surest of. */
async function surest({ dir }: Alone): Promise<Known> {
  const [[, ...classes], ...rows] = parse(await Deno.readTextFile(join(dir, "probabilities.csv")));
  assert(rows.length > 20);
  const answers = rows.map(([name, ...values]) => {
    const probabilities = values.map(Number), probability = Math.max(...probabilities);
    return { name, probability, label: classes[probabilities.indexOf(probability)] };
  });
  for (
    const { name, label, probability } of answers.sort((a, b) => b.probability - a.probability)
  ) {
    const path = join(dir, "recordings", "test", name);
    const { samples, sampleRateHz } = await decodeFile(path);
    if (samples.length > defaultFrontEnd.durationSeconds * sampleRateHz) continue;
    return {
      name,
      label,
      percent: (100 * probability).toFixed(1),
      bytes: await Deno.readFile(path),
    };
  }
  throw new Error("unreachable: most of them are short");
}

async function firstRun({ dir }: Alone): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(join(dir, "runs")), ({ name }) => name);
  return join("runs", names.sort()[0]);
}

/** Runs the lines of docs/export.md as they stand, but for the name of the sound. */
async function askPython({ dir }: Alone, { name, label, percent }: Known): Promise<void> {
  const page = await Deno.readTextFile(join(root, "docs/export.md"));
  const [, lines] = /```python\n(.*?)```/s.exec(page)!;
  assertMatch(lines, /"dog\.wav"/);
  await Deno.copyFile(join(dir, "recordings", "test", name), join(dir, name));
  const has = await ask(["-c", "import librosa, onnxruntime"]);
  if (!has.success) return tell(`${python}: left out, as it has no onnxruntime or no librosa`);
  await step("the ten lines of Python in docs/export.md", async () => {
    const { success, said } = await ask(["-c", lines.replace("dog.wav", name)]);
    assert(success, said);
    tell(said);
    const answers = said.trim().split("\n").map((line) => line.split(" "));
    const [[probability, first]] = answers.sort(([a], [b]) => Number(b) - Number(a));
    assertEquals(first, label);
    // librosa resamples in another way.
    assert(Math.abs(100 * Number(probability) - Number(percent)) < 2, said);
  });

  async function ask(args: readonly string[]) {
    const command = new Deno.Command(python, { args: [...args], cwd: dir, stdin: "null" });
    const nobody = { success: false, stdout: new Uint8Array(), stderr: new Uint8Array() };
    const { success, stdout, stderr } = await command.output().catch(() => nobody);
    return { success, said: new TextDecoder().decode(success ? stdout : stderr) };
  }
}

/**
 * What each part of the recipe is worth on real recordings: trains variants of the default recipe, and
 * the source recipe with librosa and PyTorch, on the same draws of a data set, and compares the
 * accuracy on clips that none of them saw.
 *
 *     deno task bench:accuracy [--data DIR] [--train N] [--test N] [--epochs N] [--seeds N]
 *                              [--variants NAME,NAME] [--out DIR] [--python PROGRAM]
 *
 * Each seed draws its own test clips (at most a third of a class, `--test` of them) and its own clips
 * to train on (`--train` a class, a fifth of them for validation). Every run trains all its epochs; the
 * epoch with the best validation accuracy is tested. Runs that `--out` holds already are not repeated.
 */
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { describeLocation } from "../../pipeline/locations/location.ts";
import { parseArgs } from "node:util";
import { predict, train } from "../../mod.ts";
import { defaultRecipe } from "../../model/recipe.ts";
import { openCacheFolder } from "../../pipeline/cache/cache_folder.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { createRandom, shuffle } from "../../pipeline/random.ts";
import type { Dataset } from "../../pipeline/sources/dataset.ts";
import { openDataset } from "../../pipeline/sources/open_dataset.ts";
import { splitByLabel } from "../../pipeline/split/split.ts";
import { readModel } from "../../run/run_folder.ts";
import { accuracyVariants, type Variant } from "./accuracy_variants.ts";

/** What one run came to. */
interface Outcome {
  readonly variant: string;
  readonly seed: number;
  readonly bestEpoch: number;
  readonly validation: number;
  readonly test: number;
  readonly seconds: number;
}

/** The clips of one seed. */
interface Draw {
  readonly dataset: Dataset;
  readonly test: readonly Recording[];
}

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    train: { type: "string", default: "1000000" },
    test: { type: "string", default: "1000000" },
    epochs: { type: "string", default: "20" },
    seeds: { type: "string", default: "3" },
    variants: { type: "string", default: "" },
    out: { type: "string", default: "runs/accuracy" },
    python: { type: "string", default: "python3" },
  },
});
const epochs = Number(values.epochs), numSeeds = Number(values.seeds);
const validationSplit = 0.2;

const whole = await openDataset({ dir: values.data });
const clips = [...whole.train, ...whole.test];
const cache = openCacheFolder(`${values.out}/cache`, 1e9);

/** Takes some of each class to test on and some of the rest to train on. */
function drawClips(seed: number): Draw {
  const chosen = { train: new Set<Recording>(), test: new Set<Recording>() };
  for (const label of whole.classes) {
    const order = clips.filter((clip) => clip.labels!.includes(label));
    shuffle(order, createRandom("accuracy", seed, label));
    const numTest = Math.min(Number(values.test), Math.floor(order.length / 3));
    for (const clip of order.slice(0, numTest)) chosen.test.add(clip);
    const rest = order.slice(numTest, numTest + Number(values.train));
    for (const clip of rest) chosen.train.add(clip);
  }
  const part = (set: Set<Recording>) => clips.filter((clip) => set.has(clip));
  return {
    dataset: { ...whole, train: part(chosen.train), test: [] },
    test: part(chosen.test),
  };
}

async function runVariant(
  { name, choices }: Variant,
  seed: number,
  { dataset, test }: Draw,
): Promise<Outcome> {
  const out = `${values.out}/${name}-${seed}`, start = performance.now();
  await Deno.remove(out, { recursive: true }).catch(() => {});
  const recipe = { ...choices.recipe, epochs, patience: epochs, seed };
  const result = await train({ ...choices, dataset, recipe, validationSplit, out, cache });
  const { evaluation } = await predict({
    model: await readModel(out),
    recordings: test,
    out: `${out}/test.csv`,
    cache,
  });
  return {
    variant: name,
    seed,
    bestEpoch: result.bestEpoch,
    validation: scoreOf(result.best) ?? NaN,
    test: scoreOf(evaluation) ?? NaN,
    seconds: (performance.now() - start) / 1000,
  };
}

/** The source recipe in Python, on the same clips and with the same settings. */
async function runSource(seed: number, { dataset, test }: Draw): Promise<Outcome> {
  const split = splitByLabel(dataset.train, validationSplit, seed);
  const list = (part: readonly Recording[]) =>
    part.map(({ location, labels }) => ({
      path: describeLocation(location),
      label: whole.classes.indexOf(labels![0]),
    }));
  const { batchSize, learningRate, clipNorm, labelSmoothing } = defaultRecipe;
  const job = {
    ...{ seed, epochs, batchSize, learningRate, clipNorm, mixup: 0.2, labelSmoothing },
    numClasses: whole.classes.length,
    train: list(split.train),
    validation: list(split.validation),
    test: list(test),
  };
  const start = performance.now();
  const child = new Deno.Command(values.python, {
    args: [new URL("./source_recipe.py", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(job)));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("Cannot compare with the source recipe as its program failed");
  const seconds = (performance.now() - start) / 1000;
  return { variant: "source", seed, ...JSON.parse(new TextDecoder().decode(stdout)), seconds };
}

async function readOutcomes(path: string): Promise<Outcome[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Mean and standard deviation over the seeds, in percent. */
function describe(numbers: readonly number[]): string {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const squares = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, numbers.length - 1));
  return `${(100 * mean).toFixed(1)} ± ${(100 * deviation).toFixed(1)}`;
}

const file = `${values.out}/outcomes.jsonl`;
const outcomes = await readOutcomes(file);
const names = values.variants === ""
  ? [...accuracyVariants.map(({ name }) => name), "source"]
  : values.variants.split(",");
for (const name of names) {
  const variant = accuracyVariants.find((known) => known.name === name);
  if (!variant && name !== "source") {
    const known = [...accuracyVariants.map((variant) => variant.name), "source"].join(", ");
    throw new RangeError(`Cannot train ${name} as a variant must be one of ${known}`);
  }
  for (let seed = 1; seed <= numSeeds; seed++) {
    if (outcomes.some((done) => done.variant === name && done.seed === seed)) continue;
    const draw = drawClips(seed);
    const outcome = variant ? await runVariant(variant, seed, draw) : await runSource(seed, draw);
    console.error(JSON.stringify(outcome));
    await Deno.writeTextFile(file, `${JSON.stringify(outcome)}\n`, { append: true });
    outcomes.push(outcome);
  }
}

const { dataset, test } = drawClips(1);
console.log(
  `${whole.origin}: ${dataset.train.length} clips to train and validate on, ${test.length} to test, ` +
    `${epochs} epochs, ${numSeeds} seeds\n\n| variant | validation % | test % | best epoch | s |\n` +
    `| --- | --- | --- | --- | --- |`,
);
for (const name of names) {
  const own = outcomes.filter(({ variant }) => variant === name);
  const column = (key: "validation" | "test") => describe(own.map((outcome) => outcome[key]));
  const middle = (key: "bestEpoch" | "seconds") => {
    const sorted = own.map((outcome) => outcome[key]).sort((a, b) => a - b);
    return sorted[sorted.length >> 1].toFixed(0);
  };
  const cells = [
    name,
    column("validation"),
    column("test"),
    middle("bestEpoch"),
    middle("seconds"),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/**
 * What options of `train` are worth on real recordings: trains each variant, and what Python has, on the same draws
 * of a data set, and compares the accuracy on clips that none of them saw.
 *
 *     deno task bench:accuracy [--data DIR] [--train N] [--test N] [--seeds N] [--out DIR] [--python PROGRAM]
 *                              [--variant 'NAME OPTIONS OF train']… [--variant source]
 *                              [--variant 'scikit-learn --backbone FILE …'] [--apart PATTERN]
 *
 * Each seed draws its own test clips (at most a third of a class, `--test` of them) and its own clips to train on
 * (`--train` a class, a fifth of them for validation, or one fold of `--folds`). With `--apart` clips whose file names
 * begin with the same, as far as the pattern finds, are all on one side, a third of all to test. Every variant trains as `train` does
 * with its options, and what it keeps is tested. `source` is the source recipe with librosa and PyTorch,
 * `scikit-learn` its logistic regression on a backbone's embeddings; what Python does not have is left out.
 * Differences are of the same seed's draw to the first variant. `--out` holds runs of one draw of one set: those
 * that are there already are not repeated.
 */
import { parseArgs } from "node:util";
import { readChoices, trainSettings } from "../../cli/train_command.ts";
import { addOptions } from "../../cli/setting_options.ts";
import { Command } from "../../deps/commander.ts";
import { basename } from "../../deps/std_path.ts";
import { predict } from "../../mod.ts";
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { openCacheFolder } from "../../pipeline/cache/cache_folder.ts";
import { createRandom, shuffle } from "../../pipeline/random.ts";
import type { Recording } from "../../pipeline/recording.ts";
import type { Dataset } from "../../pipeline/sources/dataset.ts";
import { openDataset } from "../../pipeline/sources/open_dataset.ts";
import { readModels } from "../../run/run_folder.ts";
import { train } from "../../run/training/train.ts";
import { trainEnsemble } from "../../run/training/train_ensemble.ts";
import { trainFolds } from "../../run/training/train_folds.ts";
import { learnInPython, peers, validationSplit } from "./accuracy_peers.ts";
import { findPython } from "./find_python.ts";
import { describeDifference, describeSpread } from "./paired_seeds.ts";

/** What one run came to. */
interface Outcome {
  readonly variant: string;
  readonly options: string;
  readonly seed: number;
  /** The epoch that was kept; null of several models, which each have their own, and of what has none. */
  readonly bestEpoch: number | null;
  readonly validation: number;
  readonly test: number;
  readonly seconds: number;
}

/** Options of `train` under a name. */
interface Variant {
  readonly name: string;
  readonly options: string;
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
    seeds: { type: "string", default: "3" },
    apart: { type: "string" },
    variant: {
      type: "string",
      multiple: true,
      default: ["default", "strong --recipe strong", "source"],
    },
    out: { type: "string", default: "runs/accuracy" },
    python: { type: "string", default: "python3" },
  },
});
const numSeeds = Number(values.seeds);
const asked: Variant[] = values.variant.map((words) => {
  const [name, ...options] = words.trim().split(/\s+/);
  return { name, options: options.join(" ") };
});

const whole = await openDataset({ dir: values.data });
const clips = [...whole.train, ...whole.test];
const cache = openCacheFolder(`${values.out}/cache`, 1e9);

/** The clips of a third that is tested, where whole kinds of names are set apart. */
function drawApart(pattern: string, seed: number): Set<Recording> {
  const kinds = Map.groupBy(clips, ({ id }) => basename(id).match(pattern)?.[0] ?? "");
  const order = [...kinds.keys()].sort(), apart = new Set<Recording>();
  shuffle(order, createRandom("kits", seed));
  for (const kind of order) {
    if (apart.size < clips.length / 3) kinds.get(kind)!.forEach((clip) => apart.add(clip));
  }
  return apart;
}

/** Takes some of each class to test on and some of the rest to train on. */
function drawClips(seed: number): Draw {
  const chosen = { train: new Set<Recording>(), test: new Set<Recording>() };
  const apart = values.apart === undefined ? undefined : drawApart(values.apart, seed);
  for (const label of whole.classes) {
    const order = clips.filter((clip) => clip.labels!.includes(label));
    shuffle(order, createRandom("accuracy", seed, label));
    const numTest = Math.min(Number(values.test), Math.floor(order.length / 3));
    const test = order.filter((clip, i) => apart ? apart.has(clip) : i < numTest);
    for (const clip of test) chosen.test.add(clip);
    const rest = order.filter((clip) => !test.includes(clip));
    for (const clip of rest.slice(0, Number(values.train))) chosen.train.add(clip);
  }
  const part = (set: Set<Recording>) => clips.filter((clip) => set.has(clip));
  return {
    dataset: { ...whole, train: part(chosen.train), test: [], notes: [] },
    test: part(chosen.test),
  };
}

/** A fresh command line of `train` for each run: one keeps what was said to it. */
async function readOptions(options: string) {
  const command = addOptions(new Command("train"), trainSettings).exitOverride();
  const data = values.data === undefined ? [] : ["--data", values.data];
  command.parse(options === "" ? data : [...data, ...options.split(" ")], { from: "user" });
  return await readChoices(command, undefined);
}

async function runVariant(
  { name, options }: Variant,
  seed: number,
  { dataset, test }: Draw,
): Promise<Outcome> {
  const out = `${values.out}/${name}-${seed}`, start = performance.now();
  await Deno.remove(out, { recursive: true }).catch(() => {});
  const { ensemble, folds, ...choices } = await readOptions(options);
  const recipe = { ...choices.recipe, seed };
  const job = { ...choices, dataset, recipe, validationSplit, out, cache };
  const { best, bestEpoch } = folds !== undefined
    ? { best: (await trainFolds({ ...job, folds })).outOfFold, bestEpoch: null }
    : ensemble !== undefined
    ? { ...await trainEnsemble({ ...job, ensemble }), bestEpoch: null }
    : await train(job);
  const { evaluation } = await predict({
    model: await readModels(out),
    recordings: test,
    out: `${out}/test.csv`,
    cache,
  });
  return {
    ...{ variant: name, options, seed, bestEpoch },
    validation: scoreOf(best) ?? NaN,
    test: scoreOf(evaluation) ?? NaN,
    seconds: (performance.now() - start) / 1000,
  };
}

/** What a program in Python makes of the same clips. */
async function runPeer(
  { name, options }: Variant,
  seed: number,
  { dataset: { classes, train }, test }: Draw,
): Promise<Outcome> {
  const start = performance.now(), out = `${values.out}/${name}-${seed}`;
  const choices = await readOptions(options);
  const job = { seed, classes, train, test, choices, out, cache };
  const outcome = await learnInPython(values.python, peers.get(name)!, job);
  const seconds = (performance.now() - start) / 1000;
  return { ...{ variant: name, options, seed }, ...outcome, seconds };
}

async function readOutcomes(path: string): Promise<Outcome[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

const file = `${values.out}/outcomes.jsonl`;
const outcomes = await readOutcomes(file);
const outcomeOf = ({ name, options }: Variant, seed: number) =>
  outcomes.find((done) => done.variant === name && done.options === options && done.seed === seed);

const variants: Variant[] = [];
for (const variant of asked) {
  const peer = peers.get(variant.name);
  const isThere = Array.from({ length: numSeeds }, (_, i) => i + 1)
    .every((seed) => outcomeOf(variant, seed));
  if (!peer || isThere || await findPython(peer.module, [values.python])) variants.push(variant);
  else console.error(`${variant.name} is left out: ${values.python} has no ${peer.module}`);
}

// Seed by seed: what has been trained by any time is a comparison of the same draws.
for (let seed = 1; seed <= numSeeds; seed++) {
  for (const variant of variants) {
    if (outcomeOf(variant, seed)) continue;
    const run = peers.has(variant.name) ? runPeer : runVariant;
    const outcome = await run(variant, seed, drawClips(seed));
    console.error(JSON.stringify(outcome));
    await Deno.writeTextFile(file, `${JSON.stringify(outcome)}\n`, { append: true });
    outcomes.push(outcome);
  }
}

const { dataset, test } = drawClips(1);
console.log(
  `${whole.origin}: ${dataset.train.length} clips to train and validate on, ${test.length} to test, ` +
    `${numSeeds} seeds\n\n` +
    `| variant | options | validation % | test % | difference, 95 % interval | best epoch | s |\n` +
    `| --- | --- | --- | --- | --- | --- | --- |`,
);
for (const variant of variants) {
  const own = Array.from({ length: numSeeds }, (_, i) => outcomeOf(variant, i + 1)!);
  const column = (of: Variant, key: "validation" | "test") =>
    Array.from({ length: numSeeds }, (_, i) => outcomeOf(of, i + 1)![key]);
  const middle = (numbers: readonly (number | null)[]) =>
    numbers.filter((x) => x !== null).sort((a, b) => a - b)[numSeeds >> 1];
  const cells = [
    variant.name,
    variant.options && `\`${variant.options}\``,
    describeSpread(column(variant, "validation")),
    describeSpread(column(variant, "test")),
    variant === variants[0]
      ? ""
      : describeDifference(column(variants[0], "test"), column(variant, "test")),
    middle(own.map(({ bestEpoch }) => bestEpoch)) ?? "",
    middle(own.map(({ seconds }) => seconds))!.toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

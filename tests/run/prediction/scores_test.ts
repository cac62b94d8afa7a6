/** Temperature, thresholds and background classes, from training to the rows of a prediction. */
import { assert, assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { scaleProbabilities } from "../../../model/scores/temperature.ts";
import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { openTestFolder } from "../../../pipeline/sources/open_recordings.ts";
import { resolveBackgroundClasses } from "../../../run/config/background_classes.ts";
import { readConfig } from "../../../run/config/config_file.ts";
import {
  predict,
  type PredictOptions,
  type PredictResult,
} from "../../../run/prediction/predict.ts";
import { readModel, readModels } from "../../../run/run_folder.ts";
import { train } from "../../../run/training/train.ts";
import type { TrainOptions } from "../../../run/training/train_options.ts";
import { trainFolds } from "../../../run/training/train_folds.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder, writeTone, writeToneDataset } from "../../fixtures.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

/** Tones, and a class between them called `noise`. */
async function writeSounds(dir: string, perClass: number): Promise<void> {
  await writeToneDataset(`${dir}/data`, perClass);
  for (let i = 1; i <= perClass; i++) {
    await writeTone(`${dir}/data/train/noise/${i}.wav`, 700, `noise${i}`);
  }
  await writeTone(`${dir}/data/test/noise/1.wav`, 700, "test noise");
  await Deno.writeTextFile(`${dir}/data/test/low/broken.wav`, "no sound");
}

async function optionsFor(dir: string, more: Partial<TrainOptions> = {}): Promise<TrainOptions> {
  return {
    dataset: await openFolder(`${dir}/data`),
    out: `${dir}/run`,
    frontEnd,
    backend: "cpu",
    workers: 1,
    recipe: { epochs: 6, batchSize: 4, augmentFactor: 0 },
    ...more,
  };
}

const readCsv = async (path: string) => parse(await Deno.readTextFile(path));

/** Predicts the test recordings. */
async function predictTest(
  dir: string,
  more: Partial<PredictOptions> = {},
): Promise<PredictResult & { readonly labels: string[]; readonly shares: number[][] }> {
  const [model, ...others] = more.model ? [more.model].flat() : await readModels(`${dir}/run`);
  const recordings = await openTestFolder(`${dir}/data`, model.card.classes);
  const out = `${dir}/submission.csv`, probabilities = `${dir}/probabilities.csv`;
  const options = { recordings, out, probabilities, backend: "cpu", workers: 1 } as const;
  const result = await predict({ ...options, ...more, model: [model, ...others] });
  const labels = (await readCsv(out)).slice(1).map(([, label]) => label);
  const shares = (await readCsv(probabilities)).slice(1).map((row) => row.slice(1).map(Number));
  return { ...result, labels, shares };
}

Deno.test("a model carries its scores, and predicts by them; labels are those of raw probabilities", () =>
  withFolder(async (dir) => {
    await writeSounds(dir, 10);
    const { scores } = await train(await optionsFor(dir));
    const model = await readModel(`${dir}/run`), { card } = model;
    assertEquals(card.scores, scores!.scores);
    assertEquals([scores!.perClass.length, card.scores!.thresholds.length], [3, 3]);

    const scaled = await predictTest(dir), raw = await predictTest(dir, { rawProbabilities: true });
    assertEquals(scaled.labels, raw.labels);
    assertStrictEquals(scaled.unknown, undefined);
    raw.shares.filter((row) => row.some((p) => p !== row[0])).forEach((row) => {
      const expected = scaleProbabilities(row, card.scores!.temperature, "one-label");
      const found = scaled.shares[raw.shares.indexOf(row)];
      found.forEach((p, k) => assertAlmostEquals(p, expected[k], 1e-12));
    });
    const { scores: _, ...without } = card;
    const older = await predictTest(dir, { model: { ...model, card: without } });
    assertEquals(older.shares, raw.shares, "a model without scores states what its network does");
  }));

Deno.test("clips below every threshold are called unknown, also those that cannot be read, and that is scored", () =>
  withFolder(async (dir) => {
    await writeSounds(dir, 5);
    await train(await optionsFor(dir, { thresholdPrecision: 1 }));
    const { card, weights } = await readModel(`${dir}/run`);
    assertStrictEquals(card.scores!.precision, 1);
    const withThresholds = (...thresholds: (number | null)[]) => ({
      weights,
      card: { ...card, scores: { ...card.scores!, thresholds } },
    });
    const never = await predictTest(dir, {
      model: withThresholds(null, null, null),
      unknown: "nothing",
    });
    assertEquals(new Set(never.labels), new Set(["nothing"]));
    assertEquals(never.unknown, { known: 7, kept: 0, right: 0, others: 0, calledUnknown: 0 });
    const always = await predictTest(dir, { model: withThresholds(0, 0, 0), unknown: "nothing" });
    assertStrictEquals(always.unknown!.kept, 7);
    assertStrictEquals(always.labels.filter((label) => label === "nothing").length, 1);
    assertStrictEquals(always.standIns, 1, "the one that cannot be read");
  }));

Deno.test("a background class is trained, and never a label; what it says stands in card and config", () =>
  withFolder(async (dir) => {
    await writeSounds(dir, 10);
    await train(await optionsFor(dir, { backgroundClasses: true }));
    const { card } = await readModel(`${dir}/run`);
    assertEquals(card.backgroundClasses, ["noise"]);
    assertStrictEquals(card.scores!.thresholds[card.classes.indexOf("noise")], null);
    assert(card.majorityLabel !== "noise");
    assertEquals((await readConfig(`${dir}/run/config.json`)).backgroundClasses, ["noise"]);

    const { labels, evaluation } = await predictTest(dir);
    assert(!labels.includes("noise"));
    assert(evaluation.task === "one-label");
    const noise = evaluation.perClass[card.classes.indexOf("noise")];
    assertStrictEquals(noise.support, 1, "figures take it for a class as the others");
    const { unknown } = await predictTest(dir, { unknown: "noise" });
    assertEquals([unknown!.known, unknown!.others], [6, 1]);

    const other = optionsFor(dir, { backgroundClasses: ["low"], mode: "resume" });
    await assertFails(train(await other), /backgroundClasses must be as they were when it began/);
  }));

Deno.test("the models of a cross-validation have the scores of all out-of-fold predictions", () =>
  withFolder(async (dir) => {
    await writeSounds(dir, 6);
    const options = await optionsFor(dir, { recipe: { epochs: 2, batchSize: 4 } });
    const { scores } = await trainFolds({ ...options, folds: 3 });
    const models = await readModels(`${dir}/run`);
    assertEquals(models.map(({ card }) => card.scores), [1, 2, 3].map(() => scores!.scores));
    assertEquals(scores!.perClass.map(({ support }) => support), [6, 6, 6]);
    const scaled = await predictTest(dir), raw = await predictTest(dir, { rawProbabilities: true });
    assertEquals(scaled.labels, raw.labels, "the mean of the models is scaled, not each of them");
  }));

Deno.test("without validation there are no scores, and no label for unknown clips", () =>
  withFolder(async (dir) => {
    await writeSounds(dir, 3);
    const recipe = { epochs: 1, batchSize: 4, augmentFactor: 0 };
    const { scores } = await train(await optionsFor(dir, { validationSplit: 0, recipe }));
    assertStrictEquals(scores, null);
    assertStrictEquals((await readModel(`${dir}/run`)).card.scores, undefined);
    await assertFails(predictTest(dir, { unknown: "?" }), /no thresholds: it was not validated/);
  }));

Deno.test("background classes: by name, by their usual names, and what cannot be one", () => {
  const classes = ["Noise", "dog", "other"];
  assertEquals(resolveBackgroundClasses(classes), null);
  assertEquals(resolveBackgroundClasses(classes, true), ["Noise", "other"]);
  assertEquals(resolveBackgroundClasses(classes, ["dog"]), ["dog"]);
  const refused = (asked: readonly string[] | true, of: readonly string[], words: RegExp) =>
    assertFails(() => resolveBackgroundClasses(of, asked), words);
  refused(
    ["cat"],
    classes,
    /backgroundClass must be one of the classes, Noise, dog, other: .* cat$/,
  );
  refused(true, ["dog", "cat"], /no class is called background, noise, other, silence: .* none$/);
  refused(true, ["noise", "other"], /such that another class is left: .* noise, other$/);
});

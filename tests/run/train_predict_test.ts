/** The whole job on tones: a run's folder, prediction from it, and what must hold of both. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { parse } from "../../deps/std_csv.ts";
import { DatasetError } from "../../pipeline/sources/dataset.ts";
import { defaultFrontEnd, type FrontEnd } from "../../pipeline/front_end.ts";
import { readRun } from "../../report/report.ts";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { openTestFolder } from "../../pipeline/sources/open_recordings.ts";
import { predict } from "../../run/prediction/predict.ts";
import { RunError } from "../../run/run_error.ts";
import { newestRun, readModel, writeModel } from "../../run/run_folder.ts";
import { train } from "../../run/training/train.ts";
import type { TrainOptions } from "../../run/training/train_options.ts";
import type { TrainEvent, TrainResult } from "../../run/training/train_events.ts";
import { encodeModel } from "../../model/saved_model.ts";
import { assertFails } from "../assert_failure.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { withFolder, writeTone, writeToneDataset } from "../fixtures.ts";

/** A small front end, so that a run takes seconds. */
const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

async function trainTones(dir: string, more: Partial<TrainOptions> = {}): Promise<TrainResult> {
  return await train({
    dataset: await openFolder(`${dir}/data`),
    out: `${dir}/run`,
    frontEnd,
    backend: "cpu",
    recipe: { epochs: 10, batchSize: 4, augmentFactor: 0 },
    ...more,
  });
}

const readCsv = async (path: string) => parse(await Deno.readTextFile(path));

Deno.test("train, then predict: the folder, the CSV files and an accuracy that was learnt", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`);
    const events: TrainEvent[] = [];
    const result = await trainTones(dir, { onEvent: (event) => events.push(event) });
    assertStrictEquals(scoreOf(result.best), 1);
    assertStrictEquals(result.best.examples, 4);
    assertEquals(events.filter((e) => e.kind === "epoch").length, 10);
    const files = [...Deno.readDirSync(`${dir}/run`)].map(({ name }) => name).sort();
    const expected = [
      "best_model",
      "config.json",
      "history.csv",
      "last",
      "metrics.json",
      "report.html",
      "skipped.csv",
      "validation.csv",
    ];
    assertEquals(files, expected);
    assertStrictEquals((await readCsv(`${dir}/run/history.csv`)).length, 1 + 10);
    assertStrictEquals(
      JSON.parse(await Deno.readTextFile(`${dir}/run/config.json`)).recipe.epochs,
      10,
    );

    const metrics = JSON.parse(await Deno.readTextFile(`${dir}/run/metrics.json`));
    assertSameBits(metrics, result);
    assertMatch(await Deno.readTextFile(`${dir}/run/report.html`), /<svg/);
    await Deno.rename(`${dir}/run/metrics.json`, `${dir}/metrics.json`);
    const { evaluation: anew } = await readRun(`${dir}/run`, { numMistakes: 50 });
    assertSameBits(anew, result.best, "validation.csv alone gives the same figures");

    const [columns, ...validated] = await readCsv(`${dir}/run/validation.csv`);
    assertEquals(columns, ["filename", "path", "label", "high", "low"]);
    const right = validated.filter(([, , label, high]) =>
      (label === "high") === Number(high) > 0.5
    );
    assertEquals([validated.length, right.length], [4, 4]);

    const model = await readModel(`${dir}/run`);
    assertEquals(model.card.classes, ["high", "low"]);
    assertEquals(model.card.frontEnd, frontEnd);
    const recordings = await openTestFolder(`${dir}/data`, model.card.classes);
    const { rows, evaluation } = await predict({
      model,
      recordings,
      out: `${dir}/submission.csv`,
      probabilities: `${dir}/probabilities.csv`,
      backend: "cpu",
    });
    assertEquals([rows, evaluation.examples, scoreOf(evaluation)], [6, 6, 1]);
    assertEquals(await readCsv(`${dir}/submission.csv`), [
      ["filename", "label"],
      ...[1, 2, 3].map((i) => [`high/${i}.wav`, "high"]),
      ...[1, 2, 3].map((i) => [`low/${i}.wav`, "low"]),
    ]);
    const [header, ...probabilities] = await readCsv(`${dir}/probabilities.csv`);
    assertEquals(header, ["filename", "high", "low"]);
    for (const [, high, low] of probabilities) {
      assert(Math.abs(Number(high) + Number(low) - 1) < 1e-5);
    }
  }));

Deno.test("without validation clips nothing is measured, and nothing says zero", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const recipe = { epochs: 2, batchSize: 4, augmentFactor: 0 };
    const result = await trainTones(dir, { validationSplit: 0, recipe });
    assertEquals([result.best.examples, scoreOf(result.best), result.best.loss], [
      0,
      null,
      null,
    ]);
    assertStrictEquals(result.nearestMeanAccuracy, null);
    const [columns, ...rows] = await readCsv(`${dir}/run/history.csv`);
    for (const row of rows) {
      columns.forEach((name, i) =>
        assertStrictEquals(row[i] === "", name.startsWith("validation"), name)
      );
    }
    const { card } = await readModel(`${dir}/run`);
    assertEquals([card.validationAccuracy, card.validationLoss], [undefined, undefined]);
    const report = await Deno.readTextFile(`${dir}/run/report.html`);
    assertMatch(report, /not validated/);
    assertNotMatch(report, /\b0\.0.%/);
  }));

Deno.test("the same seed gives the same model for any number of feature workers, another seed another", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 6);
    const weightsOf = async (name: string, workers: number, seed: number) => {
      const recipe = { epochs: 2, batchSize: 4, augmentFactor: 1, seed };
      await trainTones(dir, { out: `${dir}/${name}`, workers, recipe });
      return (await readModel(`${dir}/${name}`)).weights;
    };
    const one = await weightsOf("one", 1, 5);
    assertSameBits(await weightsOf("three", 3, 5), one);
    assertNotEquals(await weightsOf("other", 1, 6), one);
  }));

Deno.test("clips that cannot be read cost a line in skipped.csv, and prediction still has every row", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`);
    await Deno.writeTextFile(`${dir}/data/train/low/bad, "very".wav`, "no sound");
    await Deno.writeTextFile(`${dir}/data/test/2.wav`, "");
    await writeTone(`${dir}/data/test/10.wav`, 300, "ten");
    const { skipped } = await trainTones(dir, { recipe: { epochs: 1, batchSize: 8 } });
    const rows = await readCsv(`${dir}/run/skipped.csv`);
    assertStrictEquals(skipped, 1);
    assertEquals(rows.map(([name]) => name), ["filename", 'low/bad, "very".wav']);
    assertMatch(rows[1][2], /Cannot decode .*bad/);

    const model = await readModel(`${dir}/run`);
    const recordings = await openTestFolder(`${dir}/data`, model.card.classes);
    const out = `${dir}/submission.csv`;
    const result = await predict({ model, recordings, out, backend: "cpu" });
    const submission = await readCsv(out);
    assertEquals(submission.slice(1).map(([name]) => name), recordings.map(({ id }) => id));
    assertEquals(submission[1], ["2.wav", model.card.majorityLabel]);
    assertEquals(result.skipped.map(({ request }) => request.clip.recording.id), ["2.wav"]);
    assertStrictEquals((await readCsv(`${dir}/skipped.csv`))[1][0], "2.wav");
    // The next prediction has nothing to skip: the old list must not be taken for its own.
    await predict({ model, recordings: recordings.slice(1), out, backend: "cpu" });
    assertStrictEquals((await readCsv(`${dir}/skipped.csv`)).length, 1);
  }));

Deno.test("a folder that holds a run is not trained into", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 2);
    await Deno.mkdir(`${dir}/run`);
    await Deno.writeTextFile(`${dir}/run/config.json`, "mine");
    await assertRejects(() => trainTones(dir), RunError);
    assertStrictEquals(await Deno.readTextFile(`${dir}/run/config.json`), "mine");
  }));

Deno.test("what only changes augmented copies is refused where there are none", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 2);
    const recipe = { epochs: 1, batchSize: 4, augmentFactor: 0 };
    for (const choice of [{ crop: "random" }, { pad: "repeat" }, { specAugment: true }] as const) {
      await assertFails(
        trainTones(dir, { recipe, ...choice }),
        /augmentFactor must be at least 1 .*: current value is 0/,
      );
    }
    await assertRejects(() => Deno.stat(`${dir}/run`), Deno.errors.NotFound);
  }));

Deno.test("a data set of which nothing can be read ends with one clear line", () =>
  withFolder(async (dir) => {
    for (const path of ["a/1.wav", "a/2.wav", "b/1.wav", "b/2.wav"]) {
      await Deno.mkdir(`${dir}/data/${path[0]}`, { recursive: true });
      await Deno.writeTextFile(`${dir}/data/${path}`, "no sound");
    }
    const error = await assertRejects(() => trainTones(dir), DatasetError);
    assertMatch(error.message, /can be read: current value is 0/);
  }));

Deno.test("a class of which no clip can be read is named; of two classes both must have some", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    for (let i = 1; i <= 5; i++) {
      await Deno.mkdir(`${dir}/data/train/mute`, { recursive: true });
      await Deno.writeTextFile(`${dir}/data/train/mute/${i}.wav`, "no sound");
    }
    const warnings: string[] = [];
    const onEvent = (event: TrainEvent) => {
      if (event.kind === "notice" && event.level === "warning") warnings.push(event.text);
    };
    await trainTones(dir, { recipe: { epochs: 2, batchSize: 4 }, onEvent });
    assertEquals(warnings, ["never learnt, as none of its clips can be read: mute (4 clips)"]);

    await Deno.remove(`${dir}/data/train/low`, { recursive: true });
    await Deno.remove(`${dir}/data/test/low`, { recursive: true });
    const error = await assertRejects(() => trainTones(dir, { out: `${dir}/one` }), DatasetError);
    assertMatch(error.message, /at least 2 classes must have clips that can be read: .* is 1/);
    assertStrictEquals((await readCsv(`${dir}/one/skipped.csv`)).length, 1 + 4);
  }));

Deno.test("a model whose front end comes out differently here is refused", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    await trainTones(dir, { recipe: { epochs: 1, batchSize: 4 } });
    const { card, weights } = await readModel(`${dir}/run`);
    const recordings = await openTestFolder(`${dir}/data`, card.classes);
    const { features, probabilities } = card.golden;
    for (
      const [golden, words] of [
        [{ features: features.with(5, features[5] + 0.05), probabilities }, /golden features/],
        [{ features: features.with(5, NaN), probabilities }, /golden features/],
        [{ features, probabilities: probabilities.toReversed() }, /golden probabilities/],
      ] as const
    ) {
      const model = { card: { ...card, golden }, weights };
      const out = `${dir}/never.csv`;
      await assertFails(predict({ model, recordings, out, backend: "cpu" }), words);
      await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
    }
    const nan = weights.map((weight) =>
      weight.name === "logits/bias" ? { ...weight, values: weight.values.with(0, NaN) } : weight
    );
    const asked = predict({
      model: { card, weights: nan },
      recordings,
      out: `${dir}/never.csv`,
      backend: "cpu",
    });
    await assertFails(asked, /probabilities must be finite: current values are NaN,NaN/);
  }));

Deno.test("the newest run with a model is found; a stop between two renames loses no model", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    await assertRejects(() => newestRun("model", `${dir}/runs`), RunError);
    await trainTones(dir, { out: `${dir}/runs/old`, recipe: { epochs: 1, batchSize: 4 } });
    const model = await readModel(`${dir}/runs/old`);
    await Deno.mkdir(`${dir}/runs/unfinished/best_model`, { recursive: true });
    assertStrictEquals(await newestRun("model", `${dir}/runs`), `${dir}/runs/old`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Deno.mkdir(`${dir}/runs/new`);
    await writeModel(`${dir}/runs/new/best_model`, encodeModel(model));
    assertStrictEquals(await newestRun("model", `${dir}/runs`), `${dir}/runs/new`);

    await Deno.rename(`${dir}/runs/new/best_model`, `${dir}/runs/new/best_model.next`);
    assertStrictEquals(await newestRun("model", `${dir}/runs`), `${dir}/runs/new`);
    assertSameBits({ ...await readModel(`${dir}/runs/new`), folder: model.folder }, model);
    await writeModel(`${dir}/runs/new/best_model`, encodeModel(model));
    assertEquals([...Deno.readDirSync(`${dir}/runs/new`)].map(({ name }) => name), [
      "best_model",
    ]);
  }));

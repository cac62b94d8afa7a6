/** Cross-validation on tones: its folder, going on with it, and prediction by the mean of its models. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { scoreOf } from "../../../model/evaluation/evaluation.ts";
import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { predict } from "../../../run/prediction/predict.ts";
import { RunError } from "../../../run/run_error.ts";
import { newestRun, readModel, readModels } from "../../../run/run_folder.ts";
import { Interrupted } from "../../../run/training/train_options.ts";
import type { TrainEvent } from "../../../run/training/train_events.ts";
import {
  joinFolds,
  trainFold,
  trainFolds,
  type TrainFoldsOptions,
} from "../../../run/training/train_folds.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

async function optionsFor(
  dir: string,
  out: string,
): Promise<TrainFoldsOptions & { readonly out: string }> {
  return {
    dataset: await openFolder(`${dir}/data`),
    out: `${dir}/runs/${out}`,
    folds: 3,
    frontEnd,
    backend: "cpu",
    workers: 1,
    recipe: { epochs: 2, batchSize: 4, augmentFactor: 0 },
  };
}

const readCsv = async (path: string) => parse(await Deno.readTextFile(path));
const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

Deno.test("every clip is predicted by the model not trained on it; the folds' mean labels new ones", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 5);
    await Deno.writeTextFile(`${dir}/data/train/low/broken.wav`, "no sound");
    const options = await optionsFor(dir, "cv");
    const result = await trainFolds(options), out = options.out;

    const [header, ...rows] = await readCsv(`${out}/validation.csv`);
    assertEquals(header, ["filename", "path", "label", "high", "low"]);
    const readable = options.dataset.train.map(({ id }) => id).filter((id) => !/broken/.test(id));
    assertEquals(rows.map(([id]) => id), readable);
    const byFold = await Promise.all(
      [1, 2, 3].map((i) => readCsv(`${out}/fold-${i}/validation.csv`)),
    );
    assertEquals(rows.toSorted(), byFold.flatMap((rows) => rows.slice(1)).toSorted());
    const right = rows.filter(([, , label, high, low]) => (label === "high") === +high > +low);
    assertStrictEquals(result.outOfFold.examples, 10);
    assertStrictEquals(scoreOf(result.outOfFold), right.length / 10);
    const accuracies = result.folds.map(({ best }) => scoreOf(best)!);
    const mean = accuracies.reduce((a, b) => a + b) / 3;
    assert(Math.abs(result.accuracy!.mean - mean) < 1e-12);
    const variance = accuracies.reduce((sum, a) => sum + (a - mean) ** 2, 0) / 2;
    assert(Math.abs(result.accuracy!.spread! - Math.sqrt(variance)) < 1e-12);
    assertEquals((await readCsv(`${out}/skipped.csv`)).map(([id]) => id), [
      "filename",
      "low/broken.wav",
    ]);
    assertSameBits(await readJson(`${out}/metrics.json`), result);
    assertEquals((await readJson(`${out}/fold-2/config.json`)).fold, { index: 2, of: 3 });
    await assertFails(trainFolds({ ...options, mode: "resume" }), /it has ended: all folds/);

    assertStrictEquals(await newestRun("model", `${dir}/runs`), out);
    const models = await readModels(out);
    assertStrictEquals(models.length, 3);
    const recordings = options.dataset.test, backend = "cpu";
    const probabilitiesOf = async (model: Parameters<typeof predict>[0]["model"]) => {
      const probabilities = `${dir}/probabilities.csv`;
      const submission = `${dir}/submission.csv`;
      const options = { out: submission, probabilities, backend, batchSize: 4 } as const;
      await predict({ model, recordings, ...options, rawProbabilities: true });
      assertStrictEquals((await readCsv(submission)).length, 1 + recordings.length);
      return (await readCsv(probabilities)).slice(1).map((row) => row.slice(1).map(Number));
    };
    const together = await probabilitiesOf(models), alone: number[][][] = [];
    for (const model of models) alone.push(await probabilitiesOf(model));
    together.forEach((row, i) =>
      row.forEach((p, k) => {
        const mean = alone.reduce((sum, rows) => sum + rows[i][k], 0) / 3;
        assert(Math.abs(p - mean) < 1e-6, `${p} is not ${mean}`);
      })
    );
    assert(Math.abs(alone[0][0][0] - alone[1][0][0]) > 1e-6, "the models differ");

    const { card, weights } = models[2];
    const golden = { ...card.golden, probabilities: card.golden.probabilities.toReversed() };
    const spoilt = [models[0], models[1], { card: { ...card, golden }, weights }];
    await assertFails(predict({ model: spoilt, recordings, backend }), /golden probabilities/);
    const other = [models[0], { card: { ...card, classes: ["x", "y"] }, weights }];
    await assertFails(
      predict({ model: other, recordings, backend }),
      /must have the same classes/,
    );
  }));

Deno.test("a fold of which no clip can be read does not enter the mean", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    for (const label of ["low", "high"]) {
      await Deno.writeTextFile(`${dir}/data/train/${label}/3.wav`, "no sound");
    }
    const options = await optionsFor(dir, "cv"), { dataset } = options;
    const grouped = dataset.train.map((clip) => ({ ...clip, group: /\d/.exec(clip.id)![0] }));
    const recipe = { ...options.recipe, epochs: 1 };
    const result = await trainFolds({
      ...options,
      recipe,
      dataset: { ...dataset, train: grouped },
    });
    const figures = result.folds.map(({ best }) => scoreOf(best));
    const measured = figures.filter((figure) => figure !== null);
    assertEquals([figures.length, measured.length, result.numValidated], [3, 2, 2]);
    assertStrictEquals(result.accuracy!.mean, (measured[0] + measured[1]) / 2);
    assertMatch(await Deno.readTextFile(`${options.out}/report.html`), /not validated/);
  }));

Deno.test("a cross-validation that is stopped goes on with its first unfinished fold, bit for bit", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const whole = await optionsFor(dir, "whole");
    await trainFolds(whole);
    const options = await optionsFor(dir, "parts");
    const begun: number[] = [];
    const sitting = (mode: "new" | "resume", stopInFold: number) => {
      const abort = new AbortController();
      const onEvent = (event: TrainEvent) => {
        if (event.kind === "fold") begun.push(event.fold.index);
        if (event.kind === "epoch" && begun.at(-1) === stopInFold) abort.abort();
      };
      return trainFolds({ ...options, mode, signal: abort.signal, onEvent });
    };
    const stopped = await assertRejects(() => sitting("new", 2), Interrupted);
    assertStrictEquals(stopped.resumable, options.out);
    const missing = await assertRejects(() => readModels(options.out), RunError);
    assertMatch(missing.message, /fold 3 of 3 has none/);
    await assertFails(trainFolds({ ...options, folds: 4, mode: "resume" }), /its folds must be/);
    // Killed between a fold's last state and its result: the result is still made.
    await Deno.remove(`${options.out}/fold-1/metrics.json`);
    await Deno.remove(`${options.out}/fold-1/report.html`);
    await sitting("resume", 0);
    assertEquals(begun, [1, 2, 1, 2, 3]);
    for (let fold = 1; fold <= 3; fold++) {
      const path = `/fold-${fold}`;
      const [made, wanted] = [
        await readModel(options.out + path),
        await readModel(whole.out + path),
      ];
      assertSameBits({ ...made, folder: wanted.folder }, wanted);
    }
    const validation = await Deno.readTextFile(`${options.out}/validation.csv`);
    assertStrictEquals(validation, await Deno.readTextFile(`${whole.out}/validation.csv`));

    // Each fold by a process of its own, in any order, joined when all are there.
    const shared = await optionsFor(dir, "shared");
    for (const index of [3, 1]) await trainFold(shared, index);
    await assertFails(joinFolds(shared), /all 3 folds must have ended: not \S+\/fold-2$/);
    await assertFails(trainFold(shared, 3), /holds a run already/);
    await assertFails(
      trainFold({ ...shared, recipe: { ...shared.recipe, epochs: 3 } }, 2),
      /recipe\.epochs was 2 and is 3/,
    );
    assertStrictEquals((await trainFold({ ...shared, mode: "resume" }, 3)).epochs, 2);
    await trainFold(shared, 2);
    const joined = await joinFolds(shared);
    assertEquals(joined.outOfFold, (await readJson(`${whole.out}/metrics.json`)).outOfFold);
    for (let fold = 1; fold <= 3; fold++) {
      const path = `/fold-${fold}`;
      const { weights, card } = await readModel(shared.out + path);
      const wanted = await readModel(whole.out + path);
      assertSameBits({ weights, card }, { weights: wanted.weights, card: wanted.card });
    }
    assertStrictEquals(await Deno.readTextFile(`${shared.out}/validation.csv`), validation);

    // Killed between the results and a report, the fold's or the whole's: the report is still made.
    for (const lost of ["/fold-3", ""]) {
      await Deno.remove(`${options.out}/report.html`);
      if (lost) await Deno.remove(`${options.out}${lost}/report.html`);
      begun.length = 0;
      await sitting("resume", 0);
      assertEquals(begun, lost ? [3] : []);
      for (const dir of ["/fold-3", ""]) await Deno.stat(`${options.out}${dir}/report.html`);
    }
    assertStrictEquals(await Deno.readTextFile(`${options.out}/validation.csv`), validation);
  }));

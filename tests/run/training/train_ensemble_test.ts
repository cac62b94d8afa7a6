/** An ensemble on tones: its folder, going on with it, and prediction by the mean of its models. */
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { scoreOf } from "../../../model/evaluation/evaluation.ts";
import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { predict } from "../../../run/prediction/predict.ts";
import { readConfig } from "../../../run/config/config_file.ts";
import { newestRun, readModel, readModels } from "../../../run/run_folder.ts";
import { RunError } from "../../../run/run_error.ts";
import { train } from "../../../run/training/train.ts";
import { trainEnsemble, type TrainEnsembleOptions } from "../../../run/training/train_ensemble.ts";
import type { TrainEvent } from "../../../run/training/train_events.ts";
import { Interrupted } from "../../../run/training/train_options.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

async function optionsFor(
  dir: string,
  out: string,
): Promise<TrainEnsembleOptions & { readonly out: string }> {
  return {
    dataset: await openFolder(`${dir}/data`),
    out: `${dir}/runs/${out}`,
    ensemble: 2,
    validationSplit: 0.4,
    frontEnd,
    backend: "cpu",
    workers: 1,
    recipe: { epochs: 2, batchSize: 4, augmentFactor: 0, seed: 3 },
  };
}

const readCsv = async (path: string) => parse(await Deno.readTextFile(path));
const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

Deno.test("an ensemble: members of consecutive seeds, their mean and its figures; stopped and gone on with", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 5);
    await Deno.writeTextFile(`${dir}/data/train/low/broken.wav`, "no sound");
    const options = await optionsFor(dir, "whole"), { out } = options;
    const begun: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => event.kind === "member" && begun.push(event);
    const result = await trainEnsemble({ ...options, onEvent });
    assertEquals(begun, [
      { kind: "member", member: { index: 1, of: 2, seed: 3 } },
      { kind: "member", member: { index: 2, of: 2, seed: 4 } },
    ]);
    assertEquals(result.members.map(({ seed }) => seed), [3, 4]);
    assertSameBits(await readJson(`${out}/metrics.json`), result);
    assertEquals((await readCsv(`${out}/skipped.csv`)).map(([id]) => id), [
      "filename",
      "low/broken.wav",
    ]);

    // One set of validation clips, of which the ensemble says the mean.
    const [rows, first, second] = await Promise.all(
      ["", "/member-1", "/member-2"].map((part) => readCsv(`${out}${part}/validation.csv`)),
    );
    assertEquals(rows.map(([id]) => id), first.map(([id]) => id));
    assertStrictEquals(rows.length, 1 + result.best.examples);
    for (let i = 1; i < rows.length; i++) {
      for (const column of [3, 4]) {
        const mean = (Number(first[i][column]) + Number(second[i][column])) / 2;
        assert(Math.abs(Number(rows[i][column]) - mean) < 1e-7, `${rows[i]} is not of ${mean}`);
      }
    }
    const right = rows.slice(1).filter(([, , label, high, low]) =>
      (label === "high") === +high > +low
    );
    assertStrictEquals(scoreOf(result.best), right.length / result.best.examples);
    const accuracies = result.members.map(({ best }) => scoreOf(best)!);
    assertStrictEquals(result.accuracy!.mean, (accuracies[0] + accuracies[1]) / 2);

    // A member is what a run of its seed is, but for the seed that draws the validation clips.
    const { ensemble: _, ...single } = options;
    const alone = { ...single, out: `${dir}/alone`, recipe: { ...options.recipe, seed: 4 } };
    await train({ ...alone, splitSeed: 3 });
    const member = await readModel(`${out}/member-2`);
    const wanted = await readModel(`${dir}/alone`);
    assertSameBits(member, { ...wanted, folder: member.folder });
    assertStrictEquals((await readConfig(`${out}/member-2/config.json`)).splitSeed, 3);

    // The folder labels as its members together do, by the scores of their mean.
    assertStrictEquals(await newestRun("model", `${dir}/runs`), out);
    const models = await readModels(out);
    assertEquals(models.map(({ card }) => card.scores), [1, 2].map(() => result.scores!.scores));
    const ids = new Set(rows.map(([id]) => id));
    await predict({
      ...{ model: models, backend: "cpu", rawProbabilities: true, out: `${dir}/labels.csv` },
      recordings: options.dataset.train.filter(({ id }) => ids.has(id)),
      probabilities: `${dir}/probabilities.csv`,
    });
    const said = (await readCsv(`${dir}/probabilities.csv`)).slice(1);
    said.forEach((row, i) =>
      row.slice(1).forEach((cell, k) =>
        assert(Math.abs(Number(cell) - Number(rows[i + 1][3 + k])) < 1e-6, `row ${i}: ${cell}`)
      )
    );

    await Deno.rename(`${out}/metrics.json`, `${dir}/metrics.json`);
    await Deno.writeTextFile(`${out}/metrics.json`, "{");
    await assertFails(readModels(out), /: Cannot use .*whole\/metrics\.json: /);
    await Deno.rename(`${dir}/metrics.json`, `${out}/metrics.json`);

    const parts = await optionsFor(dir, "parts"), abort = new AbortController();
    const stop = (event: TrainEvent) => {
      if (event.kind === "epoch" && event.row.epoch === 1 && begun.length === 4) abort.abort();
    };
    begun.length = 2;
    const stopped = trainEnsemble({
      ...{ ...parts, signal: abort.signal },
      onEvent: (event) => void (onEvent(event), stop(event)),
    });
    assertStrictEquals((await assertRejects(() => stopped, Interrupted)).resumable, parts.out);
    const again = { ...parts, mode: "resume" } as const;
    await assertFails(trainEnsemble({ ...again, ensemble: 3 }), /its ensemble must be as/);
    const dataset = { ...parts.dataset, dir: "elsewhere", train: parts.dataset.train.slice(1) };
    await assertFails(
      trainEnsemble({ ...again, dataset }),
      /with the recordings of elsewhere as it began with .*\/data, which is read again where --data/,
    );
    await trainEnsemble(again);
    for (const part of ["/member-1", "/member-2"]) {
      const [made, wanted] = [await readModel(parts.out + part), await readModel(out + part)];
      assertSameBits({ ...made, folder: wanted.folder }, wanted);
    }
    const validation = await Deno.readTextFile(`${out}/validation.csv`);
    assertStrictEquals(await Deno.readTextFile(`${parts.out}/validation.csv`), validation);
    await assertFails(trainEnsemble(again), /it has ended: all members/);
  }));

Deno.test("an ensemble of which any member ends with an error names its folder to go on with", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 3);
    for (const broken of [2, 1]) {
      const options = await optionsFor(dir, `broken-${broken}`);
      const error = await assertRejects(() =>
        trainEnsemble({
          ...options,
          recipe: { ...options.recipe, epochs: 1 },
          onError: "fail",
          onEvent: (event) => {
            if (event.kind !== "member" || event.member.index !== broken) return;
            Deno.writeTextFileSync(`${dir}/data/train/low/1.wav`, "no sound");
          },
        }), RunError);
      assertStrictEquals(error.resumable, options.out);
      await writeToneDataset(`${dir}/data`, 3);
    }
  }));

/** The search for a recipe: what is drawn, who goes on, and what it leaves; by one process, by arrays, and again. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { checkRecipe, defaultRecipe } from "../../../model/recipe.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { drawTrials, planRungs, searchedSettings } from "../../../run/tune/trials.ts";
import { mergeTrials } from "../../../run/tune/merge_trials.ts";
import { tune, type TuneOptions } from "../../../run/tune/tune.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";
import { frontEnd, machine } from "../untrained_model.ts";

Deno.test("trials begin with the recipe that is asked for, and others are drawn within its settings' ranges", () => {
  const base = { ...defaultRecipe, epochs: 7, seed: 5 }, recipes = drawTrials(base, 300);
  assertStrictEquals(recipes[0], base);
  for (const recipe of recipes) {
    checkRecipe(recipe);
    const { epochs, seed, batchSize, patience } = recipe;
    assertEquals([epochs, seed, batchSize, patience], [7, 5, base.batchSize, base.patience]);
  }
  for (const name of searchedSettings) {
    const values = new Set(recipes.map((recipe) => recipe[name]));
    assert(values.size > 1, name);
  }
  const rates = recipes.slice(1).map(({ learningRate }) => learningRate);
  assert(rates.every((rate) => rate >= 3e-4 && rate <= 3e-3));
  // Each half of the range, by orders of magnitude, gets half of them: a fair coin's deviation is 8.6.
  const low = rates.filter((rate) => rate < Math.sqrt(3e-4 * 3e-3)).length;
  assert(Math.abs(low - 299 / 2) < 5 * 8.6, `${low}`);
  assertEquals(drawTrials(base, 20), recipes.slice(0, 20));
});

Deno.test("each rung has a part of the trials for a multiple of the epochs", () => {
  const plan = (trials: number, rungs: number, keep: number, epochs: number) =>
    planRungs({ trials, rungs, keep }, epochs).map(({ trials, epochs }) => [trials, epochs]);
  assertEquals(plan(12, 2, 3, 60), [[12, 20], [4, 60]]);
  assertEquals(plan(9, 3, 3, 60), [[9, 7], [3, 20], [1, 60]]);
  assertEquals(plan(4, 1, 2, 10), [[4, 10]]);
  assertEquals(plan(5, 3, 4, 2), [[5, 1], [2, 1], [1, 2]]);
});

/** What is said of a search on two tones. */
async function optionsFor(dir: string, out: string): Promise<TuneOptions> {
  return {
    ...{ ...machine, dataset: await openFolder(`${dir}/data`), out: `${dir}/${out}` },
    ...{ frontEnd, channels: [4, 4], trials: 3, rungs: 2, keep: 2 },
    recipe: { epochs: 2, steps: 16, batchSize: 4, augmentFactor: 0 },
  };
}

Deno.test("a search by arrays, a rung each, ends in one process's table, and is not done twice", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const begun: string[] = [], one = await optionsFor(dir, "one"), { out } = one;
    const onTrial: TuneOptions["onTrial"] = ({ rung, trial, recipe: { epochs } }) =>
      begun.push(`${rung}.${trial} ${epochs}`);
    const { rungs, missing } = await tune({ ...one, onTrial });
    assertEquals([rungs.length, missing], [2, []]);
    assertEquals(begun.slice(0, 3), ["1.1 1", "1.2 1", "1.3 1"]);
    for (const trials of rungs) {
      const scores = trials.map(({ score, loss }) => [-score, loss]);
      assertEquals(scores, scores.toSorted(([a, x], [b, y]) => a - b || x - y));
    }
    // The best two, and the recipe that is asked for in any case.
    const best = [...new Set([...rungs[0].slice(0, 2).map(({ trial }) => trial), 1])];
    assertEquals(rungs[1].map(({ trial }) => trial).sort(), best.toSorted());
    assertEquals(begun.slice(3), best.map((trial) => `2.${trial} 2`));

    const table = await Deno.readTextFile(`${out}/tune.csv`);
    const rows = parse(table, { skipFirstRow: true });
    assertEquals(rows.map(({ rung, trial }) => `${rung}.${trial}`), [
      ...rungs.flat().map(({ rung, trial }) => `${rung}.${trial}`),
    ]);
    assertEquals(Number(rows[0].learningRate), rungs[0][0].recipe.learningRate);
    // Sixteen steps of four of six clips are eleven passes: three epochs of five, not the two asked for.
    assertEquals(rungs[1].find(({ trial }) => trial === 1)!.epochs, 3);
    assertEquals(
      rows.map(({ epochs }) => Number(epochs)),
      rungs.flat().map(({ epochs }) => epochs),
    );
    const page = await Deno.readTextFile(`${out}/report.html`);
    for (const trial of rungs[1]) assert(page.includes(trial.out.slice(-8)), trial.out);

    const array = await optionsFor(dir, "array"),
      task = (index: number, of: number) => {
        begun.length = 0;
        return tune({ ...array, onTrial, shard: { index, of } });
      };
    await assertFails(mergeTrials(array.out), /Cannot read \S+array\/tune\.json: /);
    assertEquals(await task(2, 2), {
      ...{ rungs: [], rung: 1, refit: 0.2 },
      missing: ["01", "03"].map((trial) => `${array.out}/rung-1/trial-${trial}`),
    });
    assertEquals(begun, ["1.2 1"]);
    await assertFails(
      mergeTrials(array.out),
      /rung 1 of \S+array as all its runs .*: not rung-1\/trial-01, rung-1\/trial-03$/,
    );
    assertEquals((await task(1, 2)).missing, []);
    assertEquals(begun, ["1.1 1", "1.3 1"]);
    // What is started again finds its part done, and does not run ahead.
    assertEquals([await task(1, 2), begun], [{ rungs: [], rung: 1, refit: 0.2, missing: [] }, []]);
    // Nor does what was begun by a version that had no such setting.
    const { config: written, settings } = JSON.parse(
      await Deno.readTextFile(`${array.out}/tune.json`),
    );
    delete written.initRate;
    await Deno.writeTextFile(
      `${array.out}/tune.json`,
      JSON.stringify({ settings, config: written }),
    );
    assertEquals([await task(1, 2), begun], [{ rungs: [], rung: 1, refit: 0.2, missing: [] }, []]);
    const [config, other] = [1, 3].map((trial) =>
      `${array.out}/rung-1/trial-0${trial}/config.json`
    );
    await Deno.rename(config, `${dir}/config.json`);
    await Deno.copyFile(other, config);
    await assertFails(
      mergeTrials(array.out),
      /Cannot rank \S+trial-01 as it must be a trial of \S+array: recipe\.\w+ was .* and is /,
    );
    await Deno.rename(`${dir}/config.json`, config);
    const first = await mergeTrials(array.out);
    assertEquals(first.next.map(({ rung, trial }) => [rung, trial]), best.map((t) => [2, t]));
    await assertFails(mergeTrials(array.out), /Cannot end rung 2 .*: not rung-2\/trial-0/);
    // An array of another size: each has a trial, and perhaps one has none.
    for (const index of [3, 1, 2]) {
      await task(index, 3);
      assertEquals(begun, best.slice(index - 1, index).map((trial) => `2.${trial} 2`));
    }
    for (let again = 0; again < 2; again++) {
      const ended = await mergeTrials(array.out);
      assertEquals([ended.rungs.length, ended.next], [2, []]);
      assertStrictEquals(await Deno.readTextFile(`${array.out}/tune.csv`), table);
      await Deno.stat(`${array.out}/report.html`);
    }

    begun.length = 0;
    assertEquals((await tune({ ...one, onTrial })).rungs, rungs);
    assertEquals(begun, []);
    await assertFails(tune({ ...one, trials: 5 }), /as trials must be what it began with, 3/);
    await assertFails(tune({ ...one, channels: [4, 8] }), /its channels must be as they were/);
  }));

Deno.test("trials may be cross-validations, whose folds are an array's parts as well", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const optionsOf = async (out: string) => {
      const options = await optionsFor(dir, out),
        recipe = { ...options.recipe, epochs: 1, steps: 0 };
      return { ...options, recipe, folds: 2, trials: 2, rungs: 1 };
    };
    const one = await optionsOf("one"), array = await optionsOf("array"), told: string[] = [];
    const onTrialEnd: TuneOptions["onTrialEnd"] = ({ trial, fold }) =>
      told.push(`${trial}.${fold?.index ?? "all"}`);
    const { rungs: [ranked] } = await tune({ ...one, onTrialEnd });
    assertEquals(told, ["1.1", "1.2", "1.all", "2.1", "2.2", "2.all"]);
    for (const { out, score } of ranked) {
      const { outOfFold } = JSON.parse(await Deno.readTextFile(`${out}/metrics.json`));
      assertEquals([outOfFold.examples, outOfFold.accuracy], [8, score]);
    }
    told.length = 0;
    const missing: string[] = [];
    for (const index of [1, 2, 3]) {
      missing.push(...(await tune({ ...array, onTrialEnd, shard: { index, of: 3 } })).missing);
      if (index === 2) {
        await assertFails(mergeTrials(array.out), /must have ended: not rung-1\/trial-02\/fold-1$/);
      }
    }
    assertEquals(told, ["1.1", "2.2", "1.2", "2.1"]);
    assertEquals(missing.map((out) => out.slice(-15)), [
      ...["trial-01/fold-2", "trial-02/fold-1", "trial-02/fold-1"],
    ]);
    await mergeTrials(array.out);
    const [table, wanted] = await Promise.all(
      [array, one].map(({ out }) => Deno.readTextFile(`${out}/tune.csv`)),
    );
    assertStrictEquals(table, wanted);
  }));

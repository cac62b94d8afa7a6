/** The search for a recipe: what is drawn, who goes on, and what it leaves; whole, in shards, and again. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { checkRecipe, defaultRecipe } from "../../../model/recipe.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { drawTrials, planRungs, searchedSettings } from "../../../run/tune/trials.ts";
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

Deno.test("a search in shards, rung by rung, leaves runs, a table and a page, and is not done twice", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const begun: string[] = [], out = `${dir}/search`;
    const options: TuneOptions = {
      ...{ ...machine, dataset: await openFolder(`${dir}/data`), out, frontEnd, channels: [4, 4] },
      ...{ trials: 3, rungs: 2, keep: 2 },
      recipe: { epochs: 2, steps: 16, batchSize: 4, augmentFactor: 0 },
      onTrial: ({ rung, trial, recipe: { epochs } }) => begun.push(`${rung}.${trial} ${epochs}`),
    };
    const first = await tune({ ...options, shard: { index: 2, of: 2 } });
    assertEquals([first.rungs.length, first.missing], [0, 2]);
    // The last to do its share of a rung sees that it is whole, and begins the next.
    const second = await tune({ ...options, shard: { index: 1, of: 2 } });
    assertStrictEquals(second.rungs.length, 1);
    assert(second.missing >= 1);
    const { rungs, missing } = await tune(options);
    assertStrictEquals(missing, 0);
    assertEquals(begun.slice(0, 3), ["1.2 1", "1.1 1", "1.3 1"]);
    for (const trials of rungs) {
      const scores = trials.map(({ score, loss }) => [-score, loss]);
      assertEquals(scores, scores.toSorted(([a, x], [b, y]) => a - b || x - y));
    }
    // The best two, and the recipe that is asked for in any case.
    const best = [...new Set([...rungs[0].slice(0, 2).map(({ trial }) => trial), 1])].sort();
    assertEquals(rungs[1].map(({ trial }) => trial).sort(), best);
    assertEquals(begun.slice(3).sort(), best.map((trial) => `2.${trial} 2`));

    const rows = parse(await Deno.readTextFile(`${out}/tune.csv`), { skipFirstRow: true });
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

    begun.length = 0;
    assertEquals(await tune(options), { rungs, missing: 0 });
    assertEquals(begun, []);
    await assertFails(tune({ ...options, trials: 5 }), /as trials must be what it began with, 3/);
  }));

/** What is saved of a run: read back as it was, or refused with the name of what is wrong. */
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { Engine } from "../../../model/engine.ts";
import { WeightAverage } from "../../../model/weight_average.ts";
import { isTrained } from "../../../model/operations.ts";
import { weightShapes } from "../../../model/resolve_network.ts";
import { createTally } from "../../../model/trainer.ts";
import { RunError } from "../../../run/run_error.ts";
import { createProgress, type TrainingProgress } from "../../../run/training/training_progress.ts";
import { loadState, saveState } from "../../../run/training/training_state.ts";
import { assertFails } from "../../assert_failure.ts";
import { withFolder } from "../../fixtures.ts";
import { createFakeEngine } from "../../model/fake_engine.ts";

/** An engine with moments; notes whether anything was put into it. */
function createStatefulEngine(): Engine & { touched: boolean } {
  const engine = createFakeEngine(),
    trained = weightShapes(engine.network)
      .filter(isTrained)
      .map(({ name, shape }, i) => ({
        name,
        shape,
        values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.25 + i),
      }));
  const { importWeights } = engine;
  return Object.assign(engine, {
    touched: false,
    exportOptimizer: () =>
      Promise.resolve({ steps: 7, firstMoments: trained, secondMoments: trained }),
    importWeights(this: { touched: boolean }, weights: Parameters<typeof importWeights>[0]) {
      this.touched = true;
      return importWeights(weights);
    },
    importOptimizer(this: { touched: boolean }) {
      this.touched = true;
      return Promise.resolve();
    },
  });
}

/** Saves a state in the middle of the first epoch, with an average. */
async function save(dir: string, more: Partial<TrainingProgress> = {}): Promise<TrainingProgress> {
  const engine = createStatefulEngine(), average = new WeightAverage(0.9);
  await average.update(engine);
  const tally = { ...createTally(), step: 3, rows: 12, examples: 12, lossSum: 8.5 };
  const progress = { ...createProgress(engine.network), tally, ...more };
  await saveState(dir, progress, engine, average);
  return progress;
}

async function load(dir: string, epochs = 5) {
  const engine = createStatefulEngine(), average = new WeightAverage(0.9);
  try {
    return { progress: await loadState(dir, { engine, average, epochs }), average };
  } finally {
    assertStrictEquals(engine.touched, average.updates > 0, "all of it is taken over, or nothing");
  }
}

Deno.test("a state is read back as it was; without one there is nothing", () =>
  withFolder(async (dir) => {
    assertStrictEquals((await load(dir)).progress, undefined);
    const progress = await save(dir);
    const loaded = await load(dir);
    assertEquals(loaded.progress, progress);
    assertStrictEquals(loaded.average.updates, 1);
  }));

Deno.test("a bit that changed in any byte of a state's files is refused with the file's name", () =>
  withFolder(async (dir) => {
    await save(dir);
    const files = [...Deno.readDirSync(`${dir}/last`)].map(({ name }) => name).sort();
    assertEquals(files, ["average.bin", "moments.bin", "state.json", "weights.bin"]);
    for (const name of files) {
      const path = `${dir}/last/${name}`, bytes = await Deno.readFile(path);
      const step = name === "state.json" ? 1 : 97;
      for (let at = 0; at < bytes.length; at += step) {
        const bit = 1 << (at % 8);
        await Deno.writeFile(path, bytes.with(at, bytes[at] ^ bit));
        const error = await assertRejects(
          () => load(dir),
          RunError,
          "",
          `${name}, byte ${at}, bit ${bit}`,
        );
        assert(error.message.startsWith(`Cannot go on from ${path}`), error.message);
      }
      await Deno.writeFile(path, bytes.subarray(1));
      await assertFails(load(dir), /Cannot go on from .*last/);
      await Deno.remove(path);
      if (name === "state.json") assertStrictEquals((await load(dir)).progress, undefined);
      else await assertFails(load(dir), new RegExp(`Cannot go on from .*last.*${name}`));
      await Deno.writeFile(path, bytes);
    }
    await load(dir);
  }));

Deno.test("a state of another version's format says so", () =>
  withFolder(async (dir) => {
    await save(dir);
    const path = `${dir}/last/state.json`, text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"format":2', '"format":3'));
    await assertFails(load(dir), /must be 2: it was written in format 3 by melstream .*another/);
    const { state } = JSON.parse(text);
    await Deno.writeTextFile(path, JSON.stringify(state)); // as the first version wrote it
    await assertFails(load(dir), /must be 2: it was written in format 1, by another version/);
  }));

Deno.test("a state whose numbers cannot be a run's is refused with the number, whoever sealed it", () =>
  withFolder(async (dir) => {
    const tally = createTally();
    for (
      const [more, words] of [
        [{ epoch: 6 }, /its epoch must be a whole number up to 5: current value is 6/],
        [{ epoch: 1.5 }, /its epoch must be/],
        [{ epoch: 1 }, /its number of history rows must be 1: current value is 0/],
        [{ ended: "all epochs" }, /its ended must be absent/],
        [{ seconds: -1 }, /its seconds must be at least 0: current value is -1/],
        [{ classMeans: { sums: [[0]], counts: [0, 0] } }, /its number of class means must be 2/],
        [{ tally: { ...tally, rows: -4 } }, /its tally\.rows must be .*: current value is -4/],
        [{ tally: { ...tally, lossSum: NaN } }, /its tally\.lossSum must be finite/],
      ] as const
    ) {
      await save(dir, more as Partial<TrainingProgress>);
      await assertFails(load(dir), words);
    }
  }));

/** Runs on tones that start from an earlier run's weights. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { openFolder } from "../../../pipeline/sources/folder.ts";
import { readConfig } from "../../../run/config/config_file.ts";
import { RunError } from "../../../run/run_error.ts";
import { readModel } from "../../../run/run_folder.ts";
import { train } from "../../../run/training/train.ts";
import { trainFolds } from "../../../run/training/train_folds.ts";
import type { TrainEvent } from "../../../run/training/train_events.ts";
import { Interrupted, type TrainOptions } from "../../../run/training/train_options.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { withFolder, writeToneDataset } from "../../fixtures.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };
const recipe = { epochs: 2, batchSize: 4, augmentFactor: 0, averageDecay: 0 };

Deno.test("a run starts from another's weights: the last layer where the classes are the same, frozen blocks as they were", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 4);
    const machine = { backend: "cpu", workers: 1 } as const;
    const base = { dataset: await openFolder(`${dir}/data`), ...machine, recipe };
    const narrow = { channels: [6, 8], denseUnits: 10 };
    await train({ ...base, ...narrow, frontEnd, out: `${dir}/first` });
    const first = await readModel(`${dir}/first`), init = `${dir}/first`;

    // No step moves a weight by more than 1e-30: what was kept is the same, what was drawn is not.
    const still = { ...recipe, epochs: 1, learningRate: 1e-30 };
    const notes: string[] = [];
    const options: TrainOptions & { readonly out: string } = {
      ...{ ...base, init, freeze: 1, recipe: still, out: `${dir}/same` },
      onEvent: (event) => event.kind === "start" && notes.push(...event.start.notes),
    };
    await train(options);
    const same = await readModel(`${dir}/same`);
    assertEquals(same.card.frontEnd, first.card.frontEnd, "its features are taken over");
    const isKept = (model: typeof same, name: string) => {
      const find = ({ weights }: typeof same) => weights.find((weight) => weight.name === name)!;
      const { values } = find(first);
      return find(model).values.every((value, i) => Math.abs(value - values[i]) < 1e-20);
    };
    const movesOn = ["batch_norm_2/moving_mean", "batch_norm_2/moving_variance"];
    for (const { name } of same.weights) {
      assertStrictEquals(isKept(same, name), !movesOn.includes(name), name);
    }
    const path = await Deno.realPath(init);
    assertEquals(notes, [
      `starts from ${path}: all layers; the first block stays as it is`,
      `validated on what ${path} was: it was not trained on it`,
    ]);
    const { seenBefore } = await trainFolds({ ...options, folds: 2, out: `${dir}/folds` });

    assertEquals(seenBefore, { run: path, clips: 6 }); // of 8, as it validated on 2

    // Of another seed, as much is set apart as was before: what was trained on is not validated on.
    notes.length = 0;
    const setApart = async (run: string) =>
      (await Deno.readTextFile(`${dir}/${run}/validation.csv`)).match(/^\w+\/\d\.wav/gm);
    await train({ ...options, recipe: { ...still, seed: 3 }, out: `${dir}/seed-3` });
    assertEquals(await setApart("seed-3"), await setApart("first"));
    assertMatch(notes[1], /^validated on what \/.*first was: it was not trained on it$/);

    // Of another draw of what is set apart, some were trained on: their figures say too much.
    notes.length = 0;
    await train({ ...options, splitSeed: 2, validationSplit: 0.5, out: `${dir}/redrawn` });
    assertMatch(notes[1], /^\/.*first was trained on \d of the \d clips to validate on/);

    // Other classes, and clips of another length: the last layer is drawn.
    for (const name of ["train", "test"]) {
      await Deno.rename(`${dir}/data/${name}/low`, `${dir}/data/${name}/deep`);
    }
    notes.length = 0;
    const other: TrainOptions = {
      ...{ ...options, dataset: await openFolder(`${dir}/data`), out: `${dir}/other` },
      ...{ frontEnd: { durationSeconds: 0.4 }, freeze: 2 },
    };
    await train(other);
    const deep = await readModel(`${dir}/other`);
    assertEquals(deep.card.classes, ["deep", "high"]);
    assertEquals(deep.card.frontEnd, { ...frontEnd, durationSeconds: 0.4 });
    for (const { name } of deep.weights) {
      const isNew = name === "logits/kernel"; // the bias begins at 0 anyway
      if (name !== "logits/bias") assertStrictEquals(isKept(deep, name), !isNew, name);
    }
    assert(/all layers but the last, as its classes are others; the first 2 blocks/.test(notes[0]));

    // Stopped before it has a state, and later: it goes on as if it had never stopped.
    const learning = { ...other, recipe: { ...recipe, epochs: 2 }, freeze: 1 };
    await train({ ...learning, out: `${dir}/whole` });
    const parts: TrainOptions = { ...learning, out: `${dir}/parts` };
    let mode: "new" | "resume" = "new";
    for (const kind of ["start", "epoch"] as const) {
      const abort = new AbortController();
      const onEvent = (event: TrainEvent) => event.kind === kind && abort.abort();
      await assertRejects(
        () => train({ ...parts, mode, signal: abort.signal, onEvent }),
        Interrupted,
      );
      mode = "resume";
    }
    await assertFails(train({ ...parts, mode, freeze: 0 }), /its freeze must be as/);
    await train({ ...parts, mode });
    const [made, wanted] = [await readModel(`${dir}/parts`), await readModel(`${dir}/whole`)];
    assertSameBits({ ...made, folder: wanted.folder }, wanted);
    const config = await readConfig(`${dir}/parts/config.json`);
    assertEquals([config.init!.run, config.channels, config.freeze], [path, [6, 8], 1]);

    // At a smaller rate, what is kept moves less, and the last layer as much as ever.
    const slow = { ...other, freeze: 0, recipe: { ...recipe, epochs: 1 } };
    const distances = async (initRate: number) => {
      const run = `${dir}/rate-${initRate}`;
      notes.length = 0;
      await train({ ...slow, initRate, out: run });
      const { weights } = await readModel(run);
      return ["conv_1/kernel", "dense/kernel"].map((name) => {
        const [now, before] = [weights, first.weights].map((of) =>
          of.find((weight) => weight.name === name)!.values
        );
        return Math.hypot(...now.map((value, i) => value - before[i]));
      });
    };
    const whole = await distances(1), small = await distances(0.01);
    assertMatch(notes[0], /; all but the last learn at 0.01 of the rate$/);
    for (const [i, distance] of small.entries()) {
      assert(distance < 0.05 * whole[i], `${distance} and ${whole[i]}`);
    }

    // What contradicts the run is refused in a line.
    const out = `${dir}/refused`;
    const refuse = (more: Partial<TrainOptions>, words: RegExp) =>
      assertFails(train({ ...other, out, ...more }), words);
    await refuse({ frontEnd: { melBands: 64 } }, /melBands must be as it is there, 32: .* 64$/);
    await refuse({ channels: [4, 4] }, /Cannot start from .* as channels must be .* 6,8: .* 4,4$/);
    await refuse({ freeze: 3 }, /freeze must be at most 2, the network's blocks: .* 3$/);
    await refuse({ init: undefined, freeze: 1 }, /init must be a run whose blocks they are/);
    await refuse(
      { init: undefined, freeze: 0, initRate: 0.1 },
      /init must be a run whose layers they are/,
    );
    await refuse({ initRate: 0 }, /initRate must be a number above 0 .* 0$/);
    await refuse({ init: `${dir}/nowhere` }, /Cannot find a model in .*nowhere/);
    await Deno.copyFile(`${dir}/same/best_model/weights.bin`, `${init}/best_model/weights.bin`);
    const changed = await assertRejects(() => train({ ...parts, mode: "resume" }), RunError);
    assert(/its init must be as they were when it began: init\.weights/.test(changed.message));
  }));

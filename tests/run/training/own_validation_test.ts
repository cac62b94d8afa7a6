/** Runs on a data set that itself sets recordings apart to validate on, and on clips without any label. */
import { assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { defaultFrontEnd } from "../../../pipeline/front_end.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { predict } from "../../../run/prediction/predict.ts";
import { readModels } from "../../../run/run_folder.ts";
import { train } from "../../../run/training/train.ts";
import { trainFolds } from "../../../run/training/train_folds.ts";
import { withFolder, writeTone } from "../../fixtures.ts";

const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.4, melBands: 32 };
const machine = { frontEnd, backend: "cpu", workers: 1 } as const;
const recipe = { epochs: 1, batchSize: 4, augmentFactor: 0 };
const idsIn = async (path: string) =>
  parse(await Deno.readTextFile(path)).slice(1).map(([id]) => id);

async function writeTones(dir: string): Promise<void> {
  for (const [set, count] of [["train", 4], ["val", 2]] as const) {
    for (const [label, hz] of [["low", 300], ["high", 1500]] as const) {
      for (let i = 0; i < count; i++) {
        await writeTone(`${dir}/${set}/${label}/${i}.wav`, hz, `${set}${label}${i}`);
      }
    }
  }
}

Deno.test("val/ is what a run validates on, all of train/ is trained on", () =>
  withFolder(async (dir) => {
    await writeTones(`${dir}/data`);
    const dataset = await openDataset({ dir: `${dir}/data` }), out = `${dir}/run`;
    let counts: readonly number[] = [];
    const notices: string[] = [];
    await train({
      ...{ dataset, out, recipe, validationSplit: 0.5, ...machine },
      onEvent(event) {
        if (event.kind === "notice") notices.push(event.text);
        if (event.kind === "start") counts = [event.start.numTrain, event.start.numValidation];
      },
    });
    assertEquals(counts, [8, 4]);
    assertMatch(notices[0], /^the validation share of 0\.5 is not used/);
    const expected = ["val/high/0.wav", "val/high/1.wav", "val/low/0.wav", "val/low/1.wav"];
    assertEquals((await idsIn(`${out}/validation.csv`)).sort(), expected);
  }));

Deno.test("a class of one clip is trained, not validated, and that is said", () =>
  withFolder(async (dir) => {
    await writeTones(`${dir}/data`);
    await Deno.remove(`${dir}/data/val`, { recursive: true });
    await writeTone(`${dir}/data/train/rare/0.wav`, 800, "rare");
    const dataset = await openDataset({ dir: `${dir}/data` }), notes: string[] = [];
    await train({
      ...{ dataset, out: `${dir}/run`, recipe, ...machine },
      onEvent: (event) => event.kind === "start" && notes.push(...event.start.notes),
    });
    assertEquals(notes, ["classes without a clip to validate on, such as rare: 1"]);
  }));

Deno.test("it ends early where no epoch is as good as the highest any more", () =>
  withFolder(async (dir) => {
    // What is validated on says the opposite of what is trained on: the more is learnt, the worse.
    for (const [set, count] of [["train", 8], ["val", 8]] as const) {
      for (const [label, hz] of [["low", 300], ["high", 1500]] as const) {
        const name = set === "train" ? label : label === "low" ? "high" : "low";
        for (let i = 0; i < count; i++) {
          await writeTone(`${dir}/data/${set}/${name}/${i}.wav`, hz, `${set}${label}${i}`);
        }
      }
    }
    const dataset = await openDataset({ dir: `${dir}/data` }), out = `${dir}/run`;
    const patient = { ...recipe, epochs: 40, patience: 3, averageDecay: 0 };
    const result = await train({ dataset, out, recipe: patient, ...machine });
    const { ended, epochs, bestEpoch, refit } = result;
    assertStrictEquals(ended, "early stopping");
    // The last ones are on all clips: a share of those that there were, not of those that were planned.
    assertEquals(refit, { clips: 32, epochs: Math.max(1, Math.round((bestEpoch + 3) / 4)) });
    assertStrictEquals(epochs - refit!.epochs, bestEpoch + 3);
  }));

Deno.test("a cross-validation deals out val/ too, and says so", () =>
  withFolder(async (dir) => {
    await writeTones(`${dir}/data`);
    const dataset = await openDataset({ dir: `${dir}/data` }), notes: string[] = [];
    const result = await trainFolds({
      ...{ dataset, out: `${dir}/run`, folds: 2, recipe, ...machine },
      onEvent(event) {
        if (event.kind === "start") notes.push(...event.start.notes);
      },
    });
    assertStrictEquals(result.outOfFold.examples, 12);
    assertEquals(notes.slice(0, 2), [
      "recordings in val, set apart to validate on: 4",
      "cross-validated: what is set apart in the data set is dealt out to the folds too",
    ]);
  }));

Deno.test("a clip with none of the labels is trained on, validated and scored", () =>
  withFolder(async (dir) => {
    await writeTones(`${dir}/data`);
    const labelsFile = `${dir}/labels.csv`;
    const rows = ["filename,low,high"];
    for (let i = 0; i < 4; i++) rows.push(`low/${i},${i % 2},0`, `high/${i},1,1`);
    await Deno.writeTextFile(labelsFile, `${rows.join("\n")}\nval/low/0,0,0\nval/high/0,0,1\n`);
    const dataset = await openDataset({ dir: `${dir}/data`, labelsFile }), out = `${dir}/run`;
    const balanced = { ...recipe, classWeights: "balanced" } as const;
    const { best } = await train({ dataset, out, recipe: balanced, ...machine });
    assertStrictEquals(best.examples, 2);
    const report = await Deno.readTextFile(`${out}/report.html`);
    assertNotMatch(report, /left out of the figures/);
    const model = await readModels(out), recordings = dataset.validation!;
    const predicted = await predict({ model, recordings, out: `${dir}/s.csv`, workers: 1 });
    assertStrictEquals(predicted.evaluation.examples, 2);
  }));

/** A run on recordings that a CSV file labels, some of them with several labels. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { predict } from "../../../run/prediction/predict.ts";
import { readModels } from "../../../run/run_folder.ts";
import { train } from "../../../run/training/train.ts";
import { trainFolds } from "../../../run/training/train_folds.ts";
import { createTone, encodeWav, withFolder } from "../../fixtures.ts";
import { severalLabels } from "../../model/evaluation/evaluate_rows.ts";

const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };
const readCsv = async (path: string) => parse(await Deno.readTextFile(path));

/** Recordings of a low tone, a high one, or both at once, and the CSV that says which. */
async function writeChords(dir: string, numClips: number): Promise<string> {
  const kinds = [["low"], ["high"], ["high", "low"]];
  let csv = "filename,label,day\n";
  await Deno.mkdir(dir);
  for (let i = 0; i < numClips; i++) {
    const labels = kinds[i % 3], sound = new Float32Array(4000);
    for (const label of labels) {
      const tone = createTone(label === "low" ? 300 : 1500, `${label}${i}`);
      tone.forEach((x, k) => sound[k] += x / labels.length);
    }
    await Deno.writeFile(`${dir}/${i}.wav`, encodeWav(sound, 8000));
    csv += `${i}.wav,${labels.join(";")},${Math.floor(i / 3)}\n`;
  }
  const labelsFile = `${dir}.csv`;
  await Deno.writeTextFile(labelsFile, `${csv}gone.wav,low,\n`);
  return labelsFile;
}

Deno.test("several labels a clip: sigmoid, best by mean average precision, labels joined by ;", () =>
  withFolder(async (dir) => {
    const data = `${dir}/data`, labelsFile = await writeChords(data, 24), out = `${dir}/run`;
    const dataset = await openDataset({ dir: data, labelsFile, groups: "day" });
    const recipe = { epochs: 20, batchSize: 4, augmentFactor: 0 };
    const result = await train({ dataset, out, frontEnd, backend: "cpu", workers: 1, recipe });
    const { classes } = result, best = severalLabels(result.best);
    assertEquals(classes, ["high", "low"]);
    assert(best.meanAveragePrecision! > 0.95, `${best.meanAveragePrecision}`);
    assert(best.labelAccuracy! > Math.max(0.8, best.majorityLabelAccuracy!));
    assertStrictEquals(
      result.nearestMeanAccuracy,
      null,
      "it names one class, so it was not measured",
    );
    const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
    assertEquals([config.labelsFile, config.groups], [labelsFile, "day"]);
    assertStrictEquals(config.network.nodes.at(-1).activation, "sigmoid");
    assertEquals((await readCsv(`${out}/skipped.csv`)).map(([id]) => id), [
      "filename",
      "gone.wav",
    ]);

    const [, ...validated] = await readCsv(`${out}/validation.csv`);
    const days = new Map(dataset.train.map(({ id, group }) => [id, group]));
    const heldDays = new Set(validated.map(([id]) => days.get(id)));
    assertStrictEquals(validated.length, 3 * heldDays.size, "whole days are held out");
    assert(validated.some(([, , label]) => label === "high;low"));

    const [columns, ...history] = await readCsv(`${out}/history.csv`);
    const precisions = history.map((row) =>
      Number(row[columns.indexOf("validationMeanAveragePrecision")])
    );
    assertStrictEquals(precisions[result.bestEpoch - 1], Math.max(...precisions));

    const submission = `${dir}/submission.csv`, probabilities = `${dir}/probabilities.csv`;
    const { evaluation } = await predict({
      model: await readModels(out),
      recordings: dataset.train,
      out: submission,
      probabilities,
      backend: "cpu",
    });
    assertStrictEquals(evaluation.examples, 24);
    assert(severalLabels(evaluation).meanAveragePrecision! > 0.95);
    const rows = await readCsv(submission), scores = await readCsv(probabilities);
    assertEquals(rows.map(([id]) => id), ["filename", ...dataset.train.map(({ id }) => id)]);
    rows.slice(1, -1).forEach(([, label], i) => {
      const [high, low] = scores[i + 1].slice(1).map(Number);
      const above = [high > 0.5 && "high", low > 0.5 && "low"].filter(Boolean);
      assertStrictEquals(label, above.join(";") || (high >= low ? "high" : "low"));
    });
    assert(rows.some(([, label]) => label === "high;low"));
  }));

Deno.test("folds of several labels a clip and of groups", () =>
  withFolder(async (dir) => {
    const data = `${dir}/data`, labelsFile = await writeChords(data, 12);
    const dataset = await openDataset({ dir: data, labelsFile, groups: "day" });
    const recipe = { epochs: 1, batchSize: 4, augmentFactor: 0 };
    const options = { dataset, out: `${dir}/cv`, folds: 2, frontEnd, workers: 1, recipe };
    const { outOfFold, meanAveragePrecision } = await trainFolds({ ...options, backend: "cpu" });
    assertStrictEquals(outOfFold.examples, 12);
    assertStrictEquals(severalLabels(outOfFold).perClass.length, 2);
    assert(meanAveragePrecision!.mean > 0 && meanAveragePrecision!.mean <= 1);
  }));

/** Runs on the annotated stretches of long recordings. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { clipId } from "../../../pipeline/clip.ts";
import { cutDataset } from "../../../pipeline/cut_clips.ts";
import { defaultFrontEnd, type FrontEnd } from "../../../pipeline/front_end.ts";
import { openLocation } from "../../../pipeline/locations/open_location.ts";
import { openDataset } from "../../../pipeline/sources/open_dataset.ts";
import { predictEvents } from "../../../run/prediction/predict_events.ts";
import { readModels } from "../../../run/run_folder.ts";
import { unannotatedClass } from "../../../run/config/background_classes.ts";
import { fingerprintOf } from "../../../run/config/fingerprint.ts";
import { train } from "../../../run/training/train.ts";
import { trainFolds } from "../../../run/training/train_folds.ts";
import { annotatedRateHz, writeAnnotatedRecordings } from "../../annotated_fixture.ts";
import { oneLabel } from "../../model/evaluation/evaluate_rows.ts";
import { assertFails } from "../../assert_failure.ts";
import { recordingAt, withFolder, writeTone } from "../../fixtures.ts";

const frontEnd: FrontEnd = {
  ...defaultFrontEnd,
  sampleRateHz: annotatedRateHz,
  maxHz: annotatedRateHz / 2,
  fftSize: 512,
  hopSamples: 128,
  durationSeconds: 0.5,
  melBands: 32,
};
const recipe = { epochs: 12, batchSize: 8, augmentFactor: 0, learningRate: 0.003 };
const machine = { backend: "cpu", workers: 1 } as const;
/** Enough for two tones. */
const network = { channels: [16, 32], denseUnits: 32 };

const openIn = (dir: string) =>
  openDataset({ dir: `${dir}/data`, labelsFile: `${dir}/annotations.csv` });
const readRows = async (path: string) => parse(await Deno.readTextFile(path));

Deno.test("a run on annotations: windows where the sounds are, a recording on one side, with its background", () =>
  withFolder(async (dir) => {
    await writeAnnotatedRecordings(dir, 5);
    const dataset = await openIn(dir), out = `${dir}/run`, notes: string[] = [];
    const { best, classes } = await train({
      ...{ dataset, out, frontEnd, recipe, backgroundClasses: ["noise"], ...network, ...machine },
      onEvent: (event) => event.kind === "start" && notes.push(...event.start.notes),
    });
    assertEquals(classes, ["high", "low", "noise"]);
    assert(oneLabel(best).accuracy! > 0.95, JSON.stringify(oneLabel(best).confusion));
    assert(notes.includes("windows of 0.5 s over the annotations: 30"), notes.join("\n"));
    assert(
      notes.some((note) => /^windows in which nothing is annotated, as noise: \d+$/.test(note)),
    );

    const [header, ...rows] = await readRows(`${out}/validation.csv`);
    assertEquals(header, ["filename", "path", "label", "start", "end", ...classes]);
    const held = new Set(rows.map(([, path]) => path));
    assertStrictEquals(held.size, 1, "one recording of five, with all its windows");
    const sounds = rows.filter(([, , label]) => label !== "noise");
    const [{ annotations }] = dataset.train.filter(({ id }) => held.has(`${dir}/data/${id}`));
    assertEquals(
      sounds.map(([, , label, start, end]) => [label, Number(start), Number(end)]),
      annotations!.map(({ label, startSeconds, endSeconds }) => [label, startSeconds, endSeconds]),
    );
    const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
    assertEquals([config.minOverlap, config.backgroundClasses], [0.5, ["noise"]]);
    const report = await Deno.readTextFile(`${out}/report.html`);
    assertMatch(report, /What it got most wrong/);

    const told = await predictEvents({
      ...{ model: await readModels(out), recordings: dataset.train, out: `${dir}/events.csv` },
      ...{ format: "csv", hopSeconds: 0.25, mergeSeconds: 0, minScore: 0.5, ...machine },
      report: `${dir}/events.html`,
    });
    const { truths, recordings, perClass, tolerance, segmentSeconds } = told.evaluation!;
    const { meanAveragePrecision } = told.evaluation!;
    assertEquals([truths, recordings], [30, 5]);
    assertEquals(perClass.map(({ name }) => name), ["high", "low"], "background is no event");
    assert(meanAveragePrecision! > 0.9, JSON.stringify(told.evaluation, null, 1));
    assertEquals([tolerance.onsetSeconds, segmentSeconds], [0.5, 0.25]);
    const page = await Deno.readTextFile(`${dir}/events.html`);
    assertMatch(page, /timeline: 6 events annotated/);
  }));

Deno.test("what is not annotated has the first name asked for that nothing is annotated as", () => {
  assertStrictEquals(unannotatedClass(["owl"], null), undefined);
  assertStrictEquals(unannotatedClass(["owl"], true), "background");
  assertStrictEquals(unannotatedClass(["owl", "rain"], ["rain", "quiet"]), "quiet");
  assertStrictEquals(unannotatedClass(["owl", "rain"], ["rain"]), "rain");
});

Deno.test("folds of annotated recordings: every window once, by the model that knows none of its recording", () =>
  withFolder(async (dir) => {
    await writeAnnotatedRecordings(dir, 4);
    const dataset = await openIn(dir), out = `${dir}/folds`;
    const { outOfFold } = await trainFolds({
      ...{ dataset, out, frontEnd, folds: 2, recipe: { ...recipe, epochs: 1 } },
      ...{ ...network, ...machine },
    });
    const [header, ...rows] = await readRows(`${out}/validation.csv`);
    assertEquals(header.slice(0, 5), ["filename", "path", "label", "start", "end"]);
    assertEquals([rows.length, outOfFold.examples], [24, 24]);
    assertStrictEquals(new Set(rows.map(([id]) => id)).size, 24);
    for (const fold of [1, 2]) {
      const [, ...held] = await readRows(`${out}/fold-${fold}/validation.csv`);
      assertStrictEquals(new Set(held.map(([, path]) => path)).size, 2);
    }
  }));

Deno.test("one class is not enough, and the way out is named; so is what is not used", () =>
  withFolder(async (dir) => {
    await writeAnnotatedRecordings(dir, 2);
    const table = `${dir}/annotations.csv`;
    const rows = await Deno.readTextFile(table);
    await Deno.writeTextFile(table, rows.replaceAll(",high", ",low"));
    const dataset = await openIn(dir);
    await assertFails(
      train({ dataset, out: `${dir}/run`, frontEnd, recipe, ...machine }),
      /at least 2 classes: current value is 1 \(--background-class NAME makes one of what is not/,
    );
    await assertFails(
      train({ dataset, out: `${dir}/run`, frontEnd, recipe, windowSeconds: 2, ...machine }),
      /Cannot cut windows as they must be above 0 and at most 0\.5 s long/,
    );
  }));

Deno.test("what lies behind a recording's end is said; a recording that cannot be read is one clip", () =>
  withFolder(async (dir) => {
    await writeTone(`${dir}/a.wav`, 300, "a", { seconds: 2 });
    const a = (startSeconds: number, endSeconds: number) => ({
      startSeconds,
      endSeconds,
      label: "a",
    });
    const recordings = [
      recordingAt(`${dir}/a.wav`, { annotations: [a(0.5, 1), a(1.5, 2.04), a(1.9, 3), a(9, 10)] }),
      recordingAt(`${dir}/gone.wav`, { annotations: [a(0, 1), a(1, 2), a(5, 6)], group: "g" }),
      recordingAt(`${dir}/quiet.wav`),
    ];
    const dataset = { classes: [], train: recordings };
    const { train, notes } = await cutDataset(dataset, frontEnd, { minOverlap: 0.5 }, openLocation);
    assertEquals(train.map((clip) => [clipId(clip), clip.length, clip.group]), [
      ["a.wav@4000", 4000, "a.wav"],
      ["a.wav@12000", 4000, "a.wav"],
      ["gone.wav", 4000, "g"],
      ["quiet.wav", undefined, undefined],
    ]);
    assert(train.every(({ recording }) => !recording.annotations), "each is sent to a thread");
    assertEquals(notes, [
      "windows of 0.5 s over the annotations: 2",
      "sound outside the annotations, left out: 1 s (--background-class NAME makes a class of it)",
      "annotations that reach past the end of their recordings, cut there, such as a.wav: 1",
      "annotations behind the end of their recordings, left out, such as a.wav: 1",
    ]);
  }));

Deno.test("other annotations are another data set: a run on them is not gone on with", () =>
  withFolder(async (dir) => {
    await writeAnnotatedRecordings(dir, 2);
    const before = await openIn(dir), table = `${dir}/annotations.csv`;
    await Deno.writeTextFile(table, (await Deno.readTextFile(table)).replace(",1.5,", ",1.25,"));
    const after = await openIn(dir);
    assertEquals(after.train.map(({ labels }) => labels), before.train.map(({ labels }) => labels));
    assert(await fingerprintOf(after.train) !== await fingerprintOf(before.train));
  }));

/** Pages of every kind, with as many classes and as long names as people have. */
import { parsePolicy } from "../../pipeline/augment/augment.ts";
import { defaultFrontEnd as frontEnd } from "../../pipeline/front_end.ts";
import { createRandom } from "../../pipeline/random.ts";
import { openRecordings } from "../../pipeline/sources/open_recordings.ts";
import { EventEvaluator } from "../../model/evaluation/event_evaluator.ts";
import { fileLocation } from "../../pipeline/locations/location.ts";
import {
  createEventsReport,
  createReport,
  inspectClip,
  inspectFolder,
  type ScoredRecording,
} from "../../report/report.ts";
import { writeTone } from "../fixtures.ts";
import { writeFakeRun } from "./run_fixture.ts";

const words = ["Phylloscopus", "collybita", "song", "far", "rain", "workshop", "door", "2019"];

function namesOf(count: number): string[] {
  const random = createRandom("names", count);
  return Array.from(
    { length: count },
    (_, i) =>
      Array.from({ length: 1 + i % 4 }, () => words[random.integer(words.length)]).join(
        i % 3 === 0 ? "_" : " ",
      ) + ` ${i}`,
  );
}

/** Rows of `validation.csv`, four of a class, most of them named rightly. */
function rowsOf(dir: string, classes: readonly string[], several: boolean, seed: string) {
  const random = createRandom(seed);
  return classes.flatMap((label, truth) =>
    [0, 1, 2, 3].map((i) => {
      const said = random.next() < 0.7 ? truth : random.integer(classes.length);
      const shares = classes.map((_, k) =>
        k === said ? 0.8 : several ? 0.3 * random.next() : 0.2 / (classes.length - 1)
      );
      const labels = several && i === 0
        ? ""
        : several && i === 1
        ? `${label};${classes[0]}`
        : label;
      return [`${label}/${i}.wav`, i === 0 ? `${dir}/tone.wav` : "gone.wav", labels, ...shares];
    })
  );
}

/** Two recordings of which one is gone, with events of every label. */
function scoredRecordings(dir: string, labels: readonly string[]): ScoredRecording[] {
  const random = createRandom("events");
  return ["tone.wav", "gone.wav"].map((id) => {
    const truth = labels.map((label, i) => ({ startSeconds: 3 * i, endSeconds: 3 * i + 1, label }));
    const predicted = truth.map((event) => ({ ...event, score: random.next() }));
    return { recording: { id, location: fileLocation(`${dir}/${id}`) }, truth, predicted };
  });
}

/** Writes the pages to a folder. @returns their names. */
export async function writeSamplePages(dir: string): Promise<string[]> {
  await writeTone(`${dir}/tone.wav`, 440, 1);
  const pages = new Map<string, string>();
  const run = async (name: string, numClasses: number, more: { several?: boolean } = {}) => {
    const classes = namesOf(numClasses), several = more.several ?? false;
    await writeFakeRun(`${dir}/${name}`, {
      classes,
      validation: rowsOf(dir, classes, several, name),
      skipped: [["a long folder/of recordings/bad.wav", "decode", "Cannot decode it: saw none"]],
      epochs: 30,
      scored: name !== "classes-3", // a run of an earlier version has none
      config: {
        ...several ? { spec: { activation: "sigmoid" } } : {},
        ...name.endsWith("-16") ? { backgroundClasses: classes.slice(-1) } : {},
      },
    });
    pages.set(name, await createReport([`${dir}/${name}`], { numMistakes: 3 }));
  };
  await run("classes-3", 3);
  await run("classes-16", 16);
  await run("classes-40", 40);
  await run("classes-120", 120);
  await run("several-16", 16, { several: true });
  await run("several-40", 40, { several: true });
  const classes = namesOf(5), folds = [1, 2, 3];
  const rows = folds.map((fold) => rowsOf(dir, classes, false, `fold ${fold}`));
  const config = { folds: 3 };
  await writeFakeRun(`${dir}/folds`, { classes, validation: rows.flat(), epochs: 0, config });
  for (const fold of folds) {
    const validation = rows[fold - 1], epochs = 5 + fold;
    await writeFakeRun(`${dir}/folds/fold-${fold}`, { classes, validation, epochs });
  }
  pages.set("folds", await createReport([`${dir}/folds`], { numMistakes: 0 }));
  await writeFakeRun(`${dir}/unvalidated`, { classes });
  pages.set("unvalidated", await createReport([`${dir}/unvalidated`]));
  const compared = ["classes-16", "classes-40", "folds", "several-16", "unvalidated"];
  pages.set("comparison", await createReport(compared.map((name) => `${dir}/${name}`)));
  for (const numClasses of [3, 16]) {
    const recordings = scoredRecordings(dir, namesOf(numClasses));
    const evaluator = new EventEvaluator({
      classes: namesOf(numClasses),
      tolerance: { onsetSeconds: 1 },
      segmentSeconds: 1,
    });
    for (const recording of recordings) evaluator.add(recording);
    const evaluation = evaluator.build();
    const page = await createEventsReport({ evaluation, recordings, frontEnd });
    pages.set(`events-${numClasses}`, page);
  }
  const augment = parsePolicy("gain,speed-change,reverb,background-noise");
  pages.set("clip", await inspectClip(`${dir}/tone.wav`, { frontEnd, augment, seed: 1 }));
  for (const name of classes) await writeTone(`${dir}/data/${name}/1.wav`, 300, name);
  await Deno.writeTextFile(`${dir}/data/${classes[0]}/broken.wav`, "no sound");
  const recordings = await openRecordings(`${dir}/data`);
  pages.set("folder", await inspectFolder(`${dir}/data`, recordings, { frontEnd }));
  for (const [name, page] of pages) await Deno.writeTextFile(`${dir}/${name}.html`, page);
  return [...pages.keys()];
}

/** Parts of a job, and their joining: what one process would have written, byte by byte, or a refusal by name. */
import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import type { Recording } from "../../../pipeline/recording.ts";
import { createWindowing } from "../../../pipeline/windows.ts";
import { predict, type PredictOptions } from "../../../run/prediction/predict.ts";
import {
  predictEvents,
  type PredictEventsOptions,
} from "../../../run/prediction/predict_events.ts";
import { mergeParts } from "../../../run/shards/merge_parts.ts";
import { PartIsWhole } from "../../../run/shards/part.ts";
import { writeFeatures } from "../../../run/write_features.ts";
import { assertFails } from "../../assert_failure.ts";
import { encodeWav, recordingAt, withFolder } from "../../fixtures.ts";
import { noise } from "../../pipeline/dsp/signals.ts";
import { createUntrainedModel, frontEnd } from "../untrained_model.ts";

const machine = { backend: "cpu", threads: 1, workers: 1 } as const;
const model = await createUntrainedModel(1), other = await createUntrainedModel(2);

/** Recordings of half a second to two, some of which cannot be read, with names that a CSV file quotes. */
async function writeRecordings(dir: string, count = 12): Promise<Recording[]> {
  await Deno.mkdir(dir, { recursive: true });
  const recordings: Recording[] = [];
  for (let i = 0; i < count; i++) {
    const name = [`${i}.wav`, `${i},"a".wav`, `a${i}.flac`, `${i}\nb.wav`][i % 4];
    const sound = i % 5 === 3
      ? new TextEncoder().encode("no sound")
      : encodeWav(noise(4000 + 2000 * (i % 4), i), 8000);
    await Deno.writeFile(`${dir}/${name}`, sound);
    recordings.push(recordingAt(`${dir}/${name}`));
  }
  return recordings;
}

const read = (path: string) => Deno.readTextFile(path);
const of = 3, shards = Array.from({ length: of }, (_, i) => ({ index: i + 1, of }));

Deno.test("labels, probabilities and skipped clips of shards join to those of one process", () =>
  withFolder(async (dir) => {
    const recordings = (await writeRecordings(`${dir}/in`)).map((recording, i) => ({
      ...recording,
      ...i % 3 > 0 && { labels: [["a", "b", "owl"][i % 2 + i % 3 - 1]], group: `g${i % 2}` },
    }));
    const windowing = createWindowing(frontEnd, { windowSeconds: 0.5 });
    const options = (to: string): PredictOptions => ({
      ...{ ...machine, model, recordings, batchSize: 4 },
      ...{ out: `${dir}/${to}/s.csv`, probabilities: `${dir}/${to}/p.csv` },
      windows: { windowing, aggregate: "mean" },
    });
    const whole = await predict(options("whole"));
    assertStrictEquals(whole.standIns, 2);
    const results = [];
    for (const shard of shards.toReversed()) {
      results.push(await predict({ ...options("parts"), shard }));
    }
    assertStrictEquals(results.reduce((sum, { rows }) => sum + rows, 0), 12);
    const both = { out: `${dir}/x.csv`, probabilities: `${dir}/x.csv` };
    await assertFails(mergeParts([`${dir}/parts/s.csv.parts`], both), /must be two files/);
    const bare = { ...options("bare"), probabilities: undefined, shard: { index: 1, of: 1 } };
    await predict(bare);
    await assertFails(
      mergeParts([`${dir}/bare/s.csv.parts`], { probabilities: `${dir}/p.csv` }),
      /Cannot write \S+p\.csv as the parts must have been made with --probabilities/,
    );
    const merged = await mergeParts([`${dir}/parts/s.csv.parts`]);
    assertEquals([merged.recordings, merged.parts, merged.standIns, merged.skipped], [12, 3, 2, 2]);
    assertEquals(merged.figures, { evaluation: whole.evaluation, unknown: undefined });
    assert(whole.evaluation.examples > 5 && whole.evaluation.foreignExamples > 0);
    for (const name of ["s.csv", "p.csv", "skipped.csv"]) {
      assertStrictEquals(await read(`${dir}/parts/${name}`), await read(`${dir}/whole/${name}`));
    }
    // Parts from wherever they were, in any order, to wherever they are wanted.
    const moved = shards.map(({ index }) => `${dir}/at-${index}`);
    for (const { index } of shards) {
      await Deno.rename(`${dir}/parts/s.csv.parts/${index}-of-3`, moved[index - 1]);
    }
    const out = `${dir}/new/s.csv`, probabilities = `${dir}/new/q.csv`;
    await mergeParts(moved.toReversed(), { out, probabilities });
    await Deno.rename(`${dir}/parts`, `${dir}/elsewhere`);
    await Deno.mkdir(`${dir}/elsewhere/s.csv.parts`, { recursive: true });
    for (const { index } of shards) {
      await Deno.rename(moved[index - 1], `${dir}/elsewhere/s.csv.parts/${index}-of-3`);
    }
    await Deno.remove(`${dir}/elsewhere/s.csv`);
    await mergeParts([`${dir}/elsewhere/s.csv.parts/`], { probabilities });
    assertStrictEquals(await read(`${dir}/elsewhere/s.csv`), await read(`${dir}/whole/s.csv`));
    assertStrictEquals(await read(out), await read(`${dir}/whole/s.csv`));
    assertStrictEquals(await read(probabilities), await read(`${dir}/whole/p.csv`));
  }));

Deno.test("events of shards join to those of one process, as rows, as lines and in files of their own", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(`${dir}/in`);
    const options = (out: string, more: object): PredictEventsOptions => ({
      ...{ ...machine, model, recordings, format: "csv", out: `${dir}/${out}` },
      ...{ windowSeconds: 0.5, top: 2, ...more },
    });
    const shards = [{ index: 1, of: 2 }, { index: 2, of: 2 }];
    for (const format of ["csv", "parquet"] as const) {
      const name = `events.${format}`, more = { format, mergeSeconds: 0 };
      await predictEvents(options(`whole/${name}`, more));
      for (const shard of shards) await predictEvents(options(`parts/${name}`, { ...more, shard }));
      const { kind, skipped } = await mergeParts([`${dir}/parts/${name}.parts`]);
      assertEquals([kind, skipped], ["events", 2]);
      const [one, joined] = await Promise.all(
        ["whole", "parts"].map((folder) => Deno.readFile(`${dir}/${folder}/${name}`)),
      );
      assert(one.length > 500);
      assertEquals(joined, one, format);
    }
    // Files of their own for each recording lie in the folder at once, named as one process names them.
    const more = { format: "audacity", isFolder: true };
    await predictEvents(options("whole/tracks", more));
    for (const shard of shards) await predictEvents(options("parts/tracks", { ...more, shard }));
    await mergeParts([`${dir}/parts/tracks.parts`]);
    const namesIn = (folder: string) =>
      [...Deno.readDirSync(`${dir}/${folder}/tracks`)].map(({ name }) => name).sort();
    assertEquals(namesIn("parts"), namesIn("whole"));
    for (const name of namesIn("whole")) {
      assertStrictEquals(
        await read(`${dir}/parts/tracks/${name}`),
        await read(`${dir}/whole/tracks/${name}`),
      );
    }
    await assertFails(
      predictEvents({
        ...options("x.txt", { format: "audacity", shard: shards[0] }),
        recordings: recordings.slice(0, 1),
      }),
      /as format must be csv, jsonl or parquet for a part of a job/,
    );
    await assertFails(
      predictEvents(options("y.csv", { report: `${dir}/r.html`, shard: shards[0] })),
      /as report must be left out, as a part of a job/,
    );
  }));

Deno.test("features of shards lie in one folder, and their lists join", () =>
  withFolder(async (dir) => {
    const recordings = (await writeRecordings(`${dir}/in`, 8)).map((recording, i) => ({
      ...recording,
      labels: i % 2 ? ["x", "y"] : ["x"],
    }));
    const options = { recordings, frontEnd, workers: 1 };
    await writeFeatures({ ...options, out: `${dir}/whole` });
    const out = `${dir}/parts`;
    for (const shard of shards) await writeFeatures({ ...options, out, shard });
    await mergeParts([`${out}.parts`]);
    const namesIn = (folder: string) =>
      [...Deno.readDirSync(`${dir}/${folder}`)].map(({ name }) => name).sort();
    assertEquals(namesIn("parts"), namesIn("whole"));
    for (const name of namesIn("whole")) {
      assertEquals(
        await Deno.readFile(`${out}/${name}`),
        await Deno.readFile(`${dir}/whole/${name}`),
      );
    }
    const [header, first] = (await read(`${out}/manifest.csv`)).split("\n");
    assertEquals([header, first], ["filename,features,labels", "0.wav,0.wav.npy,x"]);
    await assertFails(mergeParts([`${out}.parts`], { out: dir }), /own files must lie there/);
  }));

Deno.test("a part that is stopped is none; gone on with it is whole, and then it stays", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(`${dir}/in`), [shard] = shards;
    const options = { ...machine, model, recordings, batchSize: 1, out: `${dir}/s.csv` };
    await predict({ ...options, out: `${dir}/whole.csv` });
    for (const other of shards.slice(1)) await predict({ ...options, shard: other });
    const stop = new AbortController();
    const stopping = predict({
      ...{ ...options, shard, signal: stop.signal },
      onRow: (done) => done === 2 && stop.abort(new Error("stopped")),
    });
    await assertFails(stopping, /stopped/);
    const merging = () => mergeParts([`${dir}/s.csv.parts`]);
    await assertFails(
      merging(),
      /all 3 parts must be there: 1 is missing; not whole: .*\/1-of-3 \(go on with it by --resume\)$/,
    );
    await assertFails(predict({ ...options, shard }), /must be gone on with \(--resume\)/);
    await predict({ ...options, shard, resume: true });
    await merging();
    assertStrictEquals(await read(`${dir}/s.csv`), await read(`${dir}/whole.csv`));

    // A scheduler that runs its array again finds it done; another job does not write over it.
    const again = await assertRejects(
      () => predict({ ...options, shard, resume: true }),
      PartIsWhole,
    );
    assertEquals([again.card.shard, again.card.numAll], [shard, 12]);
    await assertFails(predict({ ...options, shard }), /is whole already: keep it \(--resume\), or/);
    await assertFails(
      predict({ ...options, model: other, shard, resume: true }),
      /as model must be what it began with/,
    );
  }));

Deno.test("parts that are missing, doubled, of other jobs or damaged are refused by name", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(`${dir}/in`);
    const write = async (name: string, some: typeof shards, more: Partial<PredictOptions> = {}) => {
      for (const shard of some) {
        const options = { ...machine, model, recordings, out: `${dir}/${name}`, shard };
        await predict({ ...options, ...more });
      }
      return some.map(({ index }) => `${dir}/${name}.parts/${index}-of-3`);
    };
    const parts = await write("a.csv", shards), second = shards.slice(1, 2);
    const [byOther] = await write("b.csv", second, { model: other });
    const [fewer] = await write("c.csv", second, { recordings: recordings.slice(1) });
    const [raw] = await write("d.csv", second, { rawProbabilities: true });
    const cases: [readonly string[], RegExp][] = [
      [[parts[0], parts[2]], /as all 3 parts must be there: 2 is missing$/],
      [
        [...parts, byOther],
        /each part must be there once: part 2 is in \S+\/2-of-3 and \S+b\.csv/,
      ],
      [
        [parts[0], byOther, parts[2]],
        /a\.csv\S+\/1-of-3 and \S+b\.csv\S+\/2-of-3 as their model mu/,
      ],
      [[parts[0], fewer, parts[2]], /as their recordings must be the same: they differ$/],
      [[parts[0], raw, parts[2]], /as their rawProbabilities must be the same: false and true$/],
      [[`${dir}/in`], /no part is whole in/],
      [[`${dir}/none`], /Cannot merge the parts in \S+none: it is not there: name OUT\.parts/],
    ];
    for (const [paths, words] of cases) {
      await assertFails(mergeParts(paths, { out: `${dir}/merged.csv` }), words);
    }
    const damage = async (file: string, change: (text: string) => string, words: RegExp) => {
      const path = `${parts[1]}/${file}`, text = await read(path);
      await Deno.writeTextFile(path, change(text));
      await assertFails(mergeParts(parts, { out: `${dir}/merged.csv` }), words);
      await Deno.writeTextFile(path, text);
    };
    await damage(
      "labels.csv",
      (text) => text.slice(0, -3),
      /labels\.csv as its last row is cut off/,
    );
    await damage(
      "labels.csv",
      (text) => `${text}x.wav,a\n`,
      /labels\.csv as it must have no more ro/,
    );
    await damage(
      "labels.csv",
      (text) => text.replace(/\n.*\n/, "\n"),
      /labels\.csv as it must have a row of/,
    );
    await damage("labels.csv", (text) => text.replace("filename", "id"), /must have the header of/);
    await damage(
      "recordings.csv",
      (text) => text.replace(/,\d+\n/, ",0\n"),
      /recordings\.csv as it must have a place that no|at place \d+ is in none/,
    );
    await damage("part.json", () => "{", /Cannot read \S+part\.json: /);
    await Deno.stat(`${dir}/merged.csv`).then(() => assert(false), () => {}); // whole or not at all
    await mergeParts(parts, { out: `${dir}/merged.csv` });
    assertMatch(await read(`${dir}/merged.csv`), /^filename,label\n0\.wav,/);
  }));

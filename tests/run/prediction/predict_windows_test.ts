/** Predictions over windows: what is written, in every format, whole or gone on with. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { parse } from "../../../deps/std_csv.ts";
import { parquetReadObjects } from "../../../deps/hyparquet.ts";
import { createWindowing } from "../../../pipeline/windows.ts";
import type { Recording } from "../../../pipeline/recording.ts";
import {
  type EventFormatName,
  eventFormats,
  formatOfName,
} from "../../../run/events/event_format.ts";
import { predict, type PredictOptions } from "../../../run/prediction/predict.ts";
import {
  predictEvents,
  type PredictEventsOptions,
} from "../../../run/prediction/predict_events.ts";
import { assertFails } from "../../assert_failure.ts";
import { encodeWav, recordingAt, withFolder } from "../../fixtures.ts";
import { noise } from "../../pipeline/dsp/signals.ts";
import { createUntrainedModel, frontEnd, machine } from "../untrained_model.ts";

const model = await createUntrainedModel(1);

/** Recordings of 2.3, 0.1 and 1 s, one that cannot be read, and one of another format by its name. */
async function writeRecordings(dir: string): Promise<Recording[]> {
  const sounds = { "a.wav": 18_400, "b=1,2.wav": 800, "c.wav": 8000, "a.flac": 4000 };
  for (const [name, length] of Object.entries(sounds)) {
    await Deno.writeFile(`${dir}/${name}`, encodeWav(noise(length, length), 8000));
  }
  await Deno.writeTextFile(`${dir}/broken.wav`, "no sound");
  return [...Object.keys(sounds), "broken.wav"].map((name, i) =>
    recordingAt(`${dir}/${name}`, { labels: [["a", "b"][i % 2]] })
  );
}

const readAll = (dir: string): Record<string, string> =>
  Object.fromEntries(
    [...Deno.readDirSync(dir)].map(({ name, isFile }) => [
      name,
      isFile ? new TextDecoder("latin1").decode(Deno.readFileSync(`${dir}/${name}`)) : "folder",
    ]),
  );

const eventOptions = (
  recordings: readonly Recording[],
  out: string,
  format: EventFormatName,
): PredictEventsOptions => ({
  ...{ ...machine, model, recordings, out, format, batchSize: 2 },
  ...{ windowSeconds: 0.5, hopSeconds: 0.2, top: 2 },
});

Deno.test("every format says the same events, read by other code than wrote them", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(dir);
    const write = async (out: string, format: EventFormatName, isFolder = false) => {
      await predictEvents({ ...eventOptions(recordings, `${dir}/${out}`, format), isFolder });
      return isFolder ? "" : await Deno.readTextFile(`${dir}/${out}`);
    };
    const rows = parse(await write("events.csv", "csv"), { skipFirstRow: true });
    const events = rows.map(({ filename, start, end, label, probability }) => ({
      ...{ filename, start: Number(start), end: Number(end), label },
      probability: Number(probability),
    }));
    // 2.3 s have ten windows of half a second a fifth apart, 0.1 s one, 1 s four, 0.5 s one; two labels each.
    assertEquals(events.length, 2 * (10 + 1 + 4 + 1));
    const [, , third] = events,
      last = events.filter(({ filename }) => filename === "a.wav").at(-1)!;
    assertEquals([third.start, third.end, last.start, last.end], [0.2, 0.7, 1.8, 2.3]);
    assertEquals(events.find(({ filename }) => filename === "b=1,2.wav")?.end, 0.1);

    const lines = (await write("events.jsonl", "jsonl")).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line)), events);
    await write("events.parquet", "parquet");
    const { buffer } = await Deno.readFile(`${dir}/events.parquet`);
    assertEquals(await parquetReadObjects({ file: buffer }), events);

    await write("tracks", "audacity", true);
    await write("tables", "raven", true);
    const own = events.filter(({ filename }) => filename === "c.wav");
    const cells = (path: string) =>
      Deno.readTextFileSync(`${dir}/${path}`).trimEnd().split("\n").map((line) => line.split("\t"));
    assertEquals(
      cells("tracks/c.txt").map(([start, end, label]) => [Number(start), Number(end), label]),
      own.map(({ start, end, label }) => [start, end, label]),
    );
    const [header, ...selections] = cells("tables/c.selections.txt");
    assertEquals(
      selections.map((row) => Object.fromEntries(row.map((cell, i) => [header[i], cell]))),
      own.map(({ start, end, label, probability }, i) => ({
        Selection: `${i + 1}`,
        View: "Spectrogram 1",
        Channel: "1",
        "Begin Time (s)": start.toFixed(6),
        "End Time (s)": end.toFixed(6),
        "Low Freq (Hz)": "0",
        "High Freq (Hz)": "11025",
        "Begin File": "c.wav",
        Annotation: label,
        Score: probability.toFixed(6),
      })),
    );
    // Two recordings of one stem have both their ending; one that cannot be read has an empty file.
    const names = Object.keys(readAll(`${dir}/tables`)).sort();
    assertEquals(names, [
      ...["a.flac.selections.txt", "a.wav.selections.txt", "b=1,2.selections.txt"],
      ...["broken.selections.txt", "c.selections.txt", "skipped.csv"],
    ]);
    assertStrictEquals(cells("tables/broken.selections.txt").length, 1);
  }));

Deno.test("joined events have their mean and peak; the name of a file says its format", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(dir);
    const options = {
      ...eventOptions(recordings, `${dir}/e.csv`, "csv"),
      top: 1,
      mergeSeconds: 10,
    };
    await predictEvents(options);
    const [first] = parse(await Deno.readTextFile(`${dir}/e.csv`), { skipFirstRow: true });
    assertEquals(Object.keys(first), ["filename", "start", "end", "label", "probability", "peak"]);
    assert(Number(first.peak) >= Number(first.probability));
    const names = ["x.csv", "x.JSONL", "x.parquet", "x.txt", "x.selections.txt", "x.wav", "x"];
    assertEquals(names.map(formatOfName), [
      ...["csv", "jsonl", "parquet", "audacity", "raven", undefined, undefined] as const,
    ]);
  }));

Deno.test("events of several recordings are not put where nothing says which is which", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(dir);
    for (const format of ["audacity", "raven"] as const) {
      const out = `${dir}/all${eventFormats[format].suffix}`;
      await assertFails(
        predictEvents(eventOptions(recordings, out, format)),
        /events of 5 recordings .* the format \w+ does not say which one/,
      );
      await predictEvents(eventOptions(recordings.slice(0, 1), out, format));
    }
  }));

/** Ends a prediction after so many recordings. */
function endAfter(count: number): Pick<PredictOptions, "signal" | "onRow"> {
  const abort = new AbortController();
  return {
    signal: abort.signal,
    onRow: (done) => done === count && abort.abort(new Error("stopped by the test")),
  };
}

Deno.test("stopped after any recording and gone on with, a prediction ends as one that was not stopped", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(dir), windowing = createWindowing(frontEnd);
    const jobs: Record<string, (out: string, more: Partial<PredictOptions>) => Promise<unknown>> = {
      events: (out, more) =>
        predictEvents({ ...eventOptions(recordings, `${out}/e.csv`, "csv"), ...more }),
      parquet: (out, more) =>
        predictEvents({ ...eventOptions(recordings, `${out}/e.parquet`, "parquet"), ...more }),
      folder: (out, more) =>
        predictEvents({ ...eventOptions(recordings, out, "raven"), isFolder: true, ...more }),
      labels: (out, more) =>
        predict({
          ...{ ...machine, model, recordings, batchSize: 2 },
          ...{ out: `${out}/s.csv`, probabilities: `${out}/p.csv`, ...more },
        }),
      aggregated: (out, more) =>
        predict({
          ...{ ...machine, model, recordings, batchSize: 2, out: `${out}/s.csv` },
          ...{ windows: { windowing, aggregate: "max" }, probabilities: `${out}/p.csv`, ...more },
        }),
    };
    for (const [name, job] of Object.entries(jobs)) {
      const whole = `${dir}/${name}-whole`, result = await job(whole, {}), files = readAll(whole);
      for (const count of [1, 3]) {
        const out = `${dir}/${name}-${count}`;
        await assertFails(job(out, endAfter(count)), /stopped by the test/);
        await assertFails(job(out, {}), /gone on with \(--resume\) or deleted/);
        const resumed = await job(out, { resume: true });
        assertEquals(readAll(out), files, `${name} after ${count}`);
        assertEquals(resumed, result);
      }
    }
  }));

Deno.test("a recording that is listed twice has two rows; other labels are another prediction", () =>
  withFolder(async (dir) => {
    const [first, second, third] = await writeRecordings(dir),
      windowing = createWindowing(frontEnd);
    const options = { ...machine, model, out: `${dir}/s.csv` };
    for (const windows of [undefined, { windowing, aggregate: "mean" as const }]) {
      const recordings = [first, first, second];
      assertStrictEquals((await predict({ ...options, recordings, windows })).rows, 3);
    }
    const stopped = predict({ ...options, recordings: [first, second, third], ...endAfter(1) });
    await assertFails(stopped, /stopped by the test/);
    const others = [first, { ...second, labels: undefined }, third];
    await assertFails(
      predict({ ...options, recordings: others, resume: true }),
      /as recordings must be what it began with/,
    );
  }));

Deno.test("what all windows say: their mean or their highest, of one window that window's", () =>
  withFolder(async (dir) => {
    const recordings = await writeRecordings(dir), windowing = createWindowing(frontEnd);
    const probabilities = async (windows?: PredictOptions["windows"]) => {
      const paths = { out: `${dir}/s.csv`, probabilities: `${dir}/p.csv` };
      const { standIns } = await predict({ ...machine, model, recordings, ...paths, windows });
      assertStrictEquals(standIns, 1);
      const rows = parse(await Deno.readTextFile(paths.probabilities), { skipFirstRow: true });
      return Object.fromEntries(
        rows.map(({ filename, ...row }) => [filename, Object.values(row).map(Number)]),
      );
    };
    const first = await probabilities();
    const mean = await probabilities({ windowing, aggregate: "mean" });
    const max = await probabilities({ windowing, aggregate: "max" });
    for (const name of ["b=1,2.wav", "a.flac", "broken.wav"]) {
      assertEquals([mean[name], max[name]], [first[name], first[name]]);
    }
    for (const [i, value] of max["a.wav"].entries()) assert(value >= mean["a.wav"][i]);
    assert(max["a.wav"].some((value, i) => value > first["a.wav"][i]));
  }));

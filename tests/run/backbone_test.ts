/** Runs on a backbone: trained, stopped, moved, listened with; its embeddings written and searched. */
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { Backbone } from "../../backbone/backbone.ts";
import { createOnnx } from "../../export/export.ts";
import { createEngine } from "../../model/create_engine.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import {
  clipSamples,
  defaultFrontEnd,
  type FrontEnd,
  numFrames,
} from "../../pipeline/front_end.ts";
import { openCacheFolder } from "../../pipeline/cache/cache_folder.ts";
import { readCsvRows } from "../../pipeline/sources/csv_rows.ts";
import { openFolder } from "../../pipeline/sources/folder.ts";
import { openRecordings, openTestFolder } from "../../pipeline/sources/open_recordings.ts";
import { createWindowing } from "../../pipeline/windows.ts";
import { workersFor } from "../../run/embeddings/embedding_pool.ts";
import { storedSeconds } from "../../run/embeddings/read_embeddings.ts";
import { search } from "../../run/embeddings/search.ts";
import { acquireLock, lockPathOf } from "../../run/files/lock.ts";
import { writeEmbeddings } from "../../run/embeddings/write_embeddings.ts";
import { labelSamples, openLabeller } from "../../run/prediction/labeller.ts";
import { openBackbone } from "../../run/open_backbone.ts";
import { predict } from "../../run/prediction/predict.ts";
import { readModel, readModels, writeModel } from "../../run/run_folder.ts";
import { train } from "../../run/training/train.ts";
import { trainEnsemble } from "../../run/training/train_ensemble.ts";
import { tune } from "../../run/tune/tune.ts";
import type { TrainEvent } from "../../run/training/train_events.ts";
import { trainFolds } from "../../run/training/train_folds.ts";
import { Interrupted, type TrainOptions } from "../../run/training/train_options.ts";
import { defaultRecipe } from "../../model/recipe.ts";
import { encodeModel } from "../../model/saved_model.ts";
import { assertFails } from "../assert_failure.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { createModel } from "../export/models.ts";
import { createTone, encodeWav, withFolder, writeTone, writeToneDataset } from "../fixtures.ts";

const frontEnd: FrontEnd = {
  ...defaultFrontEnd,
  ...{ sampleRateHz: 8000, maxHz: 4000, durationSeconds: 0.5, melBands: 32 },
};
const model = await createModel(frontEnd);
/** A small network that hears half a second and gives 16 numbers, as a file. */
const network = await createOnnx(model, { embedding: true });
/** One that makes other numbers of the same sound. */
const other = await createModel(frontEnd, { seed: 2 });

/** Tones, and that file with its card. */
async function prepare(dir: string, perClass = 8): Promise<{ backbone: Backbone; path: string }> {
  await writeToneDataset(`${dir}/data`, perClass);
  const path = `${dir}/net.onnx`;
  await Deno.writeFile(path, network);
  await Deno.writeTextFile(`${dir}/net.json`, JSON.stringify({ rateHz: 8000, seconds: 0.5 }));
  return { backbone: await openBackbone(path), path };
}

async function optionsFor(
  dir: string,
  backbone: Backbone,
  more: Partial<TrainOptions> = {},
): Promise<TrainOptions & { readonly out: string }> {
  const dataset = await openFolder(`${dir}/data`), recipe = { augmentFactor: 1 };
  return { dataset, backbone, out: `${dir}/run`, workers: 1, recipe, ...more } as
    & TrainOptions
    & { readonly out: string };
}

async function predicted(dir: string, run: string, more: object = {}): Promise<string> {
  const models = await readModels(run);
  const recordings = await openTestFolder(`${dir}/data`, models[0].card.classes);
  await predict({ model: models, recordings, out: `${dir}/out.csv`, workers: 1, ...more });
  return await Deno.readTextFile(`${dir}/out.csv`);
}

Deno.test("a head on a backbone learns tones, labels new ones and windows, and says what it lacks when moved", () =>
  withFolder(async (dir) => {
    const { backbone, path } = await prepare(dir), events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => events.push(event);
    const options = await optionsFor(dir, backbone, { onEvent });
    const result = await train(options);
    assert(result.best.task === "one-label" && result.best.accuracy! > 0.9, `${result.best.loss}`);
    assertEquals([result.ended, result.epochs], ["all penalties", 9]);
    const start = events.find((event) => event.kind === "start")!.start;
    assertMatch(start.backbone!, /^net, 16 numbers a clip, as net\.json says/);
    const last = events.findLast((event) => event.kind === "embedding")!.embedding;
    assertEquals([last.done, last.total, last.kept], [28, 28, 0]); // 12 clips twice, 4 to validate on
    const report = await Deno.readTextFile(`${options.out}/report.html`);
    assertMatch(report, /L2 penalty: an epoch is a head fitted/);
    const labels = await predicted(dir, options.out);
    assertStrictEquals(labels.match(/low\/\d\.wav,low|high\/\d\.wav,high/g)?.length, 6, labels);

    const saved = await readModel(options.out),
      labeller = await openLabeller(saved, { workers: 1 });
    const sounds = [
      ...createTone(300, "x", { seconds: 1 }),
      ...createTone(1500, "y", { seconds: 1 }),
    ];
    const sound = Float32Array.from(sounds);
    const alone = await labelSamples(labeller, sound.slice(8000), 8000);
    await Deno.writeFile(`${dir}/long.wav`, encodeWav(sound, 8000));
    const windowing = createWindowing(labeller.card.frontEnd, { hopSeconds: 0.5 });
    const heard: string[] = [];
    for await (
      const row of labeller.labelWindows(await openRecordings(`${dir}/long.wav`), windowing)
    ) {
      heard.push(labeller.decision.labelsOf(row.probabilities!)[0]);
      if (row.request.clip.start === 8000) {
        row.probabilities!.forEach((p, k) => assert(Math.abs(p - alone[k]) < 1e-3));
      }
    }
    await labeller.close();
    assertEquals(heard, ["low", "low", "high", "high"]);

    await Deno.rename(path, `${dir}/elsewhere.onnx`);
    await assertFails(
      predicted(dir, options.out),
      /its backbone, net \(net\.onnx, .* must be there/,
    );
    assertStrictEquals(
      await predicted(dir, options.out, { backbone: `${dir}/elsewhere.onnx` }),
      labels,
    );
    await Deno.writeFile(
      path,
      await createOnnx(await createModel(frontEnd, { seed: 2 }), {
        embedding: true,
      }),
    );
    await assertFails(predicted(dir, options.out), /net\.onnx is another file/);
    // Damaged in the model: its golden embedding does not come out.
    const { card, weights } = saved, features = card.golden.features.map((x) => x + 1);
    const other = { ...card, golden: { ...card.golden, features } };
    await writeModel(`${dir}/bad/best_model`, encodeModel({ card: other, weights })).catch(
      () => {},
    );
    await Deno.mkdir(`${dir}/bad`);
    await writeModel(`${dir}/bad/best_model`, encodeModel({ card: other, weights }));
    await assertFails(
      predicted(dir, `${dir}/bad`, { backbone: `${dir}/elsewhere.onnx` }),
      /its golden features must come out within/,
    );
    await assertFails(createOnnx(saved), /it hears by a backbone, net/);
  }));

Deno.test("a run that is stopped while it embeds goes on from there; folds and the cache share what is made", () =>
  withFolder(async (dir) => {
    const { backbone, path } = await prepare(dir, 14), abort = new AbortController();
    const cache = openCacheFolder(`${dir}/cache`, 1e9);
    const whole = await train(await optionsFor(dir, backbone, { out: `${dir}/whole`, cache }));
    const counts: number[] = [];
    const onEvent = (event: TrainEvent) => {
      if (event.kind !== "embedding") return;
      if (event.embedding.done === event.embedding.total) counts.push(event.embedding.kept);
      if (event.embedding.done > 20) abort.abort();
    };
    const options = await optionsFor(dir, backbone, { signal: abort.signal, onEvent });
    const stopped = await train(options).catch((error) => error);
    assertStrictEquals(stopped.constructor, Interrupted, String(stopped));
    const { signal: _, ...rest } = options;
    await assertFails(train({ ...rest, mode: "resume", l2: 3 }), /its l2 must be as they were/);
    const other = { ...backbone, network: { sha256: "0".repeat(64) } };
    await assertFails(
      train({ ...rest, mode: "resume", backbone: other }),
      /backbone was net .* and is net/,
    );
    const resumed = await train({ ...rest, mode: "resume" });
    assert(counts[0] >= 21 && counts[0] < 50, `${counts}`);
    assertSameBits(
      { ...await readModel(options.out), folder: "" },
      { ...await readModel(`${dir}/whole`), folder: "" },
    );
    assertEquals(resumed.best, whole.best);
    await assertFails(train({ ...rest, mode: "resume" }), /it has ended: all penalties/);

    counts.length = 0;
    const fewer = { recipe: { augmentFactor: 0 } };
    await train(await optionsFor(dir, backbone, { out: `${dir}/again`, cache, onEvent, ...fewer }));
    assertEquals(counts, [28]);
    counts.length = 0;
    const folds = await optionsFor(dir, backbone, { out: `${dir}/folds`, onEvent, ...fewer });
    const { outOfFold } = await trainFolds({ ...folds, folds: 2, embedBackbone: true });
    assertEquals([counts, outOfFold.examples], [[0, 28], 28]);
    await Deno.remove(path); // Each fold's folder holds it.
    assertMatch(await predicted(dir, folds.out), /low\/1\.wav,low/);
  }));

Deno.test("several labels, a hidden layer, balanced classes; the model's folder holds the backbone", () =>
  withFolder(async (dir) => {
    const { path } = await prepare(dir, 6), rows: string[] = [];
    await Deno.mkdir(`${dir}/mixed`);
    for (let i = 0; i < 16; i++) {
      const low = createTone(300, i), high = createTone(1500, i), has = [i % 4 < 2, i % 4 > 0];
      const sound = low.map((x, k) => (has[0] ? x / 2 : 0) + (has[1] ? high[k] / 2 : 0));
      await Deno.writeFile(`${dir}/mixed/${i}.wav`, encodeWav(sound, 8000));
      rows.push(`${i}.wav,${["low", "high"].filter((_, k) => has[k]).join(";")}\n`);
    }
    await Deno.writeTextFile(`${dir}/labels.csv`, `filename,label\n${rows.join("")}`);
    const { openDataset } = await import("../../pipeline/sources/open_dataset.ts");
    const dataset = await openDataset({ dir: `${dir}/mixed`, labelsFile: `${dir}/labels.csv` });
    const backbone = await openBackbone(path), recipe = { classWeights: "balanced" as const };
    const options = { ...await optionsFor(dir, backbone), dataset, headUnits: 8, l2: 0.1, recipe };
    const { best, epochs } = await train({ ...options, embedBackbone: true, validationSplit: 0.3 });
    assert(best.task === "several-labels" && best.meanAveragePrecision! > 0.8, `${best.loss}`);
    assertStrictEquals(epochs, 1);
    await Deno.remove(path);
    const saved = await readModel(options.out);
    assertEquals(saved.weights.map(({ shape }) => [...shape]), [[16, 8], [8], [8, 2], [2]]);
    const labeller = await openLabeller(saved, { workers: 1 });
    const [high, low] = await labelSamples(labeller, createTone(300, "new"), 8000);
    await labeller.close();
    assert(low > 0.5 && high < 0.5, `${low} ${high}`);
  }));

Deno.test("what decides nothing on a backbone is refused, and so is one that cannot be computed, before there is a folder", () =>
  withFolder(async (dir) => {
    const { backbone } = await prepare(dir, 3);
    assertEquals([1e6, 3e8, 2e9].map((size) => workersFor(size, 16)), [16, 3, 1]);
    const failures: readonly (readonly [object, RegExp])[] = [
      [
        { recipe: { mixup: 0.2 } },
        /mixup must be left out, as its head is fitted to all clips at once/,
      ],
      [{ frontEnd: { melBands: 64 } }, /melBands must be left out, as net hears in its own way/],
      [{ channels: [8] }, /channels must be left out/],
      [{ specAugment: true }, /specAugment must be left out/],
      [{ resizedCrop: 0.5 }, /resizedCrop must be left out/],
      [{ mixSounds: 0.5 }, /mixSounds must be left out/],
      [{ recipe: { steps: 9 } }, /steps must be left out/],
      [{ freeze: 1 }, /freeze must be left out, as a backbone is never trained/],
      [{ initRate: 0.5 }, /initRate must be left out, as a backbone is never trained/],
      [{ init: `${dir}/none` }, /init must be left out, as a backbone has weights of its own/],
      [{ backbone: undefined, l2: 3 }, /l2 must be left out, as no backbone is said/],
      [
        { backbone: { ...backbone, networkBytes: new SharedArrayBuffer(64) } },
        /runtime must be able/,
      ],
    ];
    for (const [more, message] of failures) {
      await assertFails(train(await optionsFor(dir, backbone, more)), message);
    }
    const given = await optionsFor(dir, backbone, { recipe: { augmentFactor: 0 } });
    await assertFails(
      trainEnsemble({ ...given, ensemble: 2 }),
      /headUnits must be above 0 on a backbone, .* all members are the same/,
    );
    await assertFails(tune(given), /backbone must be left out, as its head is fitted to all clips/);
    await Deno.writeTextFile(`${dir}/data/train/low/bad.wav`, "no sound");
    assertStrictEquals(await Deno.stat(`${dir}/run`).catch(() => undefined), undefined);
    const byDefault = { recipe: { epochs: defaultRecipe.epochs } }; // said, and no other than unsaid
    const { skipped } = await train(await optionsFor(dir, backbone, byDefault));
    assertStrictEquals(skipped, 1);
    assertMatch(await Deno.readTextFile(`${dir}/run/skipped.csv`), /bad\.wav,decode/);
    const onHead = await optionsFor(dir, backbone, { backbone: undefined, init: `${dir}/run` });
    await assertFails(train(onHead), /must have a network of its own: it is a head on net/);
    await Deno.mkdir(`${dir}/several/member-1`, { recursive: true });
    const onSeveral = { ...onHead, init: `${dir}/several` };
    await assertFails(train(onSeveral), /holds several: one is .*several\/member-1/);
  }));

Deno.test("a run's own network is a backbone: its pooled features, as the engine has them", () =>
  withFolder(async (dir) => {
    await writeModel(`${dir}/best_model`, encodeModel(model));
    await Deno.writeFile(`${dir}/1.wav`, encodeWav(createTone(700, 1), 8000));
    const backbone = await openBackbone(dir);
    assertEquals([backbone.feeding.size, backbone.card.seconds], [16, 0.5]);
    const out = `${dir}/own.npy`, recordings = await openRecordings(`${dir}/1.wav`);
    await writeEmbeddings({ backbone, recordings, out, skipped: `${dir}/skipped.csv`, workers: 1 });
    const bytes = await Deno.readFile(out), embedding = new Float32Array(bytes.slice(-64).buffer);
    // What follows the pooling, by the engine's own answer for the same features.
    const features = new Float32Array(frontEnd.melBands * numFrames(frontEnd));
    const samples = new Float32Array(clipSamples(frontEnd));
    const view = new DataView((await Deno.readFile(`${dir}/1.wav`)).buffer);
    samples.forEach((_, i) => samples[i] = view.getInt16(44 + 2 * i, true) / 32768);
    (await loadDsp()).createLogMel(frontEnd).compute(samples, features);
    const { card: { network: whole }, weights } = model;
    const { engine } = await createEngine(whole, { weights, backend: "cpu", threads: 1 });
    const expected = await engine.predict(features);
    await engine.dispose();
    const [kernel, bias, last, lastBias] = weights.slice(-4).map(({ values }) => values);
    const hidden = [...bias].map((b, k) =>
      Math.max(0, embedding.reduce((sum, x, j) => sum + x * kernel[j * bias.length + k], b))
    );
    const logits = [...lastBias].map((b, k) =>
      hidden.reduce((sum, x, j) => sum + x * last[j * lastBias.length + k], b)
    );
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    logits.forEach((logit, k) => assert(Math.abs(Math.exp(logit) / sum - expected[k]) < 1e-4));
  }));

Deno.test("one process at a time writes a file of embeddings, and a fault leaves nothing beside it", () =>
  withFolder(async (dir) => {
    const { backbone } = await prepare(dir, 2);
    const recordings = await openRecordings(`${dir}/data`);
    const options = { backbone, recordings, skipped: `${dir}/skipped.csv`, workers: 1 };
    await Deno.mkdir(`${dir}/out`);
    for (const name of ["e.npy", "e.parquet"]) {
      const out = `${dir}/out/${name}`;
      using _other = await acquireLock(lockPathOf(out), out);
      await assertFails(writeEmbeddings({ ...options, out }), /must have one writer at a time/);
    }
    await Deno.mkdir(`${dir}/out/e.csv`);
    await assertFails(
      writeEmbeddings({ ...options, out: `${dir}/out/e.npy` }),
      /e\.csv: it must be a file: it is a folder/,
    );
    assertEquals(await Array.fromAsync(Deno.readDir(`${dir}/out`), ({ name }) => name), ["e.csv"]);

    await Deno.writeTextFile(`${dir}/torn.wav`, "RIFF");
    const torn = { ...options, recordings: await openRecordings(`${dir}/torn.wav`) };
    await assertFails(writeEmbeddings({ ...torn, out: `${dir}/t.npy` }), /none of .* can be read/);
    assertMatch(await Deno.readTextFile(`${dir}/skipped.csv`), /torn\.wav/);
    await writeEmbeddings({ ...options, out: `${dir}/good.npy` });
    assertStrictEquals(await Deno.readTextFile(`${dir}/skipped.csv`), "filename,stage,cause\n");
  }));

Deno.test("embeddings are written as NumPy and Parquet have them; a clip is found in a long recording", () =>
  withFolder(async (dir) => {
    const { backbone } = await prepare(dir, 2), skipped = `${dir}/skipped.csv`;
    await Deno.mkdir(`${dir}/long`);
    const parts = Array.from(
      { length: 24 },
      (_, i) => createTone(i === 13 ? 1500 : 300, i, { seconds: 0.5 }),
    );
    const sound = Float32Array.from(parts.flatMap((part) => [...part]));
    await Deno.writeFile(`${dir}/long/hour.wav`, encodeWav(sound, 8000));
    await Deno.writeTextFile(`${dir}/long/torn.wav`, "RIFF");
    const recordings = await openRecordings(`${dir}/long`);
    const options = { backbone, recordings, skipped, workers: 1, seconds: 0.5, hopSeconds: 0.25 };
    const written = await writeEmbeddings({ ...options, out: `${dir}/e.npy` });
    assertEquals([written.rows, written.size, written.skipped.length], [47, 16, 1]);
    const npy = await Deno.readFile(`${dir}/e.npy`);
    assertMatch(new TextDecoder().decode(npy.subarray(0, 128)), /NUMPY.*'shape': \(47, 16\)/s);
    const table = [];
    for await (const { row } of readCsvRows(`${dir}/e.csv`)) table.push(row);
    assertEquals([table.length, table[0], table[2]], [48, ["filename", "start", "end"], [
      "hour.wav",
      "0.25",
      "0.75",
    ]]);
    await writeEmbeddings({ ...options, out: `${dir}/e.parquet` });
    const { parquetReadObjects } = await import("../../deps/hyparquet.ts");
    const bytes = (await Deno.readFile(`${dir}/e.parquet`)).buffer;
    const rows = await parquetReadObjects({ file: bytes });
    const values = new Float32Array(npy.slice(-47 * 64).buffer);
    assertEquals([rows.length, rows[46].filename, rows[46].start], [47, "hour.wav", 11.5]);
    rows.forEach((row, i) => assertStrictEquals(row.e15, values[16 * i + 15]));

    await writeTone(`${dir}/like.wav`, 1500, "like");
    const like = await openRecordings(`${dir}/like.wav`);
    const found = await search({ ...options, like, label: "bird", top: 5 });
    assertEquals([found.windows, found.skipped.length, found.matches.length], [47, 1, 5]);
    const [first, second] = found.matches;
    assertEquals([first.filename, first.start, first.end, first.label], [
      "hour.wav",
      6.5,
      7,
      "bird",
    ]);
    assert(first.probability > second.probability && first.probability <= 1);
    for (const one of found.matches) {
      const others = found.matches.filter((other) => other !== one);
      assert(
        others.every(({ start, end }) => end <= one.start || start >= one.end),
        "no two overlap",
      );
    }
    const { matches } = await search({ ...options, like, label: "bird", top: 1 });
    assertEquals(matches, [first]);

    // What was embedded once is searched without being heard again: `.npy` holds the same numbers.
    const embeddings = `${dir}/e.npy`, asked = { ...options, like, label: "bird", top: 5 };
    assertEquals(await storedSeconds(embeddings), 0.5);
    const notices: string[] = [], onNotice = (text: string) => void notices.push(text);
    const again = await search({ ...asked, embeddings, onNotice });
    assertEquals([again.matches, again.windows], [found.matches, 47]);
    assertEquals(notices, [
      `recordings that ${embeddings} does not hold, not looked through, such as torn.wav: 1`,
    ]);
    // Of a clip that is longer than a window all is looked for, not its beginning alone.
    const long = [
      ...createTone(2600, 1, { seconds: 0.5 }),
      ...createTone(1500, 13, { seconds: 0.5 }),
    ];
    await Deno.writeFile(`${dir}/late.wav`, encodeWav(Float32Array.from(long), 8000));
    const late = await search({
      ...asked,
      embeddings,
      like: await openRecordings(`${dir}/late.wav`),
    });
    assertEquals([late.matches[0].filename, late.matches[0].start], ["hour.wav", 6.5]);
    const stop = new AbortController();
    const partial = await search({
      ...{ ...asked, embeddings, signal: stop.signal },
      onWindow: (_, end) => end === 7 && stop.abort(),
    });
    assertEquals([partial.isPartial, partial.windows, partial.matches[0]], [true, 27, first]);

    await Deno.writeFile(`${dir}/other.onnx`, await createOnnx(other, { embedding: true }));
    await Deno.rename(`${dir}/net.json`, `${dir}/other.json`);
    const elsewhere = await openRecordings(`${dir}/like.wav`);
    const cut = `${dir}/cut.npy`;
    await Deno.writeFile(cut, npy.subarray(0, npy.length - 4));
    await Deno.copyFile(`${dir}/e.csv`, `${dir}/cut.csv`);
    const short = `${dir}/short.npy`;
    await Deno.writeFile(short, npy);
    await Deno.writeTextFile(`${dir}/short.csv`, "filename,start,end\nhour.wav,0,0.5\n");
    const refused: readonly (readonly [Partial<typeof asked> & object, string, RegExp])[] = [
      [{ backbone: await openBackbone(`${dir}/other.onnx`) }, embeddings, /other numbers of hour/],
      [{ recordings: elsewhere }, embeddings, /those to look through: hour\.wav is not there/],
      [{}, cut, /cut\.npy, .*its end is missing/],
      [{}, short, /short\.csv must have 47 rows: it has 1/],
      [{}, `${dir}/none.npy`, /none\.npy, which embed has to have written: .*none\.npy/],
      [{}, `${dir}/e.parquet`, /must be an \.npy file/],
    ];
    for (const [more, embeddings, message] of refused) {
      await assertFails(search({ ...asked, ...more, embeddings }), message);
    }
  }));

import assert from "node:assert/strict";
import { createModelSpec } from "../../model/model_spec.ts";
import { type ModelCard, modelFormatVersion, type SavedModel } from "../../model/saved_model.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { createCpuEngine } from "../../model/cpu/cpu_engine.ts";
import type { Clip } from "../../pipeline/clip.ts";
import { defaultFrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { createGoldenVector } from "../../run/golden.ts";
import { labelSamples, openLabeller } from "../../run/labeller.ts";
import { clipAt, createTone, encodeWav, withFolder } from "../fixtures.ts";

const frontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

/** A model that has learnt nothing, by a seed. */
async function createModel(seed: number): Promise<SavedModel> {
  const spec = createModelSpec({
    melBands: frontEnd.melBands,
    numFrames: numFrames(frontEnd),
    numClasses: 3,
    dynamicRangeDb: frontEnd.dynamicRangeDb,
  }, { channels: [8, 8] });
  const weights = createInitialWeights(spec, seed);
  const engine = await createCpuEngine(spec, { weights, threads: 1 });
  const golden = await createGoldenVector(frontEnd, engine);
  await engine.dispose();
  const card: ModelCard = {
    formatVersion: modelFormatVersion,
    program: "test",
    spec,
    frontEnd,
    classes: ["a", "b", "c"],
    majorityLabel: "a",
    testShifts: 0,
    golden,
    epoch: 1,
    validationAccuracy: 1,
    validationLoss: 0,
  };
  return { card, weights };
}

const machine = { backend: "wasm", threads: 1, workers: 2 } as const;
const samples = createTone(700, "labeller", { seconds: 4 });

async function withClips(test: (clips: Clip[]) => Promise<void>): Promise<void> {
  await withFolder(async (dir) => {
    await Deno.writeFile(`${dir}/a.wav`, encodeWav(samples, 8000));
    const clips = Array.from(
      { length: 7 },
      (_, i) => ({ ...clipAt(`${dir}/a.wav`), start: 11025 * i }),
    );
    await test(clips);
  });
}

const probabilitiesOf = async (rows: AsyncIterable<{ probabilities?: Float32Array }>) =>
  (await Array.fromAsync(rows)).map(({ probabilities }) => [...probabilities!]);

Deno.test("an open labeller gives the same rows again and again, to several callers at a time", () =>
  withClips(async (clips) => {
    const models = [await createModel(1), await createModel(2)];
    const labeller = await openLabeller(models, machine);
    try {
      const first = await probabilitiesOf(labeller.label(clips));
      assert.equal(first.length, 7);
      assert.notDeepEqual(first[0], first[6]);
      const together = await Promise.all(
        [2, 3, 16].map((batchSize) => probabilitiesOf(labeller.label(clips, { batchSize }))),
      );
      for (const rows of together) assert.deepEqual(rows, first);
      const forward = await probabilitiesOf(labeller.label(clips, { order: "forward" }));
      assert.deepEqual(forward, first);
    } finally {
      await labeller.close();
    }
  }));

Deno.test("sound in memory is labelled as a file with it is", () =>
  withClips(async ([clip]) => {
    const labeller = await openLabeller(await createModel(1), machine);
    try {
      // As the file has it: in 16 bits.
      const rounded = samples.map((x) => Math.round(32767 * x) / 32768);
      const [expected] = await probabilitiesOf(labeller.label([clip]));
      assert.deepEqual([...await labelSamples(labeller, rounded, 8000)], expected);
      await assert.rejects(labelSamples(labeller, new Float32Array(), 8000), /at least one sample/);
    } finally {
      await labeller.close();
    }
  }));

Deno.test("labelling ends where a signal says so, or the reader leaves, and the labeller goes on", () =>
  withClips(async (clips) => {
    const labeller = await openLabeller(await createModel(1), machine);
    try {
      const abort = new AbortController();
      let rows = 0;
      const labelling = async () => {
        for await (const _ of labeller.label(clips, { signal: abort.signal, batchSize: 2 })) {
          if (++rows === 3) abort.abort(new Error("enough"));
        }
      };
      await assert.rejects(labelling, /enough/);
      assert.equal(rows, 3);
      for await (const _ of labeller.label(clips, { batchSize: 2 })) break;
      assert.equal((await Array.fromAsync(labeller.label(clips))).length, 7);
    } finally {
      await labeller.close();
    }
  }));

import { assertEquals, assertNotEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { LabelledRow } from "../../../model/label_rows.ts";
import type { Clip } from "../../../pipeline/clip.ts";
import { labelSamples, openLabeller } from "../../../run/prediction/labeller.ts";
import { decodeFile } from "../../../pipeline/decode/decode_file.ts";
import { createWindowing } from "../../../pipeline/windows.ts";
import { assertFails } from "../../assert_failure.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { clipAt, createTone, encodeWav, recordingAt, withFolder } from "../../fixtures.ts";
import { fixturePath } from "../../pipeline/decode/fixtures.ts";
import { noise } from "../../pipeline/dsp/signals.ts";
import { createUntrainedModel, frontEnd, machine } from "../untrained_model.ts";

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

const probabilitiesOf = async (rows: AsyncIterable<LabelledRow>) =>
  (await Array.fromAsync(rows)).map(({ probabilities }) => [...probabilities!]);

Deno.test("an open labeller gives the same rows again and again, to several callers at a time", () =>
  withClips(async (clips) => {
    const models = [await createUntrainedModel(1), await createUntrainedModel(2)];
    const labeller = await openLabeller(models, machine);
    try {
      const first = await probabilitiesOf(labeller.label(clips));
      assertStrictEquals(first.length, 7);
      assertNotEquals(first[0], first[6]);
      const together = await Promise.all(
        [2, 3, 16].map((batchSize) => probabilitiesOf(labeller.label(clips, { batchSize }))),
      );
      for (const rows of together) assertSameBits(rows, first);
      const forward = await probabilitiesOf(labeller.label(clips, { order: "forward" }));
      assertSameBits(forward, first);
    } finally {
      await labeller.close();
    }
  }));

Deno.test("sound in memory is labelled as a file with it is", () =>
  withClips(async ([clip]) => {
    const labeller = await openLabeller(await createUntrainedModel(1), machine);
    try {
      // As the file has it: in 16 bits.
      const rounded = samples.map((x) => Math.round(32767 * x) / 32768);
      const [expected] = await probabilitiesOf(labeller.label([clip]));
      assertSameBits([...await labelSamples(labeller, rounded, 8000)], expected);
      await assertFails(labelSamples(labeller, new Float32Array(), 8000), /at least one sample/);
    } finally {
      await labeller.close();
    }
  }));

Deno.test("labelling ends where a signal says so, or the reader leaves, and the labeller goes on", () =>
  withClips(async (clips) => {
    const labeller = await openLabeller(await createUntrainedModel(1), machine);
    try {
      const abort = new AbortController();
      let rows = 0;
      const labelling = async () => {
        for await (const _ of labeller.label(clips, { signal: abort.signal, batchSize: 2 })) {
          if (++rows === 3) abort.abort(new Error("enough"));
        }
      };
      await assertFails(labelling(), /enough/);
      assertStrictEquals(rows, 3);
      for await (const _ of labeller.label(clips, { batchSize: 2 })) break;
      assertStrictEquals((await Array.fromAsync(labeller.label(clips))).length, 7);
    } finally {
      await labeller.close();
    }
  }));

Deno.test("windows: every recording to its end, whatever its header says, and one row of one that cannot be read", () =>
  withFolder(async (dir) => {
    const long = noise(Math.round(8000 * 2.3)), lying = encodeWav(long, 8000);
    const view = new DataView(lying.buffer);
    view.setUint32(40, 2 * 8000 * 7200, true); // two hours, of which 2.3 s are there
    await Deno.writeFile(`${dir}/lying.wav`, lying);
    await Deno.writeFile(`${dir}/short.wav`, encodeWav(noise(800), 8000));
    await Deno.writeFile(`${dir}/whole.wav`, encodeWav(noise(8000), 8000));
    await Deno.writeTextFile(`${dir}/broken.wav`, "no sound");
    const noLength = fixturePath("mp3_joint_stereo.mp3"); // its length is only told by decoding it
    const { samples: sound, sampleRateHz } = await decodeFile(noLength);
    const seconds = sound.length / sampleRateHz;
    const recordings = [
      ...["lying.wav", "short.wav", "broken.wav", "whole.wav"].map((name) => `${dir}/${name}`),
      noLength,
    ].map((path) => recordingAt(path));
    const windowing = createWindowing(frontEnd, { hopSeconds: 0.25 });
    const labeller = await openLabeller(await createUntrainedModel(1), machine);
    try {
      const starts: Record<string, number[]> = {};
      for await (const row of labeller.labelWindows(recordings, windowing, { batchSize: 4 })) {
        const { recording: { id }, start } = row.request.clip;
        (starts[id] ??= []).push(row.failure ? -1 : start / windowing.hop);
      }
      const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
      assertEquals(starts, {
        "lying.wav": upTo(9), // the ninth, from 2 s, is the first to reach the end
        "short.wav": [0],
        "broken.wav": [-1],
        "whole.wav": upTo(3),
        "mp3_joint_stereo.mp3": upTo(1 + Math.ceil((seconds - 0.5) / 0.25)),
      });
    } finally {
      await labeller.close();
    }
  }));

Deno.test("a window that is longer than the model hears, or a hop of nothing, is refused", () => {
  assertFails(() => createWindowing(frontEnd, { windowSeconds: 0.6 }), /at most 0\.5 s/);
  assertThrows(() => createWindowing(frontEnd, { windowSeconds: 0 }), RangeError);
  assertFails(
    () => createWindowing(frontEnd, { hopSeconds: 0 }),
    /above 0 s: current value is 0/,
  );
  assertEquals(createWindowing(frontEnd, { hopSeconds: 0.1 }), {
    length: 11025,
    hop: 2205,
    sampleRateHz: 22050,
  });
});

/** Recordings that cannot be read: how many are too many, what they have in common, and going on afterwards. */
import threads, { type WorkerOptions } from "node:worker_threads";
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { openFolder } from "../../pipeline/sources/folder.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import { describeFailures } from "../../run/common_cause.ts";
import { ErrorBudget } from "../../run/error_budget.ts";
import type { FaultSettings } from "../../run/config/fault_settings.ts";
import { predict } from "../../run/prediction/predict.ts";
import { train } from "../../run/training/train.ts";
import { countOf, countOrShare } from "../../settings/value_range.ts";
import { assertFails } from "../assert_failure.ts";
import { clipAt, encodeWav, recordingAt, withFolder, writeToneDataset } from "../fixtures.ts";
import { noise } from "../pipeline/dsp/signals.ts";
import { createUntrainedModel, frontEnd, machine } from "./untrained_model.ts";

const failureOf = (id: string, why = "expected RIFF, saw 12 bytes"): ClipFailure => ({
  request: { clip: clipAt(`/data/${id}`, { id }), epoch: 0, copy: 0 },
  stage: "decode",
  message: `Cannot decode /data/${id}: ${why}`,
});

Deno.test("a number or a share of recordings may be unreadable, each counted once", () => {
  const lastOf = (settings: Partial<FaultSettings>, ids: readonly string[]) => {
    const budget = new ErrorBudget(settings, 40, "skipped.csv");
    return ids.map((id) => budget.spend(failureOf(id))).at(-1);
  };
  const three = ["a", "b", "b", "c"];
  assertStrictEquals(lastOf({}, three), undefined);
  for (const maxErrors of [3, "7.5%"] as const) {
    assertStrictEquals(lastOf({ maxErrors }, three), undefined);
    const { message } = lastOf({ maxErrors }, [...three, "d"])!;
    assertMatch(message, /^Cannot go on as at most (3|7\.5%) of 40 recordings may be unreadable/);
    assertMatch(message, /: 4 are so far\. 4 of 4 say «.*» \(see skipped\.csv\)$/);
  }
  assertMatch(lastOf({ onError: "fail" }, ["a"])!.message, /\(--on-error\): .*\/data\/a: expected/);

  for (const bad of [-1, 0.5, "5", "101%", "-1%", "x%", "%"]) {
    assert(!countOrShare.contains(bad), `${bad}`);
  }
  assertEquals(["5%", "12"].map(countOrShare.parse), ["5%", 12]);
  assertEquals([countOf("5%", 199), countOf("0%", 10), countOf(7, 3)], [9, 0, 7]);
});

Deno.test("what most failures share is said: cause, folder, ending", () => {
  const failures = [
    ...Array.from({ length: 7 }, (_, i) => failureOf(`day/cam-3/${i}.mp3`, `saw ${i} frames`)),
    failureOf("day/cam-3/8.wav", "saw nothing"),
    failureOf("9.wav", "saw nothing"),
  ];
  assertStrictEquals(
    describeFailures(failures),
    "7 of 9 say «Cannot decode …: saw 6 frames»; 8 of 9 lie in day/cam-3/; 7 of 9 end in .mp3",
  );
  const damaged = ["ID3", "RIFX", "ID3"].map((seen, i) =>
    failureOf(`${i}.wav`, `expected WAV or FLAC, saw ${seen}`)
  );
  assertMatch(describeFailures(damaged), /^3 of 3 say «Cannot decode …: expected WAV or FLAC»; /);
  assertMatch(
    describeFailures([failureOf("a.wav", "one"), failureOf("b.mp3", "two")]),
    /^nothing in common: the last says «Cannot decode …: two»$/,
  );
});

Deno.test("a prediction with too many unreadable recordings stops, and goes on with more patience", () =>
  withFolder(async (dir) => {
    const model = await createUntrainedModel(1), names: string[] = [];
    for (let i = 0; i < 12; i++) {
      names.push(`${i}.wav`);
      const bytes = i % 3 === 2
        ? new TextEncoder().encode("no sound")
        : encodeWav(noise(800, i), 8000);
      await Deno.writeFile(`${dir}/${i}.wav`, bytes);
    }
    const recordings = names.map((name) => recordingAt(`${dir}/${name}`));
    const options = { ...machine, model, recordings, batchSize: 2 };
    const whole = await predict({ ...options, out: `${dir}/whole/s.csv` });
    assertEquals([whole.rows, whole.standIns], [12, 4]);

    const out = `${dir}/parts/s.csv`;
    await assertFails(
      predict({ ...options, out, maxErrors: "20%" }),
      /at most 20% of 12 .*: 3 are so far\. 3 of 3 say «.*»; 3 of 3 end in \.wav \(see .*\/parts\/skipped\.csv\)\. Go on .* with --resume$/,
    );
    const named = await Deno.readTextFile(`${dir}/parts/skipped.csv`);
    assertEquals(named.trimEnd().split("\n").length, 1 + 3);
    const resumed = { ...options, out, resume: true };
    await assertFails(predict({ ...resumed, onError: "fail" }), /\(--on-error\): .*8\.wav/);
    // It can be read meanwhile: what was noted of it holds no more.
    await Deno.writeFile(`${dir}/8.wav`, encodeWav(noise(800, 8), 8000));
    await assertFails(predict({ ...resumed, maxErrors: 2 }), /: 3 are so far/);
    const { standIns, skipped } = await predict({ ...resumed, maxErrors: 3 });
    assertStrictEquals(standIns, 3);
    const failing = skipped.map(({ request }) => request.clip.recording.id);
    assertEquals(failing, ["2.wav", "5.wav", "11.wav"]);
  }));

Deno.test("a training run with too many unreadable recordings stops, names them, and can be resumed", () =>
  withFolder(async (dir) => {
    await writeToneDataset(`${dir}/data`, 6);
    for (const i of [1, 2, 3]) await Deno.writeTextFile(`${dir}/data/train/low/${i}.wav`, "none");
    const dataset = await openFolder(`${dir}/data`), out = `${dir}/run`;
    const recipe = { epochs: 1, batchSize: 4, augmentFactor: 1 }, channels = [4, 4];
    const options = { ...machine, dataset, out, frontEnd, recipe, channels };
    await assertFails(
      train({ ...options, maxErrors: "20%" }),
      /at most 20% of 12 recordings .*: 3 are so far\. 3 of 3 say .* lie in low\//,
    );
    const named = await Deno.readTextFile(`${out}/skipped.csv`);
    assertEquals(named.trimEnd().split("\n").length, 1 + 3);
    const { skipped } = await train({ ...options, mode: "resume", maxErrors: 3 });
    assertStrictEquals(skipped, 3);
  }));

Deno.test("a clip that kills its thread, or keeps it silent, costs its own row and is named with the cause", () =>
  withFolder(async (dir) => {
    const { Worker } = threads, model = await createUntrainedModel(1);
    // Feature workers do what a clip's name says, and make no features.
    threads.Worker = class extends Worker {
      constructor(_: string | URL, options?: WorkerOptions) {
        super(new URL("../workers/faulty_worker.ts", import.meta.url), options);
      }
    };
    try {
      const recordings = ["a", "kills", "b", "silences", "c"].map((id) =>
        recordingAt(`/data/${id}`)
      );
      const options = { ...machine, model, recordings, clipTimeout: 0.5 };
      const { rows, standIns, skipped } = await predict({ ...options, out: `${dir}/s.csv` });
      assertEquals([rows, standIns], [5, 2]);
      const [killed, silenced] = skipped.map(({ message }) => message);
      assertMatch(killed, /^Cannot use \/data\/kills: its worker died \(.*out of memory\)$/);
      assertStrictEquals(
        silenced,
        "Cannot use /data/silences: its worker gave no answer for 0.5 s",
      );
      await assertFails(
        predict({ ...options, out: `${dir}/t.csv`, maxErrors: 1 }),
        /at most 1 of 5 .*: 2 are so far\. nothing in common: the last says «Cannot use …: its worker/,
      );
    } finally {
      threads.Worker = Worker;
    }
  }));

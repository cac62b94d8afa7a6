import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import {
  predictEvents,
  type PredictEventsOptions,
} from "../../../run/prediction/predict_events.ts";
import { assertFails } from "../../assert_failure.ts";
import { recordingAt, withFolder, writeTone } from "../../fixtures.ts";
import { createUntrainedModel, machine } from "../untrained_model.ts";

const model = await createUntrainedModel(1);

/** Three recordings of 2 s, the second of which nobody annotated. */
async function optionsIn(dir: string): Promise<PredictEventsOptions> {
  for (const i of [0, 1, 2]) await writeTone(`${dir}/${i}.wav`, 300, i, { seconds: 2 });
  const annotations = ["a", "b", "c", "wren"].map((label, i) => ({
    ...{ startSeconds: 0.5 * i, endSeconds: 0.5 * i + 0.3, label },
  }));
  const recordings = [0, 1, 2].map((i) =>
    recordingAt(`${dir}/${i}.wav`, i === 1 ? {} : { annotations })
  );
  return { ...machine, model, recordings, out: `${dir}/events.csv`, format: "csv", batchSize: 2 };
}

Deno.test("events are scored against annotations, and shown beside them", () =>
  withFolder(async (dir) => {
    const options = await optionsIn(dir), report = `${dir}/events.html`;
    const { events, evaluation } = await predictEvents({ ...options, report });
    assertStrictEquals(events, 12, "four windows of three recordings");
    const { recordings, truths, foreignTruths, predicted, tolerance } = evaluation!;
    assertEquals([recordings, truths, foreignTruths, predicted], [2, 8, 2, 8]);
    assertStrictEquals(tolerance.onsetSeconds, 0.5, "a window");
    const page = await Deno.readTextFile(report);
    assertMatch(page, /8 events annotated in 2 recordings, 8 predicted/);
    assertStrictEquals(
      page.match(/aria-label="timeline: 4 events annotated, 4 predicted"/g)?.length,
      2,
    );
    const strict = await predictEvents({ ...options, toleranceSeconds: 0 });
    assert(strict.evaluation!.events.f1! <= evaluation!.events.f1!);
  }));

Deno.test("a prediction that is gone on with is scored whole", () =>
  withFolder(async (dir) => {
    const options = await optionsIn(dir), whole = await predictEvents(options);
    for (const count of [1, 2]) {
      const out = `${dir}/stopped.csv`, abort = new AbortController();
      const onRow = (done: number) => done === count && abort.abort(new Error("stopped"));
      const stopped = predictEvents({ ...options, out, signal: abort.signal, onRow });
      await assertFails(stopped, /stopped/);
      const { evaluation } = await predictEvents({ ...options, out, resume: true });
      assertEquals(evaluation, whole.evaluation, `after ${count}`);
    }
  }));

Deno.test("without annotations nothing is scored, and a page of that is refused", () =>
  withFolder(async (dir) => {
    const options = await optionsIn(dir), recordings = options.recordings.slice(1, 2);
    const { evaluation } = await predictEvents({ ...options, recordings });
    assertStrictEquals(evaluation, undefined);
    await assertFails(
      predictEvents({ ...options, recordings, report: `${dir}/events.html` }),
      /report must be left out, as no recording has annotations to score by/,
    );
  }));

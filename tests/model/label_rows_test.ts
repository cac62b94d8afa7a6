import { assert, assertEquals, assertRejects } from "@std/assert";
import { labelRows } from "../../model/label_rows.ts";
import type { Batch, BatchRow } from "../../pipeline/batch.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { createStageMs } from "../../pipeline/stage_ms.ts";
import { clipAt } from "../fixtures.ts";
import { createFakeEngine } from "./fake_engine.ts";

/** One batch of as many clips as there are marks; a clip with none failed. */
async function* batchesOf(marks: readonly (number | undefined)[]): AsyncGenerator<Batch> {
  const requests = marks.map((_, i): FeatureRequest => ({
    clip: clipAt(`${i}`),
    epoch: 0,
    copy: 0,
  }));
  const rows = requests.map((request, i): BatchRow =>
    marks[i] === undefined
      ? { request, failure: { request, stage: "decode", message: "no sound" } }
      : { request }
  );
  const inputs = marks.filter((mark) => mark !== undefined).flatMap((mark) => [
    mark,
    ...Array(31).fill(0),
  ]);
  yield await Promise.resolve({
    ...{ inputs: Float32Array.from(inputs), rows, stageMs: createStageMs() },
    clips: rows.filter(({ failure }) => !failure).map(({ request }) => request),
    release() {},
  });
}

Deno.test("rows keep their order, and a clip that failed takes no other's answer", async () => {
  const engine = createFakeEngine(([mark]) => [mark, 1 - mark]);
  const answers: (number | undefined)[] = [];
  for await (const { probabilities } of labelRows(engine, batchesOf([0.25, undefined, 0.75]))) {
    answers.push(probabilities?.[0]);
  }
  assertEquals(answers, [0.25, undefined, 0.75]);
});

Deno.test("an answer that is no number never leaves", async () => {
  for (const value of [NaN, Infinity]) {
    const engine = createFakeEngine(([mark]) => [0.5, mark === 1 ? value : 0.5]);
    const words = `every probability must be finite: that of example 1 for class 1 is ${value}`;
    const { message } = await assertRejects(
      () => Array.fromAsync(labelRows(engine, batchesOf([0, 1, 0]))),
      Error,
    );
    assert(message.endsWith(words), message);
  }
});

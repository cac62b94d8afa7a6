import { assertEquals, assertStrictEquals } from "@std/assert";
import { createClassMeans, NearestMean } from "../../../model/evaluation/nearest_mean.ts";
import { createStageMs } from "../../../pipeline/stage_ms.ts";
import { clipAt } from "../../fixtures.ts";
import type { Batch } from "../../../pipeline/batch.ts";

/** A batch of clips of two bands and three frames, each with one level a band. */
function batchOf(...clips: { label: string; levels: [number, number]; copy?: number }[]): Batch {
  return {
    inputs: Float32Array.from(clips.flatMap(({ levels: [a, b] }) => [a - 1, a, a + 1, b, b, b])),
    clips: clips.map(({ label, copy = 0 }, i) => ({
      clip: clipAt(`${i}`, { labels: [label] }),
      epoch: 0,
      copy,
    })),
    rows: [],
    stageMs: createStageMs(),
    release: () => {},
  };
}

Deno.test("a clip gets the class of the nearest mean spectrum; copies teach nothing", () => {
  const means = createClassMeans(3, 2);
  const baseline = new NearestMean(means, ["a", "b", "never seen"]);
  baseline.learn(batchOf({ label: "a", levels: [-10, -60] }, { label: "b", levels: [-60, -10] }));
  baseline.learn(batchOf({ label: "a", levels: [-20, -60] }));
  baseline.learn(batchOf({ label: "a", levels: [70, 70], copy: 1 }));
  assertEquals(means, { sums: [[-30, -120], [-60, -10], [0, 0]], counts: [2, 1, 0] });
  assertStrictEquals(baseline.accuracy, null, "not measured yet");
  baseline.test(batchOf(
    { label: "a", levels: [-16, -50] },
    { label: "b", levels: [-50, -16] },
    { label: "b", levels: [-14, -60] },
    { label: "never seen", levels: [0, 0] },
  ));
  assertStrictEquals(baseline.accuracy, 2 / 4);
});

Deno.test("what was learnt goes on from its plain data", () => {
  const means = createClassMeans(2, 2);
  new NearestMean(means, ["a", "b"]).learn(batchOf({ label: "a", levels: [-10, -60] }));
  const baseline = new NearestMean(JSON.parse(JSON.stringify(means)), ["a", "b"]);
  baseline.learn(batchOf({ label: "b", levels: [-60, -10] }));
  baseline.test(batchOf({ label: "a", levels: [-11, -61] }, { label: "b", levels: [-50, -9] }));
  assertStrictEquals(baseline.accuracy, 1);
});

import { assertEquals, assertStrictEquals } from "@std/assert";
import { evaluate } from "../../../model/evaluation/evaluate.ts";
import type { Batch } from "../../../pipeline/batch.ts";
import { createStageMs } from "../../../pipeline/stage_ms.ts";
import { createConvNetwork } from "../../../model/conv_network.ts";
import { clipAt } from "../../fixtures.ts";
import { oneLabel, severalLabels } from "./evaluate_rows.ts";

const classes = ["a", "b"];

/** A batch of clips with these labels, of which the last failed. */
function batchesOf(...labels: (readonly string[] | undefined)[]): ReadableStream<Batch> {
  const requests = labels.map((labels, i) => ({
    clip: clipAt(`${i}`, { labels, group: `${i}` }),
    epoch: 0,
    copy: 0,
  }));
  const clips = requests.slice(0, -1), last = requests.at(-1)!;
  const failure = { request: last, stage: "decode" as const, message: "no sound" };
  const rows = [...clips.map((request) => ({ request })), { request: last, failure }];
  const inputs = new Float32Array(clips.length);
  return ReadableStream.from([{ inputs, clips, rows, stageMs: createStageMs(), release() {} }]);
}

/** Says of every clip that it is `a`. */
function predictorOf(activation: "softmax" | "sigmoid") {
  const network = createConvNetwork({
    ...{ melBands: 2, numFrames: 2, numClasses: 2, channels: [1], activation },
  });
  return {
    network,
    predict: (inputs: Float32Array) =>
      Promise.resolve(
        Float32Array.from({ length: 2 * inputs.length }, (_, i) => i % 2 ? 0.25 : 0.75),
      ),
  } as unknown as Parameters<typeof evaluate>[0];
}

Deno.test("one label a clip: classes that the model lacks are wrong; what is not known is not asked", async () => {
  const told: (string | undefined)[] = [];
  const batches = batchesOf(["a"], ["wolf"], undefined, ["b"], ["a"]);
  const { evaluation, failures } = await evaluate(predictorOf("softmax"), batches, {
    classes,
    onRow: ({ failure, probabilities }) =>
      void told.push(failure?.message ?? probabilities?.join()),
  });
  const { examples, foreignExamples, accuracy, mistakes } = oneLabel(evaluation);
  assertEquals([examples, foreignExamples, accuracy], [3, 1, 1 / 3]);
  assertEquals(mistakes.map(({ id }) => id), ["1", "3"]);
  assertEquals(told, [...new Array(4).fill("0.75,0.25"), "no sound"]);
  assertStrictEquals(failures.length, 1);
});

Deno.test("several labels a clip: an empty list is a clip without any, no list is not known", async () => {
  const batches = batchesOf(["a"], [], undefined, ["a", "wolf"], ["a"]);
  const { evaluation } = await evaluate(predictorOf("sigmoid"), batches, { classes });
  const { examples, foreignExamples, exactMatches, labelAccuracy } = severalLabels(evaluation);
  assertEquals([examples, foreignExamples, exactMatches], [3, 1, 1 / 3]);
  assertStrictEquals(labelAccuracy, 5 / 7);
});

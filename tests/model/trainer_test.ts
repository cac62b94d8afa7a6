import { assert, assertEquals } from "@std/assert";
import { createTally, trainEpoch } from "../../model/trainer.ts";
import { createStageMs } from "../../pipeline/stage_ms.ts";
import { assertFails } from "../assert_failure.ts";
import { clipAt } from "../fixtures.ts";
import { defaultRecipe } from "../../model/recipe.ts";
import type { Batch } from "../../pipeline/batch.ts";
import { createFakeEngine } from "./fake_engine.ts";

/** Batches of one clip. */
function createBatches(count: number): ReadableStream<Batch> {
  return ReadableStream.from(
    Array.from({ length: count }, (_, i): Batch => {
      const request = { clip: clipAt(`${i}`, { labels: ["a"] }), epoch: 0, copy: 0 };
      const inputs = new Float32Array(32);
      const stageMs = createStageMs();
      return { inputs, clips: [request], rows: [{ request }], stageMs, release() {} };
    }),
  );
}

Deno.test("steps go on while the engine is asked for losses and weights, each asked for in its place", async () => {
  const calls: string[] = [];
  let steps = 0, taken = 0;
  const answers: (() => void)[] = [];
  /** An answer that comes after five more steps, as from a GPU that is behind. */
  const later = <T>(answer: T) =>
    new Promise<T>((resolve) => answers[steps + 5] = () => resolve(answer));
  const engine = {
    ...createFakeEngine(),
    step() {
      calls.push(`step ${++steps}`);
      answers[steps]?.();
      return Promise.resolve();
    },
    takeMetrics() {
      const since = steps - taken;
      taken = steps;
      calls.push("metrics");
      const metrics = { steps: since, examples: since, lossSum: 2 * since, correct: 0 };
      const all = { ...metrics, maxGradientNorm: 1 };
      return steps === 20 ? Promise.resolve(all) : later(all);
    },
  };
  const tally = createTally();
  const progress: number[] = [];
  await trainEpoch(engine, createBatches(20), {
    epoch: 0,
    epochs: 1,
    steps: 20,
    recipe: defaultRecipe,
    classes: ["a", "b"],
    tally,
    onAverageStep() {
      calls.push("weights");
      return Promise.resolve();
    },
    onProgress: ({ examples, loss }) => progress.push(examples, loss),
  });
  const around = calls.indexOf("metrics");
  assertEquals(calls.slice(around - 1, around + 3), [
    "step 10",
    "metrics",
    "weights",
    "step 11",
  ]);
  assertEquals([tally.examples, tally.lossSum], [20, 40]);
  assertEquals(progress, [10, 2, 20, 2, 20, 2]);
});

Deno.test("a loss that is no number ends the epoch, at the latest with it", async () => {
  for (const count of [9, 40]) {
    let steps = 0;
    const lost = { steps: 1, examples: 1, lossSum: NaN, correct: 0, maxGradientNorm: NaN };
    const engine = {
      ...createFakeEngine(),
      step: () => Promise.resolve(void steps++),
      takeMetrics: () => Promise.resolve(lost),
    };
    const training = trainEpoch(engine, createBatches(count), {
      epoch: 0,
      epochs: 1,
      steps: count,
      recipe: defaultRecipe,
      classes: ["a", "b"],
      tally: createTally(),
    });
    await assertFails(training, /the loss must be finite: it was lost in epoch 1/);
    assert(steps <= 20, `it went on to step ${steps}`);
  }
});

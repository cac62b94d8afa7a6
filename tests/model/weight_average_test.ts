import { assert, assertStrictEquals } from "@std/assert";
import { WeightAverage } from "../../model/weight_average.ts";
import { assertFails } from "../assert_failure.ts";
import { createFakeEngine } from "./fake_engine.ts";

async function setAll(engine: ReturnType<typeof createFakeEngine>, value: number) {
  const weights = await engine.exportWeights();
  await engine.importWeights(weights.map((w) => ({ ...w, values: w.values.map(() => value) })));
}
const firstOf = (weights: readonly { values: Float32Array }[] | undefined) => weights![0].values[0];

Deno.test("the average follows the weights by its decay, faster at first", async () => {
  const engine = createFakeEngine(), average = new WeightAverage(0.9);
  assertStrictEquals(average.weights, undefined);
  let expected = 0;
  for (let n = 0; n < 100; n++) {
    await setAll(engine, n);
    await average.update(engine);
    const decay = Math.min(0.9, (1 + n) / (10 + n));
    expected = n === 0 ? 0 : decay * expected + (1 - decay) * n;
    assert(Math.abs(firstOf(average.weights) - expected) < 1e-3 * (1 + expected));
  }
  assertStrictEquals(average.updates, 100);
});

Deno.test("averaged weights are lent to the engine and taken back, after an error too", async () => {
  const engine = createFakeEngine(), average = new WeightAverage(0.5);
  await setAll(engine, 1);
  await average.update(engine);
  await setAll(engine, 7);
  const lent = await average.borrow(engine, async () => firstOf(await engine.exportWeights()));
  assertStrictEquals(lent, 1);
  assertStrictEquals(firstOf(await engine.exportWeights()), 7);
  await assertFails(average.borrow(engine, () => Promise.reject(new Error("stop"))), /stop/);
  assertStrictEquals(firstOf(await engine.exportWeights()), 7);
});

Deno.test("without an update the engine keeps its own weights", async () => {
  const engine = createFakeEngine();
  await setAll(engine, 3);
  const used = await new WeightAverage(0.9).borrow(engine, () => engine.exportWeights());
  assertStrictEquals(firstOf(used), 3);
});

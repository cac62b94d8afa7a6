import assert from "node:assert/strict";
import { WeightAverage } from "../../model/weight_average.ts";
import { createFakeEngine } from "./fake_engine.ts";

async function setAll(engine: ReturnType<typeof createFakeEngine>, value: number) {
  const weights = await engine.exportWeights();
  await engine.importWeights(weights.map((w) => ({ ...w, values: w.values.map(() => value) })));
}
const firstOf = (weights: readonly { values: Float32Array }[] | undefined) => weights![0].values[0];

Deno.test("the average follows the weights by its decay, faster at first", async () => {
  const engine = createFakeEngine(), average = new WeightAverage(0.9);
  assert.equal(average.weights, undefined);
  let expected = 0;
  for (let n = 0; n < 100; n++) {
    await setAll(engine, n);
    await average.update(engine);
    const decay = Math.min(0.9, (1 + n) / (10 + n));
    expected = n === 0 ? 0 : decay * expected + (1 - decay) * n;
    assert.ok(Math.abs(firstOf(average.weights) - expected) < 1e-3 * (1 + expected));
  }
  assert.equal(average.updates, 100);
});

Deno.test("averaged weights are lent to the engine and taken back, after an error too", async () => {
  const engine = createFakeEngine(), average = new WeightAverage(0.5);
  await setAll(engine, 1);
  await average.update(engine);
  await setAll(engine, 7);
  const lent = await average.borrow(engine, async () => firstOf(await engine.exportWeights()));
  assert.equal(lent, 1);
  assert.equal(firstOf(await engine.exportWeights()), 7);
  await assert.rejects(average.borrow(engine, () => Promise.reject(new Error("stop"))), /stop/);
  assert.equal(firstOf(await engine.exportWeights()), 7);
});

Deno.test("without an update the engine keeps its own weights", async () => {
  const engine = createFakeEngine();
  await setAll(engine, 3);
  const used = await new WeightAverage(0.9).borrow(engine, () => engine.exportWeights());
  assert.equal(firstOf(used), 3);
});

import { assertEquals } from "@std/assert";
import { freeArrays } from "../../model/free_arrays.ts";
import { WeightAverage } from "../../model/weight_average.ts";
import type { Weight } from "../../model/weights.ts";
import { createFakeEngine } from "./fake_engine.ts";

Deno.test("arrays give up their memory, once; what threads share stays", () => {
  const array = new Float32Array(4), shared = new Float32Array(new SharedArrayBuffer(16));
  freeArrays([array, array.subarray(1), shared]);
  freeArrays([array]);
  assertEquals([array.length, shared.length], [0, 4]);
});

Deno.test("an average frees the copies of weights that it has taken in, and lends", async () => {
  const engine = createFakeEngine(), { exportWeights } = engine, average = new WeightAverage(0.9);
  const copies: Weight[][] = [];
  engine.exportWeights = async () => {
    copies.push(await exportWeights());
    return copies.at(-1)!;
  };
  await average.update(engine); // the first one is the average
  await average.update(engine);
  await average.borrow(engine, () => Promise.resolve());
  const lengths = copies.map(([{ values }]) => values.length);
  assertEquals(lengths, [copies[0][0].shape.reduce((a, b) => a * b), 0, 0]);
});

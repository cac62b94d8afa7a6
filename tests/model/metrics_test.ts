import assert from "node:assert/strict";
import { argmax, EvaluationBuilder } from "../../model/metrics.ts";

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

Deno.test("loss, accuracy, macro-F1 and confusion of five examples", () => {
  const builder = new EvaluationBuilder(4);
  builder.add(0, [0.7, 0.2, 0.1, 0]);
  builder.add(0, [0.2, 0.7, 0.1, 0]);
  builder.add(1, [0.1, 0.8, 0.1, 0]);
  builder.add(1, [0.1, 0.8, 0.1, 0]);
  builder.add(2, [0.1, 0.1, 0.8, 0]);
  const { examples, loss, accuracy, macroF1, confusion } = builder.build();
  assert.equal(examples, 5);
  near(accuracy, 4 / 5);
  near(loss, -(Math.log(0.7) + Math.log(0.2) + 3 * Math.log(0.8)) / 5);
  near(macroF1, (2 / 3 + 4 / 5 + 1) / 3); // class 3 does not occur
  assert.deepEqual(confusion, [[1, 1, 0, 0], [0, 2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]);
});

Deno.test("no examples give zeros, a probability of 0 a finite loss", () => {
  const empty = new EvaluationBuilder(2).build();
  assert.deepEqual([empty.examples, empty.loss, empty.accuracy, empty.macroF1], [0, 0, 0, 0]);
  const builder = new EvaluationBuilder(2);
  builder.add(0, [0, 1]);
  assert.ok(Number.isFinite(builder.build().loss));
});

Deno.test("of equal values the first is the largest", () => {
  assert.equal(argmax([1, 3, 3]), 1);
});

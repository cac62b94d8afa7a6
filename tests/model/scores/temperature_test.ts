import { assert, assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import type { EvaluationTask } from "../../../model/evaluation/evaluation.ts";
import { argmax, namedClasses } from "../../../model/evaluation/named_classes.ts";
import type { ScoredRow } from "../../../model/scores/score_sample.ts";
import {
  fitTemperature,
  scaleProbabilities,
  temperatureLimits,
} from "../../../model/scores/temperature.ts";
import vectors from "../../vectors/scores/scores.json" with { type: "json" };

function rowsOf(
  probabilities: readonly (readonly number[])[],
  truths: readonly (readonly number[])[],
): ScoredRow[] {
  return probabilities.map((row, i) => ({
    probabilities: Float32Array.from(row),
    truths: Uint8Array.from(truths[i]),
    half: 0,
  }));
}

Deno.test("temperatures and scaled probabilities are SciPy's", () => {
  for (const { task, probabilities, truths, temperature, firstScaled } of vectors.temperatures) {
    const fitted = fitTemperature(rowsOf(probabilities, truths), task as EvaluationTask);
    assertAlmostEquals(fitted / temperature, 1, 1e-4);
    const first = Float32Array.from(probabilities[0]);
    const scaled = scaleProbabilities(first, temperature, task as EvaluationTask);
    scaled.forEach((p, k) => assertAlmostEquals(p, firstScaled[k], 1e-9));
  }
});

/** Stated probabilities as networks have them: float32, certain ones among them. */
const stated = fc.oneof(
  fc.float({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, Math.fround(0.5), 0.5 + 2 ** -24, 1 - 2 ** -24),
);
const temperature = fc.double({ ...temperatureLimits, noNaN: true });

Deno.test("scaling changes no label: of one label a clip, and of several above one half", () => {
  fc.assert(fc.property(fc.array(stated, { minLength: 2 }), temperature, (row, t) => {
    const one = scaleProbabilities(row, t, "one-label");
    assertStrictEquals(argmax(one), argmax(row));
    assertAlmostEquals(one.reduce((sum, p) => sum + p, 0), 1, 1e-9);
    const several = scaleProbabilities(row, t, "several-labels");
    assertEquals(namedClasses(several, "several-labels"), namedClasses(row, "several-labels"));
    assert(several.every((p) => p >= 0 && p <= 1));
  }));
});

Deno.test("temperature 1 leaves every bit; what is scaled and scaled back is the same", () => {
  fc.assert(fc.property(fc.array(stated, { minLength: 1 }), (row) => {
    for (const task of ["one-label", "several-labels"] as const) {
      assertEquals([...scaleProbabilities(row, 1, task)], row);
    }
  }));
  const there = scaleProbabilities([0.7, 0.2, 0.1], 0.5, "one-label");
  const back = scaleProbabilities(there, 2, "one-label");
  [0.7, 0.2, 0.1].forEach((p, k) => assertAlmostEquals(back[k], p, 1e-12));
});

Deno.test("clips that are all named rightly make the model no surer than their number allows", () => {
  const meanAt = (count: number) => {
    const rows = rowsOf(Array(count).fill([0.6, 0.3, 0.1]), Array(count).fill([1, 0, 0]));
    const fitted = fitTemperature(rows, "one-label");
    return scaleProbabilities([0.6, 0.3, 0.1], fitted, "one-label")[0];
  };
  for (const count of [1, 5, 100]) assert(meanAt(count) < (count + 0.5) / (count + 1));
  assert(meanAt(100) > 0.98 && meanAt(5) < 0.95);
});

Deno.test("whatever is fitted, the temperature is within its limits", () => {
  const row = fc.record({ p: fc.tuple(stated, stated), isFirst: fc.boolean() });
  fc.assert(fc.property(fc.array(row), (drawn) => {
    const rows = rowsOf(
      drawn.map(({ p }) => p),
      drawn.map(({ isFirst }) => isFirst ? [1, 0] : [0, 1]),
    );
    for (const task of ["one-label", "several-labels"] as const) {
      const fitted = fitTemperature(rows, task);
      assert(fitted >= temperatureLimits.min && fitted <= temperatureLimits.max, `${fitted}`);
    }
  }));
  assertStrictEquals(fitTemperature([], "one-label"), 1);
  const even = rowsOf([[0.5, 0.5]], [[1, 0]]);
  assertStrictEquals(fitTemperature(even, "one-label"), 1, "nothing to tell temperatures apart");
  assertStrictEquals(fitTemperature(rowsOf([[0.5, 0.5]], [[0, 0]]), "one-label"), 1);
});

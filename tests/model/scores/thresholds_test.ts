import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { thresholdCurve } from "../../../model/scores/threshold_curve.ts";
import {
  chooseThreshold,
  chooseThresholds,
  fewestPositives,
} from "../../../model/scores/thresholds.ts";
import vectors from "../../vectors/scores/scores.json" with { type: "json" };

const numNamed = (scores: readonly number[], threshold: number | null) =>
  threshold === null ? null : scores.filter((score) => score >= threshold).length;

Deno.test("thresholds name the clips that scikit-learn's name, halfway to the next", () => {
  for (const { scores, truths, bestF1, reaching } of vectors.thresholds) {
    const best = chooseThreshold(scores, truths)!;
    assertStrictEquals(numNamed(scores, best), bestF1);
    assert(!scores.includes(best));
    for (const [precision, named] of Object.entries(reaching)) {
      const threshold = chooseThreshold(scores, truths, Number(precision));
      assertStrictEquals(numNamed(scores, threshold), named, precision);
    }
  }
});

Deno.test("a class without clips has no threshold, nor a precision that fewer than five clips reach", () => {
  assertStrictEquals(chooseThreshold([0.9, 0.1], [0, 0]), null);
  assertStrictEquals(chooseThreshold([], []), null);
  assertStrictEquals(chooseThreshold([0.9, 0.8, 0.7, 0.6], [1, 1, 1, 1], 0.9), null);
  assertStrictEquals(chooseThreshold([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 1, 1, 1], 0.9), 0.25);
});

/** Clips of the first class, and one of the second: the second is rare. */
const count = 2 * fewestPositives;
const truthsOf = (k: number) => Array.from({ length: count }, (_, i) => (i === 0) === (k === 1));
const rows = Array.from({ length: count }, (_, i) => ({
  truths: Uint8Array.from([truthsOf(0)[i], truthsOf(1)[i]].map(Number)),
}));

Deno.test("a rare class takes the threshold of all together; a background class has none", () => {
  const probabilities = rows.map((_, i) => i === 0 ? [0.1, 0.9] : [0.8, 0.2]);
  const choose = (background: number[] = []) =>
    chooseThresholds(rows, probabilities, 2, { task: "several-labels", background });
  assertEquals(choose(), [0.45, 0.5]); // its own would be (0.9 + 0.2) / 2
  assertEquals(choose([1]), [0.45, null]);
});

Deno.test("with one label a clip no threshold is below what knows nothing", () => {
  const probabilities = rows.map(() => [0.3, 0.7]);
  const several = chooseThresholds(rows, probabilities, 2, { task: "several-labels" });
  assertStrictEquals(several[0], 0.15);
  const one = chooseThresholds(rows, probabilities, 2, { task: "one-label" });
  assertStrictEquals(one[0], 0.5);
});

Deno.test("the curve of a class: precision and recall at each threshold, scores on it included", () => {
  assertEquals(thresholdCurve([0.75, 0.5, 0.25], [1, 0, 1], 5), [
    { threshold: 0, precision: 2 / 3, recall: 1 },
    { threshold: 0.25, precision: 2 / 3, recall: 1 },
    { threshold: 0.5, precision: 0.5, recall: 0.5 },
    { threshold: 0.75, precision: 1, recall: 0.5 },
    { threshold: 1, precision: null, recall: 0 },
  ]);
  assertEquals(thresholdCurve([0.5], [0]), []);
});

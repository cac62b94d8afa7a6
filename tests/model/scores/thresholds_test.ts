import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { thresholdCurve } from "../../../model/scores/threshold_curve.ts";
import { chooseThreshold, chooseThresholds } from "../../../model/scores/thresholds.ts";
import vectors from "../../vectors/scores/scores.json" with { type: "json" };

const numNamed = (scores: readonly number[], threshold: number | null) =>
  threshold === null ? null : scores.filter((score) => score >= threshold).length;

Deno.test("thresholds are scikit-learn's: scores that name as many clips", () => {
  for (const { scores, truths, bestF1, reaching } of vectors.thresholds) {
    const best = chooseThreshold(scores, truths)!;
    assertStrictEquals(numNamed(scores, best), bestF1);
    assert(scores.includes(best));
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
  assertStrictEquals(chooseThreshold([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 1, 1, 1], 0.9), 0.5);
});

Deno.test("a rare class takes the threshold of all together; a background class has none", () => {
  const clips = [
    ...Array(15).fill({ truths: [1, 0, 0], said: [0.8, 0.1, 0.1] }),
    ...Array(15).fill({ truths: [0, 1, 0], said: [0.1, 0.8, 0.1] }),
    { truths: [0, 0, 1], said: [0.4, 0.3, 0.3] },
  ];
  const rows = clips.map(({ truths }) => ({ truths: Uint8Array.from(truths) }));
  const said = clips.map(({ said }) => said);
  const choose = (background: number[]) =>
    chooseThresholds(rows, said, 3, { background }).map((t) => t?.toFixed(2));
  assertEquals(choose([]), ["0.80", "0.80", "0.80"]); // the last one's own would be 0.30
  assertEquals(choose([1]), ["0.80", undefined, "0.30"], "all but the background");
});

Deno.test("no threshold is below a class's share of the clips", () => {
  const truths = (i: number) => Uint8Array.from(i < 12 ? [1, 0] : [0, 1]);
  const rows = Array.from({ length: 16 }, (_, i) => ({ truths: truths(i) }));
  const said = rows.map(() => [0.3, 0.7]);
  assertEquals(chooseThresholds(rows, said, 2), [0.75, 0.3]);
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

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { createEvaluator } from "../../../model/evaluation/create_evaluator.ts";
import { argmax } from "../../../model/evaluation/named_classes.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { abc, close, evaluateOne, oneLabel, outcome } from "./evaluate_rows.ts";

const three = abc.slice(0, 3);

Deno.test("figures of a small example, as scikit-learn's classification_report has them", () => {
  const pairs = [[0, 0], [0, 0], [0, 0], [0, 1], [1, 1], [1, 2], [2, 2], [2, 2], [2, 0], [2, 1]];
  const evaluation = evaluateOne(pairs.map(([truth, said]) => outcome(truth, said, 3)), three);
  const { perClass, confusion } = evaluation;
  assertStrictEquals(evaluation.examples, 10);
  assertEquals(confusion, [[3, 1, 0], [0, 1, 1], [1, 1, 2]]);
  close(evaluation.accuracy, 0.6);
  close(evaluation.majorityAccuracy, 0.4);
  close(evaluation.loss, -(6 * Math.log(0.8) + 4 * Math.log(0.1)) / 10);
  assertEquals(perClass.map(({ name, support, predicted }) => [name, support, predicted]), [
    ["a", 4, 4],
    ["b", 2, 3],
    ["c", 4, 3],
  ]);
  const expected = [[3 / 4, 3 / 4, 3 / 4], [1 / 3, 1 / 2, 2 / 5], [2 / 3, 1 / 2, 4 / 7]];
  perClass.forEach(({ precision, recall, f1 }, i) => {
    close(precision, expected[i][0]);
    close(recall, expected[i][1]);
    close(f1, expected[i][2]);
  });
  close(evaluation.macroF1, (3 / 4 + 2 / 5 + 4 / 7) / 3);
  close(evaluation.balancedAccuracy, (3 / 4 + 1 / 2 + 1 / 2) / 3);
});

Deno.test("a class that does not occur, one that is never named, and one that is neither", () => {
  const pairs = [[0, 0], [0, 1], [2, 0], [2, 0]];
  const { perClass, macroF1, balancedAccuracy } = evaluateOne(
    pairs.map(([truth, said]) => outcome(truth, said, 4)),
  );
  const rows = perClass.map(({ precision, recall, f1 }) => [precision, recall, f1]);
  assertEquals(rows, [[1 / 3, 1 / 2, 2 / 5], [0, null, 0], [null, 0, 0], [null, null, null]]);
  close(macroF1, (2 / 5 + 0) / 2); // over the classes that occur
  close(balancedAccuracy, (1 / 2 + 0) / 2);
});

Deno.test("without a clip nothing is measured: every figure is null, none is zero", () => {
  const { task, perClass, confusion, ...rest } = evaluateOne([], ["a", "b"]);
  assertEquals(rest, {
    examples: 0,
    foreignExamples: 0,
    unusable: 0,
    loss: null,
    accuracy: null,
    macroF1: null,
    balancedAccuracy: null,
    majorityAccuracy: null,
    intervals: { accuracy: null, macroF1: null, balancedAccuracy: null },
    calibration: null,
    numMistakes: 0,
    mistakes: [],
  });
  assertStrictEquals(task, "one-label");
  assertEquals(confusion, [[0, 0], [0, 0]]);
  assertEquals(perClass.map(({ f1, recall }) => [f1, recall]), [[null, null], [null, null]]);
});

Deno.test("clips of classes that the model lacks are wrong, and counted", () => {
  const { accuracy, examples, foreignExamples, perClass, macroF1, ...rest } = evaluateOne([
    outcome(0, 0, 2),
    outcome(1, 0, 2),
    { labels: ["wolf"], probabilities: [0.9, 0.1] },
    { labels: ["fox"], probabilities: [0.2, 0.8] },
  ], ["a", "b"]);
  assertEquals([examples, foreignExamples, accuracy], [4, 2, 1 / 4]);
  assertEquals(perClass.map(({ support, predicted }) => [support, predicted]), [[1, 3], [
    1,
    1,
  ]]);
  close(macroF1, (2 / 4 + 0) / 2);
  close(rest.loss, -(Math.log(0.8) + Math.log(0.2)) / 2); // of the two that the model knows
  assertStrictEquals(rest.majorityAccuracy, 1 / 4);
  assertEquals(rest.confusion, [[1, 0], [1, 0]]);
  assertEquals(rest.mistakes.map(({ labels, named }) => [...labels, ...named]), [
    ["wolf", "a"],
    ["fox", "b"],
    ["b", "a"],
  ]);
  const none = evaluateOne([{ labels: ["wolf"], probabilities: [1, 0] }], ["a", "b"]);
  assertEquals([none.accuracy, none.macroF1, none.loss], [0, null, null]);
});

Deno.test("clips without a label or with a probability that is no number are counted, not used", () => {
  const rows = [
    { labels: [], probabilities: [0.5, 0.5] },
    { labels: ["a"], probabilities: [NaN, 0.5] },
    { labels: ["a"], probabilities: [1] },
    { labels: ["a"], probabilities: [0.9, 0.1] },
  ];
  const { examples, unusable, accuracy } = evaluateOne(rows, ["a", "b"]);
  assertEquals([examples, unusable, accuracy], [1, 3, 1]);
});

Deno.test("mistakes: those first that gave the truth the least, with who was taken for what", () => {
  const evaluator = createEvaluator({ task: "one-label", classes: three, mostMistakes: 2 });
  for (const [i, share] of [0.3, 0.1, 0.2, 0.1, 0.9].entries()) {
    evaluator.add({ id: `${i}`, labels: ["b"], probabilities: [1 - share, share, 0] });
  }
  const { mistakes, numMistakes } = oneLabel(evaluator.build());
  assertStrictEquals(numMistakes, 4);
  assertEquals(
    mistakes,
    ["1", "3"].map((id) => ({
      id,
      labels: ["b"],
      named: ["a"],
      shares: [{ name: "a", probability: 0.9 }, { name: "b", probability: 0.1 }],
      loss: -Math.log(0.1),
    })),
  );
});

Deno.test("calibration: bins and expected error by hand", () => {
  const { calibration } = evaluateOne([
    { labels: ["a"], probabilities: [1, 0] }, // bin 10, right
    { labels: ["b"], probabilities: [0.95, 0.05] }, // bin 10, wrong
    { labels: ["b"], probabilities: [0.3, 0.7] }, // bin 7: above 0.6, at most 0.7
    { labels: ["a"], probabilities: [0.5, 0.5] }, // bin 5; of equal values the first counts: right
  ], ["a", "b"]);
  const bins = calibration!.bins.map(({ count, confidence, accuracy }) => [
    count,
    confidence,
    accuracy,
  ]);
  assertEquals(bins[9], [2, 0.975, 0.5]);
  assertEquals(bins[6], [1, 0.7, 1]);
  assertEquals(bins[4], [1, 0.5, 1]);
  assertEquals(bins[0], [0, null, null]);
  close(calibration!.expectedError, (2 * 0.475 + 0.3 + 0.5) / 4);
  close(calibration!.meanConfidence, (1 + 0.95 + 0.7 + 0.5) / 4);
});

Deno.test("of equal values the first is the largest; a probability of 0 gives a finite loss", () => {
  assertStrictEquals(argmax([1, 3, 3]), 1);
  assert(
    Number.isFinite(evaluateOne([{ labels: ["a"], probabilities: [0, 1] }], ["a", "b"]).loss),
  );
});

Deno.test("figures are plain data: JSON gives them back", () => {
  const evaluation = evaluateOne([outcome(0, 0, 4, "x"), outcome(1, 2, 4, "y")]);
  assertSameBits(JSON.parse(JSON.stringify(evaluation)), evaluation);
});

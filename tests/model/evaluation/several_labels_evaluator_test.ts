import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { averagePrecision, rank } from "../../../model/evaluation/average_precision.ts";
import { scoreOf } from "../../../model/evaluation/evaluation.ts";
import { namedClasses } from "../../../model/evaluation/named_classes.ts";
import { smoothTargets } from "../../../model/targets.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { abc, close, evaluateOne, evaluateSeveral } from "./evaluate_rows.ts";

const three = abc.slice(0, 3);
const near = (a: number | null, b: number) => close(a, b, 1e-6);

Deno.test("average precision is scikit-learn 1.9's average_precision_score, ties included", () => {
  for (
    const [scores, truths, expected] of [
      [[.9, .8, .8, .4, .4, .3, .1], [1, 0, 1, 1, 0, 0, 1], 0.7095238095238094],
      [[.1, .4, .35, .8], [0, 1, 0, 1], 1],
      [[.5, .5, .5], [0, 0, 1], 1 / 3],
      [[.9, .8, .7, .6], [0, 1, 0, 0], 0.5],
      [[.1, .2], [1, 1], 1],
    ] as const
  ) near(averagePrecision(rank(scores, truths)), expected);
  assert(Number.isNaN(averagePrecision(rank([0.5], [0]))));
});

Deno.test("an example that counts twice is as two of them, one that counts nothing is as none", () => {
  const random = createRandom("weighted precision");
  for (let trial = 0; trial < 50; trial++) {
    const scores = Array.from({ length: 12 }, () => random.integer(8) / 8);
    const truths = scores.map(() => random.integer(2)), times = scores.map(() => random.integer(4));
    const repeat = (values: number[]) =>
      values.flatMap((value, i) => new Array<number>(times[i]).fill(value));
    const weighted = averagePrecision(rank(scores, truths), times);
    const repeated = averagePrecision(rank(repeat(scores), repeat(truths)));
    if (Number.isNaN(repeated)) assert(Number.isNaN(weighted));
    else near(weighted, repeated);
  }
});

Deno.test("figures of three clips of three classes, one of which does not occur", () => {
  const { perClass, ...figures } = evaluateSeveral([
    { labels: ["a", "b"], probabilities: [0.9, 0.4, 0.1] },
    { labels: ["a"], probabilities: [0.3, 0.6, 0.2] },
    { labels: ["b"], probabilities: [0.6, 0.8, 0.7] },
  ], three);
  assertStrictEquals(figures.examples, 3);
  near(figures.labelAccuracy, 4 / 9);
  near(figures.majorityLabelAccuracy, 7 / 9);
  assertStrictEquals(figures.exactMatches, 0);
  near(figures.macroF1, 0.5); // one of two found and one of two rightly named, for classes a and b
  const given = [0.9, 0.4, 0.9, 0.3, 0.4, 0.8, 0.4, 0.8, 0.3]; // to what is true of each pair
  near(figures.loss, -given.reduce((sum, p) => sum + Math.log(p), 0) / 9);
  near(perClass[0].averagePrecision, 5 / 6);
  near(perClass[1].averagePrecision, 5 / 6);
  assertStrictEquals(perClass[2].averagePrecision, null);
  near(figures.meanAveragePrecision, 5 / 6);
});

Deno.test("a clip without a label is a negative of every class, exact where nothing is named", () => {
  const { examples, exactMatches, labelAccuracy, perClass } = evaluateSeveral([
    { labels: ["a"], probabilities: [0.9, 0.2] },
    { labels: [], probabilities: [0.4, 0.1] },
    { labels: [], probabilities: [0.95, 0.1] },
  ], ["a", "b"]);
  assertStrictEquals(examples, 3);
  near(exactMatches, 2 / 3);
  near(labelAccuracy, 5 / 6);
  near(perClass[0].averagePrecision, 1 / 2); // the third ranks before the first
  assertEquals([perClass[0].support, perClass[0].predicted], [1, 2]);
});

Deno.test("labels that the model lacks are wrong pairs, and their clips counted and never exact", () => {
  const { examples, foreignExamples, labelAccuracy, exactMatches, ...rest } = evaluateSeveral([
    { labels: ["a", "wolf"], probabilities: [0.9, 0.2] },
    { labels: ["wolf"], probabilities: [0.1, 0.2] },
    { labels: ["b"], probabilities: [0.1, 0.8] },
  ], ["a", "b"]);
  assertEquals([examples, foreignExamples], [3, 2]);
  near(labelAccuracy, 6 / 8);
  near(exactMatches, 1 / 3);
  near(rest.meanAveragePrecision, 1);
  assertStrictEquals(rest.numMistakes, 2);
  assertEquals(rest.mistakes.map(({ labels, named }) => [labels, named]), [
    [["a", "wolf"], ["a"]],
    [["wolf"], []],
  ]);
});

Deno.test("without a clip every figure is null; a probability of 0 gives a finite loss", () => {
  const empty = evaluateSeveral([], ["a", "b"]);
  const { loss, macroF1, meanAveragePrecision, labelAccuracy, exactMatches, calibration } = empty;
  for (
    const figure of [loss, macroF1, meanAveragePrecision, labelAccuracy, exactMatches, calibration]
  ) assertStrictEquals(figure, null);
  assertEquals(empty.intervals, { meanAveragePrecision: null, macroF1: null });
  const sure = evaluateSeveral([{ labels: ["a"], probabilities: [0, 1] }], ["a", "b"]);
  assert(Number.isFinite(sure.loss));
});

Deno.test("what cannot count is left out and counted", () => {
  const { examples, unusable, calibration } = evaluateSeveral([
    { labels: ["a"], probabilities: [0.9, 0.2, 0.1] },
    { labels: ["a"], probabilities: [NaN, 0.6, 0.1] },
    { labels: ["a"], probabilities: [0.6, 0.1] },
  ], three);
  assertEquals([examples, unusable], [1, 2]);
  assertStrictEquals(calibration!.bins.reduce((sum, { count }) => sum + count, 0), 3);
});

Deno.test("the task decides what counts and what is named", () => {
  const rows = [
    { labels: ["a"], probabilities: [0.9, 0.6] },
    { labels: ["b"], probabilities: [0.2, 0.1] },
  ];
  assertStrictEquals(scoreOf(evaluateOne(rows, ["a", "b"])), 0.5); // accuracy
  assertStrictEquals(scoreOf(evaluateSeveral(rows, ["a", "b"])), 0.75); // mean of 1 and 1/2
  assertEquals(namedClasses([0.6, 0.2, 0.7], "one-label"), [2]);
  assertEquals(namedClasses([0.6, 0.2, 0.7], "several-labels"), [0, 2]);
  assertEquals(namedClasses([0.1, 0.3, 0.2], "several-labels"), []);
});

Deno.test("targets of several labels are smoothed towards one half each", () => {
  const targets = smoothTargets([[0, 2], []], { numClasses: 3, activation: "sigmoid" }, 0.1);
  [0.95, 0.05, 0.95, 0.05, 0.05, 0.05].forEach((value, i) => near(targets[i], value));
});

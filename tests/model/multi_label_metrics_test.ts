import assert from "node:assert/strict";
import { createEvaluator, namedClasses, scoreOf } from "../../model/evaluator.ts";
import { averagePrecision, MultiLabelEvaluationBuilder } from "../../model/multi_label_metrics.ts";
import { smoothTargets } from "../../model/targets.ts";

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

Deno.test("average precision is scikit-learn 1.9's average_precision_score, ties included", () => {
  for (
    const [scores, truths, expected] of [
      [[.9, .8, .8, .4, .4, .3, .1], [1, 0, 1, 1, 0, 0, 1], 0.7095238095238094],
      [[.1, .4, .35, .8], [0, 1, 0, 1], 1],
      [[.5, .5, .5], [0, 0, 1], 1 / 3],
      [[.9, .8, .7, .6], [0, 1, 0, 0], 0.5],
      [[.1, .2], [1, 1], 1],
    ] as const
  ) near(averagePrecision(scores, truths), expected);
  assert.ok(Number.isNaN(averagePrecision([0.5], [0])));
});

Deno.test("figures of three clips of three labels, one of which does not occur", () => {
  const builder = new MultiLabelEvaluationBuilder(3);
  builder.add([0, 1], [0.9, 0.4, 0.1]);
  builder.add([0], [0.3, 0.6, 0.2]);
  builder.add([1], [0.6, 0.8, 0.7]);
  const { examples, loss, accuracy, macroF1, ...rest } = builder.build();
  assert.equal(examples, 3);
  near(accuracy, 4 / 9);
  near(macroF1, 0.5); // one of two found and one of two rightly named, for classes 0 and 1
  const given = [0.9, 0.4, 0.9, 0.3, 0.4, 0.8, 0.4, 0.8, 0.3]; // to what is true of each pair
  near(loss, -given.reduce((sum, p) => sum + Math.log(p), 0) / 9);
  near(rest.averagePrecision![0]!, 5 / 6);
  near(rest.averagePrecision![1]!, 5 / 6);
  assert.equal(rest.averagePrecision![2], null);
  near(rest.meanAveragePrecision!, 5 / 6);
  assert.deepEqual(rest.confusion, []);
});

Deno.test("no clips give zeros, a probability of 0 a finite loss", () => {
  const { examples, loss, accuracy, macroF1, meanAveragePrecision } =
    new MultiLabelEvaluationBuilder(2).build();
  const figures = [examples, loss, accuracy, macroF1, meanAveragePrecision];
  assert.deepEqual(figures, [0, 0, 0, 0, 0]);
  const builder = new MultiLabelEvaluationBuilder(2);
  builder.add([0], [0, 1]);
  assert.ok(Number.isFinite(builder.build().loss));
});

Deno.test("the kind of network decides what is measured, what counts and what is named", () => {
  const single = createEvaluator({ activation: "softmax", numClasses: 2 });
  const several = createEvaluator({ activation: "sigmoid", numClasses: 2 });
  for (const evaluator of [single, several]) {
    evaluator.add([0], [0.9, 0.6]);
    evaluator.add([1], [0.2, 0.1]);
  }
  assert.equal(scoreOf(single.build()), 0.5); // accuracy
  assert.equal(scoreOf(several.build()), 0.75); // mean of 1 and 1/2
  assert.deepEqual(namedClasses([0.6, 0.2, 0.7], "softmax"), [2]);
  assert.deepEqual(namedClasses([0.6, 0.2, 0.7], "sigmoid"), [0, 2]);
  assert.deepEqual(namedClasses([0.1, 0.3, 0.2], "sigmoid"), [1], "never none");
});

Deno.test("targets of several labels are smoothed towards one half each", () => {
  const targets = smoothTargets([[0, 2], []], { numClasses: 3, activation: "sigmoid" }, 0.1);
  [0.95, 0.05, 0.95, 0.05, 0.05, 0.05].forEach((value, i) => near(targets[i], value));
});

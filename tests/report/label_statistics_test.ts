import assert from "node:assert/strict";
import { MultiLabelEvaluationBuilder } from "../../model/multi_label_metrics.ts";
import { createRandom } from "../../pipeline/random.ts";
import { LabelSummaryBuilder } from "../../report/label_statistics.ts";

const labels = ["a", "b", "c"];

/** Draws clips whose probabilities lean towards the truth. */
function drawClips(count: number): { truth: number[]; probabilities: Float64Array }[] {
  const random = createRandom("label summary");
  return Array.from({ length: count }, () => {
    const truth = labels.flatMap((_, i) => random.next() < 0.4 ? [i] : []);
    const probabilities = Float64Array.from(
      labels,
      (_, i) => 0.6 * random.next() + (truth.includes(i) ? 0.4 : 0),
    );
    return { truth, probabilities };
  });
}

Deno.test("the figures are those that training reports", () => {
  const summary = new LabelSummaryBuilder(labels), evaluation = new MultiLabelEvaluationBuilder(3);
  for (const { truth, probabilities } of drawClips(200)) {
    summary.add(truth, probabilities);
    evaluation.add(truth, probabilities);
  }
  const seen = summary.build()!, wanted = evaluation.build();
  const pairs = [
    [seen.meanAveragePrecision.value, wanted.meanAveragePrecision!],
    [seen.macroF1.value, wanted.macroF1],
    [seen.accuracy, wanted.accuracy],
    [seen.loss, wanted.loss],
    ...seen.perLabel.map((figures, i) => [figures.averagePrecision!, wanted.averagePrecision![i]!]),
  ];
  for (const [a, b] of pairs) assert.ok(Math.abs(a - b) < 1e-12, `${a} ${b}`);
  assert.equal(seen.examples, 200);
});

Deno.test("intervals hold the value and narrow with more clips", () => {
  const widths = [50, 800].map((count) => {
    const builder = new LabelSummaryBuilder(labels);
    for (const { truth, probabilities } of drawClips(count)) builder.add(truth, probabilities);
    const { value, interval } = builder.build()!.meanAveragePrecision;
    assert.ok(interval!.low < value && value < interval!.high);
    return interval!.high - interval!.low;
  });
  assert.ok(widths[1] < widths[0] / 2, `${widths}`);
});

Deno.test("what cannot count is left out and counted; labels that never occur have no precision", () => {
  const builder = new LabelSummaryBuilder(labels);
  assert.equal(builder.build(), undefined);
  builder.add([0], Float64Array.of(0.9, 0.2, 0.1));
  builder.add([], Float64Array.of(0.4, 0.6, 0.1)); // none of the labels
  builder.add([-1], Float64Array.of(0.4, 0.6, 0.1));
  builder.add([0], Float64Array.of(NaN, 0.6, 0.1));
  builder.add([0], Float64Array.of(0.6, 0.1));
  const { examples, unusable, perLabel, calibration, accuracy } = builder.build()!;
  assert.deepEqual([examples, unusable], [2, 3]);
  assert.deepEqual(perLabel.map(({ averagePrecision }) => averagePrecision), [1, null, null]);
  assert.deepEqual(perLabel.map(({ support, predicted }) => [support, predicted]), [
    [1, 1],
    [0, 1],
    [0, 0],
  ]);
  assert.equal(accuracy, 5 / 6);
  assert.equal(calibration.bins.reduce((sum, { count }) => sum + count, 0), 6);
});

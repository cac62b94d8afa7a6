import assert from "node:assert/strict";
import fc from "fast-check";
import { EvaluationBuilder } from "../../model/metrics.ts";
import {
  pairedDifference,
  percentileInterval,
  quantile,
  SummaryBuilder,
  type ValidationSummary,
  wilsonInterval,
} from "../../report/statistics.ts";

function close(actual: number | null | undefined, expected: number, tolerance = 1e-12): void {
  assert.ok(
    typeof actual === "number" && Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected}`,
  );
}

/** A summary of clips given as [true class, predicted class], each 80 % sure. */
function summarise(
  outcomes: readonly (readonly [number, number])[],
  labels = ["a", "b", "c"],
): ValidationSummary {
  const builder = new SummaryBuilder(labels);
  for (const [truth, said] of outcomes) {
    builder.add(truth, labels.map((_, i) => i === said ? 0.8 : 0.2 / (labels.length - 1)));
  }
  return builder.build()!;
}

Deno.test("figures of a small example, by hand", () => {
  // As scikit-learn's classification_report and balanced_accuracy_score have them.
  const { accuracy, macroF1, balancedAccuracy, majorityAccuracy, perClass, confusion, examples } =
    summarise([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 2],
      [2, 2],
      [2, 0],
      [2, 1],
    ]);
  assert.equal(examples, 10);
  assert.deepEqual(confusion, [[3, 1, 0], [0, 1, 1], [1, 1, 2]]);
  close(accuracy.value, 0.6);
  close(majorityAccuracy, 0.4);
  assert.deepEqual(perClass.map(({ support, predicted }) => [support, predicted]), [
    [4, 4],
    [2, 3],
    [4, 3],
  ]);
  const expected = [[3 / 4, 3 / 4, 3 / 4], [1 / 3, 1 / 2, 2 / 5], [2 / 3, 1 / 2, 4 / 7]];
  perClass.forEach(({ precision, recall, f1 }, i) => {
    close(precision, expected[i][0]);
    close(recall, expected[i][1]);
    close(f1, expected[i][2]);
  });
  close(macroF1.value, (3 / 4 + 2 / 5 + 4 / 7) / 3);
  close(balancedAccuracy.value, (3 / 4 + 1 / 2 + 1 / 2) / 3);
});

Deno.test("a class that does not occur, one that is never named, and one that is neither", () => {
  const { perClass, macroF1, balancedAccuracy } = summarise(
    [[0, 0], [0, 1], [2, 0], [2, 0]],
    ["a", "b", "c", "d"],
  );
  const rows = perClass.map(({ precision, recall, f1 }) => [precision, recall, f1]);
  assert.deepEqual(rows, [[1 / 3, 1 / 2, 2 / 5], [0, null, 0], [null, 0, 0], [null, null, null]]);
  close(macroF1.value, (2 / 5 + 0) / 2); // over the classes that occur
  close(balancedAccuracy.value, (1 / 2 + 0) / 2);
});

Deno.test("agrees with the evaluation that training goes by", () => {
  const probabilities = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), probabilities), { minLength: 1, maxLength: 40 }),
      (clips) => {
        const summary = new SummaryBuilder(["a", "b", "c", "d"]), other = new EvaluationBuilder(4);
        for (const [truth, said] of clips) {
          summary.add(truth, said);
          other.add(truth, said);
        }
        const ours = summary.build()!, theirs = other.build();
        assert.deepEqual(ours.confusion, theirs.confusion);
        close(ours.accuracy.value, theirs.accuracy);
        close(ours.macroF1.value, theirs.macroF1);
        close(ours.loss, theirs.loss, 1e-9);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("calibration: bins and expected error by hand", () => {
  const builder = new SummaryBuilder(["a", "b"]);
  builder.add(0, [1, 0]); // bin 10, right
  builder.add(1, [0.95, 0.05]); // bin 10, wrong
  builder.add(1, [0.3, 0.7]); // bin 7: above 0.6, at most 0.7
  builder.add(0, [0.5, 0.5]); // bin 5; of equal values the first counts: right
  const { calibration } = builder.build()!;
  const bins = calibration.bins.map(({ count, confidence, accuracy }) => [
    count,
    confidence,
    accuracy,
  ]);
  assert.deepEqual(bins[9], [2, 0.975, 0.5]);
  assert.deepEqual(bins[6], [1, 0.7, 1]);
  assert.deepEqual(bins[4], [1, 0.5, 1]);
  assert.deepEqual(bins[0], [0, null, null]);
  close(calibration.expectedError, (2 * 0.475 + 0.3 + 0.5) / 4);
  close(calibration.meanConfidence, (1 + 0.95 + 0.7 + 0.5) / 4);
});

Deno.test("clips without a known class or with a probability that is no number are counted, not used", () => {
  const builder = new SummaryBuilder(["a", "b"]);
  builder.add(-1, [0.5, 0.5]);
  builder.add(2, [0.5, 0.5]);
  builder.add(0, [NaN, 0.5]);
  builder.add(0, [1]);
  assert.equal(builder.build(), undefined);
  builder.add(0, [0.9, 0.1]);
  const summary = builder.build()!;
  assert.deepEqual([summary.examples, summary.unusable, summary.accuracy.value], [1, 4, 1]);
});

Deno.test("Wilson's interval equals statsmodels' proportion_confint", () => {
  const cases = [
    [8, 10, 0.4901624715136636, 0.9433178485456247],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371107, 1],
  ];
  for (const [successes, trials, low, high] of cases) {
    const interval = wilsonInterval(successes, trials);
    close(interval.low, low, 1e-9);
    close(interval.high, high, 1e-9);
  }
  assert.throws(() => wilsonInterval(0, 0), /trials must be above 0: current value is 0/);
});

Deno.test("bootstrap intervals: deterministic, of the right width, and none without an error", () => {
  // Two classes of 200 clips, 80 % right in each: the mean recall has a standard error of 0.02.
  const outcomes = Array.from({ length: 400 }, (_, i): [number, number] => {
    const truth = i % 2;
    return [truth, Math.floor(i / 2) % 5 === 0 ? 1 - truth : truth];
  });
  const labels = ["a", "b"];
  const { balancedAccuracy, macroF1 } = summarise(outcomes, labels);
  for (const { value, interval } of [balancedAccuracy, macroF1]) {
    close(value, 0.8, 1e-9);
    close(interval!.low, 0.8 - 1.96 * 0.02, 0.006);
    close(interval!.high, 0.8 + 1.96 * 0.02, 0.006);
  }
  assert.deepEqual(summarise(outcomes, labels), summarise(outcomes, labels));
  assert.equal(summarise([[0, 0], [1, 1], [2, 2]]).macroF1.interval, null);
});

Deno.test("quantiles are NumPy's", () => {
  const values = [1, 2, 4, 8];
  assert.deepEqual([0, 0.5, 1].map((share) => quantile(values, share)), [1, 3, 8]);
  close(quantile(values, 0.9), 6.8); // numpy.quantile([1, 2, 4, 8], 0.9)
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.equal(percentileInterval(new Float64Array(0)), null);
});

Deno.test("paired difference: only shared clips count, equal runs differ by nothing", () => {
  const first = new Map([["1", true], ["2", false], ["3", true], ["only here", true]]);
  const second = new Map([["1", true], ["2", true], ["3", true], ["elsewhere", false]]);
  const difference = pairedDifference(first, second)!;
  assert.equal(difference.examples, 3);
  close(difference.value, 1 / 3);
  assert.deepEqual([difference.interval!.low, difference.interval!.high], [0, 1]);
  assert.equal(pairedDifference(first, first)!.interval, null);
  assert.equal(pairedDifference(first, new Map([["none", true]])), undefined);

  // 1,000 clips of which 100 are gained and 60 lost: standard error of McNemar's difference.
  const before = new Map<string, boolean>(), after = new Map<string, boolean>();
  for (let i = 0; i < 1000; i++) {
    before.set(`${i}`, i >= 100);
    after.set(`${i}`, i < 940);
  }
  const { value, interval } = pairedDifference(before, after)!;
  close(value, 0.04);
  const error = Math.sqrt((0.16 - 0.04 ** 2) / 1000);
  close(interval!.low, 0.04 - 1.96 * error, 0.004);
  close(interval!.high, 0.04 + 1.96 * error, 0.004);
});

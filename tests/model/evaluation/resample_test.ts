import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { resample, type SamplingUnit } from "../../../model/evaluation/resample.ts";
import { createRandom } from "../../../pipeline/random.ts";
import { assertSameBits } from "../../assert_same_bits.ts";
import { abc, close, evaluateOne, evaluateSeveral, outcome } from "./evaluate_rows.ts";

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((a, b) => a + b) / values.length;

/** Classes of one to four clips, three quarters of them named rightly. */
function drawSmallClasses(seed: number): [truth: number, said: number][] {
  const random = createRandom("small classes", seed), numClasses = 8;
  return Array.from(
    { length: numClasses },
    (_, truth) =>
      Array.from({ length: 1 + random.integer(4) }, (): [number, number] => [
        truth,
        random.next() < 0.75 ? truth : random.integer(numClasses),
      ]),
  ).flat();
}

Deno.test("every resampling has all of a class's clips: the mean recall is on average the figure", () => {
  for (let seed = 0; seed < 20; seed++) {
    const rows = drawSmallClasses(seed);
    const units = rows.map(([truth]) => ({ classCounts: new Map([[truth, 1]]), times: 1 }));
    const recall = (times: ArrayLike<number>) => {
      const support = new Float64Array(8), hits = new Float64Array(8);
      rows.forEach(([truth, said], i) => {
        support[truth] += times[i];
        if (truth === said) hits[truth] += times[i];
      });
      const sizes = rows.reduce((sizes, [truth]) => (sizes[truth]++, sizes), new Float64Array(8));
      assertSameBits(support, sizes);
      return mean(hits.map((n, i) => n / support[i]));
    };
    const options = { numClips: rows.length, seed };
    const recalls = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((part) => {
      const [values] = resample(units, (drawn) => [recall(drawn)], {
        ...options,
        seed: 10 * seed + part,
      });
      return [...values];
    });
    close(mean(recalls), recall(rows.map(() => 1)), 0.002);
  }
});

Deno.test("intervals of small classes lie around their figures", () => {
  for (let seed = 0; seed < 20; seed++) {
    const classes = Array.from({ length: 8 }, (_, i) => abc[i] ?? `class ${i}`);
    const rows = drawSmallClasses(seed).map(([truth, said]) => outcome(truth, said, 8));
    const { intervals, macroF1, balancedAccuracy } = evaluateOne(rows, classes);
    for (
      const [figure, interval] of [
        [macroF1, intervals.macroF1],
        [balancedAccuracy, intervals.balancedAccuracy],
      ] as const
    ) assert(interval === null || interval.low < figure! && figure! < interval.high);
  }
});

Deno.test("bootstrap intervals: the same each time, of the right width, and none without an error", () => {
  // Two classes of 200 clips, 80 % right in each: the mean recall has a standard error of 0.02.
  const rows = Array.from({ length: 400 }, (_, i) => {
    const truth = i % 2;
    return outcome(truth, Math.floor(i / 2) % 5 === 0 ? 1 - truth : truth, 2);
  });
  const { balancedAccuracy, macroF1, intervals } = evaluateOne(rows, ["a", "b"]);
  for (
    const [value, interval] of [
      [balancedAccuracy, intervals.balancedAccuracy],
      [macroF1, intervals.macroF1],
    ] as const
  ) {
    close(value, 0.8, 1e-9);
    close(interval!.low, 0.8 - 1.96 * 0.02, 0.006);
    close(interval!.high, 0.8 + 1.96 * 0.02, 0.006);
  }
  assertEquals(evaluateOne(rows, ["a", "b"]).intervals, intervals);
  const right = evaluateOne([0, 1, 2].map((i) => outcome(i, i, 3)), ["a", "b", "c"]);
  assertStrictEquals(right.intervals.macroF1, null);
});

Deno.test("groups are drawn whole: ten clips that are alike say no more than one", () => {
  // 40 groups of ten clips each, 32 of them named rightly throughout: the error of 40 trials, not 400.
  const rows = Array.from({ length: 400 }, (_, i) => {
    const group = Math.floor(i / 10), truth = group % 2;
    return outcome(truth, Math.floor(group / 2) % 5 === 0 ? 1 - truth : truth, 2, `${group}`);
  });
  const { accuracy, intervals } = evaluateOne(rows, ["a", "b"]);
  const error = Math.sqrt(0.8 * 0.2 / 40);
  close(accuracy, 0.8);
  for (const interval of [intervals.accuracy, intervals.balancedAccuracy]) {
    close(interval!.low, 0.8 - 1.96 * error, 0.03);
    close(interval!.high, 0.8 + 1.96 * error, 0.03);
  }
});

Deno.test("a group of several classes stands in the stratum of its rarest, and is drawn as often", () => {
  const speaker = (...classes: number[]): SamplingUnit => ({
    classCounts: new Map(classes.map((index) => [index, 1])),
    times: 1,
  });
  const units = [
    speaker(0, 1),
    speaker(0, 1),
    speaker(0),
    speaker(0),
    { ...speaker(0), times: 3 },
    speaker(),
  ];
  const sums = new Float64Array(units.length);
  const resampled = resample(units, (drawn) => {
    assertStrictEquals(drawn[0] + drawn[1], 2);
    assertStrictEquals(drawn[2] + drawn[3] + drawn[4], 5);
    assertStrictEquals(drawn[5], 1);
    drawn.forEach((times, i) => sums[i] += times);
    return [drawn[0], drawn[4]];
  }, { numClips: 9, seed: 1 });
  assertEquals(resampled.map(({ length }) => length), [1000, 1000]);
  [1, 1, 1, 1, 3, 1].forEach((times, i) => close(sums[i] / 1000, times, 0.15));
});

Deno.test("several labels: intervals hold the value and narrow with more clips", () => {
  const random = createRandom("several labels"), classes = ["a", "b", "c"];
  const widths = [50, 800].map((count) => {
    const { meanAveragePrecision, intervals } = evaluateSeveral(
      Array.from({ length: count }, () => {
        const labels = classes.filter(() => random.next() < 0.4);
        const probabilities = classes.map((name) =>
          0.6 * random.next() + (labels.includes(name) ? 0.4 : 0)
        );
        return { labels, probabilities };
      }),
      classes,
    );
    const { low, high } = intervals.meanAveragePrecision!;
    assert(low < meanAveragePrecision! && meanAveragePrecision! < high);
    return high - low;
  });
  assert(widths[1] < widths[0] / 2, `${widths}`);
});

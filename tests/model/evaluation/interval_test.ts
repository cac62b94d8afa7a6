import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { intervalAround, quantile, wilsonInterval } from "../../../model/evaluation/interval.ts";
import { meanAndSpread } from "../../../model/evaluation/mean_and_spread.ts";
import { pairedDifference } from "../../../model/evaluation/paired_difference.ts";
import { assertFails } from "../../assert_failure.ts";
import { close } from "./evaluate_rows.ts";

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
  assertFails(() => wilsonInterval(0, 0), /trials must be above 0: current value is 0/);
});

Deno.test("quantiles are NumPy's", () => {
  const values = [1, 2, 4, 8];
  assertEquals([0, 0.5, 1].map((share) => quantile(values, share)), [1, 3, 8]);
  close(quantile(values, 0.9), 6.8); // numpy.quantile([1, 2, 4, 8], 0.9)
  assert(Number.isNaN(quantile([], 0.5)));
});

Deno.test("an interval lies around its figure, within bounds; equal resamplings give none", () => {
  const resampled = Float64Array.from({ length: 1001 }, (_, i) => 0.3 + i / 5000); // mean 0.4
  const { low, high } = intervalAround(0.5, resampled)!;
  close(low, 0.3 + 0.025 / 5 + 0.1, 1e-9);
  close(high, 0.5 - 0.025 / 5 + 0.1, 1e-9);
  assertStrictEquals(intervalAround(0.99, resampled)!.high, 1);
  assertStrictEquals(intervalAround(1, Float64Array.of(1, 1)), null);
  assertStrictEquals(intervalAround(1, new Float64Array(0)), null);
});

Deno.test("mean and spread of what was measured", () => {
  assertEquals(meanAndSpread([1, null, 3]), { mean: 2, spread: Math.SQRT2 });
  assertEquals(meanAndSpread([0.5, null]), { mean: 0.5, spread: null });
  assertStrictEquals(meanAndSpread([null]), null);
});

Deno.test("paired difference: only shared clips count, equal runs differ by nothing", () => {
  const first = new Map([["1", true], ["2", false], ["3", true], ["only here", true]]);
  const second = new Map([["1", true], ["2", true], ["3", true], ["elsewhere", false]]);
  const difference = pairedDifference(first, second)!;
  assertStrictEquals(difference.examples, 3);
  close(difference.value, 1 / 3);
  close(difference.interval!.low, 0, 0.02);
  close(difference.interval!.high, 1, 0.02);
  assertStrictEquals(pairedDifference(first, first)!.interval, null);
  assertStrictEquals(pairedDifference(first, new Map([["none", true]])), undefined);

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

Deno.test("paired difference of several models: their means, with what other seeds could change", () => {
  const of = (right: (clip: number) => boolean) =>
    new Map(Array.from({ length: 400 }, (_, i) => [`${i}`, right(i)]));
  const half = of((i) => i % 2 === 0), most = of((i) => i % 4 > 0);
  const alike = pairedDifference([half, half, half], [most, most, most])!;
  close(alike.value, 0.25);
  const alone = pairedDifference(half, most)!;
  close(alike.interval!.low, alone.interval!.low, 0.01);
  close(alike.interval!.high, alone.interval!.high, 0.01);

  // Of two members right and wrong everywhere, the same one is drawn twice half of the time.
  const extremes = [of(() => true), of(() => false)];
  const { value, interval } = pairedDifference(extremes, extremes.toReversed())!;
  assertStrictEquals(value, 0);
  close(interval!.low, -1, 0.05);
  close(interval!.high, 1, 0.05);
  const shared = new Map([["0", false], ["7", true], ["elsewhere", true]]);
  assertStrictEquals(pairedDifference([half, shared], [most, most])!.examples, 2);
});

/** Which epoch of a run is kept. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type {
  OneLabelEvaluation,
  SeveralLabelsEvaluation,
} from "../../model/evaluation/evaluation.ts";
import { type Interval, wilsonInterval } from "../../model/evaluation/interval.ts";
import {
  type BestEpoch,
  higherOf,
  type HighestScore,
  isBetter,
} from "../../run/training_progress.ts";
import { evaluateOne, evaluateSeveral } from "../model/evaluation/evaluate_rows.ts";

const epochOf = (trainingLoss: number, figures: Partial<OneLabelEvaluation>) => ({
  ...{ epoch: 0, trainingLoss },
  evaluation: { ...evaluateOne([]), examples: 9, loss: 1, accuracy: 0, ...figures },
});

Deno.test("of epochs that validate within a standard error of the highest, or one clip, the last is kept", () => {
  const accuracies = (examples: number, intervalAt: (share: number) => Interval | null) => {
    let highest: HighestScore | undefined, best: BestEpoch | undefined;
    return (correct: number) => {
      const accuracy = correct / examples, intervals = { accuracy: intervalAt(accuracy) };
      const figures = { accuracy, examples, intervals } as Partial<OneLabelEvaluation>;
      const now = { ...epochOf(1, figures), epoch: best ? best.epoch + 1 : 0 };
      const kept = isBetter(now, { best, highest }, "later");
      highest = higherOf(highest, now);
      if (kept) best = now;
      return kept;
    };
  };
  const few = accuracies(16, (share) => share === 1 ? null : wilsonInterval(16 * share, 16));
  assertEquals([12, 15, 14, 13, 12, 15, 16, 15, 14].map(few), [
    ...[true, true, true, false, false, true], // 15 of 16: a standard error is 1.1 clips
    ...[true, true, false],
  ]);
  const many = accuracies(1000, (share) => wilsonInterval(1000 * share, 1000));
  assertEquals([900, 891, 890, 905, 896, 895].map(many), [true, true, false, true, true, false]);
});

Deno.test("the margin is one clip at least, and of the last that is as high; without validation there is none", () => {
  const figures = (accuracy: number | null) => ({ accuracy }) as Partial<OneLabelEvaluation>;
  const first = higherOf(undefined, epochOf(1, figures(0.5)))!;
  assertEquals([first.epoch, first.score], [0, 0.5]);
  assertStrictEquals(higherOf(first, { ...epochOf(1, figures(0.4)), epoch: 1 }), first);
  const second = higherOf(first, { ...epochOf(1, figures(0.5)), epoch: 2 })!;
  assertEquals([second.epoch, second.margin], [2, 1 / 9]);
  assertStrictEquals(higherOf(undefined, epochOf(1, figures(null))), undefined);
});

Deno.test("of penalties the highest score is kept, then the lower loss; without validation the lower training loss", () => {
  const ranked = (trainingLoss: number, figures: Partial<SeveralLabelsEvaluation>) => ({
    ...{ epoch: 0, trainingLoss },
    evaluation: { ...evaluateSeveral([]), examples: 9, loss: 1, ...figures },
  });
  const best = epochOf(1, { accuracy: 0.5 });
  const isHigher = (now: BestEpoch, best: BestEpoch) => isBetter(now, { best }, "lower loss");
  assert(!isHigher(epochOf(0, { accuracy: 0.5 }), best));
  assert(isHigher(epochOf(2, { accuracy: 0.5, loss: 0.9 }), best));
  assert(isHigher(epochOf(2, { accuracy: 0.6, loss: 2 }), best));
  assert(!isHigher(epochOf(0, { accuracy: 0.4, loss: 0.5 }), best));
  const precise = ranked(1, { labelAccuracy: 0.5, meanAveragePrecision: 0.9 });
  const unvalidated = (trainingLoss: number) => ({
    ...{ epoch: 0, trainingLoss },
    evaluation: evaluateOne([]),
  });
  for (const rule of ["later", "lower loss"] as const) {
    const keeps = (now: BestEpoch, best?: BestEpoch) =>
      isBetter(now, { best, highest: best && higherOf(undefined, best) }, rule);
    assert(keeps(best));
    assert(!keeps(ranked(0, { labelAccuracy: 0.9, meanAveragePrecision: 0.7, loss: 0 }), precise));
    assert(keeps(ranked(0, { labelAccuracy: 0.1, meanAveragePrecision: 0.91, loss: 9 }), precise));
    assert(keeps(unvalidated(0), unvalidated(1)));
    assert(!keeps(unvalidated(1), unvalidated(0)));
    assert(keeps(epochOf(9, {}), unvalidated(0)), "a validated epoch is better than none");
    assert(!keeps(unvalidated(0), epochOf(9, {})));
  }
});

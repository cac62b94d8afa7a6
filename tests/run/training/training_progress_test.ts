/** Which epoch of a run is kept. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type {
  OneLabelEvaluation,
  SeveralLabelsEvaluation,
} from "../../../model/evaluation/evaluation.ts";
import { type Interval, wilsonInterval } from "../../../model/evaluation/interval.ts";
import {
  type BestEpoch,
  higherOf,
  type HighestScore,
  isBetter,
} from "../../../run/training/training_progress.ts";
import { evaluateOne, evaluateSeveral } from "../../model/evaluation/evaluate_rows.ts";

const epochOf = (trainingLoss: number, figures: Partial<OneLabelEvaluation>) => ({
  ...{ epoch: 0, trainingLoss },
  evaluation: { ...evaluateOne([]), examples: 9, loss: 1, accuracy: 0, ...figures },
});

Deno.test("of epochs that validate within a standard error of the highest, or two clips, the last is kept", () => {
  const accuracies = (examples: number, intervalAt: (share: number) => Interval | null) => {
    let highest: HighestScore | undefined, best: BestEpoch | undefined;
    return (correct: number) => {
      const accuracy = correct / examples, intervals = { accuracy: intervalAt(accuracy) };
      const figures = { accuracy, examples, intervals } as Partial<OneLabelEvaluation>;
      const now = { ...epochOf(1, figures), epoch: best ? best.epoch + 1 : 0 };
      const kept = isBetter(now, { best, highest }, "later");
      highest = higherOf(highest, now.evaluation);
      if (kept) best = now;
      return kept;
    };
  };
  const few = accuracies(16, (share) => share === 1 ? null : wilsonInterval(16 * share, 16));
  assertEquals([12, 15, 14, 13, 12, 15, 16, 14, 13].map(few), [
    ...[true, true, true, true, false, true, true, true, false],
  ]);
  const many = accuracies(1000, (share) => wilsonInterval(1000 * share, 1000));
  assertEquals([900, 891, 890, 905, 896, 895].map(many), [true, true, false, true, true, false]);
});

Deno.test("the highest score stays until it is passed; without validation there is none", () => {
  const evaluationOf = (accuracy: number | null) =>
    epochOf(1, { accuracy } as Partial<OneLabelEvaluation>).evaluation;
  const first = higherOf(undefined, evaluationOf(0.5))!;
  assertEquals(first, { score: 0.5, margin: 1 / 8 });
  for (const score of [0.4, 0.5]) assertStrictEquals(higherOf(first, evaluationOf(score)), first);
  assertStrictEquals(higherOf(first, evaluationOf(0.6))!.score, 0.6);
  assertStrictEquals(higherOf(undefined, evaluationOf(null)), undefined);
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
      isBetter(now, { best, highest: best && higherOf(undefined, best.evaluation) }, rule);
    assert(keeps(best));
    assert(!keeps(ranked(0, { labelAccuracy: 0.9, meanAveragePrecision: 0.7, loss: 0 }), precise));
    assert(keeps(ranked(0, { labelAccuracy: 0.1, meanAveragePrecision: 0.91, loss: 9 }), precise));
    assert(keeps(unvalidated(0), unvalidated(1)));
    assert(!keeps(unvalidated(1), unvalidated(0)));
    assert(keeps(epochOf(9, {}), unvalidated(0)), "a validated epoch is better than none");
    assert(!keeps(unvalidated(0), epochOf(9, {})));
  }
});

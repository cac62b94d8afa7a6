import type { EpochTally } from "../../model/trainer.ts";
import { type Network, outputOf } from "../../model/network.ts";
import { RunError } from "../run_error.ts";
import type { SavedState } from "./training_progress.ts";

/**
 * Refuses a state whose numbers cannot be those of a run.
 *
 * @param run `path` of the state, for the message; the run's network, and its epochs in all.
 * @throws {RunError} naming the number, the rule and the value seen.
 */
export function checkState(
  { progress, optimizerSteps, averageUpdates }: SavedState,
  { network, epochs, path }: {
    readonly network: Network;
    readonly epochs: number;
    readonly path: string;
  },
): void {
  const { epoch, tally, best, history, seconds, stageMs, ended, refitFrom } = progress;
  const check: Check = (name, value, holds, rule) => {
    if (holds) return;
    throw new RunError(
      `Cannot go on from ${path} as its ${name} must be ${rule}: current value is ${value}`,
    );
  };
  check("epoch", epoch, isCount(epoch) && epoch <= epochs, `a whole number up to ${epochs}`);
  check("number of history rows", history.length, history.length === epoch, `${epoch}`);
  const isDone = best ? isCount(best.epoch) && best.epoch < epoch : epoch === 0;
  check("best epoch", best?.epoch, isDone, "one that is done");
  const isRefit = refitFrom === undefined ||
    ended !== undefined && isCount(refitFrom) && refitFrom <= epoch;
  check("first epoch on all clips", refitFrom, isRefit, "one that is done, behind the others");
  check("ended", ended, ended === undefined || epoch > 0, "absent before the first epoch");
  for (const [name, value] of Object.entries({ optimizerSteps, averageUpdates })) {
    check(name, value, isCount(value), "a whole number");
  }
  check("seconds", seconds, isDuration(seconds), "at least 0");
  for (const [name, value] of Object.entries(stageMs)) {
    check(`stageMs.${name}`, value, isDuration(value), "at least 0");
  }
  const { sums, counts } = progress.classMeans, { melBands } = network;
  const { numClasses } = outputOf(network);
  check("number of class means", sums.length, sums.length === numClasses, `${numClasses}`);
  check("class counts", counts, counts.length === numClasses && counts.every(isCount), "whole");
  const areSums = sums.every((sum) => sum.length === melBands && sum.every(Number.isFinite));
  check("class means", "another", areSums, `${melBands} finite numbers each`);
  if (tally) checkTally(tally, check);
}

/** Refuses a number for which the rule does not hold. */
type Check = (name: string, value: unknown, holds: boolean, rule: string) => void;

function checkTally(tally: EpochTally, check: Check): void {
  for (const name of ["step", "rows", "examples", "correct"] as const) {
    check(`tally.${name}`, tally[name], isCount(tally[name]), "a whole number");
  }
  for (const name of ["elapsedMs", "waitedMs", "learningRate"] as const) {
    check(`tally.${name}`, tally[name], isDuration(tally[name]), "at least 0");
  }
  check("tally.lossSum", tally.lossSum, Number.isFinite(tally.lossSum), "finite");
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

import { numEpochsOf, type RunStart, type TrainEvent } from "./train_events.ts";

/**
 * Seconds that a run still takes at most, by the pace since it began: early stopping may end it before.
 *
 * @param elapsedMs Since its `start`.
 * @param runsAfter Runs that come behind it, such as the other folds.
 */
export function secondsLeft(
  { epoch, progress }: TrainEvent & { readonly kind: "progress" },
  start: RunStart,
  elapsedMs: number,
  runsAfter = 0,
): number {
  const epochs = numEpochsOf(start), { resumedFrom } = start;
  const done = (epoch - 1 + progress.step / progress.steps) / epochs;
  const doneBefore = (resumedFrom?.epoch ?? 0) / epochs;
  return elapsedMs / 1000 * (1 - done + runsAfter) / Math.max(done - doneBefore, 1e-9);
}

import type { RunConfig } from "./config.ts";
import { RunError } from "./run_error.ts";

/** What decides what a run learns, and must not change while it is stopped. */
const decisive = [
  ...["fingerprint", "recipe", "augment", "background", "crop", "specAugment"] as const,
  ...["precision", "frontEnd", "validationSplit", "groups", "fold", "folds"] as const,
  ...["channels", "denseUnits"] as const,
];

/** @throws {RunError} where a run that is to be resumed is not the one that was begun. */
export function checkSameRun(begun: RunConfig, now: RunConfig, out: string): void {
  for (const key of decisive) {
    if (JSON.stringify(begun[key]) === JSON.stringify(now[key])) continue;
    const what = key === "fingerprint" ? "recordings" : key;
    throw new RunError(`Cannot resume ${out} as its ${what} must be as they were when it began`);
  }
}

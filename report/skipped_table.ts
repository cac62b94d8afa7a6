import { type Html, nameOf } from "./html.ts";
import { table } from "./page.ts";
import type { SkippedClip } from "./read_run.ts";

/** Clips that cannot be read, with the cause. */
export function skippedTable(skipped: readonly SkippedClip[]): Html {
  return table(
    [["clip", "prose"], ["stage", "text"], ["cause", "prose"]],
    skipped.map(({ filename, stage, cause }) => [nameOf(filename), stage, nameOf(cause)]),
  );
}

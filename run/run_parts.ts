/** Runs that stand in another one's folder: the folds of a cross-validation, the members of an ensemble. */
import type { RunConfig } from "./config/run_config.ts";

/** What a run in another one's folder is there. */
export type PartKind = "fold" | "member";

/** The folder of one of them. @param index Counted from 1. */
export function partDir(dir: string, kind: PartKind, index: number): string {
  return `${dir}/${kind}-${index}`;
}

/** How many runs stand in a run's folder, and as what; nothing where it is a single run. */
export function partsOf(
  { folds, ensemble }: Pick<RunConfig, "folds" | "ensemble">,
): { readonly kind: PartKind; readonly count: number } | undefined {
  if (folds !== null) return { kind: "fold", count: folds };
  return ensemble === null ? undefined : { kind: "member", count: ensemble };
}

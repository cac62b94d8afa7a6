import type { Clip } from "../pipeline/clip.ts";
import type { DatasetClips } from "../pipeline/cut_clips.ts";
import { splitByFold } from "../pipeline/split/folds.ts";
import { type Split, splitByLabel } from "../pipeline/split/split.ts";
import type { RunConfig } from "./config.ts";

/** The clips that a run is trained and validated on. */
export function splitOf({ train, validation }: DatasetClips, config: RunConfig): Split<Clip> {
  const seed = splitSeedOf(config), { fold, validationSplit } = config;
  if (fold) return splitByFold(train, fold, seed);
  return validation ? { train, validation } : splitByLabel(train, validationSplit, seed);
}

/** Key of the draw of what is validated on: the run's seed, unless it has one of its own. */
export function splitSeedOf({ splitSeed, recipe }: RunConfig): number {
  return splitSeed ?? recipe.seed;
}

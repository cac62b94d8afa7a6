import type { Clip } from "../../pipeline/clip.ts";
import type { DatasetClips } from "../../pipeline/cut_clips.ts";
import { splitByFold } from "../../pipeline/split/folds.ts";
import { type Split, splitByLabel } from "../../pipeline/split/split.ts";
import type { RunConfig } from "../config/run_config.ts";
import { RunError } from "../run_error.ts";
import { readSetApart } from "./seen_before.ts";

/**
 * The clips that a run is trained and validated on.
 *
 * @throws {RunError} where they are those of an earlier run, and it is not there any more.
 */
export async function splitOf(
  { train, validation }: DatasetClips,
  config: RunConfig,
): Promise<Split<Clip>> {
  const seed = splitSeedOf(config), { fold, validationSplit, splitFrom, fingerprint } = config;
  if (fold) return splitByFold(train, fold, seed);
  if (validation) return { train, validation };
  if (splitFrom === null) return splitByLabel(train, validationSplit, seed);
  const setApart = await readSetApart(splitFrom, fingerprint);
  if (!setApart) {
    throw new RunError(
      `Cannot validate on what ${splitFrom} was validated on as it must be there, of the same recordings`,
    );
  }
  return {
    train: train.filter(({ recording }) => !setApart.has(recording.id)),
    validation: train.filter(({ recording }) => setApart.has(recording.id)),
  };
}

/** Key of the draw of what is validated on: the run's seed, unless it has one of its own. */
export function splitSeedOf({ splitSeed, recipe }: RunConfig): number {
  return splitSeed ?? recipe.seed;
}

/** Ends a rung whose trials were shared among processes: the same table, and the same trials go on, as by one. */
import { acquireLock } from "../files/lock.ts";
import { chooseRun } from "../config/choose_run.ts";
import { RunError } from "../run_error.ts";
import type { TrainEvent } from "../training/train_events.ts";
import { endRung, rankTrials, type TrialResult } from "./rank_trials.ts";
import { missingRuns, readSearch, readTrials, rungUnderWay, type Trial } from "./search.ts";
import { joinTrial } from "./tune.ts";

/** A rung that was ended. */
export interface MergeTrialsResult {
  /** The trials of each rung so far, the best first. */
  readonly rungs: readonly (readonly TrialResult[])[];
  /** The trials of the rung that is to be trained now; none where that was the last. */
  readonly next: readonly Trial[];
  /** See `Search`. */
  readonly refit: number;
}

/** More are not named. */
const mostNamed = 10;

/**
 * Ends the rung under way of a search whose runs `tune` trained in shards: joins the folds of each trial, ranks the
 * trials, writes `tune.csv` and decides who goes on to the next rung; behind the last rung it writes `report.html`.
 * It may be done again.
 *
 * @param out The search's folder.
 * @param onEvent Is told what happens.
 * @throws {RunError} where there is no search, runs have not ended (they are named), a trial is of another search, or
 *   another process does all of it.
 */
export async function mergeTrials(
  out: string,
  onEvent?: (event: TrainEvent) => void,
): Promise<MergeTrialsResult> {
  const search = await readSearch(out),
    { folds } = search.config,
    rungs: (readonly TrialResult[])[] = [];
  using _ = await acquireLock(`${out}/.lock`, out);
  const last = await rungUnderWay(search);
  for (let rung = 1; rung <= last; rung++) {
    const trials = await readTrials(search, rung), missing = await missingRuns(search, trials);
    if (missing.length > 0) throw describeMissing(out, rung, missing);
    if (folds !== null) {
      const choices = await chooseRun({ words: {} }, search.config);
      for (const trial of trials) await joinTrial({ ...choices, onEvent }, trial);
    }
    rungs.push(await rankTrials(search, trials));
  }
  await endRung(search, rungs, onEvent);
  const next = last < search.settings.rungs ? await readTrials(search, last + 1) : [];
  return { rungs, next, refit: search.refit };
}

function describeMissing(out: string, rung: number, missing: readonly string[]): RunError {
  const names = missing.slice(0, mostNamed).map((run) => run.slice(out.length + 1));
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : "";
  return new RunError(
    `Cannot end rung ${rung} of ${out} as all its runs must have ended: not ${
      names.join(", ")
    }${more}`,
  );
}

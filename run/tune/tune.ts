/** Looks for a better recipe: random search, then halving. Every trial is a whole run in a folder of its own. */
import { recipeSettings } from "../../model/recipe.ts";
import { resolveSettings, SettingError } from "../../settings/setting.ts";
import { resolveConfig } from "../config/config.ts";
import { takeOver } from "../training/initial_model.ts";
import { acquireLock } from "../files/lock.ts";
import type { RunConfig } from "../config/run_config.ts";
import { hasEnded } from "../run_folder.ts";
import type { Shard } from "../shards/shard.ts";
import { joinFolds, resolveFolds, trainFold } from "../training/train_folds.ts";
import type { TrainOptions } from "../training/train_options.ts";
import { goOn } from "../training/train_parts.ts";
import { endRung, rankTrials, readResult, type TrialResult } from "./rank_trials.ts";
import {
  beginSearch,
  missingRuns,
  readTrials,
  rungUnderWay,
  runsOf,
  type Search,
  type Trial,
  type TrialRun,
} from "./search.ts";
import { type TuneSettings, tuneSettings } from "./trials.ts";

/** What is tried, on what: the options of a run, whose recipe is where the search begins. */
export interface TuneOptions extends Omit<TrainOptions, "mode" | "fold">, Partial<TuneSettings> {
  /** The folder of all trials; where it holds some of this search, it goes on with them. */
  readonly out: string;
  /** Folds of the cross-validation that each trial is. @default {none: each is one run} */
  readonly folds?: number;
  /**
   * Which part of the runs of the rung under way; the others are other processes', and `mergeTrials` ends the rung.
   * @default {all of all rungs}
   */
  readonly shard?: Shard;
  /** Is told each run that begins: a trial, or a fold of one. */
  readonly onTrial?: (run: TrialRun) => void;
  /** Is told what each run came to, and each cross-validation. */
  readonly onTrialEnd?: (result: TrialResult) => void;
}

/** What a search came to. */
export interface TuneResult {
  /** The trials of each rung, the best first; none of a shard, as it knows only its own. */
  readonly rungs: readonly (readonly TrialResult[])[];
  /** The last rung that was trained. */
  readonly rung: number;
  /** See `Search`. */
  readonly refit: number;
  /** Folders of its runs that other shards have yet to end. */
  readonly missing: readonly string[];
}

/**
 * Trains the trials of one rung after the other. Writes `tune.csv`, all trials with their recipes and scores, and at
 * the end `report.html`, in which those of the last rung are compared. A shard trains its part of one rung.
 *
 * @throws what `train` throws, and `RunError` where the folder holds another search, another process does all of it,
 *   or nothing is validated.
 */
export async function tune(given: TuneOptions): Promise<TuneResult> {
  if (given.backbone) {
    const rule =
      "left out, as its head is fitted to all clips at once: --l2 auto looks for the best";
    throw new SettingError("tune", "backbone", rule, given.backbone.from);
  }
  const { refit = recipeSettings.refit.default! } = given.recipe ?? {};
  const options = await takeOver({ ...given, recipe: { ...given.recipe, refit: 0 } });
  const { out, shard } = options;
  const settings = resolveSettings<TuneSettings>(tuneSettings, options, "tune");
  const search: Search = { out, settings, config: await resolveTrials(options), refit };
  await beginSearch(search);
  if (shard) {
    const rung = await rungUnderWay(search), trials = await readTrials(search, rung);
    await trainTrials(options, search, trials);
    return { rungs: [], rung, refit, missing: await missingRuns(search, trials) };
  }
  using _ = await acquireLock(`${out}/.lock`, out);
  const rungs: (readonly TrialResult[])[] = [];
  for (let rung = 1; rung <= settings.rungs; rung++) {
    const trials = await readTrials(search, rung);
    await trainTrials(options, search, trials);
    rungs.push(await rankTrials(search, trials));
    await endRung(search, rungs, options.onEvent);
  }
  return { rungs, rung: settings.rungs, refit, missing: [] };
}

/** The first trial's config, in the last rung. */
async function resolveTrials({ folds, ...options }: TuneOptions): Promise<RunConfig> {
  return folds === undefined
    ? await resolveConfig(options)
    : await resolveFolds({ ...options, folds });
}

/** Trains the runs that have not ended, or a shard's part of them; the folds of whole trials are joined. */
async function trainTrials(
  options: TuneOptions,
  search: Search,
  trials: readonly Trial[],
): Promise<void> {
  const { shard, onTrial, onTrialEnd } = options;
  let place = 0;
  for (const trial of trials) {
    for (const run of runsOf(search, trial)) {
      const isOwn = !shard || place % shard.of === shard.index - 1;
      place++;
      if (!isOwn || await hasEnded(run.out)) continue;
      onTrial?.(run);
      const { recipe, out } = trial, { fold } = run, choices = { ...options, recipe, out };
      if (fold) await trainFold({ ...choices, folds: fold.of, mode: "resume" }, fold.index);
      else await goOn(choices);
      onTrialEnd?.(await readResult(run));
    }
    if (!shard) await joinTrial(options, trial);
  }
}

/**
 * Joins the folds of a trial, where it has some, once all have ended.
 *
 * @throws what `joinFolds` throws.
 */
export async function joinTrial(
  { folds, onTrialEnd, ...options }: Omit<TuneOptions, "out">,
  trial: Trial,
): Promise<void> {
  if (folds === undefined || await hasEnded(trial.out)) return;
  await joinFolds({ ...options, folds, recipe: trial.recipe, out: trial.out });
  onTrialEnd?.(await readResult(trial));
}

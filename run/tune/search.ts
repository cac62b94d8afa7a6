/**
 * The folder of a search: what it is (`tune.json`), its rungs, and the trials of each. Who goes on from one rung to the
 * next is decided once and written there (`rung-2/trials.json`), so that any process knows what is to be done.
 */
import type { Recipe } from "../../model/recipe.ts";
import type { Fold } from "../../pipeline/split/folds.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { checkBegun } from "../files/resumable_output.ts";
import { parseConfig } from "../config/config_file.ts";
import type { RunConfig } from "../config/run_config.ts";
import { RunError } from "../run_error.ts";
import { hasEnded } from "../run_folder.ts";
import { partDir } from "../run_parts.ts";
import { checkSameRun } from "../config/same_run.ts";
import { drawTrials, planRungs, type TuneSettings } from "./trials.ts";

/** A search. */
export interface Search {
  /** Its folder. */
  readonly out: string;
  /** How much is tried. */
  readonly settings: TuneSettings;
  /** What its first trial is in the last rung: the others differ in their recipes. */
  readonly config: RunConfig;
  /** What share of a run's epochs was asked to be on all clips: trials, which are compared by others, have none. */
  readonly refit: number;
}

/** A recipe in a rung. */
export interface Trial {
  /** Its rung, counted from 1. */
  readonly rung: number;
  /** Which recipe, counted from 1: the first is the one that the search began with. */
  readonly trial: number;
  /** The recipe, with the rung's epochs. */
  readonly recipe: Recipe;
  /** The folder of its run, or of its cross-validation. */
  readonly out: string;
}

/** A run that a trial takes: the whole of it, or a fold. */
export interface TrialRun extends Trial {
  /** The fold that it validates on, where each trial is a cross-validation. */
  readonly fold?: Fold;
}

/** Tells whether a folder holds a search. */
export async function holdsSearch(out: string): Promise<boolean> {
  return await Deno.stat(`${out}/tune.json`).then(() => true, () => false);
}

/**
 * Begins a search, or goes on with the one that is there.
 *
 * @throws {RunError} where that is another one, naming what differs.
 */
export async function beginSearch(search: Search): Promise<void> {
  const { out, settings, config, refit } = search;
  if (await holdsSearch(out)) {
    const begun = await readSearch(out);
    checkBegun(out, { ...begun.settings }, { ...settings });
    return checkSameRun(begun.config, config, out);
  }
  await Deno.mkdir(out, { recursive: true });
  await writeAtomically(
    `${out}/tune.json`,
    `${JSON.stringify({ settings, config, refit }, null, 2)}\n`,
  );
}

/** Reads what a search is. @throws {RunError} where the folder holds none. */
export async function readSearch(out: string): Promise<Search> {
  // Earlier versions had no such epochs.
  const { settings, config, refit = 0 } = await readJson<Omit<Search, "out">>(`${out}/tune.json`);
  return { out, settings, config: parseConfig(config), refit };
}

/** The rung that is to be trained: the last one of which it is decided what is in it. */
export async function rungUnderWay(search: Search): Promise<number> {
  for (let rung = search.settings.rungs; rung > 1; rung--) {
    if (await Deno.stat(trialsFile(search, rung)).then(() => true, () => false)) return rung;
  }
  return 1;
}

/** The trials of a rung. @throws {RunError} where it is not decided yet what is in it. */
export async function readTrials(search: Search, rung: number): Promise<readonly Trial[]> {
  const { out, settings, config: { recipe: base } } = search, { epochs } = rungOf(search, rung);
  const recipes = drawTrials(base, settings.trials),
    steps = Math.round(base.steps * epochs / base.epochs);
  const numbers = rung === 1
    ? recipes.map((_, i) => i + 1)
    : await readJson<readonly number[]>(trialsFile(search, rung));
  return numbers.map((trial) => ({
    ...{ rung, trial, recipe: { ...recipes[trial - 1], epochs, steps } },
    out: `${out}/rung-${rung}/trial-${String(trial).padStart(2, "0")}`,
  }));
}

/**
 * Decides who goes on to a rung, where there is one.
 *
 * @param ranked The trials of the rung before, the best first.
 */
export async function decideTrials(
  search: Search,
  rung: number,
  ranked: readonly Pick<Trial, "trial">[],
): Promise<void> {
  if (rung > search.settings.rungs) return;
  const chosen = ranked.slice(0, rungOf(search, rung).trials).map(({ trial }) => trial);
  // The recipe that is asked for goes along: else nobody knew what the best one gains.
  if (!chosen.includes(1)) chosen.push(1);
  await Deno.mkdir(`${search.out}/rung-${rung}`, { recursive: true });
  await writeAtomically(trialsFile(search, rung), `${JSON.stringify(chosen)}\n`);
}

/** The runs of a trial: one, or its folds. */
export function runsOf({ config: { folds } }: Search, trial: Trial): readonly TrialRun[] {
  if (folds === null) return [trial];
  return Array.from({ length: folds }, (_, i) => {
    const fold = { index: i + 1, of: folds };
    return { ...trial, fold, out: partDir(trial.out, "fold", fold.index) };
  });
}

/** The folders of the runs of trials that have not ended. */
export async function missingRuns(search: Search, trials: readonly Trial[]): Promise<string[]> {
  const missing: string[] = [];
  for (const { out } of trials.flatMap((trial) => runsOf(search, trial))) {
    if (!await hasEnded(out)) missing.push(out);
  }
  return missing;
}

function rungOf({ settings, config }: Search, rung: number) {
  return planRungs(settings, config.recipe.epochs)[rung - 1];
}

/** Of the first rung there is none: all trials are in it. */
function trialsFile({ out }: Search, rung: number): string {
  return `${out}/rung-${rung}/trials.json`;
}

async function readJson<Value>(path: string): Promise<Value> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    throw new RunError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

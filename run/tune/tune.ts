/** Looks for a better recipe: random search, then halving. Every trial is a whole run in a folder of its own. */
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { defaultRecipe, type Recipe } from "../../model/recipe.ts";
import { resolveSettings, SettingError } from "../../settings/setting.ts";
import { writeAtomically } from "../atomic_file.ts";
import { resolveConfig } from "../config.ts";
import { writeCsv } from "../csv_file.ts";
import { checkBegun } from "../resumable_output.ts";
import { takeOver } from "../initial_model.ts";
import { RunError } from "../run_error.ts";
import { hasEnded } from "../run_folder.ts";
import { writeReport } from "../run_report.ts";
import type { Shard } from "../shards/shard.ts";
import type { TrainResult } from "../train_events.ts";
import type { TrainOptions } from "../train_options.ts";
import { goOn } from "../train_parts.ts";
import {
  drawTrials,
  planRungs,
  searchedSettings,
  type TuneSettings,
  tuneSettings,
} from "./trials.ts";

/** What is tried, on what: the options of a run, whose recipe is where the search begins. */
export interface TuneOptions extends Omit<TrainOptions, "mode" | "fold">, Partial<TuneSettings> {
  /** The folder of all trials; where it holds some of this search, it goes on with them. */
  readonly out: string;
  /** Which part of the trials of the rung that is not done; the others are other processes'. @default {all} */
  readonly shard?: Shard;
  /** Is told each trial that begins. */
  readonly onTrial?: (trial: Trial) => void;
  /** Is told what each trial came to. */
  readonly onTrialEnd?: (trial: TrialResult) => void;
}

/** A recipe in a rung. */
export interface Trial {
  /** Its rung, counted from 1. */
  readonly rung: number;
  /** Which recipe, counted from 1: the first is the one that the search began with. */
  readonly trial: number;
  /** The recipe, with the rung's epochs. */
  readonly recipe: Recipe;
  /** The run's folder. */
  readonly out: string;
}

/** A trial that has ended. */
export interface TrialResult extends Trial {
  /** Validation accuracy, or mean average precision with several labels a clip. */
  readonly score: number;
  /** Validation loss. */
  readonly loss: number;
  /** Epochs that it was trained for: of few clips, an epoch is several passes where steps are asked for. */
  readonly epochs: number;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** What a search came to. */
export interface TuneResult {
  /** The trials of each rung that is done, the best first. */
  readonly rungs: readonly (readonly TrialResult[])[];
  /** Trials of the rung under way that other shards have yet to do; 0 where all rungs are done. */
  readonly missing: number;
}

/**
 * Trains the trials of one rung after the other. Writes `tune.csv`, all trials with their recipes and scores, and at
 * the end `report.html`, in which those of the last rung are compared.
 *
 * @throws what `train` throws, and `RunError` where the folder holds another search, or nothing is validated.
 */
export async function tune(given: TuneOptions): Promise<TuneResult> {
  if (given.backbone) {
    const rule =
      "left out, as its head is fitted to all clips at once: --l2 auto looks for the best";
    throw new SettingError("tune", "backbone", rule, given.backbone.from);
  }
  const options = await takeOver(given);
  const { out, shard = { index: 1, of: 1 }, onTrial, onTrialEnd } = options;
  const settings = resolveSettings<TuneSettings>(tuneSettings, options, "tune");
  const base: Recipe = { ...defaultRecipe, ...options.recipe };
  await beginSearch(options, settings);
  const recipes = drawTrials(base, settings.trials), rungs: TrialResult[][] = [];
  let ranked = [...recipes.keys()];
  for (const [i, { trials, epochs }] of planRungs(settings, base.epochs).entries()) {
    const steps = Math.round(base.steps * epochs / base.epochs);
    const results: TrialResult[] = [], candidates = ranked.slice(0, trials);
    // The recipe that is asked for goes along: else nobody knew what the best one gains.
    if (!candidates.includes(0)) candidates.push(0);
    for (const [position, index] of candidates.entries()) {
      const trial: Trial = {
        ...{ rung: i + 1, trial: index + 1, recipe: { ...recipes[index], epochs, steps } },
        out: `${out}/rung-${i + 1}/trial-${String(index + 1).padStart(2, "0")}`,
      };
      if (!await hasEnded(trial.out)) {
        if (position % shard.of !== shard.index - 1) continue;
        onTrial?.(trial);
        await goOn({ ...options, recipe: trial.recipe, out: trial.out });
        onTrialEnd?.(await readTrial(trial));
      }
      results.push(await readTrial(trial));
    }
    const missing = candidates.length - results.length;
    if (missing > 0) return { rungs, missing };
    results.sort((a, b) => b.score - a.score || a.loss - b.loss);
    ranked = results.map(({ trial }) => trial - 1);
    rungs.push(results);
    await writeTable(`${out}/tune.csv`, rungs);
  }
  await writeReport(out, options.onEvent, rungs.at(-1)!.map(({ out }) => out));
  return { rungs, missing: 0 };
}

/** Says in `tune.json` what the search is. @throws {RunError} where another one is there. */
async function beginSearch(options: TuneOptions, settings: TuneSettings): Promise<void> {
  const { fingerprint, recipe, augment, frontEnd } = await resolveConfig(options);
  const begun = { ...settings, fingerprint, recipe, augment, frontEnd };
  const path = `${options.out}/tune.json`;
  const text = await Deno.readTextFile(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  if (text) return checkBegun(options.out, JSON.parse(text), begun);
  await Deno.mkdir(options.out, { recursive: true });
  await writeAtomically(path, `${JSON.stringify(begun, null, 2)}\n`);
}

async function readTrial(trial: Trial): Promise<TrialResult> {
  const text = await Deno.readTextFile(`${trial.out}/metrics.json`);
  const { best, epochs, seconds }: TrainResult = JSON.parse(text), score = scoreOf(best);
  if (score === null || best.loss === null) {
    throw new RunError(
      `Cannot compare ${trial.out} with others as clips must be validated on: none were`,
    );
  }
  return { ...trial, score, loss: best.loss, epochs, seconds };
}

async function writeTable(path: string, rungs: readonly (readonly TrialResult[])[]): Promise<void> {
  const header = ["rung", "trial", "epochs", "score", "loss", "seconds", ...searchedSettings];
  const rows = rungs.flat().map(({ rung, trial, recipe, score, loss, epochs, seconds }) => [
    ...[rung, trial, epochs, score, loss, Math.round(seconds)],
    ...searchedSettings.map((name) => recipe[name]),
  ]);
  await writeCsv(path, header, rows);
}

/** What the trials of a search came to: their ranks, the table of all, and the page that compares the last ones. */
import { meanAndSpread } from "../../model/evaluation/mean_and_spread.ts";
import { scoreOf } from "../../model/evaluation/evaluation.ts";
import { readConfig } from "../config/config_file.ts";
import { writeCsv } from "../files/csv_file.ts";
import { RunError } from "../run_error.ts";
import { writeReport } from "../training/run_report.ts";
import { changesOf } from "../config/same_run.ts";
import type { FoldsResult, TrainEvent, TrainResult } from "../training/train_events.ts";
import { decideTrials, type Search, type Trial, type TrialRun } from "./search.ts";
import { searchedSettings } from "./trials.ts";

/** A trial, or one of its folds, that has ended. */
export interface TrialResult extends TrialRun {
  /**
   * Validation accuracy, or mean average precision with several labels a clip; of a cross-validation, that of all its
   * clips, each by the model that was not trained on it.
   */
  readonly score: number;
  /** Validation loss, likewise. */
  readonly loss: number;
  /**
   * Epochs that it was trained for, the mean of its folds: of few clips, an epoch is several passes where steps are
   * asked for.
   */
  readonly epochs: number;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** Reads what a run came to. @throws {RunError} where it was not validated. */
export async function readResult(run: TrialRun): Promise<TrialResult> {
  const result: TrainResult | FoldsResult = JSON.parse(
    await Deno.readTextFile(`${run.out}/metrics.json`),
  );
  const [evaluation, epochs] = "folds" in result
    ? [result.outOfFold, meanAndSpread(result.folds.map(({ epochs }) => epochs))!.mean]
    : [result.best, result.epochs];
  const score = scoreOf(evaluation), { loss } = evaluation, { seconds } = result;
  if (score === null || loss === null) {
    throw new RunError(
      `Cannot compare ${run.out} with others as clips must be validated on: none were`,
    );
  }
  return { ...run, score, loss, epochs, seconds };
}

/**
 * What the trials of a rung came to, the best first: of equal scores the one of the lower loss.
 *
 * @throws {RunError} where one was trained otherwise than this search has it: it is of another one.
 */
export async function rankTrials(
  { out, config }: Search,
  trials: readonly Trial[],
): Promise<readonly TrialResult[]> {
  const results: TrialResult[] = [];
  for (const trial of trials) {
    const expected = { ...config, recipe: trial.recipe };
    const changes = changesOf(expected, await readConfig(`${trial.out}/config.json`));
    if (changes.length > 0) {
      const seen = changes.flatMap(({ differences }) => differences).join(", ");
      throw new RunError(`Cannot rank ${trial.out} as it must be a trial of ${out}: ${seen}`);
    }
    results.push(await readResult(trial));
  }
  return results.sort((a, b) => b.score - a.score || a.loss - b.loss);
}

/**
 * Ends the last of these rungs: decides who goes on, and writes `tune.csv`, all trials with their recipes and scores;
 * behind the last rung of all also `report.html`.
 */
export async function endRung(
  search: Search,
  rungs: readonly (readonly TrialResult[])[],
  onEvent?: (event: TrainEvent) => void,
): Promise<void> {
  const { out, settings } = search, last = rungs[rungs.length - 1];
  await decideTrials(search, rungs.length + 1, last);
  await writeTable(`${out}/tune.csv`, rungs);
  if (rungs.length < settings.rungs) return;
  await writeReport(out, onEvent, last.map(({ out }) => out));
}

/** Of equal trials the same bytes, whoever trained them: so it has no times. */
async function writeTable(path: string, rungs: readonly (readonly TrialResult[])[]): Promise<void> {
  const header = ["rung", "trial", "epochs", "score", "loss", ...searchedSettings];
  const rows = rungs.flat().map(({ rung, trial, recipe, score, loss, epochs }) => [
    ...[rung, trial, epochs, score, loss],
    ...searchedSettings.map((name) => recipe[name]),
  ]);
  await writeCsv(path, header, rows);
}

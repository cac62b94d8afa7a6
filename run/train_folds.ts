/** Cross-validation: as many runs as there are folds, and what they say together. */
import { type Evaluation, scoreOf } from "../model/evaluation/evaluation.ts";
import { meanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import { assignFolds } from "../pipeline/split/folds.ts";
import { joinValidation } from "../pipeline/sources/open_dataset.ts";
import { writeAtomically } from "./atomic_file.ts";
import { replaceScores } from "./best_model.ts";
import { cutClips, resolveConfig, type RunConfig } from "./config.ts";
import { openRun } from "./open_run.ts";
import { joinPredictions, joinSkipped } from "./out_of_fold.ts";
import { RunError } from "./run_error.ts";
import { foldDir, hasEnded } from "./run_folder.ts";
import { writeReport } from "./run_report.ts";
import { scoreOptionsOf } from "./score_options.ts";
import { train } from "./train.ts";
import { Interrupted, type TrainOptions } from "./train_options.ts";
import type { FoldResult, FoldsResult, TrainResult } from "./train_events.ts";

/** Options of a cross-validation: those of a run, and the number of folds. */
export interface TrainFoldsOptions extends Omit<TrainOptions, "fold" | "validationSplit"> {
  /** Parts that take turns in being validated on; see `assignFolds`. */
  readonly folds: number;
}

/**
 * Trains a model a fold, each in a whole run's folder of its own, `fold-1` and on, in the
 * cross-validation's folder. That one holds `config.json`, `validation.csv` (of every clip what the model
 * that was not trained on it says), `skipped.csv`, `metrics.json` and `report.html`; `readModels` reads its
 * models, which at the end have temperature and thresholds in common, fitted to these predictions. Resumed, it goes on with the first fold that has not ended.
 *
 * @throws what `train` throws; `Interrupted` and `RunError` name the cross-validation's folder to go on with.
 */
export async function trainFolds(options: TrainFoldsOptions): Promise<FoldsResult> {
  const { folds: numFolds, mode = "new" } = options;
  const dataset = joinValidation(options.dataset);
  const choices = { ...options, dataset, validationSplit: 0 };
  const clips = await cutClips(choices);
  const config: RunConfig = { ...await resolveConfig(choices, clips), folds: numFolds };
  const folds = assignFolds(clips.train, numFolds, config.recipe.seed);
  using run = await openRun(options.out, mode, config);
  const { out } = run;
  if (await hasEnded(out)) throw new RunError(`Cannot resume ${out} as it has ended: all folds`);

  const results: TrainResult[] = [], dirs: string[] = [];
  for (let index = 1; index <= numFolds; index++) {
    const dir = foldDir(out, index), fold = { index, of: numFolds };
    dirs.push(dir);
    const ended = await hasEnded(dir) ? await readResult(dir) : undefined;
    if (!ended) options.onEvent?.({ kind: "fold", fold });
    results.push(ended ?? await trainFold({ ...choices, out: dir, fold }, out));
  }

  const joined = await joinPredictions(
    ...[out, dirs, clips.train, folds, scoreOptionsOf(config)] as const,
  );
  const { evaluation: outOfFold, scores = null } = joined;
  if (scores) { for (const dir of dirs) await replaceScores(dir, scores.scores); }
  const result: FoldsResult = {
    out,
    classes: config.classes,
    folds: results.map(({ out, bestEpoch, epochs, ended, best }): FoldResult => ({
      out,
      bestEpoch,
      epochs,
      ended,
      best,
    })),
    outOfFold,
    scores,
    ...describeSpread(results.map(({ best }) => best)),
    neverValidated: folds.filter((fold) => fold === 0).length,
    ended: "all folds",
    skipped: await joinSkipped(out, dirs),
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  await writeAtomically(`${out}/metrics.json`, `${JSON.stringify(result, null, 2)}\n`);
  await writeReport(out, options.onEvent);
  return result;
}

/** Begins a fold's run, or goes on with it. @param out The cross-validation's folder. */
async function trainFold(
  options: TrainOptions & { readonly out: string },
  out: string,
): Promise<TrainResult> {
  const begun = await Deno.stat(`${options.out}/config.json`).then(() => true, () => false);
  try {
    return await train({ ...options, mode: begun ? "resume" : "new" });
  } catch (error) {
    if (error instanceof Interrupted) throw new Interrupted(out, { cause: error });
    if (!(error instanceof RunError && error.resumable)) throw error;
    throw new RunError(error.message, { cause: error, resumable: out });
  }
}

/** The result of a run that has ended. */
async function readResult(dir: string): Promise<TrainResult> {
  return JSON.parse(await Deno.readTextFile(`${dir}/metrics.json`));
}

/** The folds' figures together; a fold that was not validated does not enter them. */
function describeSpread(folds: readonly Evaluation[]) {
  const over = (figure: (fold: Evaluation) => number | null) => meanAndSpread(folds.map(figure));
  return {
    numValidated: folds.filter(({ examples }) => examples > 0).length,
    macroF1: over(({ macroF1 }) => macroF1),
    ...folds[0].task === "one-label"
      ? { accuracy: over((fold) => fold.task === "one-label" ? fold.accuracy : null) }
      : {
        meanAveragePrecision: over(scoreOf),
        labelAccuracy: over((fold) => fold.task === "several-labels" ? fold.labelAccuracy : null),
      },
  };
}

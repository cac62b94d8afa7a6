/** Cross-validation: as many runs as there are folds, and what they say together. */
import { type Evaluation, scoreOf } from "../model/evaluation/evaluation.ts";
import { meanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import { assignFolds } from "../pipeline/split/folds.ts";
import { joinValidation } from "../pipeline/sources/open_dataset.ts";
import { writeAtomically } from "./atomic_file.ts";
import { readConfig, resolveConfig, type RunConfig, writeConfig } from "./config.ts";
import { joinPredictions, joinSkipped } from "./out_of_fold.ts";
import { RunError } from "./run_error.ts";
import { createRunFolder, foldDir } from "./run_folder.ts";
import { checkSameRun } from "./same_run.ts";
import { train } from "./train.ts";
import { Interrupted, type TrainOptions } from "./train_options.ts";
import type { FoldResult, FoldsResult, TrainResult } from "./train_events.ts";

/** What a cross-validation is made of: what a run is, and the number of folds. */
export interface TrainFoldsOptions extends Omit<TrainOptions, "fold" | "validationSplit"> {
  /** Parts that take turns in being validated on; see `assignFolds`. */
  readonly folds: number;
}

/**
 * Trains a model a fold, each in a whole run's folder of its own, `fold-1` and on, in the
 * cross-validation's folder. That one holds `config.json`, `validation.csv` (of every clip what the model
 * that was not trained on it says), `skipped.csv`, `metrics.json` and `report.html`; `readModels` reads its
 * models. Resumed, it goes on with the first fold that has not ended.
 *
 * @throws what `train` throws; `Interrupted` names the cross-validation's folder.
 */
export async function trainFolds(options: TrainFoldsOptions): Promise<FoldsResult> {
  const { out, folds: numFolds, mode = "new" } = options;
  const dataset = joinValidation(options.dataset);
  const choices = { ...options, dataset, validationSplit: 0 };
  const config: RunConfig = { ...await resolveConfig(choices), folds: numFolds };
  const folds = assignFolds(dataset.train, numFolds, config.recipe.seed);
  if (mode === "resume") {
    checkSameRun(await readConfig(`${out}/config.json`), config, out);
    if (await readResult(out)) {
      throw new RunError(`Cannot resume ${out} as it has ended: all folds`);
    }
  } else {
    await createRunFolder(out);
    await writeConfig(out, config);
  }

  const results: TrainResult[] = [], dirs: string[] = [];
  for (let index = 1; index <= numFolds; index++) {
    const dir = foldDir(out, index), fold = { index, of: numFolds };
    dirs.push(dir);
    const ended = await readResult(dir);
    if (!ended) options.onEvent?.({ kind: "fold", fold });
    results.push(ended ?? await trainFold({ ...choices, out: dir, fold }, out));
  }

  const outOfFold = await joinPredictions(out, dirs, dataset.train, folds, config);
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
    ...describeSpread(results.map(({ best }) => best)),
    neverValidated: folds.filter((fold) => fold === 0).length,
    ended: "all folds",
    skipped: await joinSkipped(out, dirs),
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  await writeAtomically(`${out}/metrics.json`, `${JSON.stringify(result, null, 2)}\n`);
  await writeReport(options);
  return result;
}

/** Begins a fold's run, or goes on with it. */
async function trainFold(options: TrainOptions, out: string): Promise<TrainResult> {
  const begun = await Deno.stat(`${options.out}/config.json`).then(() => true, () => false);
  try {
    return await train({ ...options, mode: begun ? "resume" : "new" });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(error.message.replace(options.out, out), { cause: error });
  }
}

/** What a folder's run came to; nothing where it has not ended. */
async function readResult(dir: string): Promise<TrainResult | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(`${dir}/metrics.json`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
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

/** Writes the report of all predictions; what goes wrong there is said and costs nothing else. */
async function writeReport({ out, onEvent }: TrainFoldsOptions): Promise<void> {
  try {
    // Loaded late: its charts take a moment.
    const { createReport } = await import("../report/report.ts");
    await writeAtomically(`${out}/report.html`, await createReport([out]));
  } catch (error) {
    onEvent?.({ kind: "warning", text: `no report: ${(error as Error).message}` });
  }
}

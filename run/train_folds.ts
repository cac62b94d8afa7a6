/** Cross-validation: as many runs as there are folds, and what they say together. */
import { assignFolds } from "../pipeline/split/folds.ts";
import { joinValidation } from "../pipeline/sources/open_dataset.ts";
import { writeAtomically } from "./atomic_file.ts";
import { cutClips, resolveConfig, type RunConfig } from "./config.ts";
import { takeOver } from "./initial_model.ts";
import { joinPredictions, joinSkipped } from "./join_predictions.ts";
import { openRun } from "./open_run.ts";
import { RunError } from "./run_error.ts";
import { hasEnded } from "./run_folder.ts";
import { writeReport } from "./run_report.ts";
import { splitSeedOf } from "./run_split.ts";
import { scoreOptionsOf } from "./score_options.ts";
import type { FoldsResult } from "./train_events.ts";
import type { TrainOptions } from "./train_options.ts";
import { describeSpread, trainParts } from "./train_parts.ts";
import { validationColumns } from "./validation_rows.ts";

/** Options of a cross-validation: those of a run, and the number of folds. */
export interface TrainFoldsOptions extends Omit<TrainOptions, "fold" | "validationSplit"> {
  /** Parts that take turns in being validated on; see `assignFolds`. */
  readonly folds: number;
}

/**
 * Trains a model a fold, each in a whole run's folder of its own, `fold-1` and on, in the
 * cross-validation's folder. That one holds `config.json`, `validation.csv` (of every clip what the model
 * that was not trained on it says), `skipped.csv`, `metrics.json` and `report.html`; `readModels` reads its
 * models, with the temperature and the thresholds that fit these predictions. Resumed, it goes on with the
 * first fold that has not ended.
 *
 * @throws what `train` throws; `Interrupted` and `RunError` name the cross-validation's folder to go on with.
 */
export async function trainFolds(given: TrainFoldsOptions): Promise<FoldsResult> {
  const options = await takeOver(given);
  const { folds: numFolds, mode = "new" } = options;
  const dataset = joinValidation(options.dataset);
  const choices = { ...options, dataset, validationSplit: 0 };
  const clips = await cutClips(choices);
  const config: RunConfig = { ...await resolveConfig(choices, clips), folds: numFolds };
  const folds = assignFolds(clips.train, numFolds, splitSeedOf(config));
  using run = await openRun(options.out, mode, config);
  const { out } = run;
  if (await hasEnded(out)) throw new RunError(`Cannot resume ${out} as it has ended: all folds`);

  const all = Array.from({ length: numFolds }, (_, i) => ({ index: i + 1, of: numFolds }));
  const embeddings = options.embeddings ?? `${out}/embeddings.bin`;
  const runs = all.map((fold) => ({ ...choices, embeddings, fold }));
  const results = await trainParts(out, "fold", runs, (index) => {
    options.onEvent?.({ kind: "fold", fold: all[index - 1] });
  });
  const dirs = results.map(({ out }) => out);
  const { evaluation: outOfFold, scores = null } = await joinPredictions({
    out,
    dirs,
    columns: validationColumns(clips.train),
    clips: clips.train,
    validatedIn: (clip) => folds[clip] === 0 ? [] : [folds[clip] - 1],
    scoreOptions: scoreOptionsOf(config),
  });
  const result: FoldsResult = {
    out,
    classes: config.classes,
    folds: results.map(({ out, bestEpoch, epochs, ended, best }) => ({
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

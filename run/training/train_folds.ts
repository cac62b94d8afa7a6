/** Cross-validation: as many runs as there are folds, and what they say together. */
import type { Clip } from "../../pipeline/clip.ts";
import { assignFolds, type Fold } from "../../pipeline/split/folds.ts";
import { joinValidation } from "../../pipeline/sources/open_dataset.ts";
import { makeFolder, writeAtomically } from "../files/atomic_file.ts";
import { cutClips, resolveConfig } from "../config/config.ts";
import { readConfig, writeConfig } from "../config/config_file.ts";
import type { RunConfig } from "../config/run_config.ts";
import { takeOver } from "./initial_model.ts";
import { joinPredictions, joinSkipped } from "./join_predictions.ts";
import { openRun } from "./open_run.ts";
import { RunError } from "../run_error.ts";
import { hasEnded } from "../run_folder.ts";
import { partDir } from "../run_parts.ts";
import { writeReport } from "./run_report.ts";
import { splitSeedOf } from "./run_split.ts";
import { countSeenBefore } from "./seen_before.ts";
import { checkSameRun } from "../config/same_run.ts";
import { scoreOptionsOf } from "../config/score_options.ts";
import { train } from "./train.ts";
import type { FoldsResult, TrainResult } from "./train_events.ts";
import type { TrainOptions } from "./train_options.ts";
import { describeSpread, goOn, trainParts } from "./train_parts.ts";
import { validationColumns } from "./validation_rows.ts";

/** Options of a cross-validation: those of a run, and the number of folds. */
export interface TrainFoldsOptions extends Omit<TrainOptions, "fold" | "validationSplit"> {
  /** Parts that take turns in being validated on; see `assignFolds`. */
  readonly folds: number;
}

/** A cross-validation before its first fold. */
interface Plan {
  /** Options of each fold's run. */
  readonly runs: readonly (TrainOptions & { readonly fold: Fold })[];
  readonly clips: readonly Clip[];
  readonly config: RunConfig;
}

async function planFolds(given: TrainFoldsOptions): Promise<Plan> {
  const options = await takeOver(given), { folds } = options;
  const choices = { ...options, dataset: joinValidation(options.dataset), validationSplit: 0 };
  const clips = await cutClips(choices);
  const config: RunConfig = { ...await resolveConfig(choices, clips), folds };
  const all = Array.from({ length: folds }, (_, i) => ({ index: i + 1, of: folds }));
  return { runs: all.map((fold) => ({ ...choices, fold })), clips: clips.train, config };
}

/** The config of a cross-validation. @throws what `resolveConfig` throws. */
export async function resolveFolds(options: TrainFoldsOptions): Promise<RunConfig> {
  return (await planFolds(options)).config;
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
export async function trainFolds(options: TrainFoldsOptions): Promise<FoldsResult> {
  return await finishFolds(options, await planFolds(options));
}

/**
 * Trains one fold of a cross-validation, as one of several processes that share its folder: the first to come
 * writes its `config.json`, the others must have the same. When all folds have ended, `joinFolds` does the rest.
 *
 * @param index Counted from 1.
 * @returns Its result; of a fold that has ended and is resumed, that which it came to.
 * @throws what `train` throws; `Interrupted` and `RunError` name the fold's folder to go on with.
 */
export async function trainFold(
  options: TrainFoldsOptions & { readonly out: string },
  index: number,
): Promise<TrainResult> {
  const { out, mode, onEvent } = options, { runs, config } = await planFolds(options);
  if (await Deno.stat(`${out}/config.json`).then(() => true, () => false)) {
    checkSameRun(await readConfig(`${out}/config.json`), config, out);
  } else {
    await makeFolder(out);
    await writeConfig(out, config);
  }
  const run = { ...runs[index - 1], out: partDir(out, "fold", index) };
  onEvent?.({ kind: "fold", fold: run.fold });
  return mode === "resume" ? await goOn(run) : await train({ ...run, mode: "new" });
}

/**
 * Joins the folds that `trainFold` trained, as `trainFolds` does at its end.
 *
 * @throws {RunError} where a fold has not ended, or the cross-validation is not this one or has been joined.
 */
export async function joinFolds(
  options: TrainFoldsOptions & { readonly out: string },
): Promise<FoldsResult> {
  const { out, folds } = options, missing: string[] = [];
  for (let index = 1; index <= folds; index++) {
    const dir = partDir(out, "fold", index);
    if (!await hasEnded(dir)) missing.push(dir);
  }
  if (missing.length > 0) {
    throw new RunError(
      `Cannot join ${out} as all ${folds} folds must have ended: not ${missing.join(", ")}`,
      { resumable: missing[0] },
    );
  }
  return await trainFolds({ ...options, mode: "resume" });
}

/** Trains the folds that have not ended, and writes what all say together. */
async function finishFolds(
  { mode = "new", ...options }: TrainFoldsOptions,
  { runs, clips, config }: Plan,
): Promise<FoldsResult> {
  const folds = assignFolds(clips, runs.length, splitSeedOf(config));
  using run = await openRun(options.out, mode, config);
  const { out } = run;
  if (await hasEnded(out)) throw new RunError(`Cannot resume ${out} as it has ended: all folds`);

  const embeddings = options.embeddings ?? `${out}/embeddings.bin`;
  const own = runs.map((run) => ({ ...run, embeddings }));
  const results = await trainParts(out, "fold", own, (index) => {
    options.onEvent?.({ kind: "fold", fold: runs[index - 1].fold });
  });
  const dirs = results.map(({ out }) => out);
  const { evaluation: outOfFold, scores = null } = await joinPredictions({
    out,
    dirs,
    columns: validationColumns(clips),
    clips,
    validatedIn: (clip) => folds[clip] === 0 ? [] : [folds[clip] - 1],
    scoreOptions: scoreOptionsOf(config),
  });
  const result: FoldsResult = {
    out,
    classes: config.classes,
    folds: results.map(({ out, bestEpoch, refit, epochs, ended, best }) => ({
      out,
      bestEpoch,
      refit,
      epochs,
      ended,
      best,
    })),
    outOfFold,
    seenBefore: await countSeenBefore(config, clips) ?? null,
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

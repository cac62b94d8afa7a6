/** A training run from a data set to a run's folder: joins the rooms and tells what happens. */
import { checkPrecision, createEngine } from "../model/create_engine.ts";
import { planEpochs } from "../model/epoch_plan.ts";
import { taskOf } from "../model/evaluation/evaluation.ts";
import { outputOf } from "../model/network.ts";
import { WeightAverage } from "../model/weight_average.ts";
import { describeCacheCounts } from "../pipeline/cache/audio_cache.ts";
import { DatasetError } from "../pipeline/sources/dataset.ts";
import { joinValidation } from "../pipeline/sources/open_dataset.ts";
import { countLabels } from "../pipeline/split/units.ts";
import { resolveSettings } from "../settings/setting.ts";
import { FeaturePool } from "../workers/feature_pool.ts";
import { augmentationOf, cutClips, resolveConfig } from "./config.ts";
import { initialWeights, takeOver } from "./initial_model.ts";
import { openRun } from "./open_run.ts";
import { RunError } from "./run_error.ts";
import { hasEnded } from "./run_folder.ts";
import { machineSettings } from "./run_settings.ts";
import { splitOf } from "./run_split.ts";
import type { TrainResult } from "./train_events.ts";
import { Interrupted, type TrainOptions } from "./train_options.ts";
import { TrainingRun } from "./training_run.ts";
import { createProgress } from "./training_progress.ts";
import { loadState } from "./training_state.ts";

/**
 * Trains a model and writes the run's folder: `config.json`, `history.csv`, `best_model/`,
 * `validation.csv` (what the best model said of each validation clip), `skipped.csv`,
 * `metrics.json`, `report.html` and `last/`, from which it can be resumed. The kept weights are
 * those of the best validation accuracy, or mean average precision with several labels a clip (of
 * equal ones, the lower loss); without validation, those of the lowest training loss.
 *
 * @throws {SettingError} where an option is outside its range.
 * @throws {DatasetError} where the data set does not suffice.
 * @throws {RunError} where the folder holds a run already, not the one that is to be resumed, or is in
 * use by another process; where a state is damaged, or something cannot be written.
 * @throws {Interrupted} where `signal` ended it.
 */
export async function train(given: TrainOptions): Promise<TrainResult> {
  const choices = await takeOver(given);
  const dataset = choices.fold ? joinValidation(choices.dataset) : choices.dataset;
  const options = { ...choices, dataset }, { mode = "new" } = options;
  const clips = await cutClips(options), config = await resolveConfig(options, clips);
  const { backend, threads, workers } = resolveSettings(machineSettings, options, "train");
  checkPrecision(config.precision, backend);
  using run = await openRun(options.out, mode, config);
  const split = splitOf(clips, config), plan = planEpochs(config.recipe, split.train.length);
  const initial = await initialWeights(config);
  const makeEngine = options.createEngine ?? createEngine;
  const { engine, reason } = await makeEngine(config.network, {
    backend,
    threads,
    precision: config.precision,
    weights: initial.weights,
  });
  const augmentation = await augmentationOf(config);
  const onNotice = (text: string) => options.onEvent?.({ kind: "notice", level: "info", text });
  const pool = new FeaturePool({ workers, onNotice });
  try {
    const average = new WeightAverage(config.recipe.averageDecay);
    const saved = await loadState(run.out, { engine, average, epochs: plan.epochs });
    if (saved?.ended && await hasEnded(run.out)) {
      throw new RunError(`Cannot resume ${run.out} as it has ended: ${saved.ended}`);
    }
    options.onEvent?.({
      kind: "start",
      start: {
        out: run.out,
        data: options.dataset.origin,
        notes: [...options.dataset.notes ?? [], ...clips.notes, ...initial.notes],
        task: taskOf(outputOf(config.network)),
        classCounts: Object.fromEntries(countLabels(split.train)),
        numTrain: split.train.length,
        numValidation: split.validation.length,
        recipe: config.recipe,
        plan,
        engine: `${engine.name} (${engine.device})`,
        engineReason: reason,
        workers: pool.numWorkers,
        resumedFrom: saved && { epoch: saved.epoch, step: saved.tally?.step ?? 0 },
      },
    });
    const { validationSplit } = options;
    if (options.dataset.validation && validationSplit !== undefined) {
      onNotice(
        `the validation share of ${validationSplit} is not used, as the data set sets recordings apart`,
      );
    }
    const progress = saved ?? createProgress(config.network);
    const parts = {
      options,
      config,
      run,
      split,
      plan,
      augmentation,
      pool,
      engine,
      average,
      progress,
    };
    const result = await new TrainingRun(parts).run().catch(async (error) => {
      throw await explainStop(error, run.out);
    });
    if (options.cache) onNotice(describeCacheCounts(pool.cacheCounts));
    return result;
  } finally {
    pool.close();
    await engine.dispose();
  }
}

/** Adds what is saved to an error that stopped a run on its way, such as the loss of a GPU or a full disk. */
async function explainStop(error: Error, out: string): Promise<Error> {
  const expected = error instanceof DatasetError || error instanceof Interrupted;
  const saved = await Deno.stat(`${out}/last/state.json`).catch(() => undefined);
  if (expected || !saved) return error;
  const at = saved.mtime?.toLocaleTimeString("en-GB") ?? "its last saving";
  const message = `${error.message} (the run is saved as of ${at})`;
  return new RunError(message, { cause: error, resumable: out });
}

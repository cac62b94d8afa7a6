/** A training run from a data set to a run's folder: joins the rooms and tells what happens. */
import type { Backbone } from "../../backbone/backbone.ts";
import { checkPrecision, createEngine } from "../../model/create_engine.ts";
import type { Answerer } from "../../model/engine.ts";
import { type EpochPlan, planRun } from "../../model/epoch_plan.ts";
import { taskOf } from "../../model/evaluation/evaluation.ts";
import { createHeadEngine } from "../../model/head/head_engine.ts";
import { penaltiesOf } from "../../model/head/head_settings.ts";
import { outputOf } from "../../model/network.ts";
import { WeightAverage } from "../../model/weight_average.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { describeCacheCounts } from "../../pipeline/cache/audio_cache.ts";
import type { Clip } from "../../pipeline/clip.ts";
import type { DatasetClips } from "../../pipeline/cut_clips.ts";
import { DatasetError } from "../../pipeline/sources/dataset.ts";
import { joinValidation } from "../../pipeline/sources/open_dataset.ts";
import type { Split } from "../../pipeline/split/split.ts";
import { countLabels } from "../../pipeline/split/units.ts";
import { resolveSettings } from "../../settings/setting.ts";
import { FeaturePool } from "../../workers/feature_pool.ts";
import { checkMemoryLimit } from "../../workers/memory_guard.ts";
import { augmentationOf, cutClips, resolveConfig } from "../config/config.ts";
import type { RunConfig } from "../config/run_config.ts";
import { initialWeights, takeOver } from "./initial_model.ts";
import { openRun } from "./open_run.ts";
import { createPool } from "../embeddings/embedding_pool.ts";
import { createGoldenEmbedding } from "../golden.ts";
import { runHead } from "./head_run.ts";
import { RunError } from "../run_error.ts";
import { hasEnded } from "../run_folder.ts";
import { machineSettings } from "../config/run_settings.ts";
import { splitOf } from "./run_split.ts";
import { describeSplit } from "./seen_before.ts";
import { numEpochsOf, type RunStart, type TrainResult } from "./train_events.ts";
import { Interrupted, type TrainOptions } from "./train_options.ts";
import { TrainingRun } from "./training_run.ts";
import { createProgress } from "./training_progress.ts";
import { loadState } from "./training_state.ts";

/**
 * Trains a model and writes the run's folder: `config.json`, `history.csv`, `best_model/`,
 * `validation.csv` (what the best model said of each validation clip), `skipped.csv`,
 * `metrics.json`, `report.html` and `last/`, from which it can be resumed. The kept weights are
 * those of the last epoch whose validation accuracy, or mean average precision with several labels a clip, is
 * within a standard error of the highest, or two clips; without validation, those of the lowest training loss. With
 * `recipe.refit` they are trained on all clips from there.
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
  const machine = resolveSettings(machineSettings, options, "train");
  const { backend, threads, workers, clipTimeout, memoryLimit } = machine;
  checkPrecision(config.precision, backend);
  checkMemoryLimit(memoryLimit); // a run's folder is not left behind
  if (options.backbone) return await trainOnBackbone(options, options.backbone, clips, config);
  using run = await openRun(options.out, mode, config);
  const onNotice = (text: string) => options.onEvent?.({ kind: "notice", level: "info", text });
  // Its threads load their modules while the engine is made.
  const pool = new FeaturePool({ workers, stallSeconds: clipTimeout, memoryLimit, onNotice });
  using stack = new DisposableStack();
  stack.defer(() => pool.close());
  const split = await splitOf(clips, config), augmentation = await augmentationOf(config);
  const { plan, refit } = planRun(config.recipe, split.train.length, split.validation.length);
  const initial = await initialWeights(config);
  const makeEngine = options.createEngine ?? createEngine;
  const { engine, reason } = await makeEngine(config.network, {
    backend,
    threads,
    precision: config.precision,
    weights: initial.weights,
  });
  try {
    const average = new WeightAverage(config.recipe.averageDecay);
    const saved = await loadState(run.out, {
      ...{ engine, average, epochs: numEpochsOf({ plan, refit }) },
    });
    if (saved?.ended && await hasEnded(run.out)) {
      throw new RunError(`Cannot resume ${run.out} as it has ended: ${saved.ended}`);
    }
    tellStart(options, config, clips, {
      ...{
        out: run.out,
        split,
        engine,
        plan,
        refit,
        workers: pool.numWorkers,
        engineReason: reason,
      },
      notes: [...initial.notes, ...await describeSplit(config, split)],
      resumedFrom: saved && {
        ...{ epoch: saved.epoch, step: saved.tally?.step ?? 0, history: [...saved.history] },
      },
    });
    const progress = saved ?? createProgress(config.network);
    const parts = {
      options,
      config,
      run,
      split,
      plan,
      refit,
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
    await engine.dispose();
  }
}

/** A run whose features are a backbone's embeddings. */
async function trainOnBackbone(
  options: TrainOptions,
  backbone: Backbone,
  clips: DatasetClips,
  config: RunConfig,
): Promise<TrainResult> {
  const { workers, clipTimeout, memoryLimit } = resolveSettings(machineSettings, options, "train");
  const { network, recipe, frontEnd, l2 } = config, split = await splitOf(clips, config);
  const onNotice = (text: string) => options.onEvent?.({ kind: "notice", level: "info", text });
  const augmentation = await augmentationOf(config);
  const engine = createHeadEngine(network, createInitialWeights(network, recipe.seed));
  const pool = createPool(
    { workers, stallSeconds: clipTimeout, memoryLimit, onNotice },
    backbone,
  );
  try {
    // A backbone that cannot be computed is found out before there is a folder.
    const golden = await createGoldenEmbedding(pool, backbone, frontEnd);
    using run = await openRun(options.out, options.mode ?? "new", config);
    if (await hasEnded(run.out)) {
      throw new RunError(`Cannot resume ${run.out} as it has ended: all penalties`);
    }
    const { card, recognised, feeding } = backbone, { licence, notice } = card;
    const epochs = penaltiesOf(l2, split.validation.length > 0).length;
    const plan: EpochPlan = { epochs, passes: 1, steps: 1, patience: epochs };
    tellStart(options, { ...config, recipe: { ...recipe, epochs } }, clips, {
      ...{ out: run.out, split, engine, plan, workers: pool.numWorkers },
      notes: await describeSplit(config, split),
      engineReason: "the head",
      backbone: `${card.name}, ${feeding.size} numbers a clip, ${recognised} (licence: ${licence})`,
    });
    if (notice !== undefined) onNotice(notice);
    const parts = { options, config, run, split, augmentation, pool, backbone, golden, engine };
    const result = await runHead(parts).catch((error) => {
      if (error instanceof DatasetError || error instanceof Interrupted) throw error;
      throw new RunError(error.message, { cause: error, resumable: run.out });
    });
    if (options.cache) onNotice(describeCacheCounts(pool.cacheCounts));
    return result;
  } finally {
    pool.close();
  }
}

/** Says what is known of a run before its first step. */
function tellStart(
  { dataset, onEvent, validationSplit }: TrainOptions,
  { network, recipe }: RunConfig,
  clips: DatasetClips,
  { split, engine, notes, ...more }:
    & Pick<
      RunStart,
      | "out"
      | "workers"
      | "engineReason"
      | "resumedFrom"
      | "backbone"
      | "plan"
      | "refit"
      | "notes"
    >
    & { readonly split: Split<Clip>; readonly engine: Answerer },
): void {
  onEvent?.({
    kind: "start",
    start: {
      data: dataset.origin,
      notes: [...dataset.notes ?? [], ...clips.notes, ...notes],
      task: taskOf(outputOf(network)),
      classCounts: Object.fromEntries(countLabels(split.train)),
      numTrain: split.train.length,
      numValidation: split.validation.length,
      recipe,
      engine: `${engine.name} (${engine.device})`,
      ...more,
    },
  });
  if (dataset.validation && validationSplit !== undefined) {
    const text =
      `the validation share of ${validationSplit} is not used, as the data set sets recordings apart`;
    onEvent?.({ kind: "notice", level: "info", text });
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

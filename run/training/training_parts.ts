import type { Engine } from "../../model/engine.ts";
import type { EpochPlan, RefitPlan } from "../../model/epoch_plan.ts";
import type { WeightAverage } from "../../model/weight_average.ts";
import type { FeatureGraphOptions } from "../../pipeline/graph_options.ts";
import type { Clip } from "../../pipeline/clip.ts";
import type { Split } from "../../pipeline/split/split.ts";
import type { FeaturePool } from "../../workers/feature_pool.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { OpenRun } from "./open_run.ts";
import type { TrainOptions } from "./train_options.ts";
import type { TrainingProgress } from "./training_progress.ts";

/** Parts of a run under way. */
export interface TrainingParts {
  /** The options of the run. */
  readonly options: TrainOptions;
  /** The same with all defaults. */
  readonly config: RunConfig;
  /** The run's folder, which is the run's own meanwhile. */
  readonly run: OpenRun;
  /** The clips to train and to validate on. */
  readonly split: Split<Clip>;
  /** Its epochs. */
  readonly plan: EpochPlan;
  /** What follows on all clips; absent where nothing does. */
  readonly refit?: RefitPlan;
  /** Augmentation of the copies. */
  readonly augmentation: Partial<FeatureGraphOptions>;
  /** Threads that make features. */
  readonly pool: FeaturePool;
  /** The network that learns. */
  readonly engine: Engine;
  /** Moving average of its weights. */
  readonly average: WeightAverage;
  /** Progress of the run; kept up to date in place. */
  readonly progress: TrainingProgress;
}

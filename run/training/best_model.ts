import type { Answerer } from "../../model/engine.ts";
import { freeArrays } from "../../model/free_arrays.ts";
import type { Clip } from "../../pipeline/clip.ts";
import type { Split } from "../../pipeline/split/split.ts";
import type { Evaluation } from "../../model/evaluation/evaluation.ts";
import { type ModelCard, modelFormatVersion } from "../../model/model_card.ts";
import { encodeModel } from "../../model/saved_model.ts";
import type { Scores } from "../../model/scores/scores.ts";
import { countLabels } from "../../pipeline/split/units.ts";
import { createGoldenVector } from "../golden.ts";
import { writeModel } from "../run_folder.ts";
import type { HistoryRow } from "./train_events.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { OpenRun } from "./open_run.ts";
import type { TrainingProgress } from "./training_progress.ts";

/** What the kept model of a run is made of. */
export interface BestModelParts {
  /** The run's configuration. */
  readonly config: RunConfig;
  /** Its folder. */
  readonly run: Pick<OpenRun, "out">;
  /** Its clips. */
  readonly split: Split<Clip>;
  /** Holds the weights. */
  readonly engine: Answerer;
  /** Progress of the run. */
  readonly progress: Pick<TrainingProgress, "epoch">;
  /** Features of the golden signal, where they are no log-mel features. */
  readonly golden?: Float32Array;
  /** Files that go into the model's folder, by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** See `ModelCard.refitClips`. */
  readonly refitClips?: number;
}

/** Writes the weights that the engine has now as a run's `best_model/`, with what they reached. */
export async function writeBestModel(
  { config, run, split, engine, progress, golden, files, refitClips }: BestModelParts,
  evaluation: Evaluation,
  scores: Scores | undefined,
): Promise<void> {
  const { program, network, frontEnd, backbone, classes, backgroundClasses } = config;
  const counts = countLabels(split.train);
  const given = classes.filter((name) => !backgroundClasses?.includes(name));
  const card: ModelCard = {
    formatVersion: modelFormatVersion,
    program,
    network,
    frontEnd,
    ...backbone ? { backbone } : {},
    classes,
    ...backgroundClasses ? { backgroundClasses } : {},
    majorityLabel: given.reduce((a, b) => counts.get(b)! > counts.get(a)! ? b : a),
    ...scores ? { scores } : {},
    golden: await createGoldenVector(frontEnd, engine, golden),
    epoch: progress.epoch + 1,
    ...refitClips === undefined ? {} : { refitClips },
    ...describeValidation(evaluation),
  };
  const weights = await engine.exportWeights(), model = encodeModel({ card, weights });
  freeArrays(weights.map(({ values }) => values));
  await writeModel(`${run.out}/best_model`, model, files);
  freeArrays([model.weightsBin]);
}

/** The validation figures of an epoch by their names in model cards and histories; those not measured are absent. */
export function describeValidation(
  evaluation: Evaluation,
): Pick<
  HistoryRow,
  | "validationLoss"
  | "validationAccuracy"
  | "validationMeanAveragePrecision"
  | "validationLabelAccuracy"
> {
  const { loss } = evaluation;
  return {
    validationLoss: loss ?? undefined,
    ...evaluation.task === "one-label"
      ? { validationAccuracy: evaluation.accuracy ?? undefined }
      : {
        validationMeanAveragePrecision: evaluation.meanAveragePrecision ?? undefined,
        validationLabelAccuracy: evaluation.labelAccuracy ?? undefined,
      },
  };
}

import type { Evaluation } from "../model/evaluation/evaluation.ts";
import { type ModelCard, modelFormatVersion } from "../model/model_card.ts";
import { encodeModel } from "../model/saved_model.ts";
import type { Scores } from "../model/scores/scores.ts";
import { countLabels } from "../pipeline/split/units.ts";
import { createGoldenVector } from "./golden.ts";
import { writeModel } from "./run_folder.ts";
import type { HistoryRow } from "./train_events.ts";
import type { TrainingParts } from "./training_parts.ts";

/** Writes the weights that the engine has now as a run's `best_model/`, with what they reached. */
export async function writeBestModel(
  { config, run, split, engine, progress }: TrainingParts,
  evaluation: Evaluation,
  scores: Scores | undefined,
): Promise<void> {
  const { program, network, frontEnd, classes, backgroundClasses, recipe } = config;
  const counts = countLabels(split.train);
  const given = classes.filter((name) => !backgroundClasses?.includes(name));
  const card: ModelCard = {
    formatVersion: modelFormatVersion,
    program,
    network,
    frontEnd,
    classes,
    ...backgroundClasses ? { backgroundClasses } : {},
    majorityLabel: given.reduce((a, b) => counts.get(b)! > counts.get(a)! ? b : a),
    testShifts: recipe.testShifts,
    ...scores ? { scores } : {},
    golden: await createGoldenVector(frontEnd, engine),
    epoch: progress.epoch + 1,
    ...describeValidation(evaluation),
  };
  const weights = await engine.exportWeights();
  await writeModel(`${run.out}/best_model`, encodeModel({ card, weights }));
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

import type { Evaluation } from "../model/metrics.ts";
import { encodeModel, modelFormatVersion } from "../model/saved_model.ts";
import { countLabels } from "../pipeline/sources/units.ts";
import { createGoldenVector } from "./golden.ts";
import { writeModel } from "./run_folder.ts";
import type { TrainingParts } from "./training_parts.ts";

/** Writes the weights that the engine has now as a run's `best_model/`, with what they reached. */
export async function writeBestModel(
  { config, run, split, engine, progress }: TrainingParts,
  evaluation: Evaluation,
): Promise<void> {
  const { program, spec, frontEnd, classes, recipe } = config;
  const counts = countLabels(split.train);
  const card = {
    formatVersion: modelFormatVersion,
    program,
    spec,
    frontEnd,
    classes,
    majorityLabel: classes.reduce((a, b) => counts.get(b)! > counts.get(a)! ? b : a),
    testShifts: recipe.testShifts,
    golden: await createGoldenVector(frontEnd, engine),
    epoch: progress.epoch + 1,
    validationAccuracy: evaluation.accuracy,
    validationMeanAveragePrecision: evaluation.meanAveragePrecision,
    validationLoss: evaluation.loss,
  };
  const weights = await engine.exportWeights();
  await writeModel(`${run.out}/best_model`, encodeModel({ card, weights }));
}

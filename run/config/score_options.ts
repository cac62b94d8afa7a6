import { taskOf } from "../../model/evaluation/evaluation.ts";
import { outputOf } from "../../model/network.ts";
import type { FitScoresOptions } from "../../model/scores/fit_scores.ts";
import type { ScoreSampleOptions } from "../../model/scores/score_sample.ts";
import type { RunConfig } from "./run_config.ts";

/** What a run's scores are fitted for, and to which clips. */
export function scoreOptionsOf(config: RunConfig): FitScoresOptions & ScoreSampleOptions {
  const { network, classes, backgroundClasses, thresholdPrecision, recipe: { seed } } = config;
  return {
    task: taskOf(outputOf(network)),
    classes,
    backgroundClasses: backgroundClasses ?? [],
    precision: thresholdPrecision,
    seed,
  };
}

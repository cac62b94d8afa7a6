import type { Evaluation } from "../model/evaluation/evaluation.ts";
import { formatFixed, formatShare } from "./terminal.ts";

/** The main figures in a few words: `accuracy 84.0 %, macro-F1 0.812`. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { macroF1 } = evaluation;
  const figures = evaluation.task === "one-label"
    ? `accuracy ${formatShare(evaluation.accuracy)}`
    : `mean average precision ${formatShare(evaluation.meanAveragePrecision)}, ` +
      `label accuracy ${formatShare(evaluation.labelAccuracy)}, ` +
      `exact matches ${formatShare(evaluation.exactMatches)}`;
  return `${figures}, macro-F1 ${formatFixed(macroF1)}`;
}

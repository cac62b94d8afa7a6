import type { Evaluation } from "../model/evaluation/evaluation.ts";
import type { UnknownFigures } from "../model/evaluation/unknown_figures.ts";
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

/** How far the stated probabilities are from what came true: `calibration error 3.1 %, loss 0.412`. */
export function describeCalibration({ calibration, loss }: Evaluation): string {
  return `calibration error ${formatShare(calibration?.expectedError)}, loss ${formatFixed(loss)}`;
}

/** What was called unknown, rightly and wrongly, in a line. */
export function describeUnknown(
  { known, kept, right, others, calledUnknown }: UnknownFigures,
): string {
  const of = (count: number, all: number) =>
    `${count} of ${all}${all === 0 ? "" : ` (${formatShare(count / all)})`}`;
  return `${of(calledUnknown, others)} clips of other sounds called so; of the model's classes ` +
    `${of(kept, known)} kept, ${of(right, kept)} of these named rightly`;
}

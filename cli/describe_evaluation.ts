import type { DetectionFigures, EventEvaluation } from "../model/evaluation/event_evaluation.ts";
import type { Evaluation } from "../model/evaluation/evaluation.ts";
import type { Interval } from "../model/evaluation/interval.ts";
import type { UnknownFigures } from "../model/evaluation/unknown_figures.ts";
import type { LabelFigures } from "../run/prediction/scoring.ts";
import { formatFixed, formatShare } from "./terminal.ts";

/** The main figures in a few words: `accuracy 84.0 % (95 % interval 78.2 to 88.5 %), macro-F1 0.812`. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { macroF1 } = evaluation;
  const figures = evaluation.task === "one-label"
    ? `accuracy ${formatShare(evaluation.accuracy)}${describe(evaluation.intervals.accuracy)}`
    : `mean average precision ${formatShare(evaluation.meanAveragePrecision)}` +
      `${describe(evaluation.intervals.meanAveragePrecision)}, ` +
      `label accuracy ${formatShare(evaluation.labelAccuracy)}, ` +
      `exact matches ${formatShare(evaluation.exactMatches)}`;
  return `${figures}, macro-F1 ${formatFixed(macroF1)}`;
}

/** How far other clips could move a share; nothing where that is not known. */
function describe(interval: Interval | null): string {
  if (!interval) return "";
  return ` (95 % interval ${(100 * interval.low).toFixed(1)} to ${formatShare(interval.high)})`;
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

/** The figures of events, a line each for events and segments. */
export function describeEvents(evaluation: EventEvaluation): string[] {
  const { tolerance: { onsetSeconds }, segmentSeconds, intervals: { f1 } } = evaluation;
  const range = f1 ? ` (${formatFixed(f1.low)} to ${formatFixed(f1.high)})` : "";
  const describe = ({ precision, recall, f1, macroF1 }: DetectionFigures, interval = "") =>
    `precision ${formatShare(precision)}, recall ${formatShare(recall)}, F1 ${formatFixed(f1)}` +
    `${interval}, macro-F1 ${formatFixed(macroF1)}`;
  const foreign = evaluation.foreignTruths > 0
    ? `, ${evaluation.foreignTruths} of them of classes that the model lacks and so missed`
    : "";
  return [
    `events     ${describe(evaluation.events, range)}, mean average precision ` +
    `${formatShare(evaluation.meanAveragePrecision)}: ${evaluation.predicted} beside ` +
    `${evaluation.truths} that are annotated${foreign}, within ${
      Number(onsetSeconds.toFixed(3))
    } s`,
    `segments   ${describe(evaluation.segments)}: of ${Number(segmentSeconds.toFixed(3))} s each`,
  ];
}

/** What a prediction's labels are worth, a line each for figures, calibration and unknown clips; none without labels. */
export function describeLabels({ evaluation, unknown }: LabelFigures): string[] {
  const { examples, foreignExamples } = evaluation;
  if (examples === 0) return [];
  const foreign = foreignExamples === 0
    ? ""
    : `, ${foreignExamples} of them of classes that the model lacks and so wrong`;
  const score = describeEvaluation(evaluation);
  return [
    `score      ${score} of ${examples} clips whose label is known${foreign}`,
    `           ${describeCalibration(evaluation)}`,
    ...unknown ? [`unknown    ${describeUnknown(unknown)}`] : [],
  ];
}

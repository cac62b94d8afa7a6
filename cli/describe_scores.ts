import type { Evaluation } from "../model/evaluation/evaluation.ts";
import type { ScoreFigures } from "../model/scores/fit_scores.ts";
import { formatShare } from "./terminal.ts";

/** Most classes that are named. */
const mostNamed = 20;

/**
 * Lines on how far stated probabilities can be believed, and on the classes that no threshold makes precise
 * enough; none without scores.
 */
export function describeScores(
  { calibration: before }: Evaluation,
  figures: ScoreFigures | null,
): string[] {
  if (!figures) return [];
  const { scores: { temperature, precision }, unreached, calibration } = figures;
  const lines = [
    "",
    `calibration error ${formatShare(before?.expectedError)}, at temperature ` +
    `${temperature.toFixed(2)} ${formatShare(calibration?.expectedError)}`,
  ];
  if (precision === null || unreached.length === 0) return lines;
  const shown = unreached.length > mostNamed ? [...unreached.slice(0, mostNamed), "…"] : unreached;
  lines.push(
    "never given out with --unknown, as no threshold reaches a precision of " +
      `${formatShare(precision)}: ${shown.join(", ")}`,
  );
  return lines;
}

/** The section on calibration: whether the stated probabilities are the true ones. */
import type { Calibration } from "../model/evaluation/calibration.ts";
import type { Evaluation } from "../model/evaluation/evaluation.ts";
import type { ScoreFigures } from "../model/scores/fit_scores.ts";
import { ink } from "./chart.ts";
import { formatNumber, formatShare } from "./format.ts";
import { type Html, html } from "./html.ts";
import { figure, section } from "./page.ts";
import { reliabilityChart } from "./reliability_chart.ts";

/** A figure with its name and what to read it by. */
type Headline = readonly [name: string, value: string, note: string];

/**
 * Renders the section.
 *
 * @param scores Those of the model, where it has any: what is stated without its temperature is shown beside.
 */
export function renderCalibration(
  evaluation: Evaluation,
  scores: ScoreFigures | undefined,
): Html | undefined {
  const before = evaluation.calibration, after = scores?.calibration;
  if (!before) return undefined;
  const figures = after
    ? describeScaled(evaluation, before, scores, after)
    : describeStated(evaluation, before);
  const chart = reliabilityChart((after ?? before).bins, after ? before.bins : []);
  return section(
    "Can its probabilities be believed?",
    after ? explainTemperature() : undefined,
    html`
      <div class="figures">
        ${figure(chart, "Reliability", explanationOf(evaluation))}
        <dl class="numbers">${figures.map(([name, value, note]) =>
          html`
            <div>
              <dt>${name}</dt>
              <dd class="figure">${value}</dd>
              <dd class="note">${note}</dd>
            </div>
          `
        )}</dl>
      </div>
    `,
  );
}

function explainTemperature(): Html {
  return html`
    <p><code>predict</code> divides the network’s logits by the model’s temperature (Guo et al. 2017),
    fitted to all validation clips. What it is worth is measured on each half of them at the temperature
    of the other half; the labels stay the same.</p>
    <ul class="key">
      <li style="color:${ink.muted}">○ as the network states it</li>
      <li style="color:${ink.accent}">● at the temperature</li>
    </ul>
  `;
}

function explanationOf({ task }: Evaluation): string {
  return task === "one-label"
    ? "A point stands for the clips with about the same stated probability; the larger, the more clips. " +
      "Below the diagonal the model is surer than it is right; above it, it is more modest than it " +
      "need be, as models trained on smoothed or mixed targets are."
    : "A point stands for the pairs of a clip and a class with about the same stated probability; the " +
      "larger, the more pairs. Below the diagonal classes are stated more often than they are there.";
}

/** The figures of the network's own probabilities. */
function describeStated(evaluation: Evaluation, calibration: Calibration): Headline[] {
  const { expectedError } = calibration, { task, loss } = evaluation;
  return [
    ["Expected calibration error", formatShare(expectedError), "mean distance from the diagonal"],
    ...describeConfidence(evaluation, calibration),
    [
      "Cross-entropy",
      formatNumber(loss, 3),
      task === "one-label"
        ? "0 would be sure and right every time"
        : "mean over all pairs; 0 would be sure and right",
    ],
  ];
}

/** The same at the model's temperature, with what they were before. */
function describeScaled(
  evaluation: Evaluation,
  before: Calibration,
  { scores: { temperature }, loss }: ScoreFigures,
  after: Calibration,
): Headline[] {
  const was = (value: string) => `as the network states it: ${value}`;
  return [
    [
      "Expected calibration error",
      formatShare(after.expectedError),
      was(formatShare(before.expectedError)),
    ],
    [
      "Temperature",
      formatNumber(temperature, 2),
      "below 1 the network is too modest, above 1 too sure",
    ],
    ...describeConfidence(evaluation, after),
    ["Cross-entropy", formatNumber(loss, 3), was(formatNumber(evaluation.loss, 3))],
  ];
}

function describeConfidence(evaluation: Evaluation, { meanConfidence }: Calibration): Headline[] {
  if (evaluation.task === "several-labels") return [];
  const right = `right: ${formatShare(evaluation.accuracy)}`;
  return [["Stated, on average", formatShare(meanConfidence), right]];
}

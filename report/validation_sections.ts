/** What a validation says about a model: confusion, classes, calibration. */
import { formatCount, formatNumber, formatShare, plural } from "./format.ts";
import { type Html, html, nameOf } from "./html.ts";
import { figure, section, table, wide } from "./page.ts";
import { classChart, confusionChart, reliabilityChart } from "./run_charts.ts";
import type { Calibration } from "./calibration.ts";
import type { ClassFigures, Estimate, ValidationSummary } from "./statistics.ts";

/** How many classes a chart with one row a class can hold. */
export const mostChartedClasses = 40;
/** How many classes are listed before the list is folded. */
const mostListedClasses = 20;
/** How many of the commonest mistakes are named. */
const mostMixedPairs = 10;
/** How many classes leave room beside the matrix. */
const mostNarrowClasses = 6;

/** Which classes are taken for which. */
export function renderConfusion({ confusion, perClass }: ValidationSummary): Html {
  const mixed = confusion.flatMap((row, truth) =>
    row.map((count, said) => ({ truth, said, count })).filter(({ said, count }) =>
      said !== truth && count > 0
    )
  ).sort((a, b) => b.count - a.count || perClass[a.truth].support - perClass[b.truth].support)
    .slice(0, mostMixedPairs);
  const labels = perClass.map(({ label }) => label);
  const matrix = figure(
    wide(confusionChart(confusion, labels)),
    "Confusion matrix",
    "A row is a true class, a column what its clips were named as; the stronger the colour, the larger " +
      "the share of the row. What lies off the diagonal is wrong. Rest on a cell for its numbers.",
  );
  const pairs = table(
    [["true class", "text"], ["named as", "text"], ["clips", "number"], ["of class", "number"]],
    mixed.map(({ truth, said, count }) => [
      nameOf(labels[truth]),
      nameOf(labels[said]),
      formatCount(count),
      formatShare(count / perClass[truth].support),
    ]),
    "Commonest mistakes",
  );
  const content = html`${matrix}${mixed.length > 0 ? pairs : undefined}`;
  return section(
    "What is taken for what",
    labels.length <= mostNarrowClasses ? html`<div class="figures">${content}</div>` : content,
  );
}

/** Precision, recall and F1 of every class. */
export function renderClasses({ perClass }: ValidationSummary): Html {
  if (perClass.length > mostChartedClasses) return section("Class by class", foldedTable(perClass));
  const picture = figure(
    wide(classChart(perClass)),
    "Precision ○ and recall ●",
    "Worst class first. Low recall: its clips are taken for others. Low precision: others are taken " +
      "for it. With few clips either is a matter of luck.",
  );
  return section(
    "Class by class",
    html`<div class="figures">${classTable(perClass)}${picture}</div>`,
  );
}

/** The classes with the lowest F1, and all of them behind a fold. */
function foldedTable(perClass: readonly ClassFigures[]): Html {
  const worst = perClass.toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2)).slice(0, mostListedClasses);
  return html`
    ${classTable(worst, `The ${worst.length} classes with the lowest F1`)}
    <details>
      <summary>All ${plural(perClass.length, "class", "classes")}</summary>
      ${classTable(perClass)}
    </details>
  `;
}

function classTable(figures: readonly ClassFigures[], caption?: string): Html {
  return table(
    [
      ["class", "text"],
      ["clips", "number"],
      ["precision", "number"],
      ["recall", "number"],
      ["F1", "number"],
    ],
    figures.map(({ label, support, precision, recall, f1 }) => [
      nameOf(label),
      formatCount(support),
      formatShare(precision),
      formatShare(recall),
      formatShare(f1),
    ]),
    caption,
  );
}

/** Whether the stated probabilities are the true ones. */
export function renderCalibration({ calibration, accuracy, loss }: ValidationSummary): Html {
  return calibrationSection(
    calibration,
    "A point stands for the clips with about the same stated probability; the larger, the more clips. " +
      "Below the diagonal the model is surer than it is right; above it, it is more modest than it " +
      "need be, as models trained on smoothed or mixed targets are.",
    [
      [
        "Stated, on average",
        formatShare(calibration.meanConfidence),
        `right: ${formatShare(accuracy.value)}`,
      ],
      ["Cross-entropy", formatNumber(loss, 3), "0 would be sure and right every time"],
    ],
  );
}

/** Whether probabilities can be believed: the picture, the expected error, and more figures. */
export function calibrationSection(
  { bins, expectedError }: Calibration,
  explanation: string,
  more: readonly (readonly [name: string, value: string, note: string])[],
): Html {
  const figures = [
    ["Expected calibration error", formatShare(expectedError), "mean distance from the diagonal"],
    ...more,
  ];
  return section(
    "Can its probabilities be believed?",
    html`
      <div class="figures">
        ${figure(reliabilityChart(bins), "Reliability", explanation)}
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

/** A figure that stands above a page, with its interval. */
export function headline(name: string, { value, interval }: Estimate): Html {
  return html`
    <div>
      <dt>${name}</dt>
      <dd class="figure">${formatShare(value)}</dd>
      <dd class="note">${interval
        ? `${formatNumber(100 * interval.low, 1)} to ${formatShare(interval.high)}`
        : "no interval: all clips alike"}</dd>
    </div>
  `;
}

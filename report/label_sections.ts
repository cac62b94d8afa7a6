/** What a run of several labels a clip came to. */
import { formatCount, formatNumber, formatShare, plural } from "./format.ts";
import { type Html, html, nameOf } from "./html.ts";
import type { LabelSummary } from "./label_statistics.ts";
import { figure, section, table, wide } from "./page.ts";
import { classChart } from "./run_charts.ts";
import { calibrationSection, headline, mostChartedClasses } from "./validation_sections.ts";

/** The figures that stand above the page. */
export function renderLabelHeadlines(summary: LabelSummary, data: Html): Html {
  const { meanAveragePrecision, macroF1, accuracy, examples, unusable } = summary;
  return html`
    <p class="lede">On ${plural(
      examples,
      "validation clip",
    )} from ${data}, which may have several labels
    each, it reaches a mean average precision of ${formatShare(meanAveragePrecision.value)}.</p>
    <dl class="numbers">
      ${headline("Mean average precision", meanAveragePrecision)}
      ${headline("Macro-F1", macroF1)}
      <div>
        <dt>Accuracy</dt>
        <dd class="figure">${formatShare(accuracy)}</dd>
        <dd class="note">of all pairs of a clip and a label</dd>
      </div>
    </dl>
    <p
      class="note">A mean average precision of 100 % would rank every label’s own clips first; for F1 and
    accuracy a clip has the labels above one half. Ranges are 95 % intervals, bootstrap over clips. The
    clips also chose which epoch was kept, so the figures are a little better than new recordings will
    give.${unusable === 0 ? undefined : html`
      ${plural(unusable, "row")} of validation.csv did not count, as a label is unknown or a
      probability is no number.
    `}</p>
  `;
}

/** The labels, the one that ranks worst first. */
export function renderLabels({ perLabel }: LabelSummary): Html {
  const rows = perLabel.toSorted((a, b) => (a.averagePrecision ?? 2) - (b.averagePrecision ?? 2));
  const list = table(
    [
      ["label", "text"],
      ["clips", "number"],
      ["average precision", "number"],
      ["precision", "number"],
      ["recall", "number"],
      ["F1", "number"],
    ],
    rows.map(({ label, support, averagePrecision, precision, recall, f1 }) => [
      nameOf(label),
      formatCount(support),
      formatNumber(averagePrecision, 3),
      formatShare(precision),
      formatShare(recall),
      formatShare(f1),
    ]),
  );
  if (perLabel.length > mostChartedClasses) return section("Label by label", list);
  const picture = figure(
    wide(classChart(perLabel)),
    "Precision ○ and recall ●",
    "Worst F1 first. Low recall: the label is missed. Low precision: clips get it that do not have it.",
  );
  return section("Label by label", html`<div class="figures">${list}${picture}</div>`);
}

/** Whether the stated probabilities are the true ones. */
export function renderLabelCalibration({ calibration, loss }: LabelSummary): Html {
  return calibrationSection(
    calibration,
    "A point stands for the pairs of a clip and a label with about the same stated probability; the " +
      "larger, the more pairs. Below the diagonal labels are stated more often than they are there.",
    [["Cross-entropy", formatNumber(loss, 3), "mean over all pairs; 0 would be sure and right"]],
  );
}

/** The figures that stand above the page of a run. */
import type {
  Evaluation,
  OneLabelEvaluation,
  SeveralLabelsEvaluation,
} from "../model/evaluation/evaluation.ts";
import type { Interval } from "../model/evaluation/interval.ts";
import { formatNumber, formatShare, plural } from "./format.ts";
import { type Html, html } from "./html.ts";

/** The main figures in a sentence and in numbers. @param nearestMean Accuracy of the untrained baseline. */
export function renderHeadlines(
  evaluation: Evaluation,
  { data, nearestMean }: { readonly data: Html; readonly nearestMean: unknown },
): Html {
  return evaluation.task === "one-label"
    ? renderOneLabel(evaluation, data, nearestMean)
    : renderSeveralLabels(evaluation, data);
}

function renderOneLabel(
  evaluation: OneLabelEvaluation,
  data: Html,
  nearestMean: unknown,
): Html {
  const { accuracy, macroF1, balancedAccuracy, majorityAccuracy, examples, intervals } = evaluation;
  const majority = formatShare(majorityAccuracy);
  const untrained = typeof nearestMean === "number"
    ? `, the nearest class mean ${formatShare(nearestMean)}`
    : "";
  return html`
    <p class="lede">It names ${formatShare(accuracy)} of ${plural(examples, "validation clip")}
    from ${data} rightly. Always naming the largest class would reach ${majority}${untrained}.</p>
    <dl class="numbers">
      ${headline("Accuracy", accuracy, describeInterval(intervals.accuracy))}
      ${headline("Macro-F1", macroF1, describeInterval(intervals.macroF1))}
      ${headline(
        "Balanced accuracy",
        balancedAccuracy,
        describeInterval(intervals.balancedAccuracy),
      )}
      ${headline("Largest class alone", majorityAccuracy, "accuracy to beat")}
    </dl>
    <p
      class="note">Ranges are 95&#8239;% intervals, by the bootstrap over the clips of each class, whole
    groups where there are groups; Wilson’s for the accuracy without them. They say how far other clips
    could move the figure, not another training. ${aboutClips(evaluation)}</p>
  `;
}

function renderSeveralLabels(evaluation: SeveralLabelsEvaluation, data: Html): Html {
  const { meanAveragePrecision, macroF1, labelAccuracy, exactMatches, examples, intervals } =
    evaluation;
  return html`
    <p class="lede">On ${plural(examples, "validation clip")} from ${data}, which may have several
    labels each, it reaches a mean average precision of ${formatShare(meanAveragePrecision)}.</p>
    <dl class="numbers">
      ${headline(
        "Mean average precision",
        meanAveragePrecision,
        describeInterval(intervals.meanAveragePrecision),
      )}
      ${headline("Macro-F1", macroF1, describeInterval(intervals.macroF1))}
      ${headline("Label accuracy", labelAccuracy, "of all pairs of a clip and a class")}
      ${headline("Exact matches", exactMatches, "of the clips")}
    </dl>
    <p
      class="note">A mean average precision of 100&#8239;% would rank every class’s own clips first; for the
    other figures a clip has the classes above one half. Always the commoner answer for each class would
    reach a label accuracy of ${formatShare(
      evaluation.majorityLabelAccuracy,
    )}. Ranges are 95&#8239;%
    intervals, by the bootstrap over clips, or groups where there are groups. ${aboutClips(
      evaluation,
    )}</p>
  `;
}

/** Caveats: how the clips were chosen, and which of them count how. */
function aboutClips({ foreignExamples, unusable }: Evaluation): string {
  const words = [
    "The clips also chose which epoch was kept, so the figures are a little better than new " +
    "recordings will give.",
  ];
  if (foreignExamples > 0) {
    words.push(
      `${plural(foreignExamples, "clip")} of classes that the model lacks count as wrong.`,
    );
  }
  if (unusable > 0) words.push(aboutUnusable(unusable));
  return words.join(" ");
}

/** Rows that could not count, in a sentence. */
export function aboutUnusable(unusable: number): string {
  return `${
    plural(unusable, "row")
  } of validation.csv did not count, as a probability is no number.`;
}

function headline(name: string, share: number | null, note: string): Html {
  return html`
    <div>
      <dt>${name}</dt>
      <dd class="figure">${formatShare(share)}</dd>
      <dd class="note">${note}</dd>
    </div>
  `;
}

/** An interval of shares in words. */
export function describeInterval(interval: Interval | null): string {
  return interval
    ? `${formatNumber(100 * interval.low, 1)} to ${formatShare(interval.high)}`
    : "no interval: too few clips, or all alike";
}

/** The page about one run. */
import { ink } from "./chart.ts";
import { formatDuration, formatNumber, formatShare, plural } from "./format.ts";
import { renderFolds } from "./folds_section.ts";
import { type Html, html, nameOf } from "./html.ts";
import { renderLabelCalibration, renderLabelHeadlines, renderLabels } from "./label_sections.ts";
import { renderMistakes } from "./mistakes_section.ts";
import { figure, renderPage, section, table, valueList } from "./page.ts";
import { epochChart, timeChart } from "./run_charts.ts";
import { recordAt, type RunRecord, type SkippedClip } from "./run_files.ts";
import { describeData, describeOptions } from "./run_options.ts";
import type { ValidationSummary } from "./statistics.ts";
import {
  headline,
  renderCalibration,
  renderClasses,
  renderConfusion,
} from "./validation_sections.ts";

/** Renders the page, pictures and sound of the mistakes included. */
export async function renderRunReport(run: RunRecord): Promise<string> {
  const { summary, labelSummary, dir, config } = run;
  return renderPage({
    title: `${run.name} – melstream`,
    header: renderHeader(run),
    sections: [
      renderFolds(run),
      typeof config.folds === "number" ? undefined : renderCurves(run),
      labelSummary && renderLabels(labelSummary),
      summary && renderConfusion(summary),
      summary && renderClasses(summary),
      summary && renderCalibration(summary),
      labelSummary && renderLabelCalibration(labelSummary),
      (summary ?? labelSummary) && await renderMistakes(run),
      renderSkipped(run),
      renderTime(run),
      section("Options", valueList(describeOptions(config))),
    ],
    footer:
      html`<p>Made from the run’s folder alone. Make it again with <code>deno task report ${dir}</code>.</p>`,
  });
}

function renderHeader(run: RunRecord): Html {
  const { name, config, summary, labelSummary, bestEpoch, history, metrics } = run;
  const kept = bestEpoch === undefined ? "" : `, epoch ${bestEpoch} kept`;
  const ended = metrics.ended === undefined ? ", not ended yet" : "";
  const data = nameOf(describeData(config.data));
  const what = typeof config.folds === "number"
    ? `Cross-validation · ${plural(config.folds, "fold")}`
    : `Training run · ${plural(history.length, "epoch")}`;
  return html`
    <p class="kicker">${what}${kept}${ended}</p>
    <h1>${nameOf(name)}</h1>
    ${labelSummary
      ? renderLabelHeadlines(labelSummary, data)
      : summary
      ? renderHeadlines(summary, data, metrics.nearestMeanAccuracy)
      : html`
        <p class="lede">Trained on ${data}. There is no validation to judge it by${ended &&
          " yet"}.</p>
      `}
  `;
}

function renderHeadlines(summary: ValidationSummary, data: Html, nearestMean: unknown): Html {
  const { accuracy, macroF1, balancedAccuracy, majorityAccuracy, examples, unusable } = summary;
  const majority = formatShare(majorityAccuracy);
  const untrained = typeof nearestMean === "number"
    ? `, the class with the nearest mean spectrum ${formatShare(nearestMean)}`
    : "";
  return html`
    <p class="lede">It names ${formatShare(accuracy.value)} of ${plural(
      examples,
      "validation clip",
    )}
    from ${data} rightly. Always naming the largest class would reach ${majority}${untrained}.</p>
    <dl class="numbers">
      ${headline("Accuracy", accuracy)}
      ${headline("Macro-F1", macroF1)}
      ${headline("Balanced accuracy", balancedAccuracy)}
      <div>
        <dt>Largest class alone</dt>
        <dd class="figure">${majority}</dd>
        <dd class="note">accuracy to beat</dd>
      </div>
    </dl>
    <p class="note">Ranges are 95 % intervals: Wilson’s for the accuracy, bootstrap over clips for the
    others. They say how far other clips could move the figure, not another training. The clips also
    chose which epoch was kept, so the figures are a little better than new recordings will give.${unusable ===
        0
      ? undefined
      : html`
        ${plural(unusable, "row")} of validation.csv did not count, as the class is unknown or a
          probability is no number.
      `}</p>
  `;
}

function renderCurves({ history, bestEpoch }: RunRecord): Html {
  if (history.length === 0) return section("Training", html`<p>No epoch has ended yet.</p>`);
  const column = (name: string) => history.map((row) => row[name] ?? NaN);
  const pair = (training: string, validation: string) => [
    { name: "training", colour: ink.muted, values: column(training) },
    { name: "validation", colour: ink.accent, values: column(validation) },
  ];
  const loss = figure(
    epochChart(pair("loss", "validationLoss"), { bestEpoch, scale: "number" }),
    "Loss",
    "Mean cross-entropy. Where the validation line turns upwards, the model begins to learn its clips " +
      "by heart. Training is measured on smoothed targets and augmented clips: compare its shape, not its level.",
  );
  const accuracy = figure(
    epochChart(pair("accuracy", "validationAccuracy"), { bestEpoch, scale: "share" }),
    "Accuracy",
    "Share of clips named rightly; for training, of augmented ones too.",
  );
  const rate = figure(
    epochChart([{ name: "learning rate", colour: ink.muted, values: column("learningRate") }], {
      bestEpoch,
      scale: "number",
    }),
    "Learning rate",
    "Step size at the end of each epoch. The dashed line marks the epoch whose weights were kept.",
  );
  return section(
    "Training",
    html`
      <ul class="key">
        <li style="color:${ink.muted}"><i></i>training</li>
        <li style="color:${ink.accent}"><i></i>validation</li>
      </ul>
      <div class="figures">${loss}${accuracy}${rate}</div>
    `,
  );
}

function renderSkipped({ skipped, numSkipped }: RunRecord): Html {
  if (numSkipped === 0) {
    return section("What was skipped", html`<p>Nothing: every clip could be read.</p>`);
  }
  const more = numSkipped > skipped.length
    ? ` The first ${skipped.length} are named here, all of them in skipped.csv.`
    : "";
  return section(
    "What was skipped",
    html`<p>${plural(numSkipped, "clip")} could not be read and took no part.${more}</p>`,
    skippedTable(skipped),
  );
}

/** Clips that cannot be read, with the cause. */
export function skippedTable(skipped: readonly SkippedClip[]): Html {
  return table(
    [["clip", "prose"], ["stage", "text"], ["cause", "prose"]],
    skipped.map(({ filename, stage, cause }) => [nameOf(filename), stage, nameOf(cause)]),
  );
}

/** The feature graph's stages in words. */
const stageWords = [
  ["decode", "decode"],
  ["resample", "resample"],
  ["fit", "fit to length"],
  ["augment", "augment"],
  ["logMel", "log-mel"],
] as const;

function renderTime({ history, metrics }: RunRecord): Html | undefined {
  if (history.length === 0) return undefined;
  const total = (value: (row: Readonly<Record<string, number>>) => number) =>
    history.reduce((sum, row) => sum + (value(row) || 0), 0);
  const waitSeconds = total((row) => row.seconds * row.waitShare);
  const stepSeconds = total((row) => row.seconds) - waitSeconds;
  const waitShare = waitSeconds / Math.max(1e-9, waitSeconds + stepSeconds);
  const clipsPerSecond = total((row) => row.clipsPerSecond) / history.length;
  const stageMs = recordAt(metrics, "stageMs");
  const stages = stageWords.flatMap(([name, words]) => {
    const ms = stageMs[name];
    return typeof ms === "number" ? [{ name: words, seconds: ms / 1000, colour: ink.muted }] : [];
  });
  const whole = typeof metrics.seconds === "number"
    ? `${formatDuration(metrics.seconds)} in all, ${
      formatNumber(clipsPerSecond, 0)
    } training clips a second. `
    : "";
  const limit = waitShare > 0.2
    ? "The model waited for features: more feature workers, or fewer augmented copies, would make it faster."
    : "The model hardly waited for features: its own steps set the pace.";
  const training = figure(
    timeChart([
      { name: "wait", seconds: waitSeconds, colour: ink.accent },
      { name: "step", seconds: stepSeconds, colour: ink.accent },
    ]),
    "Training",
    `Waiting for features took ${formatShare(waitShare)} of the training time.`,
  );
  const features = stages.length === 0 ? undefined : figure(
    timeChart(stages),
    "Features",
    "Time of all feature workers together, training and validation, by stage.",
  );
  return section(
    "Where the time went",
    html`
      <p>${whole}${limit}</p>
      <div class="figures">${training}${features}</div>
    `,
  );
}

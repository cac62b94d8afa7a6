/** The page about one run. */
import type { StageName } from "../pipeline/stage_ms.ts";
import { callOf } from "../settings/call_of.ts";
import { renderCalibration } from "./calibration_section.ts";
import { ink } from "./chart.ts";
import { formatDuration, formatNumber, formatShare, plural } from "./format.ts";
import { epochChart } from "./epoch_chart.ts";
import { renderParts } from "./parts_section.ts";
import { aboutUnusable, renderHeadlines } from "./headlines.ts";
import { type Html, html, nameOf } from "./html.ts";
import { renderMistakes } from "./mistakes_section.ts";
import { figure, renderPage, section, valueList } from "./page.ts";
import { recordAt } from "./read_files.ts";
import type { RunRecord } from "./read_run.ts";
import { describeData, describeOptions } from "./run_options.ts";
import { skippedTable } from "./skipped_table.ts";
import { renderThresholds } from "./thresholds_section.ts";
import { timeChart } from "./time_chart.ts";
import { renderClasses, renderConfusion } from "./validation_sections.ts";

/** Renders the page, pictures and sound of the mistakes included. */
export async function renderRunReport(run: RunRecord): Promise<string> {
  const { evaluation, dir, config } = run;
  return renderPage({
    title: `${run.name} – melstream`,
    header: renderHeader(run),
    sections: [
      renderParts(run),
      run.parts ? undefined : renderCurves(run),
      evaluation?.task === "one-label" ? renderConfusion(evaluation) : undefined,
      evaluation && renderClasses(evaluation),
      evaluation && renderCalibration(evaluation, run.scores),
      renderThresholds(run),
      evaluation && await renderMistakes(run, evaluation),
      renderSkipped(run),
      renderTime(run),
      section("Options", valueList(describeOptions(config))),
    ],
    footer: html`<p>Made from the run’s folder alone. Make it again with <code>${
      callOf("report")
    } ${dir}</code>.</p>`,
  });
}

function renderHeader(run: RunRecord): Html {
  const { name, config, evaluation, unusable, bestEpoch, history, metrics, parts } = run;
  const kept = bestEpoch === undefined ? "" : `, epoch ${bestEpoch} kept`;
  const ended = metrics.ended === undefined ? ", not ended yet" : "";
  const data = nameOf(describeData(config.data));
  const what = parts
    ? parts.kind === "fold"
      ? `Cross-validation · ${plural(parts.count, "fold")}`
      : `Ensemble · ${plural(parts.count, "member")}`
    : `Training run · ${plural(history.length, "epoch")}${
      Number(metrics.passes) > 1 ? ` of ${metrics.passes} passes` : ""
    }`;
  return html`
    <p class="kicker">${what}${kept}${ended}</p>
    <h1>${nameOf(name)}</h1>
    ${evaluation
      ? renderHeadlines(evaluation, { data, nearestMean: metrics.nearestMeanAccuracy })
      : html`
        <p class="lede">Trained on ${data}; not validated${ended && " yet"}.</p>
        ${unusable > 0 ? html`<p class="note">${aboutUnusable(unusable)}</p>` : undefined}
      `}
    ${renderRefit(run)} ${renderBackground(run)}
  `;
}

/** What the figures do not know of: what came after them. */
function renderRefit({ metrics, history }: RunRecord): Html | undefined {
  const refit = metrics.refit as { readonly clips: number; readonly epochs: number } | null;
  const runs = (metrics.folds ?? metrics.members ?? []) as readonly { readonly refit?: unknown }[];
  if (!refit && !runs.some(({ refit }) => refit)) return undefined;
  const which = refit
    ? `From epoch ${history.length - refit.epochs + 1} on the model learned from all ${
      plural(refit.clips, "clip")
    }`
    : "In the end each model learned from all clips";
  return html`
    <p
      class="note">${which}, those that it was validated on included. The figures are from before that, and
    nothing here tells what it has learned since.</p>
  `;
}

/** What the figures say of classes that are never given out; nothing where there are none. */
function renderBackground({ backgroundClasses }: RunRecord): Html | undefined {
  if (backgroundClasses.length === 0) return undefined;
  const names = backgroundClasses.map((name, i) => [i > 0 ? ", " : "", nameOf(name)]);
  return html`
    <p
      class="note">Background, never given out as a label: ${names}. In these figures it is a class as the
    others are: its clips are named rightly where it is the most probable one.</p>
  `;
}

function renderCurves({ history, bestEpoch, evaluation }: RunRecord): Html {
  if (history.length === 0) return section("Training", html`<p>No epoch has ended yet.</p>`);
  const column = (name: string) => history.map((row) => row[name] ?? NaN);
  const pair = (training: string, validation: string) => [
    { name: "training", colour: ink.muted, values: column(training) },
    { name: "validation", colour: ink.accent, values: column(validation) },
  ];
  const several = evaluation?.task === "several-labels"
    ? {
      title: "Mean average precision",
      explanation: "Of the validation clips; the epoch that has most of it is kept.",
      series: pair("", "validationMeanAveragePrecision").slice(1),
    }
    : undefined;
  const isHead = column("l2").some(Number.isFinite);
  const measured = isHead
    ? "Training is measured on augmented clips, too."
    : "Training is measured on smoothed targets and augmented clips: compare its shape, not its level.";
  const loss = figure(
    epochChart(pair("loss", "validationLoss"), { title: "Loss", bestEpoch, scale: "number" }),
    "Loss",
    "Mean cross-entropy. Where the validation line turns upwards, the model begins to learn its clips " +
      `by heart. ${measured}`,
  );
  const accuracy = figure(
    epochChart(several ? several.series : pair("accuracy", "validationAccuracy"), {
      title: several?.title ?? "Accuracy",
      bestEpoch,
      scale: "share",
    }),
    several?.title ?? "Accuracy",
    several?.explanation ?? "Share of clips named rightly; for training, of augmented ones too.",
  );
  const kept = "The dashed line marks the epoch whose weights were kept.";
  const [name, title, explanation] = isHead
    ? [
      "l2",
      "Penalty",
      "Strength of the head's L2 penalty: an epoch is a head fitted with one of them.",
    ]
    : ["learningRate", "Learning rate", "Step size at the end of each epoch."];
  const rate = figure(
    epochChart([{ name: title.toLowerCase(), colour: ink.muted, values: column(name) }], {
      ...{ title, bestEpoch, scale: "number" },
    }),
    title,
    `${explanation} ${kept}`,
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

/** The feature graph's stages in words; waiting for a network is no work of theirs. */
const stageWords: Readonly<Record<Exclude<StageName, "fetch">, string>> = {
  decode: "decode",
  resample: "resample",
  window: "window",
  mix: "mix",
  augment: "augment",
  logMel: "log-mel",
  embed: "backbone",
  resize: "resize",
  mask: "mask",
};

function renderTime({ history, metrics }: RunRecord): Html | undefined {
  if (history.length === 0) return undefined;
  const total = (value: (row: Readonly<Record<string, number>>) => number) =>
    history.reduce((sum, row) => sum + (value(row) || 0), 0);
  const waitSeconds = total((row) => row.seconds * row.waitShare);
  const stepSeconds = total((row) => row.seconds) - waitSeconds;
  const waitShare = waitSeconds / Math.max(1e-9, waitSeconds + stepSeconds);
  const clipsPerSecond = total((row) => row.clipsPerSecond) / history.length;
  const stageMs = recordAt(metrics, "stageMs");
  const stages = Object.entries(stageWords).flatMap(([name, words]) => {
    const ms = stageMs[name];
    return typeof ms === "number" && ms > 0
      ? [{ name: words, seconds: ms / 1000, colour: ink.muted }]
      : [];
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

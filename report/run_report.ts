/** The page about one run. */
import { type Dsp, loadDsp } from "../pipeline/dsp/dsp.ts";
import { ink } from "./chart.ts";
import { decibelLegend, spectrogram } from "./clip_figures.ts";
import { formatCount, formatDuration, formatNumber, formatShare, plural } from "./format.ts";
import { hearClip } from "./heard_clip.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { figure, renderPage, section, valueList, wide } from "./page.ts";
import {
  classChart,
  confusionChart,
  epochChart,
  reliabilityChart,
  timeChart,
} from "./run_charts.ts";
import { describeOptions } from "./run_options.ts";
import { type Mistake, recordAt, type RunRecord } from "./run_files.ts";
import { player } from "./sound.ts";
import type { Estimate, ValidationSummary } from "./statistics.ts";

/** Renders the page, pictures and sound of the mistakes included. */
export async function renderRunReport(run: RunRecord): Promise<string> {
  return renderPage({
    title: `${baseName(run.dir)} – melstream`,
    header: renderHeader(run),
    sections: [
      renderCurves(run),
      run.summary && renderConfusion(run.summary, run.labels),
      run.summary && renderClasses(run.summary),
      run.summary && renderCalibration(run.summary),
      await renderMistakes(run),
      renderSkipped(run),
      renderTime(run),
      section("Options", valueList(describeOptions(run))),
    ],
    footer: html`<p>Made by ${
      String(run.config.program ?? "melstream")
    } from the run's folder alone. Remake it with <code>deno task report ${run.dir}</code>.</p>`,
  });
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) || path;
}

function renderHeader({ dir, config, summary, bestEpoch, history, metrics }: RunRecord): Html {
  const data = String(config.data ?? "unknown data");
  const epochs = `${plural(history.length, "epoch")}`;
  const kept = bestEpoch === undefined ? "" : `, epoch ${bestEpoch} kept`;
  const ended = metrics.ended === undefined ? "; training has not ended" : "";
  return html`<p class="kicker">Training run · ${epochs}${kept}${ended}</p>
<h1>${nameOf(baseName(dir))}</h1>
${
    summary
      ? html`
        <p
          class="lede">It names ${formatShare(summary.accuracy.value)} of ${plural(
            summary.examples,
            "validation clip",
          )} from ${nameOf(
            data,
          )} rightly. Always naming the largest class would reach ${formatShare(
            summary.majorityAccuracy,
          )}.</p>
        <dl class="numbers">
        ${headline("Accuracy", summary.accuracy)}
        ${headline("Macro-F1", summary.macroF1)}
        ${headline("Balanced accuracy", summary.balancedAccuracy)}
        <div><dt>Largest class alone</dt><dd class="figure">${formatShare(
          summary.majorityAccuracy,
        )}</dd><dd class="note">accuracy to beat</dd></div>
        </dl>
        <p
          class="note">Ranges are 95 % intervals: Wilson’s for the accuracy, bootstrap over clips for the others. They say
        how far another draw of validation clips could move the figure, not another training.${summary
            .unusable > 0
          ? ` ${
            plural(summary.unusable, "row")
          } of validation.csv did not count, as the class is unknown or a probability is no number.`
          : ""}</p>
      `
      : html`<p class="lede">Trained on ${
        nameOf(data)
      }, without validation clips so far: there is nothing to
judge it by.</p>`
  }`;
}

function headline(name: string, { value, interval }: Estimate): Html {
  return html`
    <div>
      <dt>${name}</dt>
      <dd class="figure">${formatShare(value)}</dd>
      <dd class="note">${interval
        ? `${formatNumber(100 * interval.low, 1)} to ${formatShare(interval.high)}`
        : "no error to resample"}</dd>
    </div>
  `;
}

function renderCurves({ history, bestEpoch }: RunRecord): Html {
  if (history.length === 0) return section("Training", html`<p>No epoch has ended yet.</p>`);
  const column = (name: string) => history.map((row) => row[name] ?? NaN);
  const training = { name: "training", colour: ink.muted };
  const validation = { name: "validation", colour: ink.accent };
  return section(
    "Training",
    html`
      <ul class="key">
        <li style="color:var(--muted)"><i></i>training</li>
        <li style="color:var(--accent)"><i></i>validation</li>
      </ul>
      <div class="figures">
      ${figure(
        epochChart([
          { ...training, values: column("loss") },
          { ...validation, values: column("validationLoss") },
        ], { bestEpoch, scale: "number" }),
        "Loss",
        "Mean cross-entropy. Where the validation line turns upwards, the model begins to learn its clips by heart. Training is measured on smoothed and mixed targets: its level is not comparable, its shape is.",
      )}
      ${figure(
        epochChart([
          { ...training, values: column("accuracy") },
          { ...validation, values: column("validationAccuracy") },
        ], { bestEpoch, scale: "share" }),
        "Accuracy",
        "Share of clips named rightly. The weights of the marked epoch were kept.",
      )}
      ${figure(
        epochChart([{ ...training, name: "learning rate", values: column("learningRate") }], {
          bestEpoch,
          scale: "power",
        }),
        "Learning rate",
        "Step size at the end of each epoch.",
      )}
      </div>
    `,
  );
}

function renderConfusion(summary: ValidationSummary, labels: readonly string[]): Html {
  const { confusion } = summary;
  const mixed = confusion.flatMap((row, truth) =>
    row.map((count, said) => ({ truth, said, count })).filter(({ said, count }) =>
      said !== truth && count > 0
    )
  ).sort((a, b) => b.count - a.count).slice(0, 10);
  return section(
    "What is taken for what",
    html`<div class="figures">
${
      figure(
        wide(confusionChart(confusion, labels)),
        "Confusion matrix",
        `A row is a true class, a column what its clips were named as; the stronger the colour, the larger the share of the row. What lies off the diagonal is wrong.${
          labels.length > 24
            ? " Classes are in alphabetical order; rest on a cell for its names."
            : ""
        }`,
      )
    }
${
      mixed.length === 0 ? undefined : html`
        <div class="scroll">
          <table>
            <caption>Commonest mistakes</caption>
            <thead>
              <tr>
                <th>true class</th>
                <th class="text">named as</th>
                <th>clips</th>
                <th>of the class</th>
              </tr>
            </thead>
            <tbody>${mixed.map(({ truth, said, count }) =>
              html`
                <tr>
                  <th>${nameOf(labels[truth])}</th>
                  <td class="text">${nameOf(labels[said])}</td>
                  <td>${formatCount(count)}</td>
                  <td>${formatShare(count / summary.perClass[truth].support)}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
      `
    }
</div>`,
  );
}

/** How many classes a chart of classes can hold. */
const mostChartedClasses = 40;

function renderClasses({ perClass }: ValidationSummary): Html {
  return section(
    "Class by class",
    html`<div class="figures">
<div class="scroll"><table>
<thead><tr><th>class</th><th>clips</th><th>precision</th><th>recall</th><th>F1</th></tr></thead>
<tbody>${
      perClass.map(({ label, support, precision, recall, f1 }) =>
        html`
          <tr>
            <th>${nameOf(label)}</th>
            <td>${formatCount(support)}</td>
            <td>${formatShare(precision)}</td>
            <td>${formatShare(recall)}</td>
            <td>${formatShare(f1)}</td>
          </tr>
        `
      )
    }</tbody></table></div>
${
      perClass.length > mostChartedClasses ? undefined : figure(
        wide(classChart(perClass)),
        "Precision ○ and recall ●",
        "Worst class first. Low recall: its clips are taken for others. Low precision: others are taken for it. Few clips make either a matter of luck.",
      )
    }
</div>`,
  );
}

function renderCalibration({ calibration }: ValidationSummary): Html {
  return section(
    "Can its probabilities be believed?",
    html`<div class="figures">
${
      figure(
        reliabilityChart(calibration.bins),
        "Reliability",
        "A point stands for the clips with about the same stated probability; the larger, the more clips. Below the diagonal the model is surer than it is right, above it is more modest than it need be.",
      )
    }
<dl class="numbers"><div><dt>Expected calibration error</dt><dd class="figure">${
      formatShare(calibration.expectedError)
    }</dd><dd class="note">mean distance from the diagonal, over the clips</dd></div></dl>
</div>`,
  );
}

async function renderMistakes({ mistakes, labels, frontEnd, summary }: RunRecord): Promise<
  Html | undefined
> {
  if (!summary) return undefined;
  const heading = "What it got most wrong";
  const wrong = summary.examples - summary.confusion.reduce((sum, row, i) => sum + row[i], 0);
  if (wrong === 0) {
    return section(heading, html`<p>Nothing: every validation clip is named rightly.</p>`);
  }
  if (mistakes.length === 0) return undefined;
  const dsp = await loadDsp();
  const cards: Html[] = [];
  for (const mistake of mistakes) {
    const truth = nameOf(labels[mistake.trueClass]);
    const [said] = mistake.probabilities.reduce(
      ([best, most], share, i) => share > most ? [i, share] : [best, most],
      [0, -1],
    );
    cards.push(html`<article>
<h3>${truth}, named ${nameOf(labels[said])}</h3>
<p class="note">${formatShare(mistake.probabilities[said])} sure; ${
      formatShare(mistake.probabilities[mistake.trueClass])
    } for ${truth}<br>${nameOf(mistake.filename)}</p>
${await renderSound(mistake, frontEnd, dsp)}
</article>`);
  }
  return section(
    heading,
    html`
      <p
        class="note">${wrong > mistakes.length
          ? `The ${mistakes.length} of ${plural(wrong, "mistake")}`
          : plural(
            wrong,
            "mistake",
          )} that gave the true class the least probability, as the model heard them. A wrong label in the data often shows up here.</p>
      ${decibelLegend(frontEnd.dynamicRangeDb)}
      <div class="clips">${cards}</div>
    `,
  );
}

async function renderSound(
  { path }: Mistake,
  frontEnd: RunRecord["frontEnd"],
  dsp: Dsp,
): Promise<HtmlValue> {
  try {
    const { samples, features } = await hearClip(path, frontEnd, dsp);
    return [
      spectrogram(features, frontEnd, { width: 320, height: 190 }),
      player(samples, frontEnd.sampleRateHz),
    ];
  } catch (error) {
    return html`<p class="note">No picture: ${(error as Error).message}</p>`;
  }
}

function renderSkipped({ skipped, numSkipped }: RunRecord): Html {
  if (numSkipped === 0) {
    return section("What was skipped", html`<p>Nothing: every clip could be read.</p>`);
  }
  return section(
    "What was skipped",
    html`<p>${plural(numSkipped, "clip")} could not be read and took no part${
      numSkipped > skipped.length
        ? `; the first ${skipped.length} are named here, all of them in skipped.csv`
        : ""
    }.</p>
${skippedTable(skipped)}`,
  );
}

/** Clips that cannot be read, with the cause. */
export function skippedTable(skipped: RunRecord["skipped"]): Html {
  return html`
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>clip</th>
            <th class="text">stage</th>
            <th class="text">cause</th>
          </tr>
        </thead>
        <tbody>${skipped.map(({ filename, stage, cause }) =>
          html`
            <tr>
              <td class="text">${nameOf(filename)}</td>
              <td>${stage}</td>
              <td class="text">${nameOf(cause)}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

const stageWords: Readonly<Record<string, string>> = {
  decode: "decode",
  resample: "resample",
  fit: "fit to length",
  augment: "augment",
  logMel: "log-mel",
};

function renderTime({ history, metrics }: RunRecord): Html | undefined {
  if (history.length === 0) return undefined;
  const stageMs = recordAt(metrics, "stageMs");
  const stages = Object.keys(stageWords).filter((name) => typeof stageMs[name] === "number")
    .map((name) => ({
      name: stageWords[name],
      seconds: stageMs[name] as number / 1000,
      colour: ink.muted,
    }));
  const total = (share: (row: Readonly<Record<string, number>>) => number) =>
    history.reduce((sum, row) => sum + (share(row) || 0), 0);
  const waitSeconds = total((row) => row.seconds * row.waitShare);
  const stepSeconds = total((row) => row.seconds * (1 - row.waitShare));
  const waitPart = waitSeconds / Math.max(1e-9, waitSeconds + stepSeconds);
  return section(
    "Where the time went",
    html`<p>${
      typeof metrics.seconds === "number"
        ? `${formatDuration(metrics.seconds)} in all, ${
          formatNumber(total((row) => row.clipsPerSecond) / history.length, 0)
        } training clips a second. `
        : ""
    }${
      waitPart > 0.2
        ? "The model waited for features: more feature workers, or less augmentation, would make it faster."
        : "The model hardly waited for features: its own steps set the pace."
    }</p>
<div class="figures">
${
      figure(
        timeChart([
          { name: "wait", seconds: waitSeconds, colour: ink.accent },
          { name: "step", seconds: stepSeconds, colour: ink.accent },
        ]),
        "Training",
        `Waiting for features took ${formatShare(waitPart)} of the training time.`,
      )
    }
${
      stages.length === 0 ? undefined : figure(
        timeChart(stages),
        "Features",
        "Time of all feature workers together, training and validation, by stage.",
      )
    }
</div>`,
  );
}

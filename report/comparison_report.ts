/** The page that compares several runs. */
import { seriesColours } from "./chart.ts";
import { formatCount, formatDuration, formatNumber, formatShare, plural } from "./format.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { type Column, figure, renderPage, section, table } from "./page.ts";
import { epochChart } from "./run_charts.ts";
import type { RunRecord } from "./run_files.ts";
import { describeOptions } from "./run_options.ts";
import { type Estimate, pairedDifference } from "./statistics.ts";

/** A run with what tells it from the others: its name and its colour. */
interface NamedRun extends RunRecord {
  readonly shown: string;
  readonly colour: string;
}

/** Renders the page. @param runs At least two; the first one is what the others are compared with. */
export function renderComparison(runs: readonly RunRecord[]): string {
  const names = runs.map(({ name }) => name);
  const named = runs.map((run, i): NamedRun => ({
    ...run,
    // Folders of one name are told apart by their whole path.
    shown: names.filter((name) => name === run.name).length > 1 ? run.dir : run.name,
    colour: seriesColours[i % seriesColours.length],
  }));
  return renderPage({
    title: `${runs.length} runs – melstream`,
    header: renderHeader(named),
    sections: [
      renderFigures(named),
      renderCurves(named),
      renderRecalls(named),
      renderOptions(named),
    ],
    footer: html`<p>Made from the runs’ folders alone. Make it again with <code>deno task report ${
      runs.map(({ dir }) => dir).join(" ")
    }</code>.</p>`,
  });
}

function renderHeader(runs: readonly NamedRun[]): Html {
  const judged = runs.filter(({ summary }) => summary);
  const best = judged.toSorted((a, b) => b.summary!.accuracy.value - a.summary!.accuracy.value)[0];
  return html`
    <p class="kicker">Comparison</p>
    <h1>${plural(runs.length, "run")}</h1>
    ${best === undefined
      ? undefined
      : html`<p class="lede">The highest accuracy is that of ${nameOf(best.shown)}: ${
        formatShare(best.summary!.accuracy.value)
      } of ${plural(best.summary!.examples, "validation clip")}.</p>`}
  `;
}

function withInterval({ value, interval }: Estimate): Html {
  const range = interval &&
    html`<small>${formatNumber(100 * interval.low, 1)} to ${formatShare(interval.high)}</small>`;
  return html`${formatShare(value)}${range ?? undefined}`;
}

/** A difference of two shares, in points of percentage: `+1.5 pp`. */
function formatPoints(difference: number): string {
  const points = formatNumber(100 * difference, 1);
  return points.startsWith("−") || Number(points) === 0 ? points : `+${points}`;
}

function renderFigures(runs: readonly NamedRun[]): Html {
  const [first] = runs;
  const differs = runs.some(({ outcomes }) => !sameClips(outcomes, first.outcomes));
  const difference = (run: NamedRun): HtmlValue => {
    const paired = run === first ? undefined : pairedDifference(first.outcomes, run.outcomes);
    if (!paired) return "–";
    const { value, interval, examples } = paired;
    return html`${formatPoints(value)}<small>${
      interval ? `${formatPoints(interval.low)} to ${formatPoints(interval.high)}` : "all alike"
    }${differs ? `, ${plural(examples, "clip")}` : ""}</small>`;
  };
  const severalLabels = runs.some(({ labelSummary }) => labelSummary);
  const rows = runs.map((run) => {
    const { summary, labelSummary, bestEpoch, history, metrics, shown } = run;
    const either = summary ?? labelSummary;
    return [
      nameOf(shown),
      summary ? withInterval(summary.accuracy) : formatShare(labelSummary?.accuracy),
      difference(run),
      ...severalLabels
        ? [labelSummary ? withInterval(labelSummary.meanAveragePrecision) : "–"]
        : [],
      either ? withInterval(either.macroF1) : "–",
      summary ? withInterval(summary.balancedAccuracy) : "–",
      formatNumber(either?.loss, 3),
      formatShare(either?.calibration.expectedError),
      `${bestEpoch ?? "–"} of ${history.length}`,
      typeof metrics.seconds === "number" ? formatDuration(metrics.seconds) : "–",
    ];
  });
  return section(
    "Figures",
    table([
      ["run", "prose"],
      ["accuracy", "number"],
      ["to the first", "number"],
      ...severalLabels ? [["mean avg. precision", "number"] as const] : [],
      ["macro-F1", "number"],
      ["balanced acc.", "number"],
      ["loss", "number"],
      ["calibration error", "number"],
      ["kept epoch", "number"],
      ["time", "number"],
    ], rows),
    html`
      <p
        class="note">Small figures are 95 % intervals. “To the first” is the difference of the accuracies in percentage
      points, clip by clip on the clips that both runs validated on: where its range holds 0, these clips do not tell which
      run is better.${differs
        ? html` <strong>Not all runs were validated on the same clips</strong>: their accuracies are not
measured with one ruler, and a clip that one run trained on may be among the other’s.`
        : undefined}</p>
    `,
  );
}

function sameClips(a: ReadonlyMap<string, boolean>, b: ReadonlyMap<string, boolean>): boolean {
  return a.size === b.size && [...a.keys()].every((clip) => b.has(clip));
}

function renderCurves(runs: readonly NamedRun[]): Html {
  const curve = (column: string, scale: "share" | "number") =>
    epochChart(
      runs.map(({ shown, colour, history }) => ({
        name: shown,
        colour,
        values: history.map((row) => row[column] ?? NaN),
      })),
      { scale },
    );
  return section(
    "Training",
    html`
      <ul class="key">${runs.map(({ shown, colour }) =>
        html`<li style="color:${colour}"><i></i>${nameOf(shown)}</li>`
      )}</ul>
      <div class="figures">
        ${figure(curve("validationAccuracy", "share"), "Validation accuracy", "By epoch.")}
        ${figure(
          curve("validationLoss", "number"),
          "Validation loss",
          "Mean cross-entropy by epoch.",
        )}
        ${figure(
          curve("loss", "number"),
          "Training loss",
          "Comparable only between runs of equal label smoothing and MixUp.",
        )}
      </div>
    `,
  );
}

function renderRecalls(runs: readonly NamedRun[]): Html | undefined {
  const judged = runs.filter(({ summary }) => summary);
  const labels = [...new Set(judged.flatMap(({ classes }) => classes))].sort();
  if (judged.length === 0) return undefined;
  const columns: Column[] = [
    ["class", "text"],
    ["clips", "number"],
    ...judged.map(({ shown }): Column => [shown, "number"]),
  ];
  const rows = labels.map((label) => {
    const figures = judged.map(({ summary }) =>
      summary!.perClass.find((figures) => figures.label === label)
    );
    const highest = Math.max(...figures.map((figure) => figure?.f1 ?? -1));
    return [
      nameOf(label),
      formatCount(figures.find((figure) => figure)?.support),
      ...figures.map((figure) =>
        figure?.f1 === highest
          ? html`<strong>${formatShare(figure.f1)}</strong>`
          : formatShare(figure?.f1)
      ),
    ];
  });
  return section("F1 by class", table(columns, rows, "The highest of a row is set in bold."));
}

function renderOptions(runs: readonly NamedRun[]): Html {
  const options = runs.map(({ config }) => new Map(describeOptions(config)));
  const names = [...new Set(options.flatMap((of) => [...of.keys()]))];
  const differing = names.filter((name) => new Set(options.map((of) => of.get(name))).size > 1);
  if (differing.length === 0) {
    return section("Options", html`<p>All runs have the same options.</p>`);
  }
  return section(
    "Options that differ",
    table(
      [["option", "text"], ...runs.map(({ shown }): Column => [shown, "text"])],
      differing.map((name) => [name, ...options.map((of) => nameOf(of.get(name) ?? "–"))]),
    ),
  );
}

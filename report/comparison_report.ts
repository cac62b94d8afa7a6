/** The page that compares several runs. */
import type { Interval } from "../model/evaluation/interval.ts";
import { pairedDifference } from "../model/evaluation/paired_difference.ts";
import { seriesColours } from "./chart.ts";
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
  missing,
  plural,
} from "./format.ts";
import { epochChart } from "./epoch_chart.ts";
import { curvesOf, describeEpochs } from "./fold_curves.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { type Column, figure, renderPage, section, table } from "./page.ts";
import type { RunRecord } from "./read_run.ts";
import { describeOptions } from "./run_options.ts";

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
      renderClassFigures(named),
      renderOptions(named),
    ],
    footer: html`<p>Made from the runs’ folders alone. Make it again with <code>deno task report ${
      runs.map(({ dir }) => dir).join(" ")
    }</code>.</p>`,
  });
}

function renderHeader(runs: readonly NamedRun[]): Html {
  const judged = runs.flatMap(({ shown, evaluation }) =>
    evaluation?.task === "one-label" ? [{ shown, ...evaluation }] : []
  );
  const [best] = judged.toSorted((a, b) => b.accuracy! - a.accuracy!);
  return html`
    <p class="kicker">Comparison</p>
    <h1>${plural(runs.length, "run")}</h1>
    ${best === undefined
      ? undefined
      : html`<p class="lede">The highest accuracy is that of ${nameOf(best.shown)}: ${
        formatShare(best.accuracy)
      } of ${plural(best.examples, "validation clip")}.</p>`}
  `;
}

function withInterval(value: number | null, interval: Interval | null): Html {
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
    if (!paired) return missing;
    const { value, interval, examples } = paired;
    return html`${formatPoints(value)}<small>${
      interval ? `${formatPoints(interval.low)} to ${formatPoints(interval.high)}` : "all alike"
    }${differs ? `, ${plural(examples, "clip")}` : ""}</small>`;
  };
  const tasks = new Set(runs.map(({ evaluation }) => evaluation?.task));
  const one = tasks.has("one-label") || !tasks.has("several-labels");
  const several = tasks.has("several-labels");
  const rows = runs.map((run) => {
    const { evaluation, metrics, shown } = run;
    const single = evaluation?.task === "one-label" ? evaluation : undefined;
    const ranked = evaluation?.task === "several-labels" ? evaluation : undefined;
    const seconds = metrics.seconds ?? run.folds?.reduce(
      (sum, { metrics }) => sum + (Number(metrics.seconds) || 0),
      0,
    );
    return [
      nameOf(shown),
      ...one
        ? [
          single
            ? withInterval(single.accuracy, single.intervals.accuracy)
            : evaluation
            ? missing
            : "not validated",
          difference(run),
        ]
        : [],
      ...several
        ? [
          ranked
            ? withInterval(ranked.meanAveragePrecision, ranked.intervals.meanAveragePrecision)
            : evaluation
            ? missing
            : "not validated",
          formatShare(ranked?.labelAccuracy),
        ]
        : [],
      evaluation ? withInterval(evaluation.macroF1, evaluation.intervals.macroF1) : missing,
      ...one
        ? [
          single
            ? withInterval(single.balancedAccuracy, single.intervals.balancedAccuracy)
            : missing,
        ]
        : [],
      formatNumber(evaluation?.loss, 3),
      formatShare(evaluation?.calibration?.expectedError),
      describeEpochs(run),
      typeof seconds === "number" && seconds > 0 ? formatDuration(seconds) : missing,
    ];
  });
  return section(
    "Figures",
    table([
      ["run", "prose"],
      ...one ? [["accuracy", "number"], ["to the first", "number"]] as const : [],
      ...several ? [["mean avg. precision", "number"], ["label acc.", "number"]] as const : [],
      ["macro-F1", "number"],
      ...one ? [["balanced acc.", "number"]] as const : [],
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
  const curve = (title: string, column: string, scale: "share" | "number") =>
    figure(
      epochChart(
        runs.map((run) => ({
          name: run.shown,
          colour: run.colour,
          values: curvesOf(run).map((row) => row[column] ?? NaN),
        })),
        { title, scale },
      ),
      title,
      explanations[column],
    );
  const several = runs.some(({ evaluation }) => evaluation?.task === "several-labels");
  return section(
    "Training",
    html`
      <ul class="key">${runs.map(({ shown, colour }) =>
        html`<li style="color:${colour}"><i></i>${nameOf(shown)}</li>`
      )}</ul>
      <div class="figures">
        ${several
          ? curve("Mean average precision", "validationMeanAveragePrecision", "share")
          : curve("Validation accuracy", "validationAccuracy", "share")}
        ${curve("Validation loss", "validationLoss", "number")}
        ${curve("Training loss", "loss", "number")}
      </div>
      ${runs.some(({ folds }) => folds)
        ? html`<p class="note">The line of a cross-validation is the mean of its folds that had the
          epoch.</p>`
        : undefined}
    `,
  );
}

/** What the curves are of, by the column of `history.csv`. */
const explanations: Readonly<Record<string, string>> = {
  validationAccuracy: "By epoch.",
  validationMeanAveragePrecision: "Of the validation clips, by epoch.",
  validationLoss: "Mean cross-entropy by epoch.",
  loss: "Comparable only between runs of equal label smoothing and MixUp.",
};

function renderClassFigures(runs: readonly NamedRun[]): Html | undefined {
  const judged = runs.filter(({ evaluation }) => evaluation);
  const classes = [...new Set(judged.flatMap(({ classes }) => classes))].sort();
  if (judged.length === 0) return undefined;
  const columns: Column[] = [
    ["class", "prose"],
    ["clips", "number"],
    ...judged.map(({ shown }): Column => [shown, "number"]),
  ];
  const rows = classes.map((name) => {
    const figures = judged.map(({ evaluation }) =>
      evaluation!.perClass.find((figures) => figures.name === name)
    );
    const highest = Math.max(...figures.map((figure) => figure?.f1 ?? -1));
    return [
      nameOf(name),
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
      [["option", "prose"], ...runs.map(({ shown }): Column => [shown, "prose"])],
      differing.map((name) => [name, ...options.map((of) => nameOf(of.get(name) ?? "–"))]),
    ),
  );
}

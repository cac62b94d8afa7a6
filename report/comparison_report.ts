/** The page that compares several runs. */
import { callOf } from "../settings/call_of.ts";
import { seriesColours } from "./chart.ts";
import { type NamedRun, renderFigures, tasksOf } from "./comparison_figures.ts";
import { formatCount, formatShare, plural } from "./format.ts";
import { epochChart } from "./epoch_chart.ts";
import { curvesOf } from "./part_curves.ts";
import { type Html, html, nameOf } from "./html.ts";
import { type Column, figure, renderPage, section, table } from "./page.ts";
import type { RunRecord } from "./read_run.ts";
import { describeOptions } from "./run_options.ts";

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
    footer: html`<p>Made from the runs’ folders alone. Make it again with <code>${
      callOf("report")
    } ${runs.map(({ dir }) => dir).join(" ")}</code>.</p>`,
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
  const { one, several } = tasksOf(runs);
  return section(
    "Training",
    html`
      <ul class="key">${runs.map(({ shown, colour }) =>
        html`<li style="color:${colour}"><i></i>${nameOf(shown)}</li>`
      )}</ul>
      <div class="figures">
        ${one ? curve("Validation accuracy", "validationAccuracy", "share") : undefined}
        ${several
          ? curve("Mean average precision", "validationMeanAveragePrecision", "share")
          : undefined}
        ${curve("Validation loss", "validationLoss", "number")}
        ${curve("Training loss", "loss", "number")}
      </div>
      ${runs.some(({ parts }) => parts)
        ? html`<p class="note">The line of a cross-validation is the mean of its folds that had the
          epoch, that of an ensemble the mean of its members.</p>`
        : undefined}
    `,
  );
}

/** Captions of the curves, by the column of `history.csv`. */
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

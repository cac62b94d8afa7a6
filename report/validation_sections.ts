/** Sections about a validation: confusion and classes. */
import type { ClassFigures, RankedClassFigures } from "../model/evaluation/class_figures.ts";
import type { Evaluation, OneLabelEvaluation } from "../model/evaluation/evaluation.ts";
import { formatCount, formatShare, plural } from "./format.ts";
import { type Html, html, nameOf } from "./html.ts";
import { figure, section, table, wide } from "./page.ts";
import { classChart } from "./class_chart.ts";
import { confusionChart } from "./confusion_chart.ts";

/** Most classes of a chart with one row a class. */
const mostChartedClasses = 40;
/** Most classes of a list that is not folded. */
const mostListedClasses = 20;
/** Most of the commonest mistakes that are named. */
const mostMixedPairs = 10;
/** Most classes that leave room beside the matrix. */
const mostNarrowClasses = 6;

/** Confusion matrix, and its commonest mistakes. */
export function renderConfusion({ confusion, perClass }: OneLabelEvaluation): Html {
  const mixed = confusion.flatMap((row, truth) =>
    row.map((count, said) => ({ truth, said, count })).filter(({ said, count }) =>
      said !== truth && count > 0
    )
  ).sort((a, b) => b.count - a.count || perClass[a.truth].support - perClass[b.truth].support)
    .slice(0, mostMixedPairs);
  const classes = perClass.map(({ name }) => name);
  const matrix = figure(
    wide(confusionChart(confusion, classes), "Confusion matrix"),
    "Confusion matrix",
    "A row is a true class, a column what its clips were named as; the stronger the colour, the larger " +
      "the share of the row. What lies off the diagonal is wrong. Rest on a cell for its numbers.",
  );
  const pairs = table(
    [["true class", "prose"], ["named as", "prose"], ["clips", "number"], ["of class", "number"]],
    mixed.map(({ truth, said, count }) => [
      nameOf(classes[truth]),
      nameOf(classes[said]),
      formatCount(count),
      formatShare(count / perClass[truth].support),
    ]),
    "Commonest mistakes",
  );
  const content = html`${matrix}${mixed.length > 0 ? pairs : undefined}`;
  return section(
    "What is taken for what",
    classes.length <= mostNarrowClasses ? html`<div class="figures">${content}</div>` : content,
  );
}

/** Precision, recall and F1 of every class, and average precision where a clip may have several. */
export function renderClasses({ perClass }: Evaluation): Html {
  if (perClass.length > mostChartedClasses) return section("Class by class", foldedTable(perClass));
  const picture = figure(
    wide(classChart(perClass), "Precision and recall by class"),
    "Precision ○ and recall ●",
    "Worst F1 first. Low recall: its clips are missed or taken for others. Low precision: clips are named " +
      "so that are not. With few clips either is a matter of luck.",
  );
  return section(
    "Class by class",
    html`<div class="beside">${classTable(perClass)}${picture}</div>`,
  );
}

/** The classes with the lowest F1, and all of them behind a fold. */
function foldedTable(perClass: readonly (ClassFigures | RankedClassFigures)[]): Html {
  const worst = perClass.toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2)).slice(0, mostListedClasses);
  return html`
    ${classTable(worst, `The ${worst.length} classes with the lowest F1`)}
    <details>
      <summary>All ${plural(perClass.length, "class", "classes")}</summary>
      ${classTable(perClass)}
    </details>
  `;
}

function classTable(
  figures: readonly (ClassFigures | RankedClassFigures)[],
  caption?: string,
): Html {
  const ranked = figures.some((figure) => "averagePrecision" in figure);
  return table(
    [
      ["class", "prose"],
      ["clips", "number"],
      ...ranked ? [["average precision", "number"] as const] : [],
      ["precision", "number"],
      ["recall", "number"],
      ["F1", "number"],
    ],
    figures.map((figure) => [
      nameOf(figure.name),
      formatCount(figure.support),
      ..."averagePrecision" in figure ? [formatShare(figure.averagePrecision)] : [],
      formatShare(figure.precision),
      formatShare(figure.recall),
      formatShare(figure.f1),
    ]),
    caption,
  );
}

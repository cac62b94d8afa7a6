/** The page about a prediction over windows that was scored: figures over events, and timelines. */
import type { EventEvaluation } from "../model/evaluation/event_evaluation.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { formatCount, formatNumber, formatShare, plural, thin } from "./format.ts";
import { type Html, html, nameOf } from "./html.ts";
import { renderPage, section, table, valueList } from "./page.ts";
import { renderTimelines, type ScoredRecording } from "./timeline_section.ts";

/** A prediction that was scored. */
export interface EventsReportOptions {
  /** Its figures. */
  readonly evaluation: EventEvaluation;
  /** The recordings to show. */
  readonly recordings: readonly ScoredRecording[];
  /** How the model hears. */
  readonly frontEnd: FrontEnd;
}

/**
 * Makes the page of a prediction over windows.
 *
 * @returns The text of an HTML file.
 */
export async function createEventsReport(
  { evaluation, recordings, frontEnd }: EventsReportOptions,
): Promise<string> {
  const { truths, predicted, events } = evaluation;
  return renderPage({
    title: "Events – melstream",
    header: html`
      <p class="kicker">Events</p>
      <h1>F1 ${formatShare(events.f1)}</h1>
      <p>${plural(truths, "event")} annotated in ${plural(
        evaluation.recordings,
        "recording",
      )}, ${formatCount(predicted)} predicted.</p>
      ${valueList(describeFigures(evaluation))}
    `,
    sections: [
      renderClasses(evaluation),
      recordings.length > 0 ? await renderTimelines(recordings, frontEnd) : undefined,
    ],
    footer: html`<p>Over events: two of one label are the same where they start within ${
      formatNumber(evaluation.tolerance.onsetSeconds, 2)
    }${thin}s of each other, each counted once (event-based metrics of Mesaros, Heittola and Virtanen 2016).
      Over segments: whether a label is in a stretch of ${
      formatNumber(evaluation.segmentSeconds, 2)
    }${thin}s or not. Intervals hold the true value with 95${thin}% confidence; they draw recordings whole.</p>`,
  });
}

function describeFigures(
  { events, segments, meanAveragePrecision, intervals, foreignTruths }: EventEvaluation,
): (readonly [string, string])[] {
  const withInterval = (figure: number | null, name: keyof EventEvaluation["intervals"]) => {
    const range = intervals[name];
    if (!range) return formatShare(figure);
    return `${formatShare(figure)} (${formatShare(range.low)} to ${formatShare(range.high)})`;
  };
  return [
    ["F1 over events", withInterval(events.f1, "f1")],
    ["precision", formatShare(events.precision)],
    ["recall", formatShare(events.recall)],
    ["macro-F1", withInterval(events.macroF1, "macroF1")],
    ["mean average precision", withInterval(meanAveragePrecision, "meanAveragePrecision")],
    ["F1 over segments", formatShare(segments.f1)],
    ["precision over segments", formatShare(segments.precision)],
    ["recall over segments", formatShare(segments.recall)],
    ...foreignTruths > 0
      ? [
        [
          "of classes that the model lacks",
          `${plural(foreignTruths, "event")}, all missed`,
        ] as const,
      ]
      : [],
  ];
}

function renderClasses({ perClass }: EventEvaluation): Html {
  const sorted = perClass.filter(({ support, predicted }) => support + predicted > 0)
    .toSorted((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2));
  return section(
    "Class by class",
    table(
      [
        ["class", "prose"],
        ["events", "number"],
        ["predicted", "number"],
        ["precision", "number"],
        ["recall", "number"],
        ["F1", "number"],
        ["average precision", "number"],
        ["F1 over segments", "number"],
      ],
      sorted.map((figures) => [
        nameOf(figures.name),
        formatCount(figures.support),
        formatCount(figures.predicted),
        formatShare(figures.precision),
        formatShare(figures.recall),
        formatShare(figures.f1),
        formatShare(figures.averagePrecision),
        formatShare(figures.segmentF1),
      ]),
    ),
  );
}

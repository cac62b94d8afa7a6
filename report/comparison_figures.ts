import type { Interval } from "../model/evaluation/interval.ts";
import { meanAndSpread } from "../model/evaluation/mean_and_spread.ts";
import { pairedDifference } from "../model/evaluation/paired_difference.ts";
import { describeEpochs } from "./part_curves.ts";
import { formatDuration, formatNumber, formatShare, missing, plural } from "./format.ts";
import { type Html, html, type HtmlValue, nameOf } from "./html.ts";
import { section, table } from "./page.ts";
import type { RunRecord } from "./read_run.ts";

/** A run with what tells it from the others: its name and its colour. */
export interface NamedRun extends RunRecord {
  /** Its name: its folder, or the whole path where two are called alike. */
  readonly shown: string;
  /** A CSS colour. */
  readonly colour: string;
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

/** Table of the main figures, a run a row; the first one is what the others are compared with. */
export function renderFigures(runs: readonly NamedRun[]): Html {
  const [first] = runs;
  const differs = runs.some(({ outcomes }) => !sameClips(outcomes, first.outcomes));
  const difference = (
    run: NamedRun,
    of: (run: NamedRun) => RunRecord["outcomes"] | RunRecord["outcomes"][] | undefined,
  ): HtmlValue => {
    const before = of(first), after = of(run);
    if (run === first || !before || !after) return missing;
    const paired = pairedDifference(before, after);
    if (!paired) return missing;
    const { value, interval, examples } = paired;
    return html`${formatPoints(value)}<small>${
      interval ? `${formatPoints(interval.low)} to ${formatPoints(interval.high)}` : "all alike"
    }${differs ? `, ${plural(examples, "clip")}` : ""}</small>`;
  };
  const haveMembers = runs.some((run) => membersOf(run));
  const { one, several } = tasksOf(runs);
  const rows = runs.map((run) => {
    const { evaluation, metrics, shown } = run;
    const single = evaluation?.task === "one-label" ? evaluation : undefined;
    const ranked = evaluation?.task === "several-labels" ? evaluation : undefined;
    const seconds = metrics.seconds ?? run.parts?.runs.reduce(
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
          difference(run, ({ outcomes }) => outcomes),
          ...haveMembers ? [describeMembers(run), difference(run, membersOf)] : [],
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
      ...one && haveMembers
        ? [["each member", "number"], ["members to the first’s", "number"]] as const
        : [],
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
        class="note">Small figures are 95&#8239;% intervals. “To the first” is the difference of the accuracies in percentage
      points, clip by clip on the clips that both runs validated on: where its range holds 0, these clips do not tell which
      run is better.${differs
        ? html` <strong>Not all runs were validated on the same clips</strong>: their accuracies are not
measured with one ruler, and a clip that one run trained on may be among the other’s.`
        : undefined}${haveMembers
        ? html` Of an ensemble, “accuracy” is that of its members’ mean answer, “each member” the
mean and standard deviation of their own accuracies. These means are what “members to the first’s” compares, by
the bootstrap over clips and members: where its range holds 0, another training could turn the difference.`
        : undefined}</p>
    `,
  );
}

/** Of an ensemble of one label a clip, which clips each of its members named rightly. */
function membersOf({ parts }: NamedRun): RunRecord["outcomes"][] | undefined {
  if (parts?.kind !== "member") return undefined;
  const outcomes = parts.runs.map(({ outcomes }) => outcomes).filter(({ size }) => size > 0);
  return outcomes.length < 2 ? undefined : outcomes;
}

/** Mean and standard deviation of the members' accuracies. */
function describeMembers(run: NamedRun): HtmlValue {
  const members = membersOf(run)?.map((outcomes) => {
    const right = outcomes.values().toArray();
    return right.filter(Boolean).length / right.length;
  });
  const { mean, spread } = meanAndSpread(members ?? []) ?? {};
  if (mean === undefined || spread === null) return missing;
  return html`${formatShare(mean)}<small>± ${formatShare(spread)}</small>`;
}

/** Tasks that figures are shown of: one label a clip where none is known. */
export function tasksOf(runs: readonly NamedRun[]): { one: boolean; several: boolean } {
  const tasks = new Set(runs.map(({ evaluation }) => evaluation?.task));
  const several = tasks.has("several-labels");
  return { one: tasks.has("one-label") || !several, several };
}

function sameClips(a: ReadonlyMap<string, boolean>, b: ReadonlyMap<string, boolean>): boolean {
  return a.size === b.size && [...a.keys()].every((clip) => b.has(clip));
}

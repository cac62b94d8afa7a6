import type { RecordingPart } from "../pipeline/recording.ts";
import type { Evaluation, EvaluationTask } from "../model/evaluation/evaluation.ts";
import { createEvaluator } from "../model/evaluation/create_evaluator.ts";
import type { Mistake } from "../model/evaluation/mistake_ranking.ts";
import { namedClasses } from "../model/evaluation/named_classes.ts";
import { ScoreSample } from "../model/scores/score_sample.ts";
import { thresholdCurves, type ThresholdPoint } from "../model/scores/threshold_curve.ts";
import { readCsv, ReportError } from "./read_files.ts";

/** A mistake with the file that it was made on. */
export interface LocatedMistake extends Mistake {
  /** Path of the recording; empty where `validation.csv` does not say. */
  readonly path: string;
  /** Where in it the clip lies, in seconds; absent where it is the beginning. */
  readonly stretch?: { readonly startSeconds: number; readonly endSeconds: number };
  /** Which part of the file the recording is; absent where it is all of it. */
  readonly part?: RecordingPart;
}

/** Parts of a run's validation that are wanted. */
export interface ValidationOptions {
  /** Task of the model. */
  readonly task: EvaluationTask;
  /** The classes, in the order of the columns. */
  readonly classes: readonly string[];
  /** Figures that the run wrote itself; absent, they are made of the rows. */
  readonly stored?: Evaluation;
  /** Keys the intervals, where they are made of the rows. */
  readonly seed?: number;
  /** Most mistakes. */
  readonly numMistakes: number;
  /** True where it is wanted what became of every clip. */
  readonly outcomes: boolean;
  /** The temperature for the classes' curves, where these are wanted. */
  readonly curvesAt?: number;
}

/** Validation of a run: figures, and single clips. */
export interface Validation {
  /** The figures. */
  readonly evaluation: Evaluation;
  /** The first mistakes. */
  readonly mistakes: readonly LocatedMistake[];
  /** For one label a clip, which ones were named rightly, where that is wanted. */
  readonly outcomes: ReadonlyMap<string, boolean>;
  /** Precision and recall of each class over its threshold, where they are wanted. */
  readonly curves?: readonly (readonly ThresholdPoint[])[];
}

/**
 * Reads a run's `validation.csv`: for the mistakes' files, what became of every clip, and, where the
 * run left no figures, such as one under way or of an earlier version, for these too. Groups are not
 * in it.
 *
 * @throws {ReportError} where it is not what a run writes.
 */
export async function readValidation(
  path: string,
  { task, classes, stored, seed, numMistakes, outcomes: keepsOutcomes, curvesAt }:
    ValidationOptions,
): Promise<Validation> {
  // A run keeps some mistakes; more of them are ranked anew.
  const suffices = stored &&
    stored.mistakes.length >= Math.min(numMistakes, stored.numMistakes);
  const evaluator = suffices
    ? undefined
    : createEvaluator({ task, classes, seed, mostMistakes: numMistakes });
  const ranked = suffices ? stored.mistakes.slice(0, numMistakes) : undefined;
  const wanted = new Set(ranked?.map(({ id }) => id));
  const places = new Map<string, Pick<LocatedMistake, "path" | "stretch" | "part">>();
  const outcomes = new Map<string, boolean>();
  const sample = curvesAt === undefined ? undefined : new ScoreSample({ task, classes, seed });
  const readRow = (row: readonly string[], header: readonly string[]) => {
    const [id, path = "", label = ""] = row, { stretch, part } = readPlace(row, header);
    const said = row.slice(firstClassAt(header));
    if (said.length !== classes.length) {
      throw new ReportError(
        `Cannot report on ${path} as a line of validation.csv must have ${classes.length} ` +
          `probabilities (${
            header.length - firstClassAt(header)
          } in its header): current value is ${said.length}`,
      );
    }
    if (!ranked || wanted.has(id)) places.set(id, { path, stretch, part });
    if (!evaluator && !keepsOutcomes && !sample) return;
    const labels = task === "one-label" ? [label] : label.split(";").filter(Boolean);
    const probabilities = Float64Array.from(said, (text) => text === "" ? NaN : Number(text));
    evaluator?.add({ id, labels, probabilities });
    sample?.add({ id, labels, probabilities });
    if (keepsOutcomes && task === "one-label" && probabilities.every(Number.isFinite)) {
      outcomes.set(id, classes[namedClasses(probabilities, task)[0]] === label);
    }
  };
  if (evaluator || keepsOutcomes || sample || wanted.size > 0) await readCsv(path, readRow);
  const built = evaluator?.build();
  const mistakes = ranked ?? built!.mistakes;
  return {
    evaluation: stored ?? built!,
    mistakes: mistakes.map((mistake) => ({
      ...mistake,
      path: "",
      ...places.get(mistake.id),
    })),
    outcomes,
    curves: sample && thresholdCurves(sample.rows, curvesAt!, task),
  };
}

/** Pairs of columns of times that there may be before the classes: see `validationColumns` in `run/`. */
const timeColumns = [["start", "end"], ["part_start", "part_end"]];

/** The first column of a class. */
function firstClassAt(header: readonly string[]): number {
  let at = 3;
  for (const [start, end] of timeColumns) {
    if (header[at] === start && header[at + 1] === end) at += 2;
  }
  return at;
}

/** Where a clip lies in its recording, and that in its file, where there are columns for it. */
function readPlace(
  row: readonly string[],
  header: readonly string[],
): Pick<LocatedMistake, "stretch" | "part"> {
  const columns = header.slice(3, firstClassAt(header));
  const secondsOf = (name: string) => {
    const text = columns.includes(name) ? row[3 + columns.indexOf(name)] : "";
    return text === "" ? undefined : Number(text);
  };
  const [start, end] = [secondsOf("start"), secondsOf("end")], partStart = secondsOf("part_start");
  return {
    ...start !== undefined && { stretch: { startSeconds: start, endSeconds: end! } },
    ...partStart !== undefined && {
      part: { startSeconds: partStart, endSeconds: secondsOf("part_end") },
    },
  };
}

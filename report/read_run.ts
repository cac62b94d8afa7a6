/** Reads a run's folder as it is: finished, under way, or made by another version. */
import type { Evaluation, EvaluationTask } from "../model/evaluation/evaluation.ts";
import { defaultFrontEnd, type FrontEnd } from "../pipeline/front_end.ts";
import type { ScoreFigures } from "../model/scores/fit_scores.ts";
import type { ThresholdPoint } from "../model/scores/threshold_curve.ts";
import { basename } from "../deps/std_path.ts";
import { readCsv, readJson, recordAt, ReportError } from "./read_files.ts";
import { type LocatedMistake, readValidation } from "./read_validation.ts";

/** A clip that could not be read. */
export interface SkippedClip {
  /** The clip's name within the data set. */
  readonly filename: string;
  /** Stage of the feature graph that failed. */
  readonly stage: string;
  /** The whole cause in one line. */
  readonly cause: string;
}

/** Record of a run's folder. Whatever a run has not written (yet) is empty or `undefined`. */
export interface RunRecord {
  /** The folder. */
  readonly dir: string;
  /** The folder's own name. */
  readonly name: string;
  /** `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** `metrics.json`. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** How the features of its clips are made. */
  readonly frontEnd: FrontEnd;
  /** The classes. */
  readonly classes: readonly string[];
  /** Those that are never given out as labels. */
  readonly backgroundClasses: readonly string[];
  /** One record an epoch, by the columns of `history.csv`; what is no number is NaN. */
  readonly history: readonly Readonly<Record<string, number>>[];
  /** The runs of a cross-validation or an ensemble, where this is one. */
  readonly parts: RunParts | undefined;
  /** Epoch of the kept weights, counted from 1. */
  readonly bestEpoch: number | undefined;
  /** The figures of the validation; absent where no clip was validated. */
  readonly evaluation: Evaluation | undefined;
  /** Temperature and thresholds, and what they are worth; absent where a run wrote none. */
  readonly scores: ScoreFigures | undefined;
  /** Precision and recall of each class over its threshold; absent unless they were asked for. */
  readonly curves: readonly (readonly ThresholdPoint[])[] | undefined;
  /** Rows of `validation.csv` that could not count. */
  readonly unusable: number;
  /** The clips that it got most wrong, with their files. */
  readonly mistakes: readonly LocatedMistake[];
  /** For one label a clip, which validation clips were named rightly; empty unless it was asked for. */
  readonly outcomes: ReadonlyMap<string, boolean>;
  /** The first clips that could not be read. */
  readonly skipped: readonly SkippedClip[];
  /** How many there are in all. */
  readonly numSkipped: number;
}

/** Runs that stand in another one's folder. */
export interface RunParts {
  /** What they are there. */
  readonly kind: "fold" | "member";
  /** How many there are to be. */
  readonly count: number;
  /** Those that have begun, first to last. */
  readonly runs: readonly RunRecord[];
}

/** How many skipped clips are kept of a long list. */
const mostSkipped = 200;

/** Parts of a run's validation that are kept beside its figures. */
export interface ReadRunOptions {
  /** Most mistakes. @default {0} */
  readonly numMistakes?: number;
  /** True for what became of every clip, to compare runs. @default {false} */
  readonly outcomes?: boolean;
  /** True for the classes' curves over their thresholds. @default {false} */
  readonly curves?: boolean;
}

/**
 * Reads a run's folder.
 *
 * @throws {ReportError} where it holds no run, or a file that is not what a run writes.
 */
export async function readRun(dir: string, options: ReadRunOptions = {}): Promise<RunRecord> {
  const config = await readJson(`${dir}/config.json`);
  if (!config) {
    throw new ReportError(
      `Cannot report on ${dir} as a run's folder must hold config.json: it is missing`,
    );
  }
  const metrics = await readJson(`${dir}/metrics.json`) ?? {};
  const model = await readJson(`${dir}/best_model/model.json`);
  const card = recordAt(recordAt(model, "userDefinedMetadata"), "melstream");
  const bestEpoch = metrics.bestEpoch ?? card.epoch;
  const seed = recordAt(config, "recipe").seed;
  // A run of an earlier version has `labels`.
  const listed = config.classes ?? config.labels;
  const classes = Array.isArray(listed) ? listed.map(String) : [];
  const { backgroundClasses } = config;
  const stored = [metrics.best, metrics.outOfFold]
    .find((value) => isEvaluation(value, classes.length));
  const scores = isScores(metrics.scores, classes.length) ? metrics.scores : undefined;
  const { evaluation, mistakes, outcomes, curves } = await readValidation(`${dir}/validation.csv`, {
    task: stored?.task ?? taskIn(config),
    classes,
    stored,
    seed: typeof seed === "number" ? seed : undefined,
    numMistakes: options.numMistakes ?? 0,
    outcomes: options.outcomes ?? false,
    curvesAt: options.curves ? scores?.scores.temperature : undefined,
  });
  const history: Record<string, number>[] = [];
  await readCsv(`${dir}/history.csv`, (row, header) => {
    history.push(
      Object.fromEntries(header.map((name, i) => [name, row[i] === "" ? NaN : Number(row[i])])),
    );
  });
  const skipped: SkippedClip[] = [];
  let numSkipped = 0;
  await readCsv(`${dir}/skipped.csv`, ([filename = "", stage = "", cause = ""]) => {
    if (numSkipped++ < mostSkipped) skipped.push({ filename, stage, cause });
  });
  return {
    dir,
    name: basename(dir),
    config,
    metrics,
    frontEnd: {
      ...defaultFrontEnd,
      ...recordAt(config, "frontEnd"),
      ...recordAt(card, "frontEnd"),
    },
    classes,
    backgroundClasses: Array.isArray(backgroundClasses) ? backgroundClasses.map(String) : [],
    history,
    parts: await readParts(dir, "fold", config.folds, options) ??
      await readParts(dir, "member", config.ensemble, options),
    bestEpoch: typeof bestEpoch === "number" ? bestEpoch : undefined,
    evaluation: evaluation.examples > 0 ? evaluation : undefined,
    scores,
    curves,
    unusable: evaluation.unusable,
    mistakes,
    outcomes,
    skipped,
    numSkipped,
  };
}

/** The runs in a run's folder, up to the first that has not begun; nothing where it has none. */
async function readParts(
  dir: string,
  kind: RunParts["kind"],
  count: unknown,
  { outcomes }: ReadRunOptions,
): Promise<RunParts | undefined> {
  if (typeof count !== "number") return undefined;
  const runs: RunRecord[] = [];
  while (runs.length < count) {
    const part = `${dir}/${kind}-${runs.length + 1}`;
    if (!await readJson(`${part}/config.json`)) break;
    runs.push(await readRun(part, { outcomes: outcomes && kind === "member" }));
  }
  return { kind, count, runs };
}

/** True for figures as this version writes them; those of an earlier one have no task. */
function isEvaluation(value: unknown, numClasses: number): value is Evaluation {
  const { task, perClass, mistakes, intervals } = (value ?? {}) as Partial<Evaluation>;
  return (task === "one-label" || task === "several-labels") &&
    Array.isArray(perClass) && perClass.length === numClasses && Array.isArray(mistakes) &&
    typeof intervals === "object";
}

/** True for what a run of this version writes of its scores. */
function isScores(value: unknown, numClasses: number): value is ScoreFigures {
  const { scores, perClass, calibration } = (value ?? {}) as Partial<ScoreFigures>;
  return typeof scores?.temperature === "number" && Array.isArray(scores.thresholds) &&
    scores.thresholds.length === numClasses && Array.isArray(perClass) &&
    perClass.length === numClasses && typeof calibration === "object";
}

/** The task of a run, by the activation of its network's outputs, however it is described. */
function taskIn(config: Readonly<Record<string, unknown>>): EvaluationTask {
  const { network = config.spec } = config as { network?: unknown };
  const nodes = Array.isArray(network) ? network : (network as { nodes?: unknown })?.nodes;
  const output = Array.isArray(nodes) ? nodes.at(-1) : network;
  return (output as { activation?: unknown })?.activation === "sigmoid"
    ? "several-labels"
    : "one-label";
}

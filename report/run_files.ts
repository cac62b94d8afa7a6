/** Reads a run's folder as it is: finished, under way, or made by another version. */
import { basename } from "@std/path";
import { toJson } from "@std/streams";
import { argmax } from "../model/metrics.ts";
import { labelLoss, labelThreshold } from "../model/multi_label_metrics.ts";
import { defaultFrontEnd, type FrontEnd } from "../pipeline/front_end.ts";
import { readCsvRows } from "../pipeline/sources/csv_rows.ts";
import { type LabelSummary, LabelSummaryBuilder } from "./label_statistics.ts";
import { SummaryBuilder, type ValidationSummary } from "./statistics.ts";

/** A validation clip that was named wrongly. */
export interface Mistake {
  /** The clip's name within the data set. */
  readonly filename: string;
  /** The file. */
  readonly path: string;
  /** Indices of its labels: one, but in a run of several labels a clip. */
  readonly trueLabels: readonly number[];
  /** Indices of the labels that it was given. */
  readonly saidLabels: readonly number[];
  /** What the model said, for every class. */
  readonly probabilities: Float64Array;
}

/** A clip that could not be read. */
export interface SkippedClip {
  /** The clip's name within the data set. */
  readonly filename: string;
  /** Where in the feature graph it failed. */
  readonly stage: string;
  /** The whole cause in one line. */
  readonly cause: string;
}

/** What a run's folder holds. Whatever a run has not written (yet) is empty or `undefined`. */
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
  /** One record an epoch, by the columns of `history.csv`; what is no number is NaN. */
  readonly history: readonly Readonly<Record<string, number>>[];
  /** Epoch of the kept weights, counted from 1. */
  readonly bestEpoch: number | undefined;
  /** The figures of `validation.csv`; absent in a run of several labels a clip. */
  readonly summary: ValidationSummary | undefined;
  /** The figures of `validation.csv` in a run of several labels a clip. */
  readonly labelSummary: LabelSummary | undefined;
  /** The clips that it got most wrong: those first that it gave the truth the least probability. */
  readonly mistakes: readonly Mistake[];
  /** How many clips it named wrongly in all. */
  readonly numMistakes: number;
  /** Which validation clips were named rightly; empty unless it was asked for, and with several labels a clip. */
  readonly outcomes: ReadonlyMap<string, boolean>;
  /** The first clips that could not be read. */
  readonly skipped: readonly SkippedClip[];
  /** How many there are in all. */
  readonly numSkipped: number;
}

/** A folder that no report can be made of; its message is one line that says what to do. */
export class ReportError extends Error {
  /** The class's name, for people. */
  override readonly name = "ReportError";
}

/** How many skipped clips are kept of a long list. */
const mostSkipped = 200;

/** What is kept of a run's validation clips beside their figures. */
export interface ReadRunOptions {
  /** Most mistakes. @default {0} */
  readonly numMistakes?: number;
  /** What became of every clip, to compare runs. @default {false} */
  readonly outcomes?: boolean;
}

/**
 * Reads a run's folder.
 *
 * @throws {ReportError} where it holds no run, or a file that is not what a run writes.
 */
export async function readRun(
  dir: string,
  options: ReadRunOptions = {},
): Promise<RunRecord> {
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

  const severalLabels = recordAt(config, "spec").activation === "sigmoid";
  const validation = await readValidation(`${dir}/validation.csv`, classes, severalLabels, options);
  const bootstrapSeed = typeof seed === "number" ? seed : undefined;
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
    history,
    bestEpoch: typeof bestEpoch === "number" ? bestEpoch : undefined,
    summary: validation.builder.build(bootstrapSeed),
    labelSummary: validation.labelBuilder.build(bootstrapSeed),
    mistakes: validation.mistakes,
    numMistakes: validation.numMistakes,
    outcomes: validation.outcomes,
    skipped,
    numSkipped,
  };
}

async function readValidation(
  path: string,
  classes: readonly string[],
  severalLabels: boolean,
  { numMistakes: mostMistakes = 0, outcomes: keepsOutcomes = false }: ReadRunOptions,
) {
  const builder = new SummaryBuilder(classes), labelBuilder = new LabelSummaryBuilder(classes);
  const mistakes: (Mistake & { readonly loss: number })[] = [];
  const outcomes = new Map<string, boolean>();
  let numMistakes = 0;
  const indexOf = (label: string) => classes.indexOf(label);
  await readCsv(path, ([filename, path = "", label = "", ...said], header) => {
    if (said.length !== classes.length) {
      throw new ReportError(
        `Cannot report on ${path} as a line of validation.csv must have ${classes.length} ` +
          `probabilities (${header.length - 3} in its header): current value is ${said.length}`,
      );
    }
    const probabilities = Float64Array.from(said, (text) => text === "" ? NaN : Number(text));
    const trueLabels = (severalLabels ? label.split(";").filter(Boolean) : [label]).map(indexOf);
    const before = builder.unusable + labelBuilder.unusable;
    if (severalLabels) labelBuilder.add(trueLabels, probabilities);
    else builder.add(trueLabels[0], probabilities);
    if (builder.unusable + labelBuilder.unusable > before) return;
    const saidLabels = severalLabels
      ? classes.flatMap((_, i) => probabilities[i] > labelThreshold ? [i] : [])
      : [argmax(probabilities)];
    const right = saidLabels.length === trueLabels.length &&
      saidLabels.every((index) => trueLabels.includes(index));
    if (keepsOutcomes && !severalLabels) outcomes.set(filename, right);
    if (right) return;
    numMistakes++;
    const loss = severalLabels
      ? labelLoss(probabilities, classes.map((_, i) => Number(trueLabels.includes(i))))
      : -Math.log(probabilities[trueLabels[0]]);
    const place = mistakes.findIndex((other) => other.loss < loss);
    const mistake = { filename, path, trueLabels, saidLabels, probabilities, loss };
    mistakes.splice(place < 0 ? mistakes.length : place, 0, mistake);
    mistakes.length = Math.min(mistakes.length, mostMistakes);
  });
  return { builder, labelBuilder, mistakes, numMistakes, outcomes };
}

/** Reads a CSV file row by row; a missing one has none. */
async function readCsv(
  path: string,
  onRow: (row: readonly string[], header: readonly string[]) => void,
): Promise<void> {
  let header: readonly string[] | undefined;
  try {
    for await (const { row } of readCsvRows(path)) {
      if (header) onRow(row, header);
      else header = row;
    }
  } catch (cause) {
    if (cause instanceof ReportError) throw cause;
    if (isMissing(cause)) return;
    throw new ReportError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value = await toJson((await Deno.open(path)).readable);
    if (typeof value !== "object" || value === null) throw new SyntaxError("expected an object");
    return value as Record<string, unknown>;
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new ReportError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
}

/** A property that is an object, or an empty one. */
export function recordAt(value: unknown, name: string): Record<string, unknown> {
  const found = (value as Record<string, unknown> | undefined)?.[name];
  return typeof found === "object" && found !== null ? found as Record<string, unknown> : {};
}

/** Labels recordings with a saved model and writes the CSV files, row by row as they are known. */
import { taskOf } from "../../model/evaluation/evaluation.ts";
import type { EvaluatedRow } from "../../model/evaluation/evaluator.ts";
import { outputOf } from "../../model/network.ts";
import { firstClip } from "../../pipeline/clip.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import type { Windowing } from "../../pipeline/windows.ts";
import { Answers } from "./answers.ts";
import { formatRow } from "../files/csv_file.ts";
import type { GrowingFile } from "../files/growing_file.ts";
import { type Aggregate, joinWindows } from "./join_windows.ts";
import { Prediction, type PredictionOptions } from "./prediction.ts";
import type { ResumableOutput } from "../files/resumable_output.ts";
import { type LabelFigures, Scoring, type ScoringCard } from "./scoring.ts";
import type { PartFile } from "../shards/part.ts";
import { openScoredRows } from "../shards/scored_rows.ts";
import type { SubmissionColumns } from "./submission.ts";

/** What a prediction is made of. */
export interface PredictOptions extends PredictionOptions {
  /** The CSV to write: `filename,label`, several labels with `;` between them. @default {"submission.csv"} */
  readonly out?: string;
  /** What `out` has in place of `filename,label`. */
  readonly columns?: SubmissionColumns;
  /** A CSV with the probability of every class, where it is wanted. */
  readonly probabilities?: string;
  /** Labels a recording by all of its windows, instead of its beginning. */
  readonly windows?: {
    /** The windows; see `createWindowing`. */
    readonly windowing: Windowing;
    /** How they are joined. */
    readonly aggregate: Aggregate;
  };
}

/**
 * What a prediction came to. Its figures are over the recordings whose label is known: a clip of a background class
 * is named rightly where that is the most probable.
 */
export interface PredictResult extends LabelFigures {
  /** Rows written: one for every recording. */
  readonly rows: number;
  /** Those of them that say the commonest class, or `unknown`, as the recording could not be read. */
  readonly standIns: number;
  /** The clips that could not be read. */
  readonly skipped: readonly ClipFailure[];
}

/**
 * Writes one row for every recording, in the order given. One that cannot be read is labelled with the
 * class that training saw most, or `unknown`, at its probability 1 / classes, and named in `skipped`.
 *
 * @throws {SettingError} where two of the files are one, or a folder, or `unknown` is none that can be.
 * @throws {RunError} where this machine does not make the features or answers that the model carries, or what
 *   is gone on with did not begin so.
 */
export async function predict(options: PredictOptions): Promise<PredictResult> {
  const { out = "submission.csv", probabilities, windows, batchSize, signal } = options;
  const { columns = { header: ["filename", "label"] } } = options;
  const choices = { windows, probabilities: probabilities !== undefined, columns };
  const files: PartFile[] = [{ name: "labels.csv", format: "csv", out }];
  if (probabilities !== undefined) {
    files.push({ name: "probabilities.csv", format: "csv", out: probabilities });
  }
  const written = { out, probabilities, kind: "labels", partFiles: files } as const;
  await using prediction = await Prediction.open(options, written, choices);
  const { labeller, output, recordings, rest } = prediction;
  const { card: { network, classes }, decision } = labeller;
  const open = (at: 0 | 1, header: readonly string[]) =>
    openCsv(output, files[at].name, prediction.pathOf(files[at].name, files[at].out), header);
  const submission = await open(0, columns.header);
  const table = files.length > 1 ? await open(1, ["filename", ...classes]) : undefined;
  const { labels } = decision, name = options.unknown;
  const scoringCard: ScoringCard = {
    ...{ task: taskOf(outputOf(network)), classes },
    ...name !== undefined && { unknown: { name, labels } },
  };
  const scoring = new Scoring(scoringCard);
  const givenOf = (row: EvaluatedRow) => decision.labelsOf(row.probabilities);
  const answers = await Answers.open(
    ...[output, recordings, classes.length] as const,
    (row) => scoring.add({ ...row, given: givenOf(row) }),
  );
  const scored = await openScoredRows(prediction);
  const places = columns.classes?.map((name) => classes.indexOf(name));
  const unread = classes.map(() => 1 / classes.length), asked = { batchSize, signal };
  const rows = prediction.watch(
    windows
      ? labeller.labelWindows(rest, windows.windowing, asked)
      : labeller.label(Iterator.from(rest).map(firstClip), asked),
  );
  for await (
    const { recording, probabilities } of joinWindows(rows, windows?.aggregate ?? "mean")
  ) {
    const { id } = recording;
    const given = probabilities ? decision.labelsOf(probabilities) : [decision.fallback];
    const cells = places?.map((at) => (probabilities ?? unread)[at]) ?? [given.join(";")];
    await submission?.write(formatRow([id, ...cells]));
    await table?.write(formatRow([id, ...probabilities ?? unread]));
    await answers.add(recording, probabilities);
    if (probabilities) await scored?.write(recording, probabilities, given);
    await prediction.endRecording(probabilities === undefined);
  }
  const { standIns } = prediction, skipped = await prediction.end(scoringCard);
  return { rows: output.done, standIns, ...scoring.build(), skipped };
}

async function openCsv(
  output: ResumableOutput<unknown>,
  name: string,
  path: string,
  header: readonly string[],
): Promise<GrowingFile | undefined> {
  const file = await output.file(name, path);
  if (file?.size === 0) await file.write(formatRow(header));
  return file;
}

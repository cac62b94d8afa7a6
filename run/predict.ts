/** Labels recordings with a saved model and writes the CSV files, row by row as they are known. */
import { createEvaluator } from "../model/evaluation/create_evaluator.ts";
import { type Evaluation, taskOf } from "../model/evaluation/evaluation.ts";
import { outputOf } from "../model/network.ts";
import { firstClips } from "../pipeline/clip.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import type { Windowing } from "../pipeline/windows.ts";
import { Answers } from "./answers.ts";
import { formatRow } from "./csv_file.ts";
import type { GrowingFile } from "./growing_file.ts";
import { type Aggregate, joinWindows } from "./join_windows.ts";
import { Prediction, type PredictionOptions } from "./prediction.ts";
import type { ResumableOutput } from "./resumable_output.ts";

/** What a prediction is made of. */
export interface PredictOptions extends PredictionOptions {
  /** The CSV to write: `filename,label`, several labels with `;` between them. @default {"submission.csv"} */
  readonly out?: string;
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

/** What a prediction came to. */
export interface PredictResult {
  /** Rows written: one for every recording. */
  readonly rows: number;
  /** Those of them that say the commonest class, as the recording could not be read. */
  readonly standIns: number;
  /** Figures over the recordings whose label is known. */
  readonly evaluation: Evaluation;
  /** The clips that could not be read. */
  readonly skipped: readonly ClipFailure[];
}

/**
 * Writes one row for every recording, in the order given. One that cannot be read is labelled with the
 * class that training saw most, at its probability 1 / classes, and named in `skipped`.
 *
 * @throws {SettingError} where two of the files are one, or a folder.
 * @throws {RunError} where this machine does not make the features or answers that the model carries, or what
 *   is gone on with did not begin so.
 */
export async function predict(options: PredictOptions): Promise<PredictResult> {
  const { recordings, out = "submission.csv", probabilities, windows, batchSize, signal } = options;
  const choices = { windows, probabilities: probabilities !== undefined };
  await using prediction = await Prediction.open(options, { out, probabilities }, choices);
  const { labeller, output, rest } = prediction;
  const { card: { network, classes, majorityLabel } } = labeller;
  const submission = await openCsv(output, "labels.csv", out, ["filename", "label"]);
  const table = probabilities === undefined
    ? undefined
    : await openCsv(output, "probabilities.csv", probabilities, ["filename", ...classes]);
  const evaluator = createEvaluator({ task: taskOf(outputOf(network)), classes });
  const answers = await Answers.open(output, recordings, classes.length, evaluator);
  const unknown = classes.map(() => 1 / classes.length), asked = { batchSize, signal };
  const rows = prediction.watch(
    windows
      ? labeller.labelWindows(rest, windows.windowing, asked)
      : labeller.label(firstClips(rest), asked),
  );
  for await (
    const { recording, probabilities } of joinWindows(rows, windows?.aggregate ?? "mean")
  ) {
    const { id } = recording;
    const label = probabilities ? labeller.namesOf(probabilities).join(";") : majorityLabel;
    await submission?.write(formatRow([id, label]));
    await table?.write(formatRow([id, ...probabilities ?? unknown]));
    await answers.add(recording, probabilities);
    await prediction.endRecording(probabilities === undefined);
  }
  const { standIns } = prediction, skipped = await prediction.end();
  return { rows: output.done, standIns, evaluation: evaluator.build(), skipped };
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

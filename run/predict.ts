/** Labels recordings with a saved model and writes the CSV files, row by row as they are known. */
import { dirname } from "@std/path";
import { type Evaluation, taskOf } from "../model/evaluation/evaluation.ts";
import { createEvaluator } from "../model/evaluation/create_evaluator.ts";
import { outputOf } from "../model/network.ts";
import type { SavedModel } from "../model/saved_model.ts";
import { clipId, firstClips } from "../pipeline/clip.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import type { Recording } from "../pipeline/recording.ts";
import { createCsvFile, type CsvFile } from "./csv_file.ts";
import { openLabeller } from "./labeller.ts";
import type { Machine } from "./machine.ts";
import { predictOutputs, prepareOutputs } from "./outputs.ts";
import { Remarks } from "../pipeline/remarks.ts";
import { SkippedClips } from "./skipped_clips.ts";

/** What a prediction is made of. */
export interface PredictOptions extends Machine {
  /** The model, by `readModel`; or several, by `readModels`, whose probabilities are averaged. */
  readonly model: SavedModel | readonly SavedModel[];
  /** The recordings, in the order of the rows to write. */
  readonly recordings: readonly Recording[];
  /** The CSV to write: `filename,label`, several labels with `;` between them. @default {"submission.csv"} */
  readonly out?: string;
  /** A CSV with the probability of every class, where it is wanted. */
  readonly probabilities?: string;
  /** Where the clips that could not be read are named. @default {`skipped.csv` beside `out`} */
  readonly skipped?: string;
  /** Clips asked about at a time. @default {16} */
  readonly batchSize?: number;
  /** Ends the prediction: nothing is written then, and its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Is told what a person should know and no clip is to blame for. */
  readonly onNotice?: (text: string) => void;
  /** Is told how many rows are written, after each. */
  readonly onRow?: (done: number) => void;
  /** Is told each clip that cannot be read. */
  readonly onSkipped?: (failure: ClipFailure) => void;
  /** Is told once which engine answers, and why it. */
  readonly onEngine?: (engine: string, reason: string) => void;
}

/** What a prediction came to. */
export interface PredictResult {
  /** Rows written: one for every recording. */
  readonly rows: number;
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
 * @throws {RunError} where this machine does not make the features or answers that the model carries.
 */
export async function predict(options: PredictOptions): Promise<PredictResult> {
  const { model, recordings, batchSize, signal, onNotice, out = "submission.csv" } = options;
  const skippedPath = options.skipped ?? `${dirname(out)}/skipped.csv`;
  await prepareOutputs(predictOutputs({ ...options, out, skipped: skippedPath }));
  const labeller = await openLabeller(model, options, onNotice);
  const { card: { network, frontEnd, classes, majorityLabel }, engine, engineReason } = labeller;
  const files: CsvFile[] = [];
  const createFile = async (path: string, header: readonly string[]) => {
    const file = await createCsvFile(path, header);
    files.push(file);
    return file;
  };
  try {
    options.onEngine?.(engine, engineReason);
    const submission = await createFile(out, ["filename", "label"]);
    const probabilities = options.probabilities === undefined
      ? undefined
      : await createFile(options.probabilities, ["filename", ...classes]);
    const evaluator = createEvaluator({ task: taskOf(outputOf(network)), classes });
    const skipped = new SkippedClips(), remarks = new Remarks();
    const unknown = classes.map(() => 1 / classes.length);
    let rows = 0;
    for await (const row of labeller.label(firstClips(recordings), { batchSize, signal })) {
      const { clip } = row.request, id = clipId(clip), known = row.probabilities;
      if (row.failure && skipped.add(row.failure)) options.onSkipped?.(row.failure);
      remarks.add(row);
      await submission.addRow([id, known ? labeller.namesOf(known).join(";") : majorityLabel]);
      await probabilities?.addRow([id, ...known ?? unknown]);
      const { labels, group } = clip.recording;
      if (known && labels) evaluator.add({ id, labels, group, probabilities: known });
      rows++;
      options.onRow?.(rows);
    }
    // One that an earlier prediction left must not be taken for this one's.
    const stale = await Deno.stat(skippedPath).then(() => true, () => false);
    if (skipped.all.length > 0 || stale) await skipped.write(skippedPath);
    for (const file of files.splice(0)) await file.commit();
    for (const line of remarks.describe(frontEnd.durationSeconds)) onNotice?.(line);
    const cache = labeller.describeCache();
    if (cache !== undefined) onNotice?.(cache);
    return { rows, evaluation: evaluator.build(), skipped: skipped.all };
  } finally {
    for (const file of files) await file.abort();
    await labeller.close();
  }
}

/** What a shard said of the recordings whose labels are known: kept in its part, so that the whole is scored. */
import type { Recording } from "../../pipeline/recording.ts";
import type { Prediction } from "../prediction/prediction.ts";
import type { ScoredRow } from "../prediction/scoring.ts";
import type { RecordFile } from "./record_file.ts";

/** The file of a part, with a line for each such recording that could be read. */
export const scoredFile = "scored.jsonl";

/** Takes what was said of recordings. */
export interface ScoredRows {
  /** Takes it of the recording that is under way; nothing, where its labels are not known. */
  write(
    recording: Recording,
    probabilities: Float64Array,
    given: readonly string[],
  ): Promise<void>;
}

/** Opens the file, where a prediction is a shard's. */
export async function openScoredRows(prediction: Prediction): Promise<ScoredRows | undefined> {
  const folder = prediction.partPlace?.folder;
  if (folder === undefined) return undefined;
  const file = await prediction.output.file(scoredFile, `${folder}/${scoredFile}`);
  return {
    async write({ id, labels, group }, probabilities, given) {
      if (!labels) return;
      const { place } = prediction.partPlace!;
      const row: ScoredRow = { id, labels, group, probabilities: [...probabilities], given };
      await file?.write(`${JSON.stringify([place, row])}\n`);
    },
  };
}

/** Takes the row that is next, where it is that of the recording at a place among all. */
export function takeScoredRow(file: RecordFile, place: number): ScoredRow | undefined {
  if (!file.next?.startsWith(`[${place},`)) return undefined;
  return JSON.parse(file.take())[1];
}

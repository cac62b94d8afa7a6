import type { Batch, BatchRow } from "../pipeline/batch.ts";
import type { Predictor } from "./ensemble.ts";
import { outputOf } from "./network.ts";
import { predictShifted } from "./shifted_looks.ts";

/** One row as a model answered for it. */
export interface LabelledRow extends BatchRow {
  /** Of every class, in the model's order; absent where the clip failed. */
  readonly probabilities?: Float64Array;
}

/**
 * Asks a model about every row of a stream of batches.
 *
 * @param onBatch Is shown every batch before it is asked about.
 * @param scale Makes of what the network answers what is stated; without it, they are the same.
 * @returns The rows in the order asked for. Left early, it cancels the stream.
 */
export async function* labelRows(
  predictor: Predictor,
  batches: AsyncIterable<Batch>,
  { testShifts = 0, onBatch, scale = (answer) => Float64Array.from(answer) }: {
    /** See `Recipe`. @default {0} */
    readonly testShifts?: number;
    readonly onBatch?: (batch: Batch) => void;
    readonly scale?: (probabilities: Float32Array) => Float64Array;
  } = {},
): AsyncGenerator<LabelledRow> {
  const { numClasses } = outputOf(predictor.network);
  for await (const batch of batches) {
    onBatch?.(batch);
    const all = batch.clips.length > 0
      ? await predictShifted(predictor, batch.inputs, testShifts)
      : new Float32Array();
    const { rows } = batch;
    batch.release();
    let next = 0;
    for (const row of rows) {
      if (row.failure) {
        yield row;
        continue;
      }
      const answer = all.subarray(next * numClasses, (next + 1) * numClasses);
      yield { ...row, probabilities: scale(answer) };
      next++;
    }
  }
}

import type { Batch, BatchRow } from "../pipeline/batch.ts";
import type { Predictor } from "./ensemble.ts";
import { outputOf } from "./network.ts";

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
 * @throws {Error} where a probability is not finite: none of those leaves the program.
 */
export async function* labelRows(
  predictor: Predictor,
  batches: AsyncIterable<Batch>,
  { onBatch, scale = (answer) => Float64Array.from(answer) }: {
    readonly onBatch?: (batch: Batch) => void;
    readonly scale?: (probabilities: Float32Array) => Float64Array;
  } = {},
): AsyncGenerator<LabelledRow> {
  const { numClasses } = outputOf(predictor.network);
  for await (const batch of batches) {
    onBatch?.(batch);
    const all = batch.clips.length > 0
      ? await predictFinite(predictor, batch.inputs)
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

async function predictFinite(predictor: Predictor, inputs: Float32Array): Promise<Float32Array> {
  const probabilities = await predictor.predict(inputs);
  const index = probabilities.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return probabilities;
  const { numClasses } = outputOf(predictor.network);
  throw new Error(
    `Cannot use the model's answers as every probability must be finite: that of example ` +
      `${Math.floor(index / numClasses)} for class ${index % numClasses} is ${
        probabilities[index]
      }`,
  );
}

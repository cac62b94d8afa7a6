import type { Batch, BatchRow } from "../../pipeline/batch.ts";
import { clipId } from "../../pipeline/clip.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import { addStageMs, createStageMs, type StageMs } from "../../pipeline/stage_ms.ts";
import type { Predictor } from "../ensemble.ts";
import { predictShifted } from "../test_shifts.ts";
import { type Evaluation, taskOf } from "./evaluation.ts";
import { createEvaluator, type EvaluatorOptions } from "./evaluator.ts";

/** Options of an evaluation. */
export interface EvaluateOptions extends EvaluatorOptions {
  /** See `Recipe`. @default {0} */
  readonly testShifts?: number;
  /** Is shown every batch. */
  readonly onBatch?: (batch: Batch) => void;
  /**
   * Is told every row in the order asked for: its probabilities, `[classes.length]`, or nothing where the
   * clip failed.
   */
  readonly onRow?: (row: BatchRow, probabilities: Float32Array | undefined) => void | Promise<void>;
}

/** Result of an evaluation. */
export interface EvaluateResult {
  /** The figures over the rows whose labels are known. */
  readonly evaluation: Evaluation;
  /** The rows that failed. */
  readonly failures: ClipFailure[];
  /** Time spent by the feature workers, by stage. */
  readonly stageMs: StageMs;
}

/**
 * Asks the model about every row of a stream and compares with the labels of its recording, where it
 * has any said: an empty list is one that says the clip has none.
 */
export async function evaluate(
  engine: Predictor,
  batches: ReadableStream<Batch>,
  options: EvaluateOptions,
): Promise<EvaluateResult> {
  const { classes, testShifts = 0, onRow } = options;
  const evaluator = createEvaluator({ ...options, task: taskOf(engine.spec) });
  const failures: ClipFailure[] = [];
  const stageMs = createStageMs();
  for await (const batch of batches) {
    addStageMs(stageMs, batch.stageMs);
    options.onBatch?.(batch);
    const all = batch.clips.length > 0
      ? await predictShifted(engine, batch.inputs, testShifts)
      : new Float32Array();
    let next = 0;
    for (const row of batch.rows) {
      if (row.failure) {
        failures.push(row.failure);
        await onRow?.(row, undefined);
        continue;
      }
      const probabilities = all.subarray(next * classes.length, (next + 1) * classes.length);
      next++;
      const { clip } = row.request, { labels, group } = clip.recording;
      if (labels) evaluator.add({ id: clipId(clip), labels, group, probabilities });
      await onRow?.(row, probabilities);
    }
    batch.release();
  }
  return { evaluation: evaluator.build(), failures, stageMs };
}

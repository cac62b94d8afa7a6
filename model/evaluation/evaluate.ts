import type { Batch } from "../../pipeline/batch.ts";
import { clipId } from "../../pipeline/clip.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import { addStageMs, createStageMs, type StageMs } from "../../pipeline/stage_ms.ts";
import type { Predictor } from "../ensemble.ts";
import { type LabelledRow, labelRows } from "../label_rows.ts";
import { outputOf } from "../network.ts";
import { type Evaluation, taskOf } from "./evaluation.ts";
import { createEvaluator } from "./create_evaluator.ts";
import type { EvaluatorOptions } from "./evaluator.ts";

/** Options of an evaluation. */
export interface EvaluateOptions extends EvaluatorOptions {
  /** Is shown every batch. */
  readonly onBatch?: (batch: Batch) => void;
  /** Is told every row in the order asked for. */
  readonly onRow?: (row: LabelledRow) => void | Promise<void>;
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
 * Asks the model about every row of a stream and compares with the labels of its clip, where it has any
 * said: an empty list is one that says the clip has none.
 */
export async function evaluate(
  engine: Predictor,
  batches: ReadableStream<Batch>,
  options: EvaluateOptions,
): Promise<EvaluateResult> {
  const { onRow } = options;
  const evaluator = createEvaluator({ ...options, task: taskOf(outputOf(engine.network)) });
  const failures: ClipFailure[] = [];
  const stageMs = createStageMs();
  const onBatch = (batch: Batch) => {
    addStageMs(stageMs, batch.stageMs);
    options.onBatch?.(batch);
  };
  for await (const row of labelRows(engine, batches, { onBatch })) {
    const { request: { clip }, failure, probabilities } = row, { labels, group } = clip;
    if (failure) failures.push(failure);
    if (labels && probabilities) {
      evaluator.add({ id: clipId(clip), labels, group, probabilities });
    }
    await onRow?.(row);
  }
  return { evaluation: evaluator.build(), failures, stageMs };
}

/** How far a run has come: what it keeps in memory, saves and goes on from. */
import { type Evaluation, scoreOf } from "../model/evaluation/evaluation.ts";
import { type ClassMeans, createClassMeans } from "../model/evaluation/nearest_mean.ts";
import { type Network, outputOf } from "../model/network.ts";
import type { ScoreFigures } from "../model/scores/fit_scores.ts";
import type { EpochTally } from "../model/trainer.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { createStageMs, type StageMs } from "../pipeline/stage_ms.ts";
import type { HistoryRow, TrainResult } from "./train_events.ts";

/** The best epoch so far. */
export interface BestEpoch {
  /** Counted from 0. */
  readonly epoch: number;
  /** Its figures on the validation clips. */
  readonly evaluation: Evaluation;
  /** Its temperature and thresholds; absent where nothing is validated. */
  readonly scores?: ScoreFigures;
  /** Its training loss: what counts where nothing is validated. */
  readonly trainingLoss: number;
}

/** Which of two that validate alike is kept. */
export type Tie = "later" | "lower loss";

/**
 * True where what comes now is to be kept instead of the best so far: for the higher accuracy, or mean average
 * precision with several labels a clip; without validation, the lower training loss. What is validated
 * is better than what is not.
 *
 * @param tie Of equal ones. Few validation clips are soon all named rightly, or all but the same few, and
 * epochs later, as the learning rate falls, still make the model better at others (docs/accuracy.md).
 */
export function isBetter(
  { evaluation, trainingLoss }: Omit<BestEpoch, "epoch">,
  best: Omit<BestEpoch, "epoch">,
  tie: Tie,
): boolean {
  const loss = evaluation.loss, bestLoss = best.evaluation.loss;
  if (loss === null || bestLoss === null) {
    return loss === bestLoss ? trainingLoss < best.trainingLoss : loss !== null;
  }
  const score = scoreOf(evaluation) ?? 0, bestScore = scoreOf(best.evaluation) ?? 0;
  if (score === bestScore) return tie === "later" || loss < bestLoss;
  return score > bestScore;
}

/** Progress of a run, beside its weights: plain data. */
export interface TrainingProgress {
  /** The epoch under way, counted from 0. */
  epoch: number;
  /** Tally of that epoch; absent at its start. */
  tally?: EpochTally;
  /** The best epoch so far; absent before the first. */
  best?: BestEpoch;
  /** What the baseline has learnt: in the first epoch, from its recordings. */
  readonly classMeans: ClassMeans;
  /**
   * Share of validation clips that the baseline names rightly; known after the first epoch, absent
   * where it was not measured.
   */
  baselineAccuracy?: number | null;
  /** One row an epoch. */
  readonly history: HistoryRow[];
  /** Clips that could not be read in the epochs that are done. */
  skipped: readonly ClipFailure[];
  /** Time spent by the feature workers. */
  readonly stageMs: StageMs;
  /** Seconds spent in earlier sittings. */
  seconds: number;
  /** Reason why it ended, once it has. */
  ended?: TrainResult["ended"];
}

/** Content of a saved state beside its weights and moments. */
export interface SavedState {
  /** Progress of the run. */
  readonly progress: TrainingProgress;
  /** Steps that the optimizer has done. */
  readonly optimizerSteps: number;
  /** Updates of the weights' average; 0 where there is none. */
  readonly averageUpdates: number;
}

/** The progress of a run that has not begun. */
export function createProgress(network: Network): TrainingProgress {
  return {
    epoch: 0,
    classMeans: createClassMeans(outputOf(network).numClasses, network.melBands),
    history: [],
    skipped: [],
    stageMs: createStageMs(),
    seconds: 0,
  };
}

/** How far a run has come: what it keeps in memory, saves and goes on from. */
import { type Evaluation, intervalOf, scoreOf } from "../../model/evaluation/evaluation.ts";
import { standardErrorOf } from "../../model/evaluation/interval.ts";
import { type ClassMeans, createClassMeans } from "../../model/evaluation/nearest_mean.ts";
import { type Network, outputOf } from "../../model/network.ts";
import type { ScoreFigures } from "../../model/scores/fit_scores.ts";
import type { EpochTally } from "../../model/trainer.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import { createStageMs, type StageMs } from "../../pipeline/stage_ms.ts";
import type { HistoryRow, TrainResult } from "./train_events.ts";

/** The epoch that is kept so far. */
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

/** The highest validation score so far, and how far another may be below it for all that is known. */
export interface HighestScore {
  /** As of `scoreOf`. */
  readonly score: number;
  /** Its standard error, or two clips where that is more, an eighth of all at most. */
  readonly margin: number;
}

/** What the highest score is after an epoch. */
export function higherOf(
  highest: HighestScore | undefined,
  evaluation: Evaluation,
): HighestScore | undefined {
  const score = scoreOf(evaluation);
  if (score === null || highest && score <= highest.score) return highest;
  const interval = intervalOf(evaluation), error = interval ? standardErrorOf(interval) : 0;
  return { score, margin: Math.max(error, Math.min(2 / evaluation.examples, 1 / 8)) };
}

/**
 * Which of two is kept: the later, where it is within the margin of the highest; or the one that scores higher, of
 * equal ones that of the lower loss.
 */
export type KeepRule = "later" | "lower loss";

/**
 * True where what comes now is to be kept instead of what is; without validation, for the lower training loss.
 * What is validated is better than what is not.
 *
 * @param rule `later` for epochs: a few clips tell those of a standard error apart by luck alone, while the
 * falling learning rate makes later ones better (docs/accuracy.md; the rule of one standard error, Breiman et al.
 * 1984).
 */
export function isBetter(
  { evaluation, trainingLoss }: Omit<BestEpoch, "epoch">,
  { best, highest }: Pick<TrainingProgress, "best" | "highest">,
  rule: KeepRule,
): boolean {
  if (!best) return true;
  const loss = evaluation.loss, bestLoss = best.evaluation.loss;
  if (loss === null || bestLoss === null) {
    return loss === bestLoss ? trainingLoss < best.trainingLoss : loss !== null;
  }
  const score = scoreOf(evaluation) ?? 0, bestScore = scoreOf(best.evaluation) ?? 0;
  if (rule === "lower loss") return score === bestScore ? loss < bestLoss : score > bestScore;
  const rounding = 1e-9;
  return score >= (highest ? highest.score - highest.margin - rounding : bestScore);
}

/** Progress of a run, beside its weights: plain data. */
export interface TrainingProgress {
  /** The epoch under way, counted from 0. */
  epoch: number;
  /** Tally of that epoch; absent at its start. */
  tally?: EpochTally;
  /** The epoch that is kept so far; absent before the first. */
  best?: BestEpoch;
  /** What it is measured by; absent where nothing is validated. */
  highest?: HighestScore;
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
  /** Reason why it ended, once it has; what follows on all clips comes after. */
  ended?: TrainResult["ended"];
  /** The first epoch on all clips, counted from 0, once that is begun. */
  refitFrom?: number;
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

/** Events of a training run, and its result. */
import type { Evaluation, EvaluationTask } from "../../model/evaluation/evaluation.ts";
import type { MeanAndSpread } from "../../model/evaluation/mean_and_spread.ts";
import type { ScoreFigures } from "../../model/scores/fit_scores.ts";
import type { EpochPlan, RefitPlan } from "../../model/epoch_plan.ts";
import type { Recipe } from "../../model/recipe.ts";
import type { EpochProgress } from "../../model/trainer.ts";
import type { Fold } from "../../pipeline/split/folds.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import type { StageMs } from "../../pipeline/stage_ms.ts";
import type { Queues } from "../../workers/feature_pool.ts";
import type { SeenBefore } from "./seen_before.ts";

/** Event of a run; they come in the order in which things happen. */
export type TrainEvent =
  | { readonly kind: "fold"; readonly fold: Fold }
  | { readonly kind: "member"; readonly member: Member }
  | { readonly kind: "start"; readonly start: RunStart }
  | { readonly kind: "embedding"; readonly embedding: EmbeddingProgress }
  | {
    readonly kind: "progress";
    readonly epoch: number;
    readonly progress: EpochProgress;
    readonly queues: Queues;
  }
  | { readonly kind: "notice"; readonly level: NoticeLevel; readonly text: string }
  | { readonly kind: "skipped"; readonly failure: ClipFailure }
  | {
    readonly kind: "epoch";
    readonly row: HistoryRow;
    readonly kept: boolean;
    /** It was on all clips: none is left to validate on. */
    readonly isRefit?: boolean;
  };

/** One of the models of an ensemble. */
export interface Member {
  /** Which one, counted from 1. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
  /** Its seed. */
  readonly seed: number;
}

/** Progress of a backbone's embeddings. */
export interface EmbeddingProgress {
  /** Clips and copies that are embedded. */
  readonly done: number;
  /** All of them. */
  readonly total: number;
  /** Those of them that were kept from before. */
  readonly kept: number;
  /** Time since they were begun. */
  readonly elapsedMs: number;
  /** Where clips stand. */
  readonly queues: Queues;
}

/** Level of a notice: `warning` where something is lost, or not as it was asked for. */
export type NoticeLevel = "info" | "warning";

/** Setting of a run, as it is known before the first step. */
export interface RunStart {
  /** The run's folder. */
  readonly out: string;
  /** Origin of the recordings. */
  readonly data: string;
  /** Notes on them that a person should know, a line each. */
  readonly notes: readonly string[];
  /** One label a clip, or several. */
  readonly task: EvaluationTask;
  /** Training clips of each class. */
  readonly classCounts: Readonly<Record<string, number>>;
  /** Clips to train on. */
  readonly numTrain: number;
  /** Clips to validate on. */
  readonly numValidation: number;
  /** The recipe with all its defaults. */
  readonly recipe: Recipe;
  /** Its epochs for these clips. */
  readonly plan: EpochPlan;
  /** Those that follow on all clips, which are not validated: at most; absent where none do. */
  readonly refit?: RefitPlan;
  /** The backbone and how it was recognised, in words; absent where there is none. */
  readonly backbone?: string;
  /** The engine and what it runs on. */
  readonly engine: string;
  /** Reason why it is this engine. */
  readonly engineReason: string;
  /** Feature workers. */
  readonly workers: number;
  /** Position of a resumed run. */
  readonly resumedFrom?: ResumePoint;
}

/** Epochs of a run in all, where early stopping does not end it before. */
export function numEpochsOf({ plan, refit }: Pick<RunStart, "plan" | "refit">): number {
  return plan.epochs + (refit?.epochs ?? 0);
}

/** Position of a run that is gone on with. */
export interface ResumePoint {
  /** Its epoch, counted from 0. */
  readonly epoch: number;
  /** Steps of it that are done. */
  readonly step: number;
  /** The epochs before it. */
  readonly history: readonly HistoryRow[];
}

/** One line of `history.csv`. */
export interface HistoryRow {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean training loss, against the soft targets. */
  readonly loss: number;
  /** Share of training examples whose highest output is the highest target. */
  readonly accuracy: number;
  /** Mean cross-entropy of the validation clips; absent, as what follows, where there are none. */
  readonly validationLoss?: number;
  /** Share of validation clips named rightly, where a clip has one label. */
  readonly validationAccuracy?: number;
  /** Mean F1 over the classes. */
  readonly validationMacroF1?: number;
  /** Mean average precision, where a clip may have several labels. */
  readonly validationMeanAveragePrecision?: number;
  /** Share of pairs of a validation clip and a class named rightly, where it may have several labels. */
  readonly validationLabelAccuracy?: number;
  /** Step size of the last step; absent where a head was fitted. */
  readonly learningRate?: number;
  /** Strength of the L2 penalty by which a backbone's head was fitted. */
  readonly l2?: number;
  /** Training examples a second, features included. */
  readonly clipsPerSecond: number;
  /** Time of the training steps. */
  readonly seconds: number;
  /** Share of the training time spent waiting for features. */
  readonly waitShare: number;
}

/** The columns of `history.csv`, in their order. */
export const historyColumns: readonly (keyof HistoryRow)[] = [
  "epoch",
  "loss",
  "accuracy",
  "validationLoss",
  "validationAccuracy",
  "validationMacroF1",
  "learningRate",
  "clipsPerSecond",
  "seconds",
  "waitShare",
  "validationMeanAveragePrecision",
  "validationLabelAccuracy",
  "l2",
];

/** Result of a run: also the content of `metrics.json`. */
export interface TrainResult {
  /** The run's folder. */
  readonly out: string;
  /** The classes, in the order of the confusion matrix. */
  readonly classes: readonly string[];
  /** The epoch whose weights were kept, counted from 1. */
  readonly bestEpoch: number;
  /** The kept weights' figures on the validation clips, of the probabilities as the network states them. */
  readonly best: Evaluation;
  /**
   * Highest accuracy, or mean average precision, of any epoch: the last epoch within a standard error or two clips
   * of it is kept; `null` without validation.
   */
  readonly highest: number | null;
  /** The kept model's temperature and thresholds, and what they are worth; `null` without validation. */
  readonly scores: ScoreFigures | null;
  /**
   * Accuracy of the nearest class mean of the average spectrum on them, without training; `null`
   * where it was not measured: without validation, and with several labels a clip, as it names one.
   */
  readonly nearestMeanAccuracy: number | null;
  /** What followed on all clips, of which the figures know nothing; `null` where nothing did. */
  readonly refit: RefitResult | null;
  /** Epochs that were run, those on all clips included. */
  readonly epochs: number;
  /** Passes over the training clips in each of them. */
  readonly passes: number;
  /** Reason why it ended where it did. */
  readonly ended: "all epochs" | "early stopping" | "all penalties";
  /** Clips that could not be read. */
  readonly skipped: number;
  /** Time of the whole run. */
  readonly seconds: number;
  /** Time spent by the feature workers, by stage, all threads added. */
  readonly stageMs: StageMs;
}

/** What followed on all clips. */
export interface RefitResult {
  /** All clips, those that were validated on included. */
  readonly clips: number;
  /** Epochs on them. */
  readonly epochs: number;
}

/** Validation figures over several runs. */
export interface PartsSpread {
  /** Runs with validation clips that can be read: what the means are over. */
  readonly numValidated: number;
  /** Their accuracy, where a clip has one label; `null`, as the others, where none was validated. */
  readonly accuracy?: MeanAndSpread | null;
  /** Their macro-F1. */
  readonly macroF1: MeanAndSpread | null;
  /** Their mean average precision, where a clip may have several labels. */
  readonly meanAveragePrecision?: MeanAndSpread | null;
  /** Their label accuracy, where a clip may have several labels. */
  readonly labelAccuracy?: MeanAndSpread | null;
}

/** What the results of a cross-validation and of an ensemble share. */
export interface PartsResult extends PartsSpread {
  /** The folder that the runs stand in. */
  readonly out: string;
  /** The classes, in the order of the confusion matrix. */
  readonly classes: readonly string[];
  /** Temperature and thresholds of the models together; `null` where none was validated. */
  readonly scores: ScoreFigures | null;
  /** Clips that could not be read. */
  readonly skipped: number;
  /** Time of all its runs. */
  readonly seconds: number;
}

/** Result of a cross-validation: also the content of its `metrics.json`. */
export interface FoldsResult extends PartsResult {
  /** Its runs, first fold first. */
  readonly folds: readonly FoldResult[];
  /** Figures over all clips, each as the model says that was not trained on it. */
  readonly outOfFold: Evaluation;
  /** What the run that all folds start from, or hear by, was trained on of these; null for nothing. */
  readonly seenBefore: SeenBefore | null;
  /** Clips in no fold, as a class would have been left without any to train on. */
  readonly neverValidated: number;
  /** All folds have ended. */
  readonly ended: "all folds";
}

/** Result of one fold's run; its own `metrics.json` says more. */
export type FoldResult = Pick<
  TrainResult,
  "out" | "bestEpoch" | "refit" | "epochs" | "ended" | "best"
>;

/** Result of an ensemble: also the content of its `metrics.json`. */
export interface EnsembleResult extends PartsResult {
  /** Its runs, first seed first. */
  readonly members: readonly MemberResult[];
  /** Figures of the mean of the members' probabilities on the validation clips. */
  readonly best: Evaluation;
  /** All members have ended. */
  readonly ended: "all members";
}

/** Result of one member's run; its own `metrics.json` says more. */
export interface MemberResult extends FoldResult {
  /** Its seed. */
  readonly seed: number;
}

/** What a training run tells its listener, and what it returns. */
import type { Evaluation } from "../model/metrics.ts";
import type { EpochProgress, Recipe } from "../model/trainer.ts";
import type { ClipFailure, StageMs } from "../pipeline/feature_graph.ts";

/** What happens in a run, in its order. */
export type TrainEvent =
  | { readonly kind: "start"; readonly start: RunStart }
  | { readonly kind: "progress"; readonly epoch: number; readonly progress: EpochProgress }
  | { readonly kind: "skipped"; readonly failure: ClipFailure }
  | { readonly kind: "epoch"; readonly row: HistoryRow; readonly best: boolean };

/** What is known before the first step. */
export interface RunStart {
  readonly out: string;
  /** Where the recordings came from. */
  readonly data: string;
  /** Training clips of each class. */
  readonly classCounts: Readonly<Record<string, number>>;
  readonly numTrain: number;
  readonly numValidation: number;
  readonly recipe: Recipe;
  /** The engine and what it runs on. */
  readonly engine: string;
  /** Why it is this engine. */
  readonly engineReason: string;
  readonly workers: number;
}

/** One line of `history.csv`. */
export interface HistoryRow {
  /** Counted from 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly validationMacroF1: number;
  readonly learningRate: number;
  readonly clipsPerSecond: number;
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
];

/** What a run came to: also the content of `metrics.json`. */
export interface TrainResult {
  readonly out: string;
  readonly labels: readonly string[];
  /** The epoch whose weights were kept, counted from 1. */
  readonly bestEpoch: number;
  /** The kept weights' figures on the validation clips. */
  readonly best: Evaluation;
  /** Share of the largest class among the validation clips: what always naming it would reach. */
  readonly majorityAccuracy: number;
  readonly epochs: number;
  /** Why it ended where it did. */
  readonly ended: "all epochs" | "early stopping";
  readonly skipped: number;
  readonly seconds: number;
  /** Time spent by the feature workers, by stage, all threads added. */
  readonly stageMs: StageMs;
}

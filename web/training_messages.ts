/** Between the page that trains and its server, as JSON. */
import type { EvaluationTask } from "../model/evaluation/evaluation.ts";
import type { FolderFigure } from "../report/survey_folder.ts";
import type { HistoryRow } from "../run/training/train_events.ts";

/** What lies in a folder that may be chosen. */
export interface FolderListing {
  /** Its way from the folder that the server's operator allows; `.` is that one. */
  readonly path: string;
  /** The folder around it, likewise; absent where that may not be looked at. */
  readonly parent?: string;
  /** Names of the folders in it, the first of them. */
  readonly folders: readonly string[];
  /** Folders that are not named. */
  readonly numMore: number;
  /** Sound files in it, without those in its folders. */
  readonly numSounds: number;
}

/** A look at what a folder holds. */
export interface SurveyState {
  /** Tells it from the server's others. */
  readonly id: number;
  /** As in `FolderListing`; absent for the recordings that come along. */
  readonly path?: string;
  /** Recordings that were looked at, of how many. */
  readonly done: number;
  /** All of them; 0 while they are listed. */
  readonly total: number;
  /** What it holds, once all are looked at; left out where the page said to know it. */
  readonly held?: FolderFigures;
  /** Why it cannot be looked at. */
  readonly failure?: string;
}

/** What a folder holds, in words. */
export interface FolderFigures {
  /** What comes first. */
  readonly figures: readonly FolderFigure[];
  /** Recordings of each class, the most first. */
  readonly classes: readonly (readonly [name: string, count: number])[];
  /** What training would say, a line each. */
  readonly remarks: readonly string[];
  /** Recordings that cannot be read, the first of them, and why. */
  readonly skipped: readonly (readonly [name: string, cause: string])[];
}

/** Where a run stands: `stopped` runs can be gone on with. */
export type RunStatus = "starting" | "training" | "stopping" | "ended" | "stopped" | "failed";

/** A run that this server began. */
export interface RunState {
  /** Tells it from the server's others. */
  readonly id: number;
  /** Where it stands. */
  readonly status: RunStatus;
  /** The name of its folder; absent until there is one. */
  readonly name?: string;
  /** What is known before its first step. */
  readonly begun?: RunBeginning;
  /** Its epochs, but for as many as the page said to have. */
  readonly rows: readonly HistoryRow[];
  /** Place of the first of them among all. */
  readonly firstRow: number;
  /** Where the epoch under way stands. */
  readonly progress?: RunProgress;
  /** What a person should know, the last few lines. */
  readonly notices: readonly string[];
  /** What it came to. */
  readonly result?: RunOutcome;
  /** Why it failed. */
  readonly failure?: string;
}

/** What is known of a run before its first step. */
export interface RunBeginning {
  /** Origin of the recordings. */
  readonly data: string;
  /** One label a clip, or several. */
  readonly task: EvaluationTask;
  /** Clips to train on. */
  readonly numTrain: number;
  /** Clips to validate on. */
  readonly numValidation: number;
  /** Number of classes. */
  readonly numClasses: number;
  /** Most epochs. */
  readonly epochs: number;
  /** What computes. */
  readonly engine: string;
}

/** Where an epoch stands. */
export interface RunProgress {
  /** Counted from 1. */
  readonly epoch: number;
  /** Share of all epochs that is done. */
  readonly share: number;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
  /** Share named rightly so far. */
  readonly accuracy: number;
  /** Examples a second. */
  readonly clipsPerSecond: number;
  /** Time left at most. */
  readonly secondsLeft: number;
}

/** What a run came to. */
export interface RunOutcome {
  /** The epoch whose weights were kept. */
  readonly bestEpoch: number;
  /** Validation accuracy, or mean average precision with several labels a clip; absent without validation. */
  readonly score?: number;
  /** Clips that it was measured on. */
  readonly examples: number;
  /** All clips, where it learnt from those at last, too: the figure is from before. */
  readonly refitClips?: number;
  /** Clips that could not be read. */
  readonly skipped: number;
  /** Time of the whole run. */
  readonly seconds: number;
}

/** What is under way. */
export interface TrainingState {
  /** The latest look at a folder. */
  readonly survey?: SurveyState;
  /** The latest run. */
  readonly run?: RunState;
}

/** The newest run in the folder of runs, whoever began it. */
export interface NewestRun {
  /** The name of its folder. */
  readonly name: string;
  /** Whether all of it is done. */
  readonly hasEnded: boolean;
  /** Why the page cannot go on with it; absent where it can, or where nothing is left to do. */
  readonly cannotResume?: string;
}

/** Between the server and a thread that trains, or looks at a folder, for it. */
import type { SaidOfRun } from "../../run/config/choose_run.ts";
import type { MachineSettings } from "../../run/config/run_settings.ts";
import type { TrainEvent, TrainResult } from "../../run/training/train_events.ts";
import type { FolderFigures } from "../../web/training_messages.ts";

/** To the thread; the first message says what it is for. */
export type ToTrainingWorker =
  /** Looks at a folder; without one, at the recordings that come along. */
  | { readonly kind: "survey"; readonly dir?: string }
  /** Trains a new run. */
  | {
    readonly kind: "train";
    readonly said: SaidOfRun;
    /** The folder that its own is made in. */
    readonly runs: string;
    readonly machine: Partial<MachineSettings>;
  }
  /** Goes on with a run. */
  | { readonly kind: "resume"; readonly out: string; readonly machine: Partial<MachineSettings> }
  /** Ends the run after the step under way, its state saved. */
  | { readonly kind: "stop" };

/** From the thread; nothing follows `held`, `end`, `stopped` and `failed`. */
export type FromTrainingWorker =
  | { readonly kind: "looked"; readonly done: number; readonly total: number }
  /** What the folder holds, and the page that `inspect` makes of it. */
  | { readonly kind: "held"; readonly held: FolderFigures; readonly page: string }
  | { readonly kind: "event"; readonly event: TrainEvent }
  | { readonly kind: "end"; readonly result: TrainResult }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly message: string; readonly isResumable: boolean };

/** Options of a training run, and the error by which it says that it was stopped. */
import type { createEngine } from "../../model/create_engine.ts";
import type { CacheFolder } from "../../pipeline/cache/cache_folder.ts";
import type { RunChoices } from "../config/config.ts";
import type { FaultSettings } from "../config/fault_settings.ts";
import type { MachineSettings, SavingSettings } from "../config/run_settings.ts";
import type { TrainEvent } from "./train_events.ts";

/** Options of a training run: what it is made of. Everything but the data set has a default. */
export interface TrainOptions
  extends RunChoices, Partial<MachineSettings>, Partial<SavingSettings>, Partial<FaultSettings> {
  /**
   * The run's folder; it must not hold a run, unless that is to be resumed, and must be named then.
   * @default {a new one in `runsFolder`}
   */
  readonly out?: string;
  /**
   * `new` begins a run; `resume` goes on with the one in `out`, whose choices must be given again as
   * its `config.json` has them. @default {"new"}
   */
  readonly mode?: "new" | "resume";
  /** Folder of decoded audio for later epochs and runs; see `openCacheFolder`. @default {undefined} */
  readonly cache?: CacheFolder;
  /** Whether the model's folder holds the backbone itself. @default {false} */
  readonly embedBackbone?: boolean;
  /** File of embeddings that several runs use, one at a time. @default {`embeddings.bin` in the run's folder} */
  readonly embeddings?: string;
  /** Makes the engine. @default {createEngine} */
  readonly createEngine?: typeof createEngine;
  /** Ends the run after the step under way, its state saved. */
  readonly signal?: AbortSignal;
  /** Is told what happens. */
  readonly onEvent?: (event: TrainEvent) => void;
}

/** A run that was asked to stop: its state is saved, and it can be gone on with. */
export class Interrupted extends Error {
  /** The class's name, for people. */
  override readonly name = "Interrupted";

  /** Makes one. @param resumable Folder of the run. */
  constructor(readonly resumable: string, options?: ErrorOptions) {
    super("Stopped; all is saved", options);
  }
}

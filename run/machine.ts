import type { Backend } from "../model/create_engine.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";

/** Where the work runs, and what it may keep: nothing of it changes a result. */
export interface Machine {
  /** Which engine computes. @default {"auto"} */
  readonly backend?: Backend;
  /** Threads of the CPU engine. @default {navigator.hardwareConcurrency} */
  readonly threads?: number;
  /** Feature workers. @default {navigator.hardwareConcurrency} */
  readonly workers?: number;
  /** Where decoded audio is kept for later epochs and runs; see `openCacheFolder`. @default {undefined} */
  readonly cache?: CacheFolder;
}

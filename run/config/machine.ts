import type { CacheFolder } from "../../pipeline/cache/cache_folder.ts";
import type { MachineSettings } from "./run_settings.ts";

/** Where the work runs, and what it may keep: nothing of it changes a result. */
export interface Machine extends Partial<MachineSettings> {
  /** Where decoded audio is kept for later epochs and runs; see `openCacheFolder`. @default {undefined} */
  readonly cache?: CacheFolder;
}

/** Writes the features of recordings as files for other programs. */
import { dirname } from "../deps/std_path.ts";
import { describeCacheCounts } from "../pipeline/cache/audio_cache.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";
import { firstClips } from "../pipeline/clip.ts";
import type { Recording } from "../pipeline/recording.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { type FrontEnd, numFrames, resolveFrontEnd } from "../pipeline/front_end.ts";
import { encodeNpy } from "../pipeline/npy.ts";
import { plainRequests } from "../pipeline/requests.ts";
import { createBatchStream } from "../workers/batch_stream.ts";
import { FeaturePool } from "../workers/feature_pool.ts";
import { writeAtomically } from "./atomic_file.ts";
import { acquireLock } from "./lock.ts";
import type { MachineSettings } from "./run_settings.ts";
import { SkippedClips } from "./skipped_clips.ts";

/** Options of `writeFeatures`: the recordings, and the folder. */
export interface WriteFeaturesOptions extends Partial<Pick<MachineSettings, "workers">> {
  /** The recordings. */
  readonly recordings: readonly Recording[];
  /** The folder; a recording's file is its id with `.npy` behind it. */
  readonly out: string;
  /** Settings of the front end that differ from `defaultFrontEnd`. */
  readonly frontEnd?: Partial<FrontEnd>;
  /** Folder of decoded audio for later runs; see `openCacheFolder`. @default {undefined} */
  readonly cache?: CacheFolder;
  /** Is told what a person should know and no clip is to blame for. */
  readonly onNotice?: (text: string) => void;
  /** Is told how many clips are done. */
  readonly onClip?: (done: number) => void;
  /** Is told each clip that cannot be read. */
  readonly onSkipped?: (failure: ClipFailure) => void;
}

/**
 * Writes one float32 `[melBands, numFrames]` `.npy` file a clip, and `skipped.csv` with those that
 * cannot be read, or whose names leave no room for `.npy`.
 *
 * @returns how many files were written and which clips were not.
 * @throws {RunError} where the folder is in use by another, or a file cannot be written.
 */
export async function writeFeatures(
  options: WriteFeaturesOptions,
): Promise<{ written: number; skipped: readonly ClipFailure[] }> {
  const { recordings, out } = options, frontEnd = resolveFrontEnd(options.frontEnd ?? {});
  const shape = [frontEnd.melBands, numFrames(frontEnd)], numCells = shape[0] * shape[1];
  const pool = new FeaturePool({ workers: options.workers, onNotice: options.onNotice });
  const skipped = new SkippedClips();
  const skip = (failure: ClipFailure) => skipped.add(failure) && options.onSkipped?.(failure);
  const folders = new Set<string>();
  let written = 0;
  try {
    await Deno.mkdir(out, { recursive: true });
    using _ = await acquireLock(`${out}/.lock`, out);
    const batches = createBatchStream(pool, plainRequests(firstClips(recordings)), {
      graph: { frontEnd, seed: 0 },
      cache: options.cache,
      batchSize: 16,
    });
    for await (const batch of batches) {
      for (const { failure } of batch.rows) {
        if (failure) skip(failure);
      }
      for (const [i, request] of batch.clips.entries()) {
        const features = batch.inputs.subarray(i * numCells, (i + 1) * numCells);
        const path = `${out}/${request.clip.recording.id}.npy`, folder = dirname(path);
        if (!folders.has(folder)) {
          await Deno.mkdir(folder, { recursive: true });
          folders.add(folder);
        }
        try {
          await writeAtomically(path, encodeNpy(features, shape));
          written++;
        } catch (error) {
          if (!isTooLong(error as Error)) throw error;
          skip({ request, stage: "write", message: (error as Error).message });
        }
      }
      options.onClip?.(written + skipped.all.length);
      batch.release();
    }
    await skipped.write(`${out}/skipped.csv`);
    if (options.cache) options.onNotice?.(describeCacheCounts(pool.cacheCounts));
  } finally {
    pool.close();
  }
  return { written, skipped: skipped.all };
}

function isTooLong({ cause }: Error): boolean {
  return (cause as { readonly code?: string } | undefined)?.code === "ENAMETOOLONG";
}

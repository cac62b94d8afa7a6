/** Writes the features of recordings as files for other programs. */
import { dirname } from "../deps/std_path.ts";
import { describeCacheCounts } from "../pipeline/cache/audio_cache.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";
import { firstClips } from "../pipeline/clip.ts";
import type { Recording } from "../pipeline/recording.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { type FrontEnd, numFrames, resolveFrontEnd } from "../pipeline/front_end.ts";
import { encodeNpy } from "../pipeline/npy.ts";
import { type RemarkCount, Remarks } from "../pipeline/remarks.ts";
import { plainRequests } from "../pipeline/requests.ts";
import { resolveSettings } from "../settings/setting.ts";
import { createBatchStream } from "../workers/batch_stream.ts";
import { FeaturePool, type Queues } from "../workers/feature_pool.ts";
import { makeFolder, writeAtomically } from "./files/atomic_file.ts";
import { formatRow } from "./files/csv_file.ts";
import { ErrorBudget, resumeAdvice } from "./error_budget.ts";
import type { FaultSettings } from "./config/fault_settings.ts";
import { hashOfRecordings } from "./files/hash.ts";
import { ResumableOutput } from "./files/resumable_output.ts";
import { type MachineSettings, machineSettings } from "./config/run_settings.ts";
import { Part, partFolder } from "./shards/part.ts";
import { type Shard, takeShard } from "./shards/shard.ts";
import { SkippedClips } from "./skipped_clips.ts";

/** Options of `writeFeatures`: the recordings, and the folder. */
export interface WriteFeaturesOptions
  extends
    Partial<Pick<MachineSettings, "workers" | "clipTimeout" | "memoryLimit">>,
    Partial<FaultSettings> {
  /** The recordings. */
  readonly recordings: readonly Recording[];
  /** Which part of them to do: see `PredictionOptions`. The files themselves lie in `out`. @default {all} */
  readonly shard?: Shard;
  /** The folder; a recording's file is its id with `.npy` behind it. */
  readonly out: string;
  /** Goes on behind what was written before the program was stopped. @default {false} */
  readonly resume?: boolean;
  /** Settings of the front end that differ from `defaultFrontEnd`. */
  readonly frontEnd?: Partial<FrontEnd>;
  /** Folder of decoded audio for later runs; see `openCacheFolder`. @default {undefined} */
  readonly cache?: CacheFolder;
  /** Is told what a person should know and no clip is to blame for. */
  readonly onNotice?: (text: string) => void;
  /** Is told how many clips are done, and where the others stand. */
  readonly onClip?: (done: number, queues: Queues) => void;
  /** Is told each clip that cannot be read. */
  readonly onSkipped?: (failure: ClipFailure) => void;
}

/** What is noted of recordings that are done: the places of those without a file, and why; what was remarked. */
type FeatureNotes = {
  readonly skipped:
    readonly (Pick<ClipFailure, "stage" | "message"> & { readonly place: number })[];
  readonly remarks: readonly RemarkCount[];
};

/**
 * Writes one float32 `[melBands, numFrames]` `.npy` file a recording, `manifest.csv` with the name of each and its
 * labels, and `skipped.csv` with those that cannot be read, or whose names leave no room for `.npy`.
 *
 * @returns how many files there are, and which recordings have none.
 * @throws {RunError} where the folder is in use by another, a file cannot be written, too many recordings cannot be
 *   read, or what is gone on with did not begin so.
 */
export async function writeFeatures(
  options: WriteFeaturesOptions,
): Promise<{ written: number; skipped: readonly ClipFailure[] }> {
  const { recordings: listed, shard, out, resume = false } = options;
  const frontEnd = resolveFrontEnd(options.frontEnd ?? {});
  const shape = [frontEnd.melBands, numFrames(frontEnd)], numCells = shape[0] * shape[1];
  const { workers, clipTimeout, memoryLimit } = resolveSettings(
    machineSettings,
    options,
    "write features",
  );
  const share = shard && takeShard(listed, shard), recordings = share?.items ?? listed;
  const own = shard ? partFolder(out, shard) : out, skippedPath = `${own}/skipped.csv`;
  const begun = { recordings: hashOfRecordings(listed), frontEnd };
  await makeFolder(out);
  const opened = shard && await Part.open<FeatureNotes>({
    ...{ kind: "files", shard, begun, out, resume, numAll: listed.length },
    files: [{ name: "manifest.csv", format: "csv", out: `${out}/manifest.csv` }],
  });
  await using output = opened?.output ??
    await ResumableOutput.open<FeatureNotes>({ out, begun, resume });
  const manifest = await output.file("manifest.csv", `${own}/manifest.csv`);
  if (manifest?.size === 0) await manifest.write(formatRow(["filename", "features", "labels"]));

  // Of a recording that is not done, what was noted is asked again.
  const notes = (output.notes?.skipped ?? []).filter(({ place }) => place < output.done);
  const remarks = new Remarks("once", output.notes?.remarks);
  const skipped = new SkippedClips();
  const budget = new ErrorBudget(options, recordings.length, skippedPath, resumeAdvice);
  const clips = firstClips(recordings);
  const requestAt = (place: number) => ({ clip: clips[place], epoch: 0, copy: 0 });
  for (const { place, stage, message } of notes) {
    const failure = { request: requestAt(place), stage, message };
    skipped.add(failure);
    budget.note(failure);
  }
  const skip = async (failure: ClipFailure, place: number) => {
    const { stage, message } = failure;
    notes.push({ place, stage, message });
    if (!skipped.add({ ...failure, request: requestAt(place) })) return;
    options.onSkipped?.(failure);
    const tooMany = budget.spend(failure);
    if (!tooMany) return;
    await skipped.write(skippedPath);
    throw tooMany;
  };
  const pool = new FeaturePool({
    ...{ workers, stallSeconds: clipTimeout, memoryLimit, onNotice: options.onNotice },
  });
  const folders = new Set<string>();
  /** Writes a recording's file, and its row. */
  const write = async ({ id, labels = [] }: Recording, features: Float32Array) => {
    const name = `${id}.npy`, path = `${out}/${name}`, folder = dirname(path);
    if (!folders.has(folder)) await makeFolder(folder);
    folders.add(folder);
    await writeAtomically(path, encodeNpy(features, shape));
    await manifest?.write(formatRow([id, name, labels.join(";")]));
  };
  try {
    const batches = createBatchStream(pool, plainRequests(clips.slice(output.done)), {
      graph: { frontEnd, seed: 0 },
      cache: options.cache,
      batchSize: 16,
    });
    for await (const batch of batches) {
      let row = 0;
      for (const made of batch.rows) {
        const { request, failure } = made;
        const place = output.done, recording = recordings[place];
        if (failure) await skip(failure, place);
        else {
          const features = batch.inputs.subarray(row * numCells, ++row * numCells);
          try {
            await write(recording, features);
          } catch (error) {
            if (!isTooLong(error as Error)) throw error;
            await skip({ request, stage: "write", message: (error as Error).message }, place);
          }
        }
        if (share) await opened!.part.add(recording.id, share.places[place]);
        remarks.add(made);
        await output.progress(place + 1, { skipped: notes, remarks: remarks.counts });
      }
      options.onClip?.(output.done, pool.queues);
      batch.release();
    }
    if (shard) await skipped.writeIfNeeded(skippedPath);
    else await skipped.write(skippedPath);
    await opened?.part.end({
      ...{ numRecordings: recordings.length, standIns: 0, skipped: skipped.all.length },
    });
    await output.commit();
    for (const line of remarks.describe(frontEnd.durationSeconds)) options.onNotice?.(line);
    if (options.cache) options.onNotice?.(describeCacheCounts(pool.cacheCounts));
  } finally {
    pool.close();
  }
  return { written: recordings.length - skipped.all.length, skipped: skipped.all };
}

function isTooLong({ cause }: Error): boolean {
  return (cause as { readonly code?: string } | undefined)?.code === "ENAMETOOLONG";
}

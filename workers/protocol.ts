/** The messages between the pool and a feature worker. */
import type { Backbone } from "../backbone/backbone.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";
import type { FeatureGraphOptions } from "../pipeline/graph_options.ts";
import type { ClipFailure, ClipTrace } from "../pipeline/graph_stage.ts";
import type { FeatureRequest } from "../pipeline/requests.ts";
import type { LentClip } from "./clip_store.ts";

/** From the pool to a worker. */
export type ToWorker =
  | {
    /** Build a graph; the features of its clips go into `memory`. */
    readonly kind: "open";
    readonly streamId: number;
    readonly options: FeatureGraphOptions;
    /** Rows of `[melBands, numFrames]` float32, or of embeddings, one behind the other. */
    readonly memory: SharedArrayBuffer;
    /** What makes embeddings, in the place of log-mel features. */
    readonly backbone?: Backbone;
    /** Where decoded audio is kept for later epochs and runs. */
    readonly cache?: CacheFolder;
    /** Places for the sound of one clip each, that copies share: see `clipPlaces`. */
    readonly clips?: SharedArrayBuffer;
  }
  | {
    /** Make one clip's features. */
    readonly kind: "task";
    readonly streamId: number;
    readonly taskId: number;
    readonly request: FeatureRequest;
    /** The row of the stream's memory to write. */
    readonly row: number;
    /** The place of the clip's sound. */
    readonly clip?: LentClip;
    /** The place of the sound that it is mixed with, where that is there. */
    readonly partner?: LentClip;
  }
  | { readonly kind: "close"; readonly streamId: number };

/** From a worker to the pool. */
export type FromWorker =
  | { readonly kind: "ready" }
  | {
    /** A task has ended, with its features in place or with a failure. */
    readonly kind: "done";
    readonly streamId: number;
    readonly taskId: number;
    readonly failure?: ClipFailure;
    readonly trace: ClipTrace;
  }
  /** Bytes are waited for: the silence is no death. */
  | { readonly kind: "waiting" }
  | {
    /** What a person should know and no clip is to blame for. */
    readonly kind: "notice";
    readonly message: string;
  }
  | {
    /** A graph broke, or could not be built: nothing more will come of the stream. */
    readonly kind: "broken";
    readonly streamId: number;
    readonly message: string;
  };

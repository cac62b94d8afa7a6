import type { ClipFailure, ClipRemark } from "./graph_stage.ts";
import type { StageMs } from "./stage_ms.ts";
import type { FeatureRequest } from "./requests.ts";

/** One place of a batch as it was asked for: it became a row of features, or failed. */
export interface BatchRow {
  /** What was asked for. */
  readonly request: FeatureRequest;
  /** Why it is not among the features. */
  readonly failure?: ClipFailure;
  /** Where its recording ends, in samples at the front end's rate; absent where that is not in it, or not known. */
  readonly endSample?: number;
  /** What a person should know of it; absent where there is nothing. */
  readonly remarks?: readonly ClipRemark[];
}

/** Features of some clips, in the source's order. */
export interface Batch {
  /**
   * `[clips.length, melBands, numFrames]`, row-major, in dB; or embeddings. A view of memory that is used again
   * after `release`; its reader may write on it until then.
   */
  readonly inputs: Float32Array;
  /** The rows of `inputs`. */
  readonly clips: readonly FeatureRequest[];
  /** Every place that was asked for, those that failed included. */
  readonly rows: readonly BatchRow[];
  /** Time that the workers spent on it, by stage. */
  readonly stageMs: StageMs;
  /** Gives the memory back: until then the graph makes one batch less ahead. Safe to call twice. */
  release(): void;
}

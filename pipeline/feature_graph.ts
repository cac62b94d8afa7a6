/**
 * The one stream graph from a recording to a clip's log-mel features:
 *
 *     fetch ▶ decode ▶ resample ▶ window ▶ mix ▶ augment ▶ log-mel ▶ resize ▶ mask
 *
 * or, where an embedder is handed in, to its embedding: that stands in the place of the last two.
 *
 * Training, validation and prediction all build it here; what augments changes copies alone, and the
 * last two leave it out.
 * A clip that cannot be read does not end the stream: it leaves the graph as a failure with its
 * cause, in its place among the others.
 *
 * Nothing below here knows a platform: what opens recordings, and the cache, are handed in.
 */
import type { FeatureGraphOptions, FeatureGraphParts, FeatureResult } from "./graph_options.ts";
import type { FeatureTask } from "./graph_stage.ts";
import { GraphStages } from "./graph_stages.ts";

/** The graph: tasks in, results out, one for one and in the same order. */
export interface FeatureGraph {
  /** Takes tasks. */
  readonly writable: WritableStream<FeatureTask>;
  /** Gives results. */
  readonly readable: ReadableStream<FeatureResult>;
}

/**
 * Builds one copy of the graph for this thread.
 *
 * @throws {RangeError} where the front end cannot be computed, or background noise is to be drawn
 *   and there are no recordings of it.
 */
export function createFeatureGraph(
  options: FeatureGraphOptions,
  parts: FeatureGraphParts,
): FeatureGraph {
  const stages = new GraphStages(options, parts);
  const enter = stages.enter(), leave = stages.leave();
  let samples = enter.readable.pipeThrough(stages.fetch()).pipeThrough(stages.decode())
    .pipeThrough(stages.resample()).pipeThrough(stages.window());
  if (options.mixSounds) samples = samples.pipeThrough(stages.mix());
  if (options.augment) samples = samples.pipeThrough(stages.augment(options.augment));
  const { embedder } = parts;
  let features = samples.pipeThrough(embedder ? stages.embed(embedder) : stages.logMel());
  if (options.resizedCrop) features = features.pipeThrough(stages.resize(options.resizedCrop));
  if (options.specAugment) features = features.pipeThrough(stages.mask(options.specAugment));
  return { writable: enter.writable, readable: features.pipeThrough(leave) };
}

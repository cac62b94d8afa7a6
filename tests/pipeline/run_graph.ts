/** Runs requests through one graph, for the tests of the graph. */
import { assertStrictEquals } from "@std/assert";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import { AudioCache } from "../../pipeline/cache/audio_cache.ts";
import type { CacheFolder } from "../../pipeline/cache/cache_folder.ts";
import { createFeatureGraph, type FeatureGraph } from "../../pipeline/feature_graph.ts";
import type {
  FeatureGraphOptions,
  FeatureGraphParts,
  FeatureResult,
} from "../../pipeline/graph_options.ts";
import type { FeatureTask } from "../../pipeline/graph_stage.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { clipAt } from "../fixtures.ts";

const dsp = await loadDsp();

/** Options of a graph, and the folder of its cache. */
export type GraphSetting = FeatureGraphOptions & { readonly cache?: CacheFolder };

/** A graph in this thread. */
export function openGraph(
  { cache, ...options }: GraphSetting,
  parts: Partial<FeatureGraphParts> = {},
): FeatureGraph {
  const { onNotice = () => {} } = parts;
  return createFeatureGraph(options, {
    dsp,
    open: openLocation,
    cache: cache && new AudioCache(cache, onNotice),
    ...parts,
  });
}

/** Collects what leaves a graph, and what it has to say. */
export function run(
  options: GraphSetting,
  requests: readonly FeatureRequest[],
  notices: string[] = [],
): Promise<FeatureResult[]> {
  return runTasks(options, requests.map((request) => ({ request })), notices);
}

/** The same for whole tasks. */
export async function runTasks(
  options: GraphSetting,
  tasks: readonly FeatureTask[],
  notices: string[] = [],
): Promise<FeatureResult[]> {
  const graph = openGraph(options, { onNotice: (message) => notices.push(message) });
  const results: FeatureResult[] = [];
  await Promise.all([
    ReadableStream.from(tasks).pipeTo(graph.writable),
    graph.readable.pipeTo(new WritableStream({ write: (result) => void results.push(result) })),
  ]);
  return results;
}

/** The features of a clip that did not fail. */
export function featuresOf(result: FeatureResult): Float32Array {
  assertStrictEquals(result.kind, "features", JSON.stringify(result));
  return (result as { features: Float32Array }).features;
}

/** A request for a file, by default as it is. */
export const requestFor = (path: string, more: Partial<FeatureRequest> = {}): FeatureRequest => ({
  clip: clipAt(path),
  epoch: 0,
  copy: 0,
  ...more,
});

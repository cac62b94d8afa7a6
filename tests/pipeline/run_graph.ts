/** Runs requests through one graph, for the tests of the graph. */
import assert from "node:assert/strict";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import {
  createFeatureGraph,
  type FeatureGraphOptions,
  type FeatureResult,
  type FeatureTask,
} from "../../pipeline/feature_graph.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";

const dsp = await loadDsp();

/** Collects what leaves a graph, and what it has to say. */
export function run(
  options: FeatureGraphOptions,
  requests: readonly FeatureRequest[],
  notices: string[] = [],
): Promise<FeatureResult[]> {
  return runTasks(options, requests.map((request) => ({ request })), notices);
}

/** The same for whole tasks. */
export async function runTasks(
  options: FeatureGraphOptions,
  tasks: readonly FeatureTask[],
  notices: string[] = [],
): Promise<FeatureResult[]> {
  const graph = createFeatureGraph(options, dsp, (message) => notices.push(message));
  const results: FeatureResult[] = [];
  await Promise.all([
    ReadableStream.from(tasks).pipeTo(graph.writable),
    graph.readable.pipeTo(new WritableStream({ write: (result) => void results.push(result) })),
  ]);
  return results;
}

/** The features of a clip that did not fail. */
export function featuresOf(result: FeatureResult): Float32Array {
  assert.equal(result.kind, "features", JSON.stringify(result));
  return (result as { features: Float32Array }).features;
}

/** A request for a file, by default as it is. */
export const requestFor = (path: string, more: Partial<FeatureRequest> = {}): FeatureRequest => ({
  clip: { id: path.slice(path.lastIndexOf("/") + 1), path },
  epoch: 0,
  copy: 0,
  ...more,
});

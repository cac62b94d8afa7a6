import type { Clip } from "../../pipeline/clip.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import { createFeatureGraph } from "../../pipeline/feature_graph.ts";
import type { FeatureGraphParts, FeatureResult } from "../../pipeline/graph_options.ts";
import type { FrontEnd } from "../../pipeline/front_end.ts";
import type { FeatureTask } from "../../pipeline/graph_stage.ts";
import { streamOf, valuesOf } from "./iterable_streams.ts";

/** What a graph in a page is given: what opens recordings, who is shown what passes by, who hears in its place. */
export type PageGraphParts = Pick<FeatureGraphParts, "open" | "tap" | "embedder">;

/** Clips as features, by the program's own graph in the caller's thread: a result each, in their order. */
export async function* clipFeatures(
  clips: Iterable<Clip> | AsyncIterable<Clip>,
  frontEnd: FrontEnd,
  parts: PageGraphParts,
): AsyncGenerator<FeatureResult> {
  const options = { frontEnd, seed: 0, order: "forward" as const };
  const graph = createFeatureGraph(options, { ...parts, dsp: await loadDsp() });
  yield* valuesOf(streamOf(tasksOf(clips)).pipeThrough(graph));
}

/** The features of one clip, `[melBands, numFrames]` in dB. @throws {Error} where it cannot be read. */
export async function featuresOfClip(
  clip: Clip,
  frontEnd: FrontEnd,
  parts: PageGraphParts,
): Promise<Float32Array> {
  for await (const result of clipFeatures([clip], frontEnd, parts)) {
    if (result.kind === "features") return result.features;
    throw new Error(result.failure.message);
  }
  throw new Error("unreachable: a clip has a result");
}

async function* tasksOf(clips: Iterable<Clip> | AsyncIterable<Clip>): AsyncGenerator<FeatureTask> {
  for await (const clip of clips) yield { request: { clip, epoch: 0, copy: 0 } };
}

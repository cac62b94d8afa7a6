/** Runs clips through one open feature graph on this thread, for the bench. */
import { type AugmentationDraw, drawAugmentation } from "../../pipeline/augment/augment.ts";
import type { Dsp } from "../../pipeline/dsp/dsp.ts";
import { createFeatureGraph } from "../../pipeline/feature_graph.ts";
import type { FeatureGraphOptions, FeatureResult } from "../../pipeline/graph_options.ts";
import { clipSamples, numFrames } from "../../pipeline/front_end.ts";
import type { FeatureTask } from "../../pipeline/graph_stage.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import { createRandom } from "../../pipeline/random.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { addStageMs, createStageMs, type StageMs } from "../../pipeline/stage_ms.ts";
import { clipAt } from "../fixtures.ts";

/** A request for a file: as it is, or as an augmented copy. */
export function requestFor(path: string, copy = 0): FeatureRequest {
  return { clip: clipAt(path, { id: path }), epoch: 0, copy };
}

/** Copies of a file that have, between them, each kind of draw once, with the draws the graph makes. */
export function requestEachKind(
  { augment, seed }: FeatureGraphOptions & { augment: NonNullable<FeatureGraphOptions["augment"]> },
  path: string,
): { request: FeatureRequest; draw: AugmentationDraw }[] {
  const found = new Map<string, { request: FeatureRequest; draw: AugmentationDraw }>();
  for (let copy = 1; found.size < augment.choices.length; copy++) {
    const request = requestFor(path, copy);
    const draw = drawAugmentation(augment, createRandom(seed, 0, path, copy, "augment"));
    if (!found.has(draw.kind)) found.set(draw.kind, { request, draw });
  }
  return [...found.values()];
}

/** An open graph. */
export class GraphRunner {
  readonly #writer: WritableStreamDefaultWriter<FeatureTask>;
  readonly #reader: ReadableStreamDefaultReader<FeatureResult>;
  readonly #out: Float32Array;
  readonly #clip?: Float32Array;
  readonly #soundLength = new Uint32Array(1);

  constructor(options: FeatureGraphOptions, dsp: Dsp) {
    const graph = createFeatureGraph(options, { dsp, open: openLocation });
    this.#writer = graph.writable.getWriter();
    this.#reader = graph.readable.getReader();
    this.#out = new Float32Array(options.frontEnd.melBands * numFrames(options.frontEnd));
    if (options.augment) this.#clip = new Float32Array(clipSamples(options.frontEnd));
  }

  /**
   * Makes the features of some clips; returns the time that each stage had of it. A graph that augments
   * decodes a file once for the requests of it that follow each other, as the workers do.
   */
  async run(requests: readonly FeatureRequest[]): Promise<StageMs> {
    const sum = createStageMs();
    for (let from = 0, to = 0; from < requests.length; from = to) {
      const { id } = requests[from].clip.recording;
      to = from + 1;
      while (this.#clip && requests[to]?.clip.recording.id === id) to++;
      await this.#pass(requests.slice(from, from + 1), sum, false);
      await this.#pass(requests.slice(from + 1, to), sum, true);
    }
    return sum;
  }

  async #pass(requests: readonly FeatureRequest[], sum: StageMs, isFilled: boolean): Promise<void> {
    const shared = this.#clip && { samples: this.#clip, soundLength: this.#soundLength, isFilled };
    for (const request of requests) this.#writer.write({ request, out: this.#out, shared });
    for (let i = 0; i < requests.length; i++) {
      const result = (await this.#reader.read()).value!;
      if (result.kind === "failure") throw new Error(result.failure.message);
      addStageMs(sum, result.trace.stageMs);
    }
  }
}

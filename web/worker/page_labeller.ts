/** Models that answer in a page: the same graph, the same kernels and the same decisions as in the program. */
import { Decision, type DecisionOptions } from "../../model/decision.ts";
import { createEnsemble, type Predictor } from "../../model/ensemble.ts";
import { type LabelledRow, labelRows } from "../../model/label_rows.ts";
import type { Engine } from "../../model/engine.ts";
import type { ModelCard } from "../../model/model_card.ts";
import type { Network } from "../../model/network.ts";
import type { SavedModel } from "../../model/saved_model.ts";
import type { Weight } from "../../model/weights.ts";
import type { Batch } from "../../pipeline/batch.ts";
import type { Clip } from "../../pipeline/clip.ts";
import type { ClipEmbedder, FeatureResult } from "../../pipeline/graph_options.ts";
import { numFrames } from "../../pipeline/front_end.ts";
import { createStageMs } from "../../pipeline/stage_ms.ts";
import { checkGoldenVector } from "../../run/golden.ts";
import { clipFeatures, featuresOfClip, type PageGraphParts } from "./clip_features.ts";

/** Windows asked about at a time. */
const batchSize = 8;

/** Makes an engine for a network, with weights to start from. */
export type CreateEngine = (network: Network, weights: readonly Weight[]) => Promise<Engine>;

/** Models, opened once. */
export class PageLabeller {
  private constructor(
    /** The first model's. */
    readonly card: ModelCard,
    /** How probabilities become labels. */
    readonly decision: Decision,
    /** What computes, in words. */
    readonly engine: string,
    /** Models whose probabilities are averaged. */
    readonly numModels: number,
    private readonly predictor: Predictor,
    /** Answers for clips in the place of a network here; without it, this page has one. */
    private readonly server?: ClipEmbedder,
  ) {}

  /**
   * Opens models. Of several the probabilities are averaged.
   *
   * @param createEngine Makes the engine that answers.
   * @param createServer Makes what answers where the models have a backbone, which no page computes.
   * @throws {RunError} where the features or answers that a model carries do not come out here.
   */
  static async open(
    models: readonly SavedModel[],
    options: Partial<DecisionOptions>,
    createEngine: CreateEngine,
    createServer?: (card: ModelCard) => ClipEmbedder,
  ): Promise<PageLabeller> {
    const [{ card, weights }] = models, decision = new Decision(card, options);
    if (card.backbone && createServer) {
      const engine = `the server, by ${card.backbone.card.name}`;
      const asIs: Predictor = {
        network: card.network,
        predict: (answers) => Promise.resolve(answers),
      };
      return new PageLabeller(card, decision, engine, models.length, asIs, createServer(card));
    }
    const engine = await createEngine(card.network, weights);
    for (const model of models) {
      await engine.importWeights(model.weights);
      await checkGoldenVector(model.card, engine);
    }
    const predictor = models.length === 1 ? engine : createEnsemble(engine, models);
    return new PageLabeller(card, decision, engine.device, models.length, predictor);
  }

  /** Labels clips, a row each, in their order; those of one recording come one after the other. */
  async *label(
    clips: Iterable<Clip> | AsyncIterable<Clip>,
    parts: PageGraphParts,
  ): AsyncGenerator<LabelledRow> {
    const { card: { classes, frontEnd }, server: embedder } = this;
    const numCells = embedder ? classes.length : frontEnd.melBands * numFrames(frontEnd);
    const batches = createBatches(clipFeatures(clips, frontEnd, { ...parts, embedder }), numCells);
    // The server's answers are scaled already.
    const scale = embedder ? undefined : (answer: Float32Array) => this.decision.scale(answer);
    yield* labelRows(this.predictor, batches, { scale });
  }

  /** The features of one clip, `[melBands, numFrames]`, as the model sees them. @throws {Error} where it cannot be read. */
  async lookAt(clip: Clip, parts: PageGraphParts): Promise<Float32Array> {
    return await featuresOfClip(clip, this.card.frontEnd, parts);
  }
}

async function* createBatches(
  results: AsyncIterable<FeatureResult>,
  numCells: number,
): AsyncGenerator<Batch> {
  let some: FeatureResult[] = [];
  for await (const result of results) {
    some.push(result);
    if (some.length < batchSize) continue;
    yield createBatch(some, numCells);
    some = [];
  }
  if (some.length > 0) yield createBatch(some, numCells);
}

function createBatch(results: readonly FeatureResult[], numCells: number): Batch {
  const good = results.filter((result) => result.kind === "features");
  const inputs = new Float32Array(good.length * numCells);
  good.forEach(({ features }, i) => inputs.set(features, i * numCells));
  return {
    inputs,
    clips: good.map(({ request }) => request),
    rows: results.map((result) => ({
      ...result.kind === "features"
        ? { request: result.request }
        : { request: result.failure.request, failure: result.failure },
      ...{ endSample: result.trace.endSample, remarks: result.trace.remarks },
    })),
    stageMs: createStageMs(),
    release: () => {},
  };
}

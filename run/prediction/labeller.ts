/** Models that stay open: clips in, rows out, as often as is asked. */
import { findBackbone } from "../../backbone/backbone.ts";
import { createEngine } from "../../model/create_engine.ts";
import { Decision, type DecisionOptions } from "../../model/decision.ts";
import type { Answerer } from "../../model/engine.ts";
import { checkSameKind, createEnsemble, type Predictor } from "../../model/ensemble.ts";
import { createHeadEngine } from "../../model/head/head_engine.ts";
import { type LabelledRow, labelRows } from "../../model/label_rows.ts";
import type { ModelCard } from "../../model/model_card.ts";
import type { SavedModel } from "../../model/saved_model.ts";
import { describeCacheCounts } from "../../pipeline/cache/audio_cache.ts";
import type { Clip } from "../../pipeline/clip.ts";
import { encodeWav } from "../../pipeline/encode_wav.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { plainRequests } from "../../pipeline/requests.ts";
import type { Windowing } from "../../pipeline/windows.ts";
import { resolveSettings, SettingError } from "../../settings/setting.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import type { Queues } from "../../workers/feature_pool.ts";
import { createPool } from "../embeddings/embedding_pool.ts";
import { checkGoldenVector, createGoldenEmbedding } from "../golden.ts";
import { labelWindows } from "./label_windows.ts";
import type { Machine } from "../config/machine.ts";
import { machineSettings } from "../config/run_settings.ts";

/** How clips are labelled. */
export interface LabelOptions {
  /** Clips asked about at a time. @default {16} */
  readonly batchSize?: number;
  /** `forward`: clips of one recording come one after the other, and it is read once. @default {"any"} */
  readonly order?: "any" | "forward";
  /** Ends the labelling: what is asked for next is its reason, thrown. */
  readonly signal?: AbortSignal;
}

/** Where models answer, and how their answers become labels. */
export interface LabellerOptions extends Machine, Partial<DecisionOptions> {
  /** The file of the models' backbone, where it lies elsewhere than it did. */
  readonly backbone?: string;
}

/** Models, engine and graph, opened once. Close it: its threads keep the program running. */
export interface Labeller {
  /** What the models know of themselves: the first one's, where there are several. */
  readonly card: ModelCard;
  /** The engine that answers and what it runs on, in words. */
  readonly engine: string;
  /** Why it is this one. */
  readonly engineReason: string;
  /**
   * Labels clips. Several callers may do so at a time; their clips take turns.
   *
   * @returns A row for every clip, in the clips' order; left early, the rest is not computed.
   */
  label(
    clips: Iterable<Clip> | AsyncIterable<Clip>,
    options?: LabelOptions,
  ): AsyncIterable<LabelledRow>;
  /**
   * Labels the windows of recordings, each read once, whatever its length. Times are whole samples.
   *
   * @returns A row for every window, recording after recording; of one that cannot be opened, one.
   */
  labelWindows(
    recordings: Iterable<Recording> | AsyncIterable<Recording>,
    windowing: Windowing,
    options?: Omit<LabelOptions, "order">,
  ): AsyncIterable<LabelledRow>;
  /** How the probabilities of a row, or a mean or maximum of several, become labels. */
  readonly decision: Decision;
  /** How clips fared with the cache, in words; absent without one. */
  describeCache(): string | undefined;
  /** Where clips stand between their recordings and the models. */
  readonly queues: Queues;
  /** Ends its threads. Labelling under way fails. */
  close(): Promise<void>;
}

/**
 * Opens models, by `readModel` or `readModels`, to label with: of several the probabilities are averaged, and
 * the first one's card says how they become labels.
 *
 * @param onNotice Is told what a person should know and no clip is to blame for.
 * @throws {SettingError} where `unknown` is asked for and the models do not allow it.
 * @throws {RangeError} where the models are of different kinds.
 * @throws {RunError} where this machine does not make the features or answers that they carry.
 * @throws {BackboneError} where their backbone is not to be found.
 */
export async function openLabeller(
  models: SavedModel | readonly SavedModel[],
  options: LabellerOptions = {},
  onNotice?: (text: string) => void,
): Promise<Labeller> {
  const all = [models].flat(), [{ card, weights, folder }] = all;
  checkSameKind(all);
  const { backend, threads, workers, clipTimeout, memoryLimit } = resolveSettings(
    machineSettings,
    options,
    "label",
  );
  const { cache } = options, decision = new Decision(card, options);
  const named = options.backbone;
  if (named !== undefined && !card.backbone) {
    throw new SettingError("label", "backbone", "left out, as the model has none", named);
  }
  const backbone = card.backbone && await findBackbone(card.backbone, { folder, named });
  const { engine, reason } = backbone
    ? {
      engine: createHeadEngine(card.network, weights),
      reason: `the head of ${backbone.card.name}`,
    }
    : await createEngine(card.network, { weights, backend, threads });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => engine.dispose());
  const pool = createPool(
    { workers, stallSeconds: clipTimeout, memoryLimit, onNotice },
    backbone,
  );
  stack.defer(() => pool.close());
  const golden = backbone && await createGoldenEmbedding(pool, backbone, card.frontEnd);
  for (const model of all) {
    await engine.importWeights(model.weights);
    await checkGoldenVector(model.card, engine, golden);
  }
  const opened = stack.move();
  const predictor = inTurn(all.length === 1 ? engine : createEnsemble(engine, all));
  const { frontEnd } = card;
  const scale = (answer: Float32Array) => decision.scale(answer);
  async function* label(
    clips: Iterable<Clip> | AsyncIterable<Clip>,
    { batchSize = 16, order, signal }: LabelOptions = {},
  ): AsyncGenerator<LabelledRow> {
    signal?.throwIfAborted();
    const graph = { frontEnd, seed: 0, order };
    const batches = createBatchStream(pool, plainRequests(clips), {
      ...{ graph, cache, backbone, batchSize },
    });
    for await (const row of labelRows(predictor, batches, { scale })) {
      signal?.throwIfAborted();
      yield row;
    }
  }
  return {
    card,
    engine: describeEngine(engine),
    engineReason: reason,
    label,
    labelWindows: (recordings, windowing, options) =>
      labelWindows((clips) => label(clips, { ...options, order: "forward" }), {
        ...{ recordings, windowing, open: openLocation },
      }),
    decision,
    get queues() {
      return pool.queues;
    },
    describeCache: () => cache && describeCacheCounts(pool.cacheCounts),
    close: () => opened.disposeAsync(),
  };
}

/**
 * Labels sound in memory: what the model says of its beginning.
 *
 * @param samples Mono, in [−1, 1] nominally.
 * @returns Of every class its probability, in the order of `labeller.card.classes`.
 * @throws {Error} where the sound cannot be used, such as one without a sample.
 */
export async function labelSamples(
  labeller: Labeller,
  samples: Float32Array,
  sampleRateHz: number,
): Promise<Float64Array> {
  const bytes = encodeWav(samples, sampleRateHz, "float32"), id = crypto.randomUUID();
  const recording = { id, location: { kind: "memory" as const, name: id, bytes } };
  for await (const row of labeller.label([{ recording, start: 0 }])) {
    if (row.probabilities) return row.probabilities;
    throw new Error(row.failure?.message);
  }
  throw new Error("unreachable: a clip has a row");
}

const describeEngine = ({ name, device }: Answerer) => `${name} (${device})`;

/** Several models on one engine take turns with their weights: one answer is whole before the next begins. */
function inTurn(predictor: Predictor): Predictor {
  let last: Promise<unknown> = Promise.resolve();
  return {
    network: predictor.network,
    predict(inputs) {
      const answer = last.then(() => predictor.predict(inputs));
      last = answer.catch(() => {});
      return answer;
    },
  };
}

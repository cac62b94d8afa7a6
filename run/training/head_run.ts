/** A run on a backbone: its embeddings are made once, then a head is fitted to them, by one penalty after another. */
import { type Backbone, embeddedNames } from "../../backbone/backbone.ts";
import { keyOf } from "../../backbone/origin.ts";
import type { Answerer } from "../../model/engine.ts";
import { fitHead, type FittedHead } from "../../model/head/fit_head.ts";
import { penaltiesOf } from "../../model/head/head_settings.ts";
import { createTally } from "../../model/trainer.ts";
import { type CopySettings, copySettings } from "../../pipeline/augment/copy_settings.ts";
import { samplesVersion } from "../../pipeline/cache/audio_cache.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { countLabels } from "../../pipeline/split/units.ts";
import { addStageMs } from "../../pipeline/stage_ms.ts";
import { pickSettings } from "../../settings/setting.ts";
import type { RunConfig } from "../config/run_config.ts";
import { EmbeddingStore, keyOfRow } from "../embeddings/embedding_store.ts";
import { type EmbeddedRow, embedRows } from "../embeddings/embed_rows.ts";
import { createHeadRows, type RowLabels, storedBatches } from "../embeddings/stored_rows.ts";
import { EpochKeeper } from "./epoch_keeper.ts";
import { acquireLock, lockPathOf } from "../files/lock.ts";
import { RunClips } from "./run_clips.ts";
import { RunError } from "../run_error.ts";
import type { TrainResult } from "./train_events.ts";
import { Interrupted, type TrainOptions } from "./train_options.ts";
import type { TrainingParts } from "./training_parts.ts";
import { createProgress } from "./training_progress.ts";

/** Parts of a run on a backbone. */
export interface HeadRunParts
  extends Omit<TrainingParts, "engine" | "average" | "progress" | "plan"> {
  /** The backbone. */
  readonly backbone: Backbone;
  /** Its embedding of the golden signal. */
  readonly golden: Float32Array;
  /** Holds the head. */
  readonly engine: Answerer;
}

/** Trains from the beginning; embeddings that an earlier sitting made are used. @throws as `train` does. */
export async function runHead(parts: HeadRunParts): Promise<TrainResult> {
  const startMs = performance.now(), seconds = () => (performance.now() - startMs) / 1000;
  const { options, config, run, split, augmentation, pool, backbone, engine } = parts;
  const { recipe: { seed, augmentFactor, classWeights }, network, classes } = config;
  const { out } = run, { signal, onEvent } = options;
  const stopIfAsked = () => {
    if (signal?.aborted) throw new Interrupted(out);
  };
  const clips = new RunClips({ options, config, out, pool, skipped: [] });
  await clips.writeSkipped();
  using kept = await openStore(options, out, backbone);
  const { store } = kept, progress = createProgress(network);

  const copies = Array.from({ length: 1 + augmentFactor }, (_, copy) => copy);
  const asked = [
    ...split.train.flatMap((clip) => copies.map((copy) => ({ clip, epoch: 0, copy }))),
    ...split.validation.map((clip): FeatureRequest => ({ clip, epoch: 0, copy: 0 })),
  ];
  const numTrain = split.train.length * copies.length;
  const { rows, kept: numKept, stageMs } = await embedRows(asked, {
    store,
    frontEnd: config.frontEnd,
    augmentation: describeAugmentation(config),
    batches: (requests) => clips.batches(requests, augmentFactor > 0 ? augmentation : {}),
    onProgress: (done, total, kept) =>
      onEvent?.({
        kind: "embedding",
        embedding: {
          ...{ done, total, kept, elapsedMs: performance.now() - startMs, queues: pool.queues },
        },
      }),
    check: stopIfAsked,
  });
  if (numKept > 0) {
    const text = `${numKept} of ${rows.length} embeddings were made before, and are used again`;
    onEvent?.({ kind: "notice", level: "info", text });
  }
  addStageMs(progress.stageMs, stageMs);
  const trained = rows.slice(0, numTrain), validated = rows.slice(numTrain);
  const failures = trained.flatMap(({ failure }) => failure ? [failure] : []);
  if (failures.length > 0) await clips.checkClasses(split.train, failures);
  clips.noteRemarks(trained);

  const usable = trained.filter(({ place }) => place !== undefined);
  const labels = labelRows(usable, classes, classWeights, copies.length);
  const headRows = createHeadRows(store, usable, labels);
  const files = embeddedFiles(options, backbone);
  const keeper = new EpochKeeper({ ...parts, clips, progress, files, stopIfAsked });
  for await (const batch of storedBatches(store, usable)) keeper.learn(batch);
  const strengths = penaltiesOf(config.l2, split.validation.length > 0);
  let from: FittedHead | undefined;
  for (const l2 of strengths) {
    const fitMs = performance.now();
    let pausedMs = fitMs;
    const fitted: FittedHead = await fitHead(headRows, {
      ...{ network, l2, seed, from: config.headUnits === 0 ? from : undefined },
      onStep: async () => {
        if (performance.now() - pausedMs < 50) return;
        await new Promise((resolve) => setTimeout(resolve)); // for signals
        pausedMs = performance.now();
        stopIfAsked();
      },
    });
    if (!fitted.converged) {
      const text = `the head did not converge in ${fitted.steps} steps at an L2 penalty of ${l2}`;
      onEvent?.({ kind: "notice", level: "warning", text });
    }
    from = fitted;
    await engine.importWeights(fitted.weights);
    const examples = usable.length;
    const tally = {
      ...createTally(),
      ...{ examples, step: fitted.steps, rows: numTrain, failures },
      ...{ lossSum: fitted.loss * examples, correct: fitted.accuracy * examples },
      elapsedMs: performance.now() - fitMs,
    };
    const kept = await keeper.keep(tally, storedBatches(store, validated), { l2 });
    onEvent?.({ kind: "epoch", row: progress.history[progress.epoch], kept });
    progress.epoch++;
  }
  progress.ended = "all penalties";
  run.check();
  return await keeper.end(seconds(), 1);
}

/** Where a run's embeddings are kept, while it has them. */
interface OpenStore extends Disposable {
  readonly store: EmbeddingStore;
}

/**
 * Opens the file of embeddings: one that runs share in the cache's folder, one at a time; else the run's own.
 *
 * @throws {RunError} where it can be neither read nor written.
 */
async function openStore(
  { embeddings, cache, onEvent }: TrainOptions,
  out: string,
  backbone: Backbone,
): Promise<OpenStore> {
  const maker = JSON.stringify([keyOf(backbone), samplesVersion]);
  const { size } = backbone.feeding, own = embeddings ?? `${out}/embeddings.bin`;
  using stack = new DisposableStack();
  let path = own;
  if (cache && embeddings === undefined) {
    const shared = `${cache.dir}/embeddings-${keyOfRow([maker]).slice(0, 16)}.bin`;
    try {
      stack.use(await acquireLock(lockPathOf(shared), shared));
      path = shared;
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      const text = `embeddings are kept in ${own}: ${error.message}`;
      onEvent?.({ kind: "notice", level: "info", text });
    }
  }
  const limit = path === own ? Infinity : cache?.limitBytes;
  const store = stack.use(EmbeddingStore.open(path, maker, size, limit));
  const held = stack.move();
  return { store, [Symbol.dispose]: () => held.dispose() };
}

/** What decides how copies are augmented, beside their clip. */
function describeAugmentation(
  { recipe: { seed }, augment, background, ...settings }: RunConfig,
): string {
  const copies = pickSettings<CopySettings>(copySettings, settings);
  return JSON.stringify([seed, augment, copies, background?.fingerprint]);
}

/**
 * What each row counts: a clip and its copies one together; balanced, every class as much as every other, as
 * scikit-learn's `class_weight="balanced"`. A clip of several labels stands under its rarest one, as in training.
 */
function labelRows(
  rows: readonly EmbeddedRow[],
  classes: readonly string[],
  classWeights: "none" | "balanced",
  numCopies: number,
): RowLabels {
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  const clips = rows.map(({ request }) => request.clip), counts = countLabels(clips);
  const rarest = clips.map(({ labels = [] }) =>
    labels.reduce((a, b) => counts.get(b)! < counts.get(a)! ? b : a, labels[0] ?? "")
  );
  const standing = new Map<string, number>();
  for (const label of rarest) standing.set(label, (standing.get(label) ?? 0) + 1);
  return {
    classes: clips.map(({ labels = [] }) => labels.map((label) => indexOf.get(label)!)),
    weights: Float64Array.from(rarest, (label) => {
      const share = classWeights === "none"
        ? 1
        : rows.length / (standing.size * standing.get(label)!);
      return share / numCopies;
    }),
  };
}

/** The backbone's files, where they go with the model: asked for, or as they lie nowhere else. */
function embeddedFiles(
  { embedBackbone = false }: TrainOptions,
  { network, networkBytes, frontEndBytes }: Backbone,
): Record<string, Uint8Array> | undefined {
  if (!embedBackbone && network.path !== undefined) return undefined;
  return {
    [embeddedNames.network]: new Uint8Array(networkBytes).slice(),
    ...frontEndBytes && { [embeddedNames.frontEnd]: new Uint8Array(frontEndBytes).slice() },
  };
}

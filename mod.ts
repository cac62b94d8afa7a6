/**
 * melstream trains an audio classifier from a folder of recordings and labels new recordings with
 * it. This is the library; `main.ts` is the same as a program.
 *
 * ## Train, then label a folder
 *
 * ```ts
 * import { openFolder, openTestFolder, predict, readModel, train } from "./mod.ts";
 *
 * export async function job(): Promise<void> {
 *   const dataset = await openFolder("recordings");
 *   await train({ dataset, out: "runs/first", recipe: { epochs: 10 } });
 *   const model = await readModel("runs/first");
 *   const recordings = await openTestFolder("recordings", model.card.classes);
 *   await predict({ model, recordings, out: "submission.csv" });
 * }
 * ```
 *
 * The recordings that come along are such a data set, for a program that runs by this one's `deno.json`:
 *
 * ```ts
 * import { openDefaultDataset, train } from "./mod.ts";
 *
 * export const first = async () => await train({ dataset: await openDefaultDataset() });
 * ```
 *
 * ## Follow a run, stop it, go on with it
 *
 * ```ts
 * import { Interrupted, newestRun, openDataset, openCacheFolder, recipes, train } from "./mod.ts";
 *
 * export async function night(signal: AbortSignal): Promise<string> {
 *   const dataset = await openDataset({ dir: "recordings", labelsFile: "labels.csv" });
 *   try {
 *     const { best } = await train({
 *       dataset,
 *       ...recipes.strong,
 *       cache: await openCacheFolder("cache", 16e9),
 *       signal,
 *       onEvent: (event) => event.kind === "epoch" && console.log(event.row),
 *     });
 *     return best.task === "one-label" ? `accuracy ${best.accuracy}` : `mAP ${best.meanAveragePrecision}`;
 *   } catch (error) {
 *     if (!(error instanceof Interrupted)) throw error;
 *     return `stopped in ${await newestRun("config")}: train again with mode "resume"`;
 *   }
 * }
 * ```
 *
 * ## Keep a model open
 *
 * ```ts
 * import { createWindowing, eventsOf, labelSamples, openLabeller, openRecordings } from "./mod.ts";
 * import { readModels } from "./mod.ts";
 *
 * export async function listen(samples: Float32Array): Promise<void> {
 *   const labeller = await openLabeller(await readModels("runs/first"), { unknown: "unknown" });
 *   const probabilities = await labelSamples(labeller, samples, 16_000);
 *   const { decision, card: { frontEnd } } = labeller;
 *   console.log(decision.labelsOf(probabilities), probabilities);
 *   // A recording of any length is read once, in windows.
 *   const windowing = createWindowing(frontEnd, { hopSeconds: 1 });
 *   const rows = labeller.labelWindows(await openRecordings("hour.mp3"), windowing);
 *   for await (const event of eventsOf(rows, decision, windowing, { minScore: 0.5, mergeSeconds: 1 })) {
 *     console.log(event.startSeconds, event.endSeconds, event.label, event.probability);
 *   }
 *   await labeller.close();
 * }
 * ```
 *
 * ## Features for another program
 *
 * ```ts
 * import { decodeFile, openRecordings, writeFeatures } from "./mod.ts";
 *
 * export async function melSpectrograms(): Promise<void> {
 *   const recordings = await openRecordings("recordings");
 *   await writeFeatures({ recordings, out: "features", frontEnd: { melBands: 64 } });
 *   const { samples, sampleRateHz } = await decodeFile("recordings/dog/1.wav");
 *   console.log(samples.length / sampleRateHz);
 * }
 * ```
 *
 * @module
 */

// Recordings and where they come from
export type { Annotation } from "./pipeline/annotation.ts";
export type { Clip } from "./pipeline/clip.ts";
export type { Location } from "./pipeline/locations/location.ts";
export type { Recording } from "./pipeline/recording.ts";
export { type Dataset, DatasetError } from "./pipeline/sources/dataset.ts";
export { openDefaultDataset } from "./pipeline/sources/default_dataset.ts";
export { openFolder } from "./pipeline/sources/folder.ts";
export { openRecordings, openTestFolder } from "./pipeline/sources/open_recordings.ts";
export { openLabelledFolder } from "./pipeline/sources/labelled_folder.ts";
export { openDataset } from "./pipeline/sources/open_dataset.ts";

// Training
export { defaultRecipe, type Recipe } from "./model/recipe.ts";
export { type AugmentPolicy, defaultPolicy, parsePolicy } from "./pipeline/augment/augment.ts";
export { type CacheFolder, openCacheFolder } from "./pipeline/cache/cache_folder.ts";
export { type NamedRecipe, recipes } from "./run/config/recipes.ts";
export { RunError } from "./run/run_error.ts";
export { newestRun, readModel, readModels } from "./run/run_folder.ts";
export { train } from "./run/training/train.ts";
export { trainEnsemble, type TrainEnsembleOptions } from "./run/training/train_ensemble.ts";
export type {
  EnsembleResult,
  FoldsResult,
  TrainEvent,
  TrainResult,
} from "./run/training/train_events.ts";
export {
  joinFolds,
  trainFold,
  trainFolds,
  type TrainFoldsOptions,
} from "./run/training/train_folds.ts";
export { openBackbone } from "./run/open_backbone.ts";
export { type Backbone, BackboneError } from "./backbone/backbone.ts";
export { Interrupted, type TrainOptions } from "./run/training/train_options.ts";
export { mergeTrials, type MergeTrialsResult } from "./run/tune/merge_trials.ts";
export { tune, type TuneOptions, type TuneResult } from "./run/tune/tune.ts";
export { SettingError } from "./settings/setting.ts";

// Labelling
export type { Decision, DecisionOptions } from "./model/decision.ts";
export type { LabelledRow } from "./model/label_rows.ts";
export type { ModelCard } from "./model/model_card.ts";
export type { SavedModel } from "./model/saved_model.ts";
export { createWindowing, type Windowing } from "./pipeline/windows.ts";
export {
  type Labeller,
  type LabellerOptions,
  labelSamples,
  openLabeller,
} from "./run/prediction/labeller.ts";
export { type Event, type EventOptions, eventsOf } from "./run/events/events.ts";
export { predict, type PredictOptions, type PredictResult } from "./run/prediction/predict.ts";
export { predictEvents, type PredictEventsOptions } from "./run/prediction/predict_events.ts";
export { chooseSeconds } from "./run/config/clip_seconds.ts";
export { type HeardWindow, listen, type ListenOptions } from "./run/prediction/listen.ts";

// Jobs that several processes or machines share
export { type MergeOptions, mergeParts, type MergeResult } from "./run/shards/merge_parts.ts";
export type { Shard } from "./run/shards/shard.ts";

// Serving
export { type RunningServer, type ServeOptions, startServer } from "./serve/serve.ts";
export { createPageFiles, type PageFile, type PageOptions } from "./web/page_files.ts";

// Figures and pages
export type { Evaluation } from "./model/evaluation/evaluation.ts";
export { createEvaluator } from "./model/evaluation/create_evaluator.ts";
export type { EventEvaluation, RecordingEvents } from "./model/evaluation/event_evaluation.ts";
export { EventEvaluator } from "./model/evaluation/event_evaluator.ts";
export type { Evaluator } from "./model/evaluation/evaluator.ts";
export { type Interval, wilsonInterval } from "./model/evaluation/interval.ts";
export { pairedDifference } from "./model/evaluation/paired_difference.ts";
export { createReport, inspectClip, inspectFolder } from "./report/report.ts";

// Models for other programs
export { createOnnx, createSafetensors, type OnnxOptions } from "./export/export.ts";

// Embeddings
export { type EmbedOptions, embedRecordings } from "./run/embeddings/embed_recordings.ts";
export { writeEmbeddings, type WriteEmbeddingsOptions } from "./run/embeddings/write_embeddings.ts";
export { search, type SearchOptions } from "./run/embeddings/search.ts";

// Sound and features
export { type DecodedAudio, DecodeError } from "./pipeline/decode/audio.ts";
export { supportedFormats } from "./pipeline/decode/decode.ts";
export { decodeFile } from "./pipeline/decode/decode_file.ts";
export { encodeWav } from "./pipeline/encode_wav.ts";
export { loadDsp } from "./pipeline/dsp/dsp.ts";
export { openLocation } from "./pipeline/locations/open_location.ts";
export { createFeatureGraph, type FeatureGraph } from "./pipeline/feature_graph.ts";
export { defaultFrontEnd, type FrontEnd } from "./pipeline/front_end.ts";
export { writeFeatures, type WriteFeaturesOptions } from "./run/write_features.ts";

// Networks and what computes them
export { createConvNetwork } from "./model/conv_network.ts";
export { createEngine } from "./model/create_engine.ts";
export type { Engine } from "./model/engine.ts";
export type { Network } from "./model/network.ts";
export { resolveNetwork } from "./model/resolve_network.ts";

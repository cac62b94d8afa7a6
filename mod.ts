/**
 * melstream trains an audio classifier from a folder of recordings and labels new recordings with
 * it. This is the library; `main.ts` is the same as a program.
 *
 * ```ts
 * import { openFolder, predict, readModel, openTestFolder, train } from "./mod.ts";
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
 * @module
 */
export * from "./model/conv_network.ts";
export * from "./model/create_engine.ts";
export * from "./model/engine.ts";
export * from "./model/ensemble.ts";
export * from "./model/evaluation/average_precision.ts";
export * from "./model/evaluation/calibration.ts";
export type { ClassFigures, RankedClassFigures } from "./model/evaluation/class_figures.ts";
export * from "./model/evaluation/evaluate.ts";
export * from "./model/evaluation/evaluation.ts";
export * from "./model/evaluation/evaluator.ts";
export * from "./model/evaluation/interval.ts";
export * from "./model/evaluation/mean_and_spread.ts";
export type { Mistake } from "./model/evaluation/mistake_ranking.ts";
export * from "./model/evaluation/named_classes.ts";
export * from "./model/evaluation/paired_difference.ts";
export * from "./model/model_card.ts";
export * from "./model/network.ts";
export { isTrained, type WeightRole, type WeightShape } from "./model/operations.ts";
export * from "./model/precision.ts";
export * from "./model/recipe.ts";
export * from "./model/resolve_network.ts";
export * from "./model/saved_model.ts";
export * from "./model/trainer.ts";
export * from "./model/weights.ts";
export * from "./pipeline/augment/augment.ts";
export * from "./pipeline/batch.ts";
export * from "./pipeline/clip.ts";
export * from "./pipeline/recording.ts";
export * from "./pipeline/locations/byte_source.ts";
export * from "./pipeline/locations/location.ts";
export { openLocation, stampOf } from "./pipeline/locations/open_location.ts";
export * from "./pipeline/locations/patience.ts";
export * from "./pipeline/stage_ms.ts";
export * from "./pipeline/augment/copy_settings.ts";
export {
  AudioCache,
  type CacheCounts,
  type CacheOutcome,
  type CacheSlot,
  describeCacheCounts,
} from "./pipeline/cache/audio_cache.ts";
export type { CachedAudio } from "./pipeline/cache/cache_entry.ts";
export {
  type CacheFolder,
  type CacheSettings,
  cacheSettings,
  openCacheFolder,
} from "./pipeline/cache/cache_folder.ts";
export * from "./pipeline/decode/audio.ts";
export * from "./pipeline/decode/decode.ts";
export * from "./pipeline/decode/decode_file.ts";
export * from "./pipeline/dsp/dsp.ts";
export * from "./pipeline/feature_graph.ts";
export * from "./pipeline/graph_stage.ts";
export * from "./pipeline/front_end.ts";
export * from "./pipeline/random.ts";
export * from "./pipeline/requests.ts";
export * from "./pipeline/sources/dataset.ts";
export * from "./pipeline/sources/default_dataset.ts";
export * from "./pipeline/sources/folder.ts";
export type { FolderReader } from "./pipeline/sources/folder_reader.ts";
export type { LabelColumns } from "./pipeline/sources/label_table.ts";
export * from "./pipeline/split/folds.ts";
export * from "./pipeline/split/groups.ts";
export * from "./pipeline/sources/labelled_folder.ts";
export * from "./pipeline/sources/open_dataset.ts";
export * from "./pipeline/split/split.ts";
export * from "./report/report.ts";
export * from "./model/label_rows.ts";
export * from "./pipeline/encode_wav.ts";
export * from "./run/config.ts";
export * from "./run/labeller.ts";
export * from "./run/machine.ts";
export * from "./run/predict.ts";
export * from "./run/run_error.ts";
export * from "./run/run_folder.ts";
export * from "./run/run_settings.ts";
export * from "./run/train.ts";
export * from "./run/train_options.ts";
export * from "./run/train_events.ts";
export * from "./run/train_folds.ts";
export * from "./run/write_features.ts";
export type { Limits, ValueRange } from "./settings/value_range.ts";
export * from "./settings/setting.ts";
export * from "./pipeline/windows.ts";
export * from "./workers/batch_stream.ts";
export * from "./workers/clip_store.ts";
export * from "./workers/feature_pool.ts";

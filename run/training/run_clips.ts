import type { Batch, BatchRow } from "../../pipeline/batch.ts";
import { type Clip, clipId } from "../../pipeline/clip.ts";
import type { FeatureGraphOptions } from "../../pipeline/graph_options.ts";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import type { FeatureRequest } from "../../pipeline/requests.ts";
import { DatasetError } from "../../pipeline/sources/dataset.ts";
import { countLabels } from "../../pipeline/split/units.ts";
import { createBatchStream } from "../../workers/batch_stream.ts";
import type { FeaturePool } from "../../workers/feature_pool.ts";
import type { RunConfig } from "../config/run_config.ts";
import { ErrorBudget } from "../error_budget.ts";
import { Remarks } from "../../pipeline/remarks.ts";
import { SkippedClips } from "../skipped_clips.ts";
import type { TrainOptions } from "./train_options.ts";

/** Parts by which a run's clips are read. */
export interface RunClipsOptions {
  /** The run's options: its data set's origin, the cache, and who is told. */
  readonly options: TrainOptions;
  /** The run's configuration. */
  readonly config: RunConfig;
  /** The run's folder. */
  readonly out: string;
  /** Threads that make features. */
  readonly pool: FeaturePool;
  /** Clips that are known to be unreadable. */
  readonly skipped: readonly ClipFailure[];
}

/** The clips of a run: which of them can be used, and their features in batches. */
export class RunClips {
  readonly #skipped: SkippedClips;
  readonly #budget: ErrorBudget;
  readonly #remarks = new Remarks();

  /** Over the clips of this run. */
  constructor(readonly parts: RunClipsOptions) {
    const { options, skipped, out } = parts, { train, validation = [] } = options.dataset;
    this.#skipped = new SkippedClips(skipped);
    const numRecordings = train.length + validation.length;
    this.#budget = new ErrorBudget(options, numRecordings, `${out}/skipped.csv`);
    for (const failure of skipped) this.#budget.note(failure);
  }

  /** Clips that could not be read so far. */
  get skipped(): readonly ClipFailure[] {
    return this.#skipped.all;
  }

  /** The clips without those that are known to be unreadable. */
  usable(clips: readonly Clip[]): Clip[] {
    return clips.filter((clip) => !this.#skipped.has(clipId(clip)));
  }

  /** Batches of features, in the requests' order. The stream fails where too many clips cannot be read. */
  batches(
    requests: ReadableStream<FeatureRequest>,
    augmentation: Partial<FeatureGraphOptions> = {},
  ): ReadableStream<Batch> {
    const { config: { frontEnd, recipe }, options, pool } = this.parts;
    return createBatchStream(pool, requests, {
      graph: { frontEnd, seed: recipe.seed, ...augmentation },
      cache: options.cache,
      backbone: options.backbone,
      batchSize: recipe.batchSize,
    }).pipeThrough(
      new TransformStream<Batch, Batch>(
        {
          transform: async (batch, controller) => {
            await this.#spend(batch.rows);
            controller.enqueue(batch);
          },
        },
        undefined,
        { highWaterMark: 0 },
      ),
    );
  }

  /** @throws {RunError} where more clips cannot be read than may be; `skipped.csv` names them. */
  async #spend(rows: readonly BatchRow[]): Promise<void> {
    for (const { failure } of rows) {
      const tooMany = failure && this.#budget.spend(failure);
      if (!tooMany) continue;
      await this.noteFailures(this.#budget.failures);
      throw tooMany;
    }
  }

  /** Notes what was remarked on rows of clips that can be used. */
  noteRemarks(rows: readonly BatchRow[]): void {
    for (const row of rows) this.#remarks.add(row);
  }

  /** Says what was remarked. */
  sayRemarks(): void {
    const { config: { frontEnd }, options } = this.parts;
    for (const text of this.#remarks.describe(frontEnd.durationSeconds)) {
      options.onEvent?.({ kind: "notice", level: "info", text });
    }
  }

  /** Notes the clips that could not be read, and says which are new. */
  async noteFailures(failures: readonly ClipFailure[]): Promise<void> {
    const news = failures.filter((failure) => this.#skipped.add(failure));
    for (const failure of news) this.parts.options.onEvent?.({ kind: "skipped", failure });
    if (news.length > 0) await this.writeSkipped();
  }

  /** Writes `skipped.csv`. */
  async writeSkipped(): Promise<void> {
    await this.#skipped.write(`${this.parts.out}/skipped.csv`);
  }

  /**
   * Warns of the classes of which no clip can be read any more.
   *
   * @param clips What is trained on.
   * @param failures Clips that could not be read and are not noted yet.
   * @throws {DatasetError} where fewer than two classes are left; `skipped.csv` says why.
   */
  async checkClasses(
    clips: readonly Clip[],
    failures: readonly ClipFailure[],
  ): Promise<void> {
    const failed = new Set(failures.map(({ request }) => clipId(request.clip)));
    const usable = this.usable(clips), before = countLabels(usable);
    const left = countLabels(usable.filter((clip) => !failed.has(clipId(clip))));
    const lost = [...before].filter(([label]) => !left.has(label));
    if (lost.length > 0) {
      const shown = lost.slice(0, 10).map(([label, count]) => `${label} (${count} clips)`);
      const more = lost.length > shown.length ? `, and ${lost.length - shown.length} more` : "";
      const text = `never learnt, as none of its clips can be read: ${shown.join(", ")}${more}`;
      this.parts.options.onEvent?.({ kind: "notice", level: "warning", text });
    }
    if (left.size >= 2) return;
    await this.noteFailures(failures);
    const { options, out } = this.parts;
    throw new DatasetError(
      `Cannot train on ${options.dataset.origin} as at least 2 classes must have clips that can ` +
        `be read: current value is ${left.size} (see ${out}/skipped.csv)`,
    );
  }
}

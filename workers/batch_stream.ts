import type { Backbone } from "../backbone/backbone.ts";
import type { Batch, BatchRow } from "../pipeline/batch.ts";
import type { CacheFolder } from "../pipeline/cache/cache_folder.ts";
import type { FeatureGraphOptions } from "../pipeline/graph_options.ts";
import { addStageMs, createStageMs, type StageMs } from "../pipeline/stage_ms.ts";
import { numFrames } from "../pipeline/front_end.ts";
import type { FeatureRequest } from "../pipeline/requests.ts";
import { SettingError } from "../settings/setting.ts";
import { byteSize } from "../settings/value_range.ts";
import type { FeaturePool, TaskResult } from "./feature_pool.ts";

/** What a stream of batches is made with. */
export interface BatchOptions {
  /** What every worker builds its graph from. */
  readonly graph: FeatureGraphOptions;
  /** Where decoded audio is kept; without it clips are decoded whenever they are asked for. */
  readonly cache?: CacheFolder;
  /** What makes embeddings, in the place of log-mel features. */
  readonly backbone?: Backbone;
  /** Rows of a batch; the last one may have fewer. */
  readonly batchSize: number;
  /** Batches made ahead of the one being read. @default {2} */
  readonly prefetch?: number;
}

/** A batch whose rows are being made. */
interface PendingBatch {
  readonly slot: number;
  readonly requests: readonly FeatureRequest[];
  readonly results: Promise<TaskResult[]>;
}

/**
 * Streams the requests' features as batches, in the requests' order whichever worker is faster:
 * every request has its row in a batch before a worker gets it, and the worker writes there.
 *
 * The memory is `prefetch` + 1 batches that take turns. A source is read only when a row is free
 * for what it gives and a worker has credit, so nothing is in flight beyond workers × credit clips
 * and those batches, whatever the size of the data set. Where copies are augmented, the sound of the
 * last few recordings is kept beside them, so that a recording is decoded once for all its copies.
 *
 * A clip that cannot be read is a row with its failure; the stream itself fails only when the graph
 * cannot be built, the source fails, or the workers cannot run.
 */
export function createBatchStream(
  pool: FeaturePool,
  requests: ReadableStream<FeatureRequest>,
  options: BatchOptions,
): ReadableStream<Batch> {
  const { graph, cache, backbone, batchSize } = options;
  const numCells = backbone?.feeding.size ?? graph.frontEnd.melBands * numFrames(graph.frontEnd);
  const prefetch = prefetchWithin(pool.memoryLimit, options, batchSize * numCells * 4);
  const numSlots = prefetch + 1, { rows } = pool;
  const memory = pool.takeMemory(numSlots * batchSize * numCells * 4);
  // A random crop is another part of the recording for each copy: there is nothing to share.
  const hasSharedClips = graph.augment !== undefined && graph.crop !== "random";
  const clips = hasSharedClips ? pool.clipsOf(graph.frontEnd) : undefined;
  const stream = pool.open(graph, memory, { clips, cache, backbone });
  const source = requests.getReader();
  const slots = new SlotRing(numSlots);
  /** Every row was made and passed on: when all batches are released nobody uses the memory. */
  let hasEnded = false;

  let numReady = 0, isOpen = true;
  const room = Math.max(1, prefetch) * batchSize;
  rows.room += room;
  /** Counts rows that are made; those that are passed on, as a negative number. */
  const countReady = (count: number) => {
    if (!isOpen) return;
    numReady += count;
    rows.ready += count;
  };
  /** Ends it where nothing more is asked for. */
  const close = () => {
    stream.close();
    if (!isOpen) return;
    countReady(-numReady);
    isOpen = false;
    rows.room -= room;
  };

  /** Takes a slot, hands out its rows, and passes the batch on while they are being made. */
  const fill = async (controller: ReadableStreamDefaultController<PendingBatch>) => {
    const slot = await slots.take();
    const asked: FeatureRequest[] = [], results: Promise<TaskResult>[] = [];
    let ended = false;
    while (!ended && asked.length < batchSize) {
      const { value: request, done } = await source.read();
      if (done) {
        ended = true;
      } else {
        const { result } = await stream.submit(request, slot * batchSize + asked.length);
        asked.push(request);
        results.push(result);
        result.then(() => countReady(1), () => {});
      }
    }
    const all = Promise.all(results);
    all.catch(() => {}); // it is read, and rethrown, by `finish`
    if (asked.length > 0) controller.enqueue({ slot, requests: asked, results: all });
    else slots.giveBack(slot);
    if (ended) controller.close();
  };

  /** Waits for the rows of a batch and closes the gaps that failures left. */
  const finish = async (
    { slot, requests, results }: PendingBatch,
    controller: TransformStreamDefaultController<Batch>,
  ) => {
    const ended = await results;
    countReady(-requests.length);
    const made = requests.map((request, i): BatchRow => {
      const { failure, trace: { remarks, endSample } = {} } = ended[i];
      return {
        request,
        ...failure && { failure },
        ...remarks && { remarks },
        ...endSample !== undefined && { endSample },
      };
    });
    const start = slot * batchSize * numCells;
    const region = new Float32Array(memory, start * 4, made.length * numCells);
    const numGood = closeGaps(region, made, numCells);
    controller.enqueue({
      inputs: region.subarray(0, numGood * numCells),
      clips: made.filter((row) => !row.failure).map((row) => row.request),
      rows: made,
      stageMs: sumStages(ended),
      release: once(() => {
        slots.giveBack(slot);
        if (hasEnded && slots.areAllFree) pool.giveBackMemory(memory);
      }),
    });
  };

  const cancel = async (reason: unknown) => {
    close();
    await source.cancel(reason);
  };
  const pending = new ReadableStream<PendingBatch>({
    pull: (controller) =>
      fill(controller).catch(async (error) => {
        await cancel(error).catch(() => {}); // the source itself, where it is what failed
        throw error;
      }),
    cancel,
  }, { highWaterMark: prefetch });
  const finished = new TransformStream<PendingBatch, Batch>(
    {
      transform: finish,
      flush: () => {
        close();
        hasEnded = true;
        if (slots.areAllFree) pool.giveBackMemory(memory);
      },
    },
    undefined,
    { highWaterMark: 0 },
  );
  return pending.pipeThrough(finished);
}

/**
 * Batches made ahead: fewer where memory is limited, so that they take a quarter of it at most.
 *
 * @throws {SettingError} where one alone takes more than half.
 */
function prefetchWithin(
  memoryLimit: number | undefined,
  { batchSize, prefetch = 2 }: BatchOptions,
  batchBytes: number,
): number {
  if (memoryLimit === undefined) return prefetch;
  if (2 * batchBytes > memoryLimit) {
    const least = byteSize.format(Math.ceil(2 * batchBytes / 1e6) * 1e6);
    const rule = `at least ${least}, twice what a batch of ${batchSize} clips takes`;
    throw new SettingError("make features", "memoryLimit", rule, byteSize.format(memoryLimit));
  }
  return Math.max(0, Math.min(prefetch, Math.floor(memoryLimit / 4 / batchBytes) - 1));
}

/** Moves the rows that succeeded to the front, in their order, and returns how many there are. */
function closeGaps(region: Float32Array, rows: readonly BatchRow[], numCells: number): number {
  let kept = 0;
  rows.forEach((row, i) => {
    if (row.failure) return;
    if (kept < i) region.copyWithin(kept * numCells, i * numCells, (i + 1) * numCells);
    kept++;
  });
  return kept;
}

function sumStages(results: readonly TaskResult[]): StageMs {
  const sum = createStageMs();
  for (const { trace } of results) if (trace) addStageMs(sum, trace.stageMs);
  return sum;
}

function once(action: () => void): () => void {
  let called = false;
  return () => {
    if (!called) action();
    called = true;
  };
}

/** Numbers that are taken and given back; who takes when none is left waits. */
class SlotRing {
  readonly #size: number;
  readonly #free: number[];
  readonly #waiting: ((slot: number) => void)[] = [];

  constructor(size: number) {
    this.#size = size;
    this.#free = Array.from({ length: size }, (_, slot) => slot);
  }

  get areAllFree(): boolean {
    return this.#free.length === this.#size;
  }

  take(): Promise<number> {
    const slot = this.#free.shift();
    if (slot !== undefined) return Promise.resolve(slot);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  giveBack(slot: number): void {
    const next = this.#waiting.shift();
    if (next) next(slot);
    else this.#free.push(slot);
  }
}

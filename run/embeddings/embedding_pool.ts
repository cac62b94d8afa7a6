import type { Backbone } from "../../backbone/backbone.ts";
import { FeaturePool, type FeaturePoolOptions } from "../../workers/feature_pool.ts";

/** A large network may take this long for a clip, in which its worker cannot say that it lives. */
const stallSeconds = 600;
/** Memory that the workers' copies of a network may take together, where nobody says how many workers. */
const mostBytes = 3e9;
/** A network's memory in a worker, in sizes of its file: the bytes, what the runtime makes of them, and its arena. */
const copies = 3;

/** Threads that make features, or embeddings where there is a backbone: of a large one, fewer than cores. */
export function createPool(
  options: Pick<FeaturePoolOptions, "workers" | "stallSeconds" | "memoryLimit" | "onNotice">,
  backbone: Backbone | undefined,
): FeaturePool {
  if (!backbone) return new FeaturePool(options);
  const { byteLength } = backbone.networkBytes, { memoryLimit = Infinity } = options;
  const workers = options.workers ??
    workersFor(byteLength, navigator.hardwareConcurrency, Math.min(mostBytes, memoryLimit / 2));
  // Its clips may take longer, whatever others are given.
  const patience = Math.max(stallSeconds, options.stallSeconds ?? 0);
  return new FeaturePool({ ...options, workers, stallSeconds: patience });
}

/** How many workers may have a network of so many bytes each, where all together may take `bytes`. */
export function workersFor(
  numBytes: number,
  cores: number,
  bytes: number = mostBytes,
): number {
  return Math.max(1, Math.min(cores, Math.floor(bytes / (copies * Math.max(1, numBytes)))));
}

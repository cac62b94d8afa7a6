/** A thread with a heap of its own: one that swells ends alone, and not the program with it. */
import threads from "node:worker_threads";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** Far above what features take; arrays of samples count apart. */
const mostHeapMegabytes = 512;

/** For new objects: else V8 sets up to 64 MB aside for them, and the dead are kept so much longer. */
const mostYoungMegabytes = 12;

/** A thread as the pool sees it. */
export interface FeatureThread {
  /** Sends it a message. */
  postMessage(message: ToWorker): void;
  /** Ends it, whatever it is at. */
  terminate(): void;
}

/** Who hears of a thread. */
export interface ThreadListener {
  /** Is told what it says. */
  onMessage(message: FromWorker): void;
  /** Is told why it ended, unless it was asked to. */
  onDeath(reason: string): void;
}

/**
 * Starts a thread.
 *
 * What it holds beyond its heap ends it. That is heard of at once or, where the engine does not say so, by its
 * silence.
 *
 * @param url Its module, which speaks `protocol.ts` through `parentPort`.
 * @param heapMegabytes Most of its heap.
 */
export function startThread(
  url: URL,
  { onMessage, onDeath }: ThreadListener,
  heapMegabytes: number = mostHeapMegabytes,
): FeatureThread {
  const resourceLimits = {
    maxOldGenerationSizeMb: heapMegabytes,
    maxYoungGenerationSizeMb: mostYoungMegabytes,
  };
  // An environment of its own: a copy of the program's would need leave to read all of it.
  const worker = new threads.Worker(url, { resourceLimits, env: {} });
  let isAsked = false;
  worker.on("message", onMessage);
  worker.on("error", ({ message }: Error) => onDeath(message));
  worker.on("exit", () => isAsked || onDeath("it ended"));
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate() {
      isAsked = true;
      worker.terminate();
    },
  };
}

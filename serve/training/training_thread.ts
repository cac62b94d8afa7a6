import type { FromTrainingWorker, ToTrainingWorker } from "./protocol.ts";

/**
 * Starts a thread that does one piece of work.
 *
 * @param onMessage Is told what comes of it; a thread that breaks has failed.
 */
export function startTrainingThread(
  order: ToTrainingWorker,
  onMessage: (message: FromTrainingWorker) => void,
): Worker {
  // Written literally, so that `deno compile` finds the worker.
  const thread = new Worker(new URL("./training_worker.ts", import.meta.url), { type: "module" });
  thread.onmessage = ({ data }: MessageEvent<FromTrainingWorker>) => onMessage(data);
  thread.onerror = (event) => {
    event.preventDefault(); // the server goes on
    onMessage({ kind: "failed", message: event.message, isResumable: false });
  };
  thread.postMessage(order);
  return thread;
}

/** A worker whose memory grows from its first clip on, by as many MB a second as the clip's id says. */
import { parentPort } from "node:worker_threads";
import type { FromWorker, ToWorker } from "../../workers/protocol.ts";

const kept: Uint8Array[] = [];

parentPort!.on("message", (data: ToWorker) => {
  if (data.kind !== "task" || kept.length > 0) return;
  const bytesPerMs = Number(data.request.clip.recording.id) * 1000, startMs = performance.now();
  let bytes = 0;
  const grow = () => {
    const due = bytesPerMs * (performance.now() - startMs) - bytes;
    // A pause is not made up for at once: nothing would look in between.
    const piece = new Uint8Array(Math.ceil(Math.min(due, 50 * bytesPerMs))).fill(1);
    kept.push(piece);
    bytes += due;
    setTimeout(grow, 5);
  };
  grow();
});

parentPort!.postMessage({ kind: "ready" } satisfies FromWorker);

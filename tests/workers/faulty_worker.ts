/** A worker that speaks the protocol and makes no features: what a clip's id says is what it does. */
import { parentPort } from "node:worker_threads";
import type { ClipFailure } from "../../pipeline/graph_stage.ts";
import { createStageMs } from "../../pipeline/stage_ms.ts";
import type { FromWorker, ToWorker } from "../../workers/protocol.ts";

const trace = { stageMs: { ...createStageMs(), decode: 1 } };
/** A name of this thread. */
const threadName = crypto.randomUUID();
const send = (message: FromWorker) => parentPort!.postMessage(message);

parentPort!.on("message", (data: ToWorker) => {
  if (data.kind !== "task") return;
  const { streamId, taskId, request } = data;
  if (request.mix?.clip.recording.id === "kills") throw new Error("out of memory");
  switch (request.clip.recording.id) {
    case "kills":
      throw new Error("out of memory");
    case "silences":
      for (;;);
    case "swells": {
      const kept: unknown[] = [];
      for (;;) kept.push(Array.from({ length: 1e4 }, (_, i) => ({ i })));
    }
    case "waits": {
      // Longer than a silence that is taken for death, with signs of life.
      const signs = setInterval(() => send({ kind: "waiting" }), 200);
      setTimeout(() => {
        clearInterval(signs);
        send({ kind: "done", streamId, taskId, trace });
      }, 3500);
      return;
    }
    case "tells a": // which thread it is
    case "tells b": {
      const failure: ClipFailure = { request, stage: "worker", message: threadName };
      return send({ kind: "done", streamId, taskId, failure, trace });
    }
    case "complains":
      send({ kind: "notice", message: "the background is gone" });
      // falls through
    default:
      send({ kind: "done", streamId, taskId, trace });
  }
});

send({ kind: "ready" });

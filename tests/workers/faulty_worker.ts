/// <reference lib="deno.worker" />
/** A worker that speaks the protocol and makes no features: what a clip's id says is what it does. */
import { createStageMs } from "../../pipeline/stage_ms.ts";
import type { FromWorker, ToWorker } from "../../workers/protocol.ts";

const trace = { stageMs: { ...createStageMs(), decode: 1 } };
const send = (message: FromWorker) => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind !== "task") return;
  const { streamId, taskId, request } = data;
  switch (request.clip.recording.id) {
    case "kills":
      throw new Error("out of memory");
    case "silences":
      for (;;);
    case "complains":
      send({ kind: "notice", message: "the background is gone" });
      // falls through
    default:
      send({ kind: "done", streamId, taskId, trace });
  }
};

send({ kind: "ready" });

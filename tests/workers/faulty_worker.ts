/// <reference lib="deno.worker" />
/** A worker that speaks the protocol and makes no features: what a clip's id says is what it does. */
import type { FromWorker, ToWorker } from "../../workers/protocol.ts";

const trace = { stageMs: { decode: 1, resample: 0, fit: 0, augment: 0, logMel: 0 } };
const send = (message: FromWorker) => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind !== "task") return;
  const { streamId, taskId, request } = data;
  switch (request.clip.id) {
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

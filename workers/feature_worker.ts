/// <reference lib="deno.worker" />
/** A worker thread of the feature pool: one copy of the feature graph for every stream that is open. */
import { type Dsp, loadDsp } from "../pipeline/dsp/dsp.ts";
import {
  createFeatureGraph,
  type FeatureGraphOptions,
  type FeatureTask,
} from "../pipeline/feature_graph.ts";
import { numFrames } from "../pipeline/front_end.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** One open stream: tasks go in at `writer`; ids of those inside wait for their results in order. */
interface OpenStream {
  readonly writer: WritableStreamDefaultWriter<FeatureTask>;
  readonly taskIds: number[];
  readonly rows: Float32Array[];
}

const streams = new Map<number, OpenStream>();
const send = (message: FromWorker) => self.postMessage(message);

// Messages may arrive while the kernels load: they queue up behind this promise, in order.
const loading: Promise<Dsp> = loadDsp();
self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  const dsp = await loading;
  switch (data.kind) {
    case "open":
      return open(data.streamId, data.options, data.memory, dsp);
    case "task": {
      const stream = streams.get(data.streamId);
      if (!stream) return; // it broke, and the pool was told
      stream.taskIds.push(data.taskId);
      stream.writer.write({ request: data.request, out: stream.rows[data.row] }).catch(() => {});
      return;
    }
    case "close":
      streams.get(data.streamId)?.writer.close().catch(() => {});
      streams.delete(data.streamId);
  }
};

function open(
  streamId: number,
  options: FeatureGraphOptions,
  memory: SharedArrayBuffer,
  dsp: Dsp,
): void {
  const fail = (error: unknown) => {
    streams.delete(streamId);
    send({ kind: "broken", streamId, message: (error as Error).message });
  };
  try {
    const graph = createFeatureGraph(options, dsp, (message) => send({ kind: "notice", message }));
    const numCells = options.frontEnd.melBands * numFrames(options.frontEnd);
    const all = new Float32Array(memory);
    const rows = Array.from(
      { length: all.length / numCells },
      (_, row) => all.subarray(row * numCells, (row + 1) * numCells),
    );
    const taskIds: number[] = [];
    streams.set(streamId, { writer: graph.writable.getWriter(), taskIds, rows });
    graph.readable.pipeTo(
      new WritableStream({
        write(result) {
          const taskId = taskIds.shift()!;
          const failure = result.kind === "failure" ? result.failure : undefined;
          send({ kind: "done", streamId, taskId, failure, trace: result.trace });
        },
      }),
    ).catch(fail);
  } catch (error) {
    fail(error);
  }
}

loading.then(() => send({ kind: "ready" }));

/** A worker thread of the feature pool: one copy of the feature graph for every stream that is open. */
import { parentPort } from "node:worker_threads";
import type { Backbone } from "../backbone/backbone.ts";
import { createEmbedder } from "../backbone/embedder.ts";
import { keyOf } from "../backbone/origin.ts";
import "../wasm/deno_files.ts";
import { AudioCache } from "../pipeline/cache/audio_cache.ts";
import { type Dsp, loadDsp } from "../pipeline/dsp/dsp.ts";
import { createFeatureGraph } from "../pipeline/feature_graph.ts";
import type { ClipEmbedder } from "../pipeline/graph_options.ts";
import { clipSamples, numFrames } from "../pipeline/front_end.ts";
import { type FeatureTask, GraphError } from "../pipeline/graph_stage.ts";
import { openOnce } from "../pipeline/locations/open_location.ts";
import { clipPlaces, type LentClip } from "./clip_store.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** One open stream: tasks go in at `writer`; ids of those inside wait for their results in order. */
interface OpenStream {
  readonly writer: WritableStreamDefaultWriter<FeatureTask>;
  readonly taskIds: number[];
  readonly rows: readonly Float32Array[];
  /** Places for the sound of clips. */
  readonly clips: ReturnType<typeof clipPlaces>;
}

const streams = new Map<number, OpenStream>();
const send = (message: FromWorker) => parentPort!.postMessage(message);

// Messages may arrive while the kernels load: they queue up behind this promise, in order.
const loading: Promise<Dsp> = loadDsp();
parentPort!.on("message", async (data: ToWorker) => {
  const dsp = await loading;
  switch (data.kind) {
    case "open":
      return open(data, dsp);
    case "task": {
      const stream = streams.get(data.streamId);
      if (!stream) return; // it broke, and the pool was told
      stream.taskIds.push(data.taskId);
      const { request, row } = data, out = stream.rows[row];
      const placeOf = (lent?: LentClip) =>
        lent && { ...stream.clips[lent.slot], isFilled: lent.isFilled };
      const shared = placeOf(data.clip), partner = placeOf(data.partner);
      stream.writer.write({ request, out, shared, partner }).catch(() => {});
      return;
    }
    case "close":
      streams.get(data.streamId)?.writer.close().catch(() => {});
      streams.delete(data.streamId);
  }
});

/** Views of a memory's parts, all of this length. */
function partsOf(memory: SharedArrayBuffer, length: number): Float32Array[] {
  const all = new Float32Array(memory);
  return Array.from(
    { length: all.length / length },
    (_, i) => all.subarray(i * length, (i + 1) * length),
  );
}

function open(
  { streamId, options, memory, cache, clips, backbone }: Extract<ToWorker, { kind: "open" }>,
  dsp: Dsp,
): void {
  const fail = (error: unknown) => {
    streams.delete(streamId);
    send({ kind: "broken", streamId, message: (error as Error).message });
  };
  try {
    const onNotice = (message: string) => send({ kind: "notice", message });
    const graph = createFeatureGraph(options, {
      dsp,
      open: openOnce,
      cache: cache && new AudioCache(cache, onNotice),
      onWaiting: () => send({ kind: "waiting" }),
      onNotice,
      embedder: backbone && loadEmbedder(backbone),
    });
    const { frontEnd } = options;
    const taskIds: number[] = [];
    streams.set(streamId, {
      writer: graph.writable.getWriter(),
      taskIds,
      rows: partsOf(memory, backbone?.feeding.size ?? frontEnd.melBands * numFrames(frontEnd)),
      clips: clips ? clipPlaces(clips, clipSamples(frontEnd)) : [],
    });
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

/** The last backbone that was asked for, read by the runtime: streams come one after the other with the same. */
let embedder: { readonly key: string; readonly made: ReturnType<typeof createEmbedder> };

/** A backbone's embedder, which waits for the runtime; what that refuses ends the graph. */
function loadEmbedder(backbone: Backbone): ClipEmbedder {
  const key = keyOf(backbone), { size } = backbone.feeding;
  if (embedder?.key !== key) embedder = { key, made: createEmbedder(backbone) };
  const { made } = embedder;
  made.catch(() => {}); // thrown where it is awaited
  return {
    size,
    async embed(samples, out) {
      const ready = await made.catch((error) => {
        throw new GraphError(error.message, { cause: error });
      });
      await ready.embed(samples, out);
    },
  };
}

loading.then(() => send({ kind: "ready" }));

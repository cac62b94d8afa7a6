/** What the page of `graph_test.ts` runs: the feature graph, on files that its server has. */
import { fileLocation } from "../../pipeline/locations/location.ts";
import { bytesSource } from "../../pipeline/locations/byte_source.ts";
import { loadDsp } from "../../pipeline/dsp/dsp.ts";
import { createFeatureGraph } from "../../pipeline/feature_graph.ts";
import { firstClips } from "../../pipeline/clip.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";

/** Fetches a recording whole; a page reads no files. */
async function openFetched(name: string) {
  const response = await fetch(`recordings/${encodeURIComponent(name)}`);
  return bytesSource(name, new Uint8Array(await response.arrayBuffer()));
}

async function computeFeatures(): Promise<void> {
  const names: string[] = await (await fetch("names")).json();
  const graph = createFeatureGraph({ frontEnd: defaultFrontEnd, seed: 1 }, {
    dsp: await loadDsp(),
    open: (location) => openFetched((location as { path: string }).path),
  });
  const recordings = names.map((name) => ({ id: name, location: fileLocation(name) }));
  const tasks = firstClips(recordings).map((clip) => ({ request: { clip, epoch: 0, copy: 0 } }));
  new ReadableStream({
    start(controller) {
      for (const task of tasks) controller.enqueue(task);
      controller.close();
    },
  }).pipeTo(graph.writable);
  const reader = graph.readable.getReader();
  for (let result = await reader.read(); !result.done; result = await reader.read()) {
    const { value } = result;
    const { clip } = value.kind === "features" ? value.request : value.failure.request;
    const body = value.kind === "features"
      ? value.features.buffer as ArrayBuffer
      : value.failure.message;
    const name = encodeURIComponent(clip.recording.id);
    await fetch(`features/${value.kind}/${name}`, { method: "POST", body });
  }
}

computeFeatures().then(
  () => fetch("end", { method: "POST" }),
  (error) => fetch("end", { method: "POST", body: `${error.stack}` }),
);

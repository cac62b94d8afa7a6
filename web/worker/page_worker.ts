/**
 * Entry point of the page's threads: one computes for the page, and where threads may share memory it starts
 * those of the engine, which run this file under another name.
 */
import { createCpuEngine } from "../../model/cpu/cpu_engine.ts";
import { decodeModel } from "../../model/saved_model.ts";
import { clipSamples } from "../../pipeline/front_end.ts";
import type { Clip } from "../../pipeline/clip.ts";
import { fileLocation } from "../../pipeline/locations/location.ts";
import { readAssetsWith } from "../../wasm/load.ts";
import type { FromPageWorker, ToPageWorker } from "../messages.ts";
import { createServerEmbedder } from "./ask_server.ts";
import { decodeBase64 } from "./base64.ts";
import { blobSource } from "./blob_source.ts";
import { hearSound, type PageSound } from "./hear_sound.ts";
import type { gpu } from "./gpu_engine.ts";
import { type CreateEngine, PageLabeller } from "./page_labeller.ts";

/** What a worker is to this file; `melstreamKernels` is put before it where it is served. */
const scope = globalThis as unknown as {
  readonly name: string;
  readonly location: { readonly href: string };
  readonly melstreamKernels: Readonly<Record<string, string>>;
  readonly melstreamGpu: typeof gpu;
  importScripts(address: string): void;
  onmessage: (event: MessageEvent<ToPageWorker>) => void;
  postMessage(message: FromPageWorker, transfer?: Transferable[]): void;
};

const engineThread = "engine";

type OpenMessage = Extract<ToPageWorker, { kind: "open" }>;

if (scope.name === engineThread) import("../../model/cpu/engine_worker.ts");
else serve();

function serve(): void {
  const opened = Promise.withResolvers<PageLabeller>();
  opened.promise.catch(() => {}); // the page is told
  /** Every sound so far, to be looked at again. */
  const sounds = new Map<number, PageSound>();
  let heardId = 0;
  readAssetsWith((url) => {
    const name = url.pathname.split("/").at(-1)!;
    return Promise.resolve(decodeBase64(scope.melstreamKernels[name]));
  });
  scope.onmessage = async ({ data }) => {
    if (data.kind === "open") {
      open(data).then(opened.resolve, (error) => {
        scope.postMessage({ kind: "broken", message: error.message });
        opened.reject(error);
      });
      return;
    }
    const labeller = await opened.promise;
    if (data.kind === "hear") {
      const { soundId, name, blob } = data, source = () => blobSource(name, blob);
      const sound = { soundId, recording: { id: name, location: fileLocation(name) }, source };
      sounds.set(soundId, sound);
      heardId = soundId;
      const tell = (message: FromPageWorker) => scope.postMessage(message);
      await hearSound(sound, labeller, tell, () => heardId !== soundId);
    } else if (sounds.has(data.soundId)) {
      await look(sounds.get(data.soundId)!, data.start, labeller);
    }
  };
}

/** @throws {Error} where the models cannot be used here. */
async function open({ data, gpuAddress, backend }: OpenMessage): Promise<PageLabeller> {
  const models = data.models.map(({ modelJson, weights }) =>
    decodeModel({ modelJson, weightsBin: decodeBase64(weights) })
  );
  const labeller = await PageLabeller.open(
    models,
    data.decision,
    backend === "webgpu" ? createGpuEngine(gpuAddress) : createCrewEngine,
    (card) => createServerEmbedder(card, scope.location.href),
  );
  const { card, numModels, engine, decision: { labels } } = labeller;
  scope.postMessage({ kind: "ready", about: { card, numModels, engine, labels } });
  return labeller;
}

/** The CPU's engine: in threads of its own where these may share memory. */
const createCrewEngine: CreateEngine = (network, weights) =>
  createCpuEngine(network, {
    ...{ weights, threads: Math.min(navigator.hardwareConcurrency, 8) },
    createWorker: () => new Worker(scope.location.href, { name: engineThread }),
  });

/** WebGPU's engine, on any adapter that there is. */
function createGpuEngine(address: string): CreateEngine {
  return async (network, weights) => {
    if (!await navigator.gpu?.requestAdapter()) {
      throw new Error("Cannot use WebGPU as this browser has none here: open the page without it");
    }
    scope.importScripts(address);
    return await scope.melstreamGpu.createWebGpuEngine(network, { weights, allowSoftware: true });
  };
}

async function look(
  { soundId, recording, source }: PageSound,
  start: number,
  labeller: PageLabeller,
): Promise<void> {
  const clip: Clip = { recording, start, length: clipSamples(labeller.card.frontEnd) };
  let samples = new Float32Array(0);
  try {
    const features = await labeller.lookAt(clip, {
      open: source,
      tap(_, seen) {
        if (seen.stage === "window") samples = seen.samples.slice();
      },
    });
    const message: FromPageWorker = { kind: "picture", soundId, start, features, samples };
    scope.postMessage(message);
  } catch {
    // its window has said why
  }
}

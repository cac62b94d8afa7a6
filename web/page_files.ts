/** The page to try a model with, as files: what a web server gives, or what lies in a folder. */
import type { DecisionOptions } from "../model/decision.ts";
import { encodeModel, type SavedModel } from "../model/saved_model.ts";
import { readAsset } from "../wasm/load.ts";
import { controlStyle } from "./control_style.ts";
import type { PageData } from "./messages.ts";
import { renderIndex } from "./render_index.ts";
import { tryStyle } from "./try_style.ts";
import { pageStyle } from "../report/page_style.ts";

/** A file of the page. */
export interface PageFile {
  /** Its media type. */
  readonly type: string;
  /** Its text. */
  readonly content: string;
}

/** How a page is made. */
export interface PageOptions {
  /** How labels are decided on. */
  readonly decision?: Partial<DecisionOptions>;
  /**
   * Set for a page that is opened from disk, too, where a browser loads scripts alone: the thread's is a text of
   * another then, and the page brings its own policy.
   */
  readonly fromDisk?: true;
  /** The address of a page that trains, where there is one. */
  readonly trainAddress?: string;
}

/** Media type of a script. */
export const script = "text/javascript; charset=utf-8";

/** Kernels by their names: which of the engine's are used, the browser says. */
const kernels = [
  new URL("../pipeline/dsp/dsp.wasm", import.meta.url),
  new URL("../pipeline/decode/flac.wasm", import.meta.url),
  new URL("../pipeline/decode/vorbis.wasm", import.meta.url),
  new URL("../model/cpu/kernels_relaxed_shared.wasm", import.meta.url),
  new URL("../model/cpu/kernels_plain_shared.wasm", import.meta.url),
  new URL("../model/cpu/kernels_relaxed_single.wasm", import.meta.url),
  new URL("../model/cpu/kernels_plain_single.wasm", import.meta.url),
];

/**
 * The files of a page, by their names. Nothing in them comes from elsewhere.
 *
 * @param models Of several the probabilities are averaged; the first one's card says the rest.
 *   Where they hear by a backbone, which no browser computes here, the page asks the server that it comes from.
 * @throws {RangeError} where such a page is to be opened from disk.
 */
export async function createPageFiles(
  models: readonly SavedModel[],
  { decision = {}, fromDisk, trainAddress }: PageOptions = {},
): Promise<Map<string, PageFile>> {
  const [{ card: { backbone } }] = models;
  if (backbone && fromDisk) {
    throw new RangeError(
      "Cannot make a page of this model to open from disk as it must hear log-mel features: it hears " +
        `by a backbone, ${backbone.card.name}, whose page is that of \`serve\``,
    );
  }
  const data: PageData = {
    decision,
    models: models.map((model) => {
      const { modelJson, weightsBin } = encodeModel(model);
      return { modelJson, weights: weightsBin.toBase64() };
    }),
  };
  const threads = {
    "worker.js": await createWorkerScript(),
    "gpu.js": await readText(new URL("./built/gpu.js", import.meta.url)),
    "recorder.js": await readText(new URL("./recorder.js", import.meta.url)),
  };
  const files = new Map<string, PageFile>([
    ["index.html", {
      type: "text/html; charset=utf-8",
      content: renderIndex(models[0].card, { fromDisk, trainAddress }),
    }],
    ["style.css", {
      type: "text/css; charset=utf-8",
      content: pageStyle + controlStyle + tryStyle,
    }],
    ["model.js", { type: script, content: assign("melstreamData", data) }],
    ["app.js", {
      type: script,
      content: await readText(new URL("./built/app.js", import.meta.url)),
    }],
  ]);
  if (fromDisk) {
    files.set("threads.js", { type: script, content: assign("melstreamThreads", threads) });
  } else {
    for (const [name, content] of Object.entries(threads)) {
      files.set(name, { type: script, content });
    }
  }
  return files;
}

/** What the page's threads run, with the kernels that they cannot load. */
async function createWorkerScript(): Promise<string> {
  const texts: Record<string, string> = {};
  for (const url of kernels) {
    texts[url.pathname.split("/").at(-1)!] = (await readAsset(url)).toBase64();
  }
  return assign("melstreamKernels", texts) +
    await readText(new URL("./built/worker.js", import.meta.url));
}

/** A text that is part of the program. */
export async function readText(url: URL): Promise<string> {
  return new TextDecoder().decode(await readAsset(url));
}

/** A script that gives the global scope a value. */
function assign(name: string, value: unknown): string {
  return `globalThis.${name} = ${JSON.stringify(value)};\n`;
}

/** What a run takes as its backbone: an ONNX file, or an earlier run's own network. */
import {
  type Backbone,
  BackboneError,
  backboneOf,
  openBackbone as openFile,
} from "../backbone/backbone.ts";
import { resolveCard } from "../backbone/card.ts";
import { basename } from "../deps/std_path.ts";
import { createOnnx } from "../export/export.ts";
import { readModel } from "./run_folder.ts";

/**
 * Opens a frozen network to train a head on: an ONNX file, whose card may lie beside it as `NAME.json`, or the folder
 * of an earlier run, whose network's pooled features are the embedding.
 *
 * @throws {BackboneError} in one line: which file, and what it must be or its card must say.
 * @throws {RunError} where a folder holds no model.
 */
export async function openBackbone(path: string): Promise<Backbone> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info) throw new BackboneError(`Cannot use ${path} as a backbone as it must be there`);
  if (!info.isDirectory && basename(path) !== "model.json") return await openFile(path);
  const model = await readModel(path), { card: { frontEnd, backbone } } = model;
  if (backbone) {
    throw new BackboneError(
      `Cannot use ${path} as a backbone as it must have a network of its own: it is a head on ` +
        `${backbone.card.name}${backbone.network.path ? `, ${backbone.network.path}` : ""}`,
    );
  }
  const from = await Deno.realPath(path), { sampleRateHz: rateHz, durationSeconds } = frontEnd;
  const card = resolveCard({
    ...{ name: `the network of ${basename(from)}`, licence: "your own", rateHz },
    ...{ seconds: durationSeconds, clipSeconds: durationSeconds },
  }, "of a run");
  return await backboneOf(await createOnnx(model, { embedding: true }), card, from);
}

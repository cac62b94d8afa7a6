/**
 * Features and labels wherever JavaScript runs, in the caller's thread: in a page or its worker, in Node 22, in Deno.
 * The graph, the kernels and the decisions are the program's own; a model that does not give its known answers here
 * is refused.
 *
 * ```ts
 * import { openModel } from "./portable.ts";
 *
 * export async function label(sound: Blob): Promise<readonly string[]> {
 *   const [modelJson, weightsBin] = await Promise.all([
 *     fetch("best_model/model.json").then((response) => response.text()),
 *     fetch("best_model/weights.bin").then((response) => response.arrayBuffer()),
 *   ]);
 *   const model = await openModel({ modelJson, weightsBin: new Uint8Array(weightsBin) });
 *   const { labels, probabilities } = await model.predict(sound);
 *   console.log(probabilities);
 *   return labels;
 * }
 * ```
 *
 * @module
 */
import "./wasm/node_files.ts";

export type { DecisionOptions } from "./model/decision.ts";
export type { ModelCard } from "./model/model_card.ts";
export type { ModelFiles } from "./model/saved_model.ts";
export { defaultFrontEnd, type FrontEnd } from "./pipeline/front_end.ts";
export {
  computeFeatures,
  openModel,
  type PortableModel,
  type Sound,
  type SoundLabels,
} from "./web/portable_model.ts";

/**
 * The saved model: a tfjs `LayersModel` (`model.json` beside `weights.bin`) whichever engine trained
 * it, so that `tf.loadLayersModel` opens it in a browser. What melstream has to know beyond the layers,
 * the front end above all, stands in `userDefinedMetadata.melstream`.
 */
import { layersTopology } from "./layers_topology.ts";
import { type ModelCard, parseModelCard } from "./model_card.ts";
import { sizeOf } from "./operations.ts";
import { weightShapes } from "./resolve_network.ts";
import { check, finite } from "./rules.ts";
import { findWeight, type Weight } from "./weights.ts";

/** A model read back from its files. */
export interface SavedModel {
  /** What stands beside the weights. */
  readonly card: ModelCard;
  /** Every weight, in the canonical order. */
  readonly weights: readonly Weight[];
  /** The folder that it was read from; absent of one that was not. */
  readonly folder?: string;
}

/** The two files of a saved model. */
export interface ModelFiles {
  /** Text of `model.json`. */
  readonly modelJson: string;
  /** All weights as little-endian float32, one behind the other. */
  readonly weightsBin: Uint8Array<ArrayBuffer>;
}

/**
 * Writes a model as the text and bytes of its two files.
 *
 * @throws {RangeError} where the card is none that `decodeModel` reads.
 * @throws {TypeError} where a weight is missing or has another shape.
 */
export function encodeModel({ card, weights }: SavedModel): ModelFiles {
  parseModelCard(card);
  const ordered = weightShapes(card.network).map((shape) => findWeight(weights, shape));
  const weightsBin = encodeWeights(ordered);
  const manifest = ordered.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
  const modelJson = JSON.stringify(
    {
      format: "layers-model",
      generatedBy: card.program,
      convertedBy: null,
      modelTopology: layersTopology(card.network),
      weightsManifest: [{ paths: ["weights.bin"], weights: manifest }],
      userDefinedMetadata: { melstream: card },
    },
    null,
    1,
  );
  return { modelJson, weightsBin };
}

/**
 * Reads a model from its two files.
 *
 * @throws {SyntaxError} where a file is not what melstream wrote, or of a version that it does not know:
 * which field or weight, the rule, the value seen.
 */
export function decodeModel({ modelJson, weightsBin }: ModelFiles): SavedModel {
  let json: { readonly userDefinedMetadata?: { readonly melstream?: unknown } } | null;
  try {
    json = JSON.parse(modelJson);
  } catch (cause) {
    throw new SyntaxError(`Cannot read model.json: ${(cause as Error).message}`, { cause });
  }
  try {
    const card = parseModelCard(json?.userDefinedMetadata?.melstream);
    const weights = decodeWeights(weightsBin, weightShapes(card.network));
    for (const { name, values } of weights) {
      const index = values.findIndex((value) => !Number.isFinite(value));
      if (index >= 0) check(`weight ${index} of ${name}`, finite, String(values[index]));
    }
    return { card, weights };
  } catch (cause) {
    throw new SyntaxError((cause as Error).message, { cause });
  }
}

/** Weights as little-endian float32, one behind the other. */
export function encodeWeights(
  weights: readonly Pick<Weight, "values">[],
): Uint8Array<ArrayBuffer> {
  const total = weights.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(total * 4), view = new DataView(bytes.buffer);
  let offset = 0;
  for (const { values } of weights) {
    for (const value of values) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return bytes;
}

/** Reads what `encodeWeights` wrote. @throws {SyntaxError} where the length is another. */
export function decodeWeights(
  bytes: Uint8Array,
  shapes: readonly { readonly name: string; readonly shape: readonly number[] }[],
): Weight[] {
  const total = 4 * shapes.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (bytes.length !== total) {
    throw new SyntaxError(
      `Cannot read the weights as they must be ${total} bytes: current value is ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  return shapes.map(({ name, shape }) => {
    const values = new Float32Array(sizeOf(shape));
    for (let i = 0; i < values.length; i++, offset += 4) values[i] = view.getFloat32(offset, true);
    return { name, shape, values };
  });
}

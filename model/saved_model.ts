/**
 * The saved model: a tfjs `LayersModel` (`model.json` beside `weights.bin`) whichever engine trained
 * it, so that `tf.loadLayersModel` opens it in a browser. What melstream has to know beyond the layers,
 * the front end above all, stands in `userDefinedMetadata.melstream`.
 */
import type { FrontEnd } from "../pipeline/front_end.ts";
import { layersTopology } from "./layers_topology.ts";
import type { ModelSpec } from "./model_spec.ts";
import { findWeight, sizeOf, type Weight, weightShapes } from "./weights.ts";

/** Version of the metadata below: a reader refuses one that it does not know. */
export const modelFormatVersion = 1;

/** Known answers of the model: prediction makes them anew and refuses to go on where they differ. */
export interface GoldenVector {
  /** Some cells of the golden signal's features, in dB, from the lowest and first to the highest and last. */
  readonly features: readonly number[];
  /** The model's probabilities for those features. */
  readonly probabilities: readonly number[];
}

/** Everything that a prediction needs to be what the training meant. */
export interface ModelCard {
  /** `modelFormatVersion` of the program that wrote it. */
  readonly formatVersion: number;
  /** Name and version of that program. */
  readonly program: string;
  /** The network. */
  readonly spec: ModelSpec;
  /** How its features are made. */
  readonly frontEnd: FrontEnd;
  /** The classes, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /** The class with the most training clips: what a clip that cannot be read is labelled as. */
  readonly majorityLabel: string;
  /** Looks beside the first one in prediction: see `Recipe`. */
  readonly testShifts: number;
  /** Known answers of the front end and the network. */
  readonly golden: GoldenVector;
  /** Epoch of these weights, counted from 1. */
  readonly epoch: number;
  /** Share of validation clips that they name rightly; absent, as what follows, without validation. */
  readonly validationAccuracy?: number;
  /** Their mean average precision, where a clip may have several labels. */
  readonly validationMeanAveragePrecision?: number;
  /** Their label accuracy, where a clip may have several labels. */
  readonly validationLabelAccuracy?: number;
  /** Mean cross-entropy of the validation clips. */
  readonly validationLoss?: number;
}

/** A model read back from its files. */
export interface SavedModel {
  /** What stands beside the weights. */
  readonly card: ModelCard;
  /** Every weight, in the canonical order. */
  readonly weights: readonly Weight[];
}

/** The two files of a saved model. */
export interface ModelFiles {
  /** Text of `model.json`. */
  readonly modelJson: string;
  /** All weights as little-endian float32, one behind the other. */
  readonly weightsBin: Uint8Array<ArrayBuffer>;
}

/** Writes a model as the text and bytes of its two files. */
export function encodeModel({ card, weights }: SavedModel): ModelFiles {
  const ordered = weightShapes(card.spec).map((shape) => findWeight(weights, shape));
  const weightsBin = encodeWeights(ordered);
  const manifest = ordered.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
  const modelJson = JSON.stringify(
    {
      format: "layers-model",
      generatedBy: card.program,
      convertedBy: null,
      modelTopology: layersTopology(card.spec),
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
 * @throws {SyntaxError} where a file is not what melstream wrote, or of another version's format.
 */
export function decodeModel({ modelJson, weightsBin }: ModelFiles): SavedModel {
  let card: ModelCard & { readonly labels?: readonly string[] } | undefined;
  try {
    card = JSON.parse(modelJson)?.userDefinedMetadata?.melstream;
  } catch (cause) {
    throw new SyntaxError(`Cannot read model.json: ${(cause as Error).message}`, { cause });
  }
  if (card?.formatVersion !== modelFormatVersion) {
    throw new SyntaxError(
      `Cannot read model.json as it must be of melstream's model format ${modelFormatVersion}: ` +
        `current value is ${card?.formatVersion ?? "missing (not a model of melstream)"}`,
    );
  }
  const { labels, ...known } = card; // what earlier versions call the classes
  const classes = known.classes ?? labels;
  return {
    card: { ...known, classes },
    weights: decodeWeights(weightsBin, weightShapes(card.spec)),
  };
}

/** Weights as little-endian float32, one behind the other. */
export function encodeWeights(weights: readonly Weight[]): Uint8Array<ArrayBuffer> {
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

/** How a network is fed: which input and output, and what the axes of its input stand for. */
import { type BackboneCard, isOnnxFrontEnd } from "./card.ts";
import type { OnnxFile, OnnxValue } from "./onnx_file.ts";

/** What an axis of a network's input stands for. */
export type Axis = "batch" | "samples" | "frames" | "mels" | "one";

/** How a network is fed. Plain data. */
export interface Feeding {
  /** Name of its input. */
  readonly input: string;
  /** Name of the output that is the embedding. */
  readonly output: string;
  /** The axes of the input, in their order. */
  readonly axes: readonly Axis[];
  /** Samples, or frames, that it takes at a time; absent where that is any number. */
  readonly length?: number;
  /** Mel bands that it takes; absent where it takes samples. */
  readonly melBands?: number;
  /** How many stretches go in at a time; absent where that is any number. */
  readonly batch?: number;
  /** Length of the embedding. */
  readonly size: number;
}

/**
 * Finds out how a network is fed, by its card and its shapes.
 *
 * @throws {RangeError} behind «as»: what the card has to say, or why it cannot be fed.
 */
export function resolveFeeding(file: OnnxFile, card: BackboneCard): Feeding {
  const input = chooseInput(file.inputs, card.input);
  const output = chooseOutput(file.outputs, card.embedding);
  for (const { name, elementType } of [input, output]) {
    if (elementType !== "float32") {
      throw new RangeError(`${name} must be of float32: it is of ${elementType}`);
    }
  }
  const size = output.axes.at(card.embeddingAxis);
  if (typeof size !== "number") {
    const rule = "its card must name an output, and an axis of it (embeddingAxis), of known length";
    throw new RangeError(`${rule}: ${describe(output)} has none at ${card.embeddingAxis}`);
  }
  if (size === 1) {
    const rule = "an embedding must have several numbers (embeddingAxis says along which axis)";
    throw new RangeError(`${rule}: ${describe(output)} has one at ${card.embeddingAxis}`);
  }
  const shared = { input: input.name, output: output.name, size };
  return card.frontEnd ? { ...shared, ...feedFrames(input, card) } : {
    ...shared,
    ...feedSamples(input, card),
  };
}

/** A value with its axes, for people: `input_1 [batch, 76, 32, 1]`. */
export function describe({ name, axes }: OnnxValue): string {
  return `${name} [${axes.join(", ")}]`;
}

/**
 * The one input of a network.
 *
 * @param named What its card calls it.
 * @throws {RangeError} behind «as», where it has several or another.
 */
export function chooseInput(inputs: readonly OnnxValue[], named?: string): OnnxValue {
  const list = inputs.map(describe).join("; ") || "it has none";
  if (inputs.length !== 1) throw new RangeError(`it must have one input: ${list}`);
  if (named === undefined || inputs[0].name === named) return inputs[0];
  throw new RangeError(`the input that its card names must be there, ${named}: ${list}`);
}

function chooseOutput(outputs: readonly OnnxValue[], named: string | undefined): OnnxValue {
  const list = outputs.map(describe).join("; ") || "it has none";
  if (named !== undefined) {
    const found = outputs.find(({ name }) => name === named);
    if (found) return found;
    throw new RangeError(`the output that its card names must be there, ${named}: ${list}`);
  }
  if (outputs.length === 1) return outputs[0];
  const likely = outputs.filter(({ name }) => /embed/i.test(name));
  if (likely.length === 1) return likely[0];
  throw new RangeError(`its card must name the output that is the embedding: ${list}`);
}

/** Axes that are not one long, apart from the batch's, which comes first where there are others. */
function openAxes({ axes }: OnnxValue): number[] {
  return [...axes.keys()].filter((axis) => axes[axis] !== 1 && (axis > 0 || axes.length === 1));
}

const fixed = (length: number | string) => typeof length === "number" ? length : undefined;

function feedSamples(input: OnnxValue, { rateHz, seconds }: BackboneCard) {
  const open = openAxes(input), [samples] = open;
  if (open.length !== 1) {
    throw new RangeError(
      `its card must say how its spectrograms are made (frontEnd), as its input is no sound, ` +
        `[batch, samples]: ${describe(input)}`,
    );
  }
  const length = fixed(input.axes[samples]) ??
    (seconds === undefined ? undefined : Math.round(seconds * rateHz));
  return {
    axes: input.axes.map((_, axis): Axis =>
      axis === samples ? "samples" : axis === 0 ? "batch" : "one"
    ),
    ...length !== undefined && { length },
    ...batchOf(input, samples),
  };
}

function feedFrames(input: OnnxValue, { frontEnd }: BackboneCard) {
  const open = openAxes(input), lengths = open.map((axis) => fixed(input.axes[axis]));
  if (open.length !== 2) {
    throw new RangeError(
      `its input must have an axis of frames and one of bands: ${describe(input)}`,
    );
  }
  const bands = isOnnxFrontEnd(frontEnd!) ? undefined : frontEnd!.melBands;
  // Networks take square spectrograms with the bands before the frames, as pictures.
  const melAxis = bands === undefined
    ? open[
      lengths[1] !== undefined && (lengths[0] === undefined || lengths[0] > lengths[1]) ? 1 : 0
    ]
    : open.find((_, i) => lengths[i] === bands);
  const melBands = melAxis === undefined ? undefined : fixed(input.axes[melAxis]);
  if (melBands === undefined) {
    const rule = bands === undefined ? "an axis of known length for the bands" : `${bands} bands`;
    throw new RangeError(`its input must have ${rule}: ${describe(input)}`);
  }
  const frameAxis = open.find((axis) => axis !== melAxis)!, length = fixed(input.axes[frameAxis]);
  return {
    axes: input.axes.map((_, axis): Axis =>
      axis === melAxis ? "mels" : axis === frameAxis ? "frames" : axis === 0 ? "batch" : "one"
    ),
    melBands,
    ...length !== undefined && { length },
    ...batchOf(input, frameAxis),
  };
}

function batchOf({ axes }: OnnxValue, taken: number): { readonly batch?: number } {
  if (taken === 0) return { batch: 1 };
  const batch = fixed(axes[0]);
  return batch === undefined ? {} : { batch };
}

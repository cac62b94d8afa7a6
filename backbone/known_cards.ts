/** Cards of networks that people have, recognised by their inputs and outputs. Cards come without weights. */
import type { OnnxFile, OnnxValue } from "./onnx_file.ts";

/** A network that is known. */
export interface KnownBackbone {
  /** Tells whether a file is one. */
  readonly fits: (file: OnnxFile) => boolean;
  /** Its card, as `resolveCard` takes it. */
  readonly card: Readonly<Record<string, unknown>>;
}

const last = ({ axes }: OnnxValue) => axes.at(-1);
const hasAxes = (value: OnnxValue | undefined, ...axes: readonly (number | undefined)[]) =>
  value !== undefined && value.axes.length === axes.length &&
  axes.every((length, i) => length === undefined || value.axes[i] === length);
/** The output whose last axis is so long: of several the one with the fewest axes, which is pooled. */
const outputOf = ({ outputs }: OnnxFile, length: number) =>
  outputs.filter((value) => last(value) === length)
    .toSorted((a, b) => a.axes.length - b.axes.length).at(0);

const has = (file: OnnxFile, ...lengths: readonly number[]) =>
  lengths.every((length) => outputOf(file, length));
/** What every file of BirdNET V2.4 has. */
const birdNet = {
  licence: "CC BY-NC-SA 4.0",
  notice: "the weights of BirdNET V2.4 are not for commercial use (CC BY-NC-SA 4.0)",
  ...{ rateHz: 48_000, seconds: 3, clipSeconds: 3 },
};
/** Lengths of the pooled features of EfficientAT's networks, by their widths: 960 for `mn10` and `dymn10`. */
const efficientAtLengths = [960, 480, 384, 192, 96, 1920, 2880, 3840];

/**
 * The networks that are known, as their publishers' code and model cards have rates, lengths, levels and licences (of
 * the weights), read in November 2026; `docs/backbones.md` names the places.
 */
export const knownBackbones: readonly KnownBackbone[] = [
  {
    fits: ({ inputs: [input], outputs: [output] }) =>
      hasAxes(input, undefined, 76, 32, 1) && last(output) === 96,
    card: {
      name: "Google speech embedding",
      licence: "Apache-2.0",
      rateHz: 16_000,
      seconds: 0.8,
      clipSeconds: 2,
      scale: 32_768,
      frontEnd: { onnx: "melspectrogram.onnx", scale: 0.1, offset: 2, hopFrames: 8 },
    },
  },
  {
    fits: (file) =>
      file.inputs[0]?.axes.length === 1 && [521, 1024, 64].every((n) => outputOf(file, n)),
    card: {
      name: "YAMNet",
      licence: "Apache-2.0",
      rateHz: 16_000,
      clipSeconds: 4.8,
      embedding: 1024,
    },
  },
  {
    fits: ({ inputs: [input], outputs: [output] }) =>
      last(output) === 128 &&
      (hasAxes(input, undefined, 1, 96, 64) || hasAxes(input, undefined, 96, 64) ||
        hasAxes(input, undefined, 96, 64, 1)),
    card: {
      name: "VGGish",
      licence: "Apache-2.0",
      rateHz: 16_000,
      seconds: 0.975,
      clipSeconds: 4.8,
      frontEnd: {
        ...{ windowSamples: 400, hopSamples: 160, fftSize: 512, melBands: 64 },
        ...{ minHz: 125, maxHz: 7500, melScale: "htk", power: 1, logarithm: "ln", logOffset: 0.01 },
      },
    },
  },
  {
    // Those of 16 and 8 kHz have the same shapes: they need a card that says so.
    fits: (file) =>
      file.inputs[0]?.axes.length === 2 && has(file, 527) &&
      [2048, 1024, 512].some((length) => has(file, length)),
    card: {
      name: "PANNs, taken to hear at 32 kHz",
      licence: "CC BY 4.0",
      rateHz: 32_000,
      clipSeconds: 5,
      embedding: [2048, 1024, 512],
    },
  },
  {
    fits: (file) =>
      file.inputs[0]?.axes.length === 2 && has(file, 527) &&
      efficientAtLengths.some((length) => has(file, length)),
    card: {
      name: "EfficientAT, with its spectrogram inside",
      licence: "MIT",
      rateHz: 32_000,
      clipSeconds: 5,
      embedding: efficientAtLengths,
    },
  },
  {
    fits: (file) =>
      hasAxes(file.inputs[0], undefined, 160_000) &&
      (has(file, 1536) || has(file, 1280, 10_932)),
    card: {
      name: "Perch",
      licence: "Apache-2.0",
      rateHz: 32_000,
      seconds: 5,
      clipSeconds: 5,
      normalise: "peak",
      scale: 0.25,
      embedding: [1536, 1280],
    },
  },
  {
    fits: (file) => hasAxes(file.inputs[0], undefined, 144_000) && has(file, 1024),
    card: { name: "BirdNET V2.4", ...birdNet, embedding: 1024 },
  },
  {
    fits: (file) => hasAxes(file.inputs[0], undefined, 144_000) && has(file, 6522),
    card: {
      ...{ name: "BirdNET V2.4, by its species' scores", ...birdNet, embedding: 6522 },
      notice:
        `${birdNet.notice}; this file gives its species' scores alone, which stand for the embedding`,
    },
  },
  {
    fits: (file) => file.inputs[0]?.axes.length === 2 && has(file, 1280, 11_560),
    card: {
      name: "BirdNET+ V3.0",
      licence: "CC BY-SA 4.0",
      rateHz: 32_000,
      clipSeconds: 3,
      embedding: 1280,
    },
  },
  {
    fits: ({ inputs: [input], outputs }) =>
      input?.name === "input_values" && input.axes.length === 2 &&
      outputs.some(({ name }) => name === "last_hidden_state"),
    card: {
      name: "Wav2Vec 2.0, or one of its kind (HuBERT, WavLM)",
      licence: "as its publisher says",
      rateHz: 16_000,
      clipSeconds: 3,
      normalise: "standard",
      embedding: "last_hidden_state",
    },
  },
];

/**
 * What is known of a file, as far as its inputs and outputs tell.
 *
 * @returns Fields of a card; nothing where it is none of the known ones.
 */
export function knownCardOf(file: OnnxFile): Readonly<Record<string, unknown>> | undefined {
  const card = knownBackbones.find(({ fits }) => fits(file))?.card;
  if (!card) return undefined;
  const { embedding, ...rest } = card;
  if (embedding === undefined || typeof embedding === "string") return card;
  const lengths = [embedding].flat() as number[];
  const output = lengths.map((length) => outputOf(file, length)).find((value) => value);
  return output ? { ...rest, embedding: output.name } : rest;
}

/**
 * Backbones: networks that somebody else has trained, as ONNX files, which make an embedding of a stretch of
 * sound. A card says what one is fed with and which of its outputs is the embedding.
 */
import { checkSettings, SettingError, type SettingsOf } from "../settings/setting.ts";
import { numberIn, oneOf, powerOfTwoIn, text, wholeNumberIn } from "../settings/value_range.ts";

/** A spectrogram made by another ONNX file, from sound to frames. */
export interface OnnxFrontEnd {
  /** The file, beside the network's own. */
  readonly onnx: string;
  /** Its output, where it has several. */
  readonly output?: string;
  /** Factor of what it makes. */
  readonly scale: number;
  /** Added to that. */
  readonly offset: number;
  /** Frames from the start of what the network is fed with to the next; where left out, as many as it takes. */
  readonly hopFrames?: number;
}

/** A log-mel spectrogram, frame t beginning at sample t · hopSamples. */
export interface MelFrontEnd {
  /** Samples of a window (Hann, periodic). */
  readonly windowSamples: number;
  /** Samples of the FFT, the window's with zeros behind them. */
  readonly fftSize: number;
  /** Samples between two windows. */
  readonly hopSamples: number;
  /** Number of mel bands. */
  readonly melBands: number;
  /** Lower edge of the first band, in Hz. */
  readonly minHz: number;
  /** Upper edge of the last band, in Hz. */
  readonly maxHz: number;
  /** Formula of the scale on which the bands are triangles. */
  readonly melScale: "htk" | "slaney";
  /** 2 for power spectra, 1 for magnitudes. */
  readonly power: 1 | 2;
  /** The logarithm: natural, of base ten, or decibels of a power. */
  readonly logarithm: "ln" | "log10" | "db";
  /** Added to a band before that. */
  readonly logOffset: number;
  /** Factor of the logarithms. */
  readonly scale: number;
  /** Added to that. */
  readonly offset: number;
  /** Frames from the start of what the network is fed with to the next; where left out, as many as it takes. */
  readonly hopFrames?: number;
}

/** What a network is fed with, and what of it is taken; a file beside it, `NAME.json`, may say any of this. */
export interface BackboneCard {
  /** Its name, for people. */
  readonly name: string;
  /** Licence of its weights. */
  readonly licence: string;
  /** What a person should know who uses it. */
  readonly notice?: string;
  /** Sample rate of what it hears, in Hz. */
  readonly rateHz: number;
  /** How much it hears at a time, in seconds; where left out, sound of any length. */
  readonly seconds?: number;
  /** From one stretch that it hears to the next, in seconds; where left out, they do not overlap. */
  readonly hopSeconds?: number;
  /** Length of a clip where nothing else is said, in seconds. */
  readonly clipSeconds?: number;
  /** What each stretch is brought to: nothing, mean 0 and variance 1, or mean 0 and a peak of 1. */
  readonly normalise: "none" | "standard" | "peak";
  /** Factor of the samples, which are in [−1, 1] nominally, behind that. */
  readonly scale: number;
  /** Name of its input, where it has several. */
  readonly input?: string;
  /** Name of the output that is the embedding, where it has several. */
  readonly embedding?: string;
  /** Axis of that output along which the embedding lies, from the end: its means over all others are taken. */
  readonly embeddingAxis: number;
  /** Where it hears spectrograms: how they are made. */
  readonly frontEnd?: OnnxFrontEnd | MelFrontEnd;
}

const group = "Features";
const scale = { range: numberIn({}), default: 1, help: "factor", group } as const;
const offset = { range: numberIn({}), default: 0, help: "addend", group } as const;
const hopFrames = {
  range: wholeNumberIn({ min: 1 }),
  help: "frames between stretches",
  group,
} as const;
const seconds = { range: numberIn({ above: 0, max: 600 }), help: "seconds", group } as const;

const onnxFrontEndSettings: SettingsOf<OnnxFrontEnd> = {
  onnx: { range: fileName(), default: "", help: "file", group },
  output: { range: text, help: "output", group },
  ...{ scale, offset, hopFrames },
};

const melFrontEndSettings: SettingsOf<MelFrontEnd> = {
  windowSamples: { range: wholeNumberIn({ min: 2 }), default: 400, help: "window", group },
  fftSize: { range: powerOfTwoIn({ min: 16, max: 65536 }), default: 512, help: "FFT", group },
  hopSamples: { range: wholeNumberIn({ min: 1 }), default: 160, help: "hop", group },
  melBands: { range: wholeNumberIn({ min: 1, max: 1024 }), default: 64, help: "bands", group },
  minHz: { range: numberIn({ min: 0 }), default: 0, help: "lower edge", group },
  maxHz: { range: numberIn({ above: 0 }), default: 8000, help: "upper edge", group },
  melScale: { range: oneOf("htk", "slaney"), default: "htk", help: "mel scale", group },
  power: { range: oneOfNumbers(1, 2), default: 2, help: "power", group },
  logarithm: { range: oneOf("ln", "log10", "db"), default: "ln", help: "logarithm", group },
  logOffset: { range: numberIn({ above: 0 }), default: 1e-6, help: "floor", group },
  ...{ scale, offset, hopFrames },
};

const cardSettings: SettingsOf<Omit<BackboneCard, "frontEnd">> = {
  name: { range: text, default: "", help: "name", group },
  licence: { range: text, default: "not said", help: "licence", group },
  notice: { range: text, help: "notice", group },
  rateHz: { range: numberIn({ min: 1000, max: 768_000 }), default: 0, help: "sample rate", group },
  ...{ seconds, hopSeconds: seconds, clipSeconds: seconds, scale },
  normalise: { range: oneOf("none", "standard", "peak"), default: "none", help: "level", group },
  input: { range: text, help: "input", group },
  embedding: { range: text, help: "output", group },
  embeddingAxis: { range: wholeNumberIn({ min: -8, max: -1 }), default: -1, help: "axis", group },
};

/** Tells the two kinds of front end apart. */
export function isOnnxFrontEnd(frontEnd: OnnxFrontEnd | MelFrontEnd): frontEnd is OnnxFrontEnd {
  return "onnx" in frontEnd;
}

/**
 * Fills in the defaults of a card, plain data from anywhere, and checks it.
 *
 * @param path Where it comes from, for messages.
 * @throws {RangeError} naming what is missing, unknown or not as it should be.
 */
export function resolveCard(data: unknown, path: string): BackboneCard {
  const action = `use the card ${path}`;
  const { frontEnd, ...said } = recordOf(data, action, "the card");
  const card = resolve(cardSettings, said, action, ["frontEnd"]);
  if (frontEnd === undefined) return card;
  const parts = recordOf(frontEnd, action, "frontEnd");
  if ("onnx" in parts) return { ...card, frontEnd: resolve(onnxFrontEndSettings, parts, action) };
  const mel = resolve(melFrontEndSettings, parts, action);
  const { windowSamples, fftSize, minHz, maxHz } = mel;
  const rules: [keyof MelFrontEnd, boolean, string][] = [
    ["windowSamples", windowSamples <= fftSize, `at most fftSize (${fftSize})`],
    ["minHz", minHz < maxHz, `below maxHz (${maxHz})`],
    ["maxHz", maxHz <= card.rateHz / 2, `at most half of rateHz (${card.rateHz / 2})`],
  ];
  for (const [name, holds, rule] of rules) {
    if (!holds) throw new SettingError(action, name, rule, mel[name]);
  }
  return { ...card, frontEnd: mel };
}

function resolve<Values>(
  settings: SettingsOf<Values>,
  said: Readonly<Record<string, unknown>>,
  action: string,
  others: readonly string[] = [],
): Values {
  const names = Object.keys(settings);
  for (const name of Object.keys(said)) {
    if (!names.includes(name)) {
      const known = `one of ${[...names, ...others].join(", ")}`;
      throw new SettingError(action, "each of its fields", known, name);
    }
  }
  const values = Object.fromEntries(
    names.flatMap((name) => {
      const value = said[name] ?? settings[name as keyof Values].default;
      return value === undefined ? [] : [[name, value]];
    }),
  ) as Values;
  checkSettings(settings, values, action);
  return values;
}

function recordOf(data: unknown, action: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof data === "object" && data !== null && !Array.isArray(data)) {
    return data as Record<string, unknown>;
  }
  throw new SettingError(action, what, "an object", JSON.stringify(data));
}

/** The name of a file in the same folder: a card reaches nowhere else. */
function fileName() {
  return {
    ...text,
    rule: "the name of a file in the same folder",
    contains: (value: unknown) =>
      typeof value === "string" && /^[^/\\]+$/.test(value) && !/^\.+$/.test(value),
  };
}

function oneOfNumbers<N extends number>(...numbers: readonly N[]) {
  return {
    rule: numbers.join(" or "),
    contains: (value: unknown) => numbers.some((number) => number === value),
    parse: (word: string) => numbers.find((number) => String(number) === word),
    format: String,
  };
}

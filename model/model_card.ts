/** What a saved model carries beside its layers and weights, and the check of one that comes from a file. */
import { type BackboneOrigin, parseOrigin } from "../backbone/origin.ts";
import { checkFrontEnd, defaultFrontEnd, type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import { type ConvNetworkOptions, createConvNetwork, earlierNetwork } from "./conv_network.ts";
import { type Network, outputOf } from "./network.ts";
import { resolveNetwork } from "./resolve_network.ts";
import { check, count, finite, listOf, oneOf, record, type Rule, text } from "./rules.ts";
import { scoreRules, type Scores } from "./scores/scores.ts";

/** Version of the card that is written. Cards of version 1, which have `spec` for `network`, are read, too. */
export const modelFormatVersion = 2;

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
  readonly network: Network;
  /** How its features are made. */
  readonly frontEnd: FrontEnd;
  /**
   * What its features are, where they are no log-mel spectrograms: a backbone's embeddings. Of the front end only the
   * sample rate and the length of a clip count then; the rest is how reports draw it.
   */
  readonly backbone?: BackboneOrigin;
  /** The classes, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /** Classes that are never given out as labels; absent where there are none. */
  readonly backgroundClasses?: readonly string[];
  /** The other class with the most training clips: what a clip that cannot be read is labelled as. */
  readonly majorityLabel: string;
  /**
   * What its probabilities mean; absent without validation, and in models of earlier versions: temperature 1 and
   * no thresholds. The network itself does not know of it: `Decision` applies it to the answers.
   */
  readonly scores?: Scores;
  /** Known answers of the front end and the network. */
  readonly golden: GoldenVector;
  /** Epoch of these weights, counted from 1. */
  readonly epoch: number;
  /**
   * Clips that they were trained on afterwards, those that were validated on included; absent where they were not.
   * What follows, and `scores`, is of that epoch as it was.
   */
  readonly refitClips?: number;
  /** Share of validation clips that they name rightly; absent, as what follows, without validation. */
  readonly validationAccuracy?: number;
  /** Their mean average precision, where a clip may have several labels. */
  readonly validationMeanAveragePrecision?: number;
  /** Their label accuracy, where a clip may have several labels. */
  readonly validationLabelAccuracy?: number;
  /** Mean cross-entropy of the validation clips. */
  readonly validationLoss?: number;
}

const finiteIfThere: Rule = [
  (value) => value === undefined || finite[0](value),
  "a finite number or missing",
];

/** Fields of a card and their rules, those of the network and the front end apart. */
const rules: readonly (readonly [path: string, rule: Rule])[] = [
  ["program", text],
  ["classes", listOf(text)],
  ["golden.features", listOf(finite)],
  [
    "golden.probabilities",
    listOf([
      (value) => finite[0](value) && value as number >= 0 && value as number <= 1,
      "from 0 to 1",
    ]),
  ],
  ["epoch", count],
  ["refitClips", [(value) => value === undefined || count[0](value), `${count[1]} or missing`]],
  ["validationAccuracy", finiteIfThere],
  ["validationMeanAveragePrecision", finiteIfThere],
  ["validationLabelAccuracy", finiteIfThere],
  ["validationLoss", finiteIfThere],
];

/** What stands at a path such as `golden.features`; nothing where a part of it is missing. */
function valueAt(data: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, key) => record[0](value) ? (value as Record<string, unknown>)[key] : undefined,
    data,
  );
}

/**
 * The card of a model file, plain data from anywhere: every field is there, in its range, and fits the
 * others. One of version 1 comes back as one of this version.
 *
 * @throws {RangeError} where it is not so: the field's path, the rule, the value seen.
 */
export function parseModelCard(data: unknown): ModelCard {
  const version = valueAt(data, "formatVersion");
  if (version !== 1 && version !== modelFormatVersion) {
    throw new RangeError(
      `Cannot use this model as it must be of melstream's model format ${modelFormatVersion} or 1: ` +
        `current value is ${version ?? "missing (not a model of melstream)"}`,
    );
  }
  const card = (version === 1 ? ofThisVersion(data) : data) as ModelCard;
  for (const [path, rule] of rules) check(path, rule, valueAt(card, path));
  checkScoresOf(card);
  resolveNetwork(card.network);
  checkFrontEndOf(card);
  if (card.backbone !== undefined) parseOrigin(card.backbone);
  checkAgreement(card);
  return card;
}

/** @throws {RangeError} where the front end lacks a setting, or has one that it cannot be. */
function checkFrontEndOf({ frontEnd }: ModelCard): void {
  check("frontEnd", record, frontEnd);
  for (const [key, value] of Object.entries(defaultFrontEnd)) {
    const rule = typeof value === "number" ? finite : text;
    check(`frontEnd.${key}`, rule, frontEnd[key as keyof FrontEnd]);
  }
  checkFrontEnd(frontEnd);
}

/** @throws {RangeError} where there are scores that cannot be, or background classes that leave no other. */
function checkScoresOf({ scores, classes, backgroundClasses }: ModelCard): void {
  if (backgroundClasses !== undefined) {
    check("backgroundClasses", listOf(oneOf(...classes)), backgroundClasses);
    const leavesOne = classes.some((name) => !backgroundClasses.includes(name));
    check("backgroundClasses", [() => leavesOne, "fewer than the classes"], backgroundClasses);
  }
  if (scores === undefined) return;
  check("scores", record, scores);
  for (const [name, rule] of scoreRules) check(`scores.${name}`, rule, scores[name]);
  const { thresholds } = scores, wanted = `as many as the classes, ${classes.length}`;
  check("scores.thresholds", [() => thresholds.length === classes.length, wanted], thresholds);
}

/** A card of version 1 with this version's names. */
function ofThisVersion(data: unknown): unknown {
  const { labels, spec: _spec, ...rest } = data as Record<string, unknown>;
  const network = networkOfVersion1(data);
  return { ...rest, formatVersion: modelFormatVersion, classes: rest.classes ?? labels, network };
}

/** What version 1 says of its network are the choices of the one that there was. */
function networkOfVersion1(data: unknown): Network {
  check("spec", record, valueAt(data, "spec"));
  const choices = valueAt(data, "spec") as ConvNetworkOptions;
  check("spec.channels", listOf(count), choices.channels);
  return createConvNetwork({ ...earlierNetwork, ...choices });
}

/** @throws {RangeError} where the parts of a card contradict each other. */
function checkAgreement(card: ModelCard): void {
  const { network, frontEnd, backbone, classes, backgroundClasses = [], majorityLabel } = card;
  const { golden } = card;
  const { numClasses } = outputOf(network);
  const equals = (path: string, value: number, wanted: number, of: string) =>
    check(path, [() => value === wanted, `${wanted}, ${of}`], value);
  equals("classes.length", classes.length, numClasses, "the network's outputs");
  check("classes", [() => new Set(classes).size === numClasses, "different names"], classes);
  const given = classes.filter((name) => !backgroundClasses.includes(name));
  check("majorityLabel", oneOf(...given), majorityLabel);
  equals("golden.probabilities.length", golden.probabilities.length, numClasses, "one an output");
  const [rows, columns, of] = backbone
    ? [backbone.feeding.size, 1, "as backbone says"] as const
    : [frontEnd.melBands, numFrames(frontEnd), "as frontEnd says"] as const;
  equals("network.melBands", network.melBands, rows, of);
  equals("network.numFrames", network.numFrames, columns, of);
  if (!backbone) return;
  equals("frontEnd.sampleRateHz", frontEnd.sampleRateHz, backbone.card.rateHz, of);
}

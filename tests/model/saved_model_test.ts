import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { createConvNetwork } from "../../model/conv_network.ts";
import { createCpuEngine } from "../../model/cpu/cpu_engine.ts";
import { outputOf } from "../../model/network.ts";
import { decodeModel, encodeModel } from "../../model/saved_model.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { checkGoldenVector } from "../../run/golden.ts";
import { assertSameBits } from "../assert_same_bits.ts";
import { createCard } from "./create_card.ts";

const network = createConvNetwork({
  ...{ melBands: 8, numFrames: 8, numClasses: 2 },
  ...{ channels: [3, 5], denseUnits: 4 },
});
const card = createCard(network);
const weights = createInitialWeights(network, 1);

Deno.test("what is written is read back, front end, classes and golden vector included", () => {
  assertSameBits(decodeModel(encodeModel({ card, weights })), { card, weights });
  const scores = { temperature: 0.5, thresholds: [0.5, null], precision: null };
  const more = { ...card, scores, backgroundClasses: ["class 1"] };
  assertSameBits(decodeModel(encodeModel({ card: more, weights })).card, more);
});

Deno.test("the manifest lists every weight in the order of the bytes", () => {
  const { modelJson, weightsBin } = encodeModel({ card, weights: weights.toReversed() });
  const [{ paths, weights: listed }] = JSON.parse(modelJson).weightsManifest;
  assertEquals(paths, ["weights.bin"]);
  assertEquals(
    listed.map(({ name }: { name: string }) => name),
    weights.map(({ name }) => name),
  );
  const first = new DataView(weightsBin.buffer).getFloat32(0, true);
  assertStrictEquals(first, weights[0].values[0]);
});

const files = encodeModel({ card, weights });

function refuses(changed: Partial<typeof files>, words: RegExp): void {
  const error = assertThrows(() => decodeModel({ ...files, ...changed }), SyntaxError);
  assertMatch(error.message, words);
  assertNotMatch(error.message, /\n/);
}

Deno.test("a file that is damaged, cut or of another version is refused with what was expected", () => {
  refuses({ modelJson: "{" }, /Cannot read model.json/);
  for (const modelJson of ["{}", "null", "5", '{"userDefinedMetadata":{"melstream":[]}}']) {
    refuses({ modelJson }, /not a model of melstream/);
  }
  refuses(
    { modelJson: files.modelJson.replace(/"formatVersion": 2/, '"formatVersion": 99') },
    /format 2 or 1: current value is 99/,
  );
  refuses({ weightsBin: files.weightsBin.slice(0, -4) }, /must be \d+ bytes/);
  for (const value of [NaN, Infinity]) {
    const weightsBin = files.weightsBin.slice();
    new DataView(weightsBin.buffer).setFloat32(4 * 29, value, true);
    const words = new RegExp(`weight 2 of batch_norm_1/gamma must be a finite number: .+${value}`);
    refuses({ weightsBin }, words);
  }
});

Deno.test("a card with a field that is missing, of another kind or out of range is refused by its path", () => {
  const { frontEnd, golden } = card;
  const scores = { temperature: 0.5, thresholds: [0.5, null], precision: null };
  for (
    const [change, words] of [
      [{ program: 7 }, /program must be text: current value is 7/],
      [{ classes: ["a", "b", "c"] }, /classes.length must be 2, the network's outputs: .+ is 3/],
      [{ classes: ["a"], majorityLabel: "a" }, /classes.length must be 2, .+ is 1/],
      [
        { classes: "ab" },
        /classes must be a list of at least one, each text: current value is "ab"/,
      ],
      [{ classes: ["a", "a"], majorityLabel: "a" }, /classes must be different names/],
      [{ majorityLabel: "elsewhere" }, /majorityLabel must be class 0 or class 1: .+"elsewhere"/],
      [{ golden: undefined }, /golden\.features must be a list .+ is missing/],
      [{ golden: { ...golden, features: [] } }, /golden\.features must be .+ is \[\]/],
      [{ golden: { ...golden, features: [null] } }, /golden\.features must be .+ is \[null\]/],
      [{ golden: { ...golden, probabilities: [] } }, /golden\.probabilities must be .+ is \[\]/],
      [{ golden: { ...golden, probabilities: [null, 1] } }, /golden\.probabilities must be/],
      [{ golden: { ...golden, probabilities: [1] } }, /golden\.probabilities\.length must be 2/],
      [{ scores: 7 }, /scores must be an object: .+ is 7/],
      [{ scores: {} }, /scores\.temperature must be a number from 0\.05 to 20: .+ is missing/],
      [{ scores: { ...scores, temperature: 1e-300 } }, /scores\.temperature must be .+ is 1e-300/],
      [
        { scores: { ...scores, thresholds: [2, 0] } },
        /scores\.thresholds must be .+ 0 to 1 or null/,
      ],
      [{ scores: { ...scores, thresholds: [0] } }, /scores\.thresholds must be as many .+, 2: /],
      [{ scores: { ...scores, precision: "high" } }, /scores\.precision must be from 0 to 1/],
      [{ backgroundClasses: [] }, /backgroundClasses must be a list of at least one/],
      [
        { backgroundClasses: ["noise"] },
        /backgroundClasses must be .+ class 0 or class 1: .+noise/,
      ],
      [{ backgroundClasses: ["class 0", "class 1"] }, /backgroundClasses must be fewer than the/],
      [{ backgroundClasses: ["class 0"] }, /majorityLabel must be class 1: .+"class 0"/],
      [{ epoch: 0 }, /epoch must be .+ is 0/],
      [
        { validationAccuracy: null },
        /validationAccuracy must be a finite number or missing: .+ is null/,
      ],
      [{ validationLoss: "low" }, /validationLoss must be/],
      [{ validationMeanAveragePrecision: [] }, /validationMeanAveragePrecision must be/],
      [{ frontEnd: undefined }, /frontEnd must be an object: current value is missing/],
      [{ frontEnd: { ...frontEnd, hopSamples: undefined } }, /frontEnd\.hopSamples must be/],
      [{ frontEnd: { ...frontEnd, sampleRateHz: "22050" } }, /frontEnd\.sampleRateHz must be/],
      [{ frontEnd: { ...frontEnd, fftSize: 1000 } }, /fftSize must be a power of two/],
      [{ frontEnd: { ...frontEnd, melBands: 9 } }, /network\.melBands must be 9, as frontEnd says/],
      [{ frontEnd: { ...frontEnd, durationSeconds: 5 } }, /network\.numFrames must be 216/],
      [{ network: undefined }, /network must be an object: current value is missing/],
      [{ network: { ...network, nodes: [] } }, /network\.nodes must be a list/],
      [{ network: { ...network, numFrames: 0 } }, /network\.numFrames must be/],
    ] as const
  ) {
    const json = JSON.parse(files.modelJson);
    Object.assign(json.userDefinedMetadata.melstream, change);
    refuses({ modelJson: JSON.stringify(json) }, words);
  }
});

Deno.test("a network that its weights do not fit is refused", () => {
  const other = createConvNetwork({
    ...{ melBands: 8, numFrames: 8, numClasses: 2 },
    ...{ channels: [3, 6], denseUnits: 4 },
  });
  const { modelJson } = encodeModel({
    card: createCard(other),
    weights: createInitialWeights(other, 1),
  });
  refuses({ modelJson }, /must be \d+ bytes/);
});

Deno.test("a weight of the wrong shape is not saved, nor a card that could not be read", () => {
  const wrong = weights.map((w, i) => i === 0 ? { ...w, shape: [1, 1, 1, 27] } : w);
  assertThrows(() => encodeModel({ card, weights: wrong }), TypeError);
  const nan = { ...card, golden: { features: [0], probabilities: [NaN, NaN] } };
  assertThrows(() => encodeModel({ card: nan, weights }), RangeError);
});

Deno.test("a model of format version 1 is read, and gives the answers that it carries", async () => {
  // Written by the program at commit 18b61b5, after 20 steps on made-up features.
  const read = (name: string) => new URL(`../vectors/model/version_1/${name}`, import.meta.url);
  const modelJson = await Deno.readTextFile(read("model.json"));
  const weightsBin = await Deno.readFile(read("weights.bin"));
  const { card, weights } = decodeModel({ modelJson, weightsBin });
  assertStrictEquals(card.formatVersion, 2);
  assert(!("spec" in card));
  assertEquals(outputOf(card.network), { numClasses: 3, activation: "sigmoid" });
  assertSameBits(decodeModel(encodeModel({ card, weights })), { card, weights });
  const engine = await createCpuEngine(card.network, { weights, threads: 1 });
  await checkGoldenVector(card, engine);
  await engine.dispose();

  const refusesSpec = (change: object, words: RegExp) => {
    const json = JSON.parse(modelJson);
    Object.assign(json.userDefinedMetadata.melstream, change);
    refuses({ modelJson: JSON.stringify(json), weightsBin }, words);
  };
  refusesSpec({ spec: undefined }, /spec must be an object: current value is missing/);
  refusesSpec({ spec: {} }, /spec\.channels must be/);
  refusesSpec({ spec: { channels: [4] } }, /network\.melBands must be .+ is missing/);
});

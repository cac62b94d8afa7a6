import assert from "node:assert/strict";
import { createModelSpec } from "../../model/model_spec.ts";
import {
  decodeModel,
  encodeModel,
  type ModelCard,
  modelFormatVersion,
} from "../../model/saved_model.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { defaultFrontEnd } from "../../pipeline/front_end.ts";

const spec = createModelSpec(
  { melBands: 8, numFrames: 8, numClasses: 2, dynamicRangeDb: 80 },
  { channels: [3, 5], denseUnits: 4 },
);
const card: ModelCard = {
  formatVersion: modelFormatVersion,
  program: "melstream test",
  spec,
  frontEnd: { ...defaultFrontEnd, melBands: 8 },
  classes: ["a", "b"],
  majorityLabel: "a",
  testShifts: 0,
  golden: { features: [-1.5], probabilities: [0.25, 0.75] },
  epoch: 3,
  validationAccuracy: 0.5,
  validationLoss: 0.7,
};
const weights = createInitialWeights(spec, 1);

Deno.test("what is written is read back, front end, labels and golden vector included", () => {
  assert.deepEqual(decodeModel(encodeModel({ card, weights })), { card, weights });
});

Deno.test("the manifest lists every weight in the order of the bytes", () => {
  const { modelJson, weightsBin } = encodeModel({ card, weights: weights.toReversed() });
  const [{ paths, weights: listed }] = JSON.parse(modelJson).weightsManifest;
  assert.deepEqual(paths, ["weights.bin"]);
  assert.deepEqual(
    listed.map(({ name }: { name: string }) => name),
    weights.map(({ name }) => name),
  );
  const first = new DataView(weightsBin.buffer).getFloat32(0, true);
  assert.equal(first, weights[0].values[0]);
});

Deno.test("a file that is damaged, cut or of another version is refused with what was expected", () => {
  const files = encodeModel({ card, weights });
  const refuses = (changed: Partial<typeof files>, words: RegExp) =>
    assert.throws(() => decodeModel({ ...files, ...changed }), (error) => {
      assert.ok(error instanceof SyntaxError);
      assert.match(error.message, words);
      return true;
    });
  refuses({ modelJson: "{" }, /Cannot read model.json/);
  refuses({ modelJson: "{}" }, /not a model of melstream/);
  refuses(
    { modelJson: files.modelJson.replace(/"formatVersion": 1/, '"formatVersion": 99') },
    /99/,
  );
  refuses({ weightsBin: files.weightsBin.slice(0, -4) }, /must be \d+ bytes/);
});

Deno.test("a weight of the wrong shape is not saved", () => {
  const wrong = weights.map((w, i) => i === 0 ? { ...w, shape: [1, 1, 1, 27] } : w);
  assert.throws(() => encodeModel({ card, weights: wrong }), TypeError);
});

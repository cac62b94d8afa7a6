import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import * as tf from "../../../deps/tfjs_core.ts";
import "@tensorflow/tfjs-backend-cpu";
import { models } from "@tensorflow/tfjs-layers";
import { layersTopology } from "../../../model/layers_topology.ts";
import { createConvNetwork } from "../../../model/conv_network.ts";
import { weightShapes } from "../../../model/resolve_network.ts";
import { createInitialWeights } from "../../../model/weights.ts";

const network = createConvNetwork({
  ...{ melBands: 9, numFrames: 11, numClasses: 3 },
  ...{ channels: [2, 3], globalPooling: "mean", denseUnits: 4 },
  ...{ dropoutRate: 0.5, activation: "sigmoid" },
});

async function buildModel() {
  await tf.setBackend("cpu");
  // A round trip through text: what is in the saved file is what is built.
  const topology = JSON.parse(JSON.stringify(layersTopology(network)));
  return await models.modelFromJSON(topology);
}

Deno.test("layersTopology builds a model whose weights have the canonical names and shapes", async () => {
  const model = await buildModel();
  const built = model.weights.map((weight) => `${weight.originalName} [${weight.shape}]`);
  const canonical = weightShapes(network).map(({ name, shape }) => `${name} [${shape}]`);
  assertEquals(built.toSorted(), canonical.toSorted());
  model.dispose();
});

Deno.test("the built model scales its input, normalises, pools and ends in probabilities", async () => {
  const model = await buildModel();
  const weights = createInitialWeights(network, 3);
  for (const weight of weights) {
    // Running statistics and offsets that are not the identity, so that a wrong role would show.
    if (weight.values.every((value) => value === weight.values[0])) {
      weight.values.forEach((_, i) => weight.values[i] = 0.5 + i / 7);
    }
  }
  const named = Object.fromEntries(
    weights.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape])]),
  );
  model.loadWeights(named);
  const inputs = tf.tensor(Float32Array.from({ length: 99 }, (_, i) => -((i * 37) % 80)), [
    1,
    9,
    11,
    1,
  ]);
  const outputs = await (model.predict(inputs) as tf.Tensor).data();

  let x = tf.add(tf.div(inputs, 40), 2) as tf.Tensor4D;
  for (const block of [1, 2]) {
    const norm = (role: string) => named[`batch_norm_${block}/${role}`];
    x = tf.conv2d(x, named[`conv_${block}/kernel`] as tf.Tensor4D, 1, "same");
    const deviation = tf.sqrt(tf.add(norm("moving_variance"), 1e-5));
    const normed = tf.div(tf.sub(x, norm("moving_mean")), deviation);
    x = tf.relu(tf.add(tf.mul(normed, norm("gamma")), norm("beta")));
    x = tf.maxPool(x, 2, 2, "valid");
  }
  const linear = (input: tf.Tensor, layer: string) =>
    tf.add(
      tf.matMul(input as tf.Tensor2D, named[`${layer}/kernel`] as tf.Tensor2D),
      named[`${layer}/bias`],
    );
  const hidden = tf.relu(linear(tf.mean(x, [1, 2]), "dense"));
  const expected = await tf.sigmoid(linear(hidden, "logits")).data();
  assertStrictEquals(outputs.length, 3);
  outputs.forEach((value, i) => assert(Math.abs(value - expected[i]) < 1e-6, `${value}`));
  model.dispose();
});

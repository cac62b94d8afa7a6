/** Models for tests: what they know is drawn, so that every weight matters. */
import { createConvNetwork, type GlobalPooling } from "../../model/conv_network.ts";
import { createEngine } from "../../model/create_engine.ts";
import { type Network, type OutputActivation, outputOf } from "../../model/network.ts";
import type { SavedModel } from "../../model/saved_model.ts";
import { createInitialWeights, type Weight } from "../../model/weights.ts";
import { type FrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { createRandom } from "../../pipeline/random.ts";
import { createGoldenVector } from "../../run/golden.ts";
import { createCard } from "../model/create_card.ts";

/** Weights of a network, biases and statistics included. */
export function drawWeights(network: Network, seed: number): Weight[] {
  return createInitialWeights(network, seed).map(({ name, shape, values }) => {
    const random = createRandom("drawn weights", seed, name);
    const drawn = shape.length > 1 ? values : values.map((x) => x + random.uniform(-0.4, 0.4));
    return { name, shape, values: drawn };
  });
}

/** A model of the default kind of network that the labeller takes. */
export async function createModel(
  frontEnd: FrontEnd,
  {
    seed = 1,
    temperature = 1,
    activation = "softmax" as OutputActivation,
    globalPooling = "mean" as GlobalPooling,
  } = {},
): Promise<SavedModel> {
  const { melBands } = frontEnd;
  const network = createConvNetwork({
    ...{ melBands, numFrames: numFrames(frontEnd), numClasses: 3, channels: [8, 16] },
    ...{ globalPooling, denseUnits: 12, activation },
  });
  const weights = drawWeights(network, seed);
  const { engine } = await createEngine(network, { weights, backend: "cpu", threads: 1 });
  const golden = await createGoldenVector(frontEnd, engine);
  await engine.dispose();
  const scores = { temperature, thresholds: [0.5, null, 0.25], precision: null };
  return { card: { ...createCard(network), frontEnd, scores, golden }, weights };
}

/** A model of any network, for features alone. */
export function createModelOf(network: Network, frontEnd: FrontEnd, seed = 1): SavedModel {
  const { numClasses } = outputOf(network), card = createCard(network);
  const golden = { ...card.golden, probabilities: Array(numClasses).fill(0) };
  return { card: { ...card, frontEnd, golden }, weights: drawWeights(network, seed) };
}

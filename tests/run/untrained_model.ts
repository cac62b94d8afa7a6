import { createConvNetwork } from "../../model/conv_network.ts";
import { createCpuEngine } from "../../model/cpu/cpu_engine.ts";
import { type ModelCard, modelFormatVersion } from "../../model/model_card.ts";
import type { SavedModel } from "../../model/saved_model.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { defaultFrontEnd, type FrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { createGoldenVector } from "../../run/golden.ts";

/** Where it answers in tests. */
export const machine = { backend: "cpu", threads: 1, workers: 2 } as const;

/** Half a second, so that an answer takes milliseconds. */
export const frontEnd: FrontEnd = { ...defaultFrontEnd, durationSeconds: 0.5, melBands: 32 };

/** A model that has learnt nothing, by a seed. */
export async function createUntrainedModel(
  seed: number,
  channels: readonly number[] = [8, 8],
): Promise<SavedModel> {
  const network = createConvNetwork({
    melBands: frontEnd.melBands,
    numFrames: numFrames(frontEnd),
    numClasses: 3,
    channels,
  });
  const weights = createInitialWeights(network, seed);
  const engine = await createCpuEngine(network, { weights, threads: 1 });
  const golden = await createGoldenVector(frontEnd, engine);
  await engine.dispose();
  const card: ModelCard = {
    formatVersion: modelFormatVersion,
    program: "test",
    network,
    frontEnd,
    classes: ["a", "b", "c"],
    majorityLabel: "a",
    golden,
    epoch: 1,
    validationAccuracy: 1,
    validationLoss: 0,
  };
  return { card, weights };
}

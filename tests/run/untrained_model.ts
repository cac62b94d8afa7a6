import { openBackbone } from "../../backbone/backbone.ts";
import { createOnnx } from "../../export/export.ts";
import { createConvNetwork } from "../../model/conv_network.ts";
import { createCpuEngine } from "../../model/cpu/cpu_engine.ts";
import { createHeadEngine } from "../../model/head/head_engine.ts";
import { createHeadNetwork } from "../../model/head/head_network.ts";
import { type ModelCard, modelFormatVersion } from "../../model/model_card.ts";
import type { SavedModel } from "../../model/saved_model.ts";
import { createInitialWeights } from "../../model/weights.ts";
import { defaultFrontEnd, type FrontEnd, numFrames } from "../../pipeline/front_end.ts";
import { describeBackbone } from "../../run/config/backbone_choices.ts";
import { createPool } from "../../run/embeddings/embedding_pool.ts";
import { createGoldenEmbedding, createGoldenVector } from "../../run/golden.ts";

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

/** A head that has learnt nothing, on the network of such a model as its backbone, `net.onnx` in a folder. */
export async function createUntrainedHead(dir: string): Promise<SavedModel> {
  const { sampleRateHz: rateHz, durationSeconds: seconds } = frontEnd, path = `${dir}/net.onnx`;
  const model = await createUntrainedModel(1);
  await Deno.writeFile(path, await createOnnx(model, { embedding: true }));
  await Deno.writeTextFile(`${dir}/net.json`, JSON.stringify({ rateHz, seconds }));
  const backbone = await openBackbone(path), { feeding: { size } } = backbone;
  const network = createHeadNetwork({
    ...{ size, numClasses: 3, hiddenUnits: 4, activation: "softmax" },
  });
  const weights = createInitialWeights(network, 1), pool = createPool({ workers: 1 }, backbone);
  const features = await createGoldenEmbedding(pool, backbone, frontEnd);
  pool.close();
  const golden = await createGoldenVector(frontEnd, createHeadEngine(network, weights), features);
  const card = { ...model.card, network, golden, backbone: describeBackbone(backbone) };
  return { card, weights };
}

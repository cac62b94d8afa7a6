import { loadDsp } from "../pipeline/dsp/dsp.ts";
import { encodeWav } from "../pipeline/encode_wav.ts";
import type { FrontEnd } from "../pipeline/front_end.ts";
import { createGoldenFeatures, createGoldenSignal, goldenHz } from "../pipeline/golden_signal.ts";
import { plainRequests } from "../pipeline/requests.ts";
import type { Backbone } from "../backbone/backbone.ts";
import type { Answerer } from "../model/engine.ts";
import type { GoldenVector, ModelCard } from "../model/model_card.ts";
import { createBatchStream } from "../workers/batch_stream.ts";
import type { FeaturePool } from "../workers/feature_pool.ts";
import { RunError } from "./run_error.ts";

/** How many cells of the golden features a model carries. */
const numCells = 64;
/** Largest difference that is still the same front end, in dB. Within one version it is exactly 0. */
const featureToleranceDb = 0.01;
/** Largest difference of an embedding that is still the same, as a share of its largest number. */
const embeddingTolerance = 1e-3;
/** Largest difference of a probability that is still the same model: engines round differently. */
const probabilityTolerance = 0.01;

/**
 * Makes the golden vector that a model with these weights carries.
 *
 * @param features The features of the golden signal; by default those of the front end.
 * @throws {RunError} where a probability is not finite.
 */
export async function createGoldenVector(
  frontEnd: FrontEnd,
  engine: Answerer,
  features?: Float32Array,
): Promise<GoldenVector> {
  features ??= createGoldenFeatures(frontEnd, await loadDsp());
  const { melBands, numFrames: frames } = engine.network;
  // From the first band of the first frame to the last of the last.
  const along = (length: number, i: number) => Math.floor(i * length / numCells);
  const spread = Array.from(
    { length: numCells },
    (_, i) => features[along(melBands, i) * frames + along(frames, i)],
  );
  const probabilities = [...await engine.predict(features)];
  if (!probabilities.every(Number.isFinite)) {
    throw new RunError(
      `Cannot use this model as its probabilities must be finite: current values are ${probabilities}`,
    );
  }
  return { features: spread, probabilities };
}

/**
 * The embedding of the golden signal: read as a recording of 48 kHz, as by everything that is embedded.
 *
 * @throws {Error} where the backbone cannot make one.
 */
export async function createGoldenEmbedding(
  pool: FeaturePool,
  backbone: Backbone,
  frontEnd: FrontEnd,
): Promise<Float32Array> {
  const signal = createGoldenSignal({ ...frontEnd, sampleRateHz: goldenHz });
  const bytes = encodeWav(signal, goldenHz, "float32"), name = "the golden signal";
  const recording = { id: name, location: { kind: "memory" as const, name, bytes } };
  const batches = createBatchStream(pool, plainRequests([{ recording, start: 0 }]), {
    ...{ graph: { frontEnd, seed: 0 }, backbone, batchSize: 1, prefetch: 0 },
  });
  let embedding: Float32Array | undefined;
  for await (const { inputs, rows: [{ failure }], release } of batches) {
    if (failure) {
      const what = backbone.network.path ?? backbone.card.name;
      throw new RunError(
        `Cannot use ${what} as a backbone as it must make an embedding of a test sound, fed as its card says: ` +
          failure.message.replace(/^.* stage failed: /, ""),
      );
    }
    embedding = inputs.slice();
    release();
  }
  return embedding!;
}

/**
 * Checks that this program, on this machine, makes the features and the answers that the model was
 * saved with.
 *
 * @param features As of `createGoldenVector`.
 * @throws {RunError} where it does not.
 */
export async function checkGoldenVector(
  card: ModelCard,
  engine: Answerer,
  features?: Float32Array,
): Promise<void> {
  const now = await createGoldenVector(card.frontEnd, engine, features);
  const compare = (name: keyof GoldenVector, tolerance: number, unit: string) => {
    const worst = card.golden[name].reduce((max, value, i) =>
      // A value that is missing or no number is as far off as can be.
      Math.max(
        max,
        Math.abs(value - (now[name][i] ?? NaN)) || (value === now[name][i] ? 0 : Infinity),
      ), 0);
    if (!(worst <= tolerance)) {
      throw new RunError(
        `Cannot use this model as its golden ${name} must come out within ${tolerance}${unit} here: ` +
          `current difference is ${worst}${unit} (made by ${card.program})`,
      );
    }
  };
  if (card.backbone) {
    const largest = card.golden.features.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    compare("features", embeddingTolerance * largest, "");
  } else compare("features", featureToleranceDb, " dB");
  compare("probabilities", probabilityTolerance, "");
}

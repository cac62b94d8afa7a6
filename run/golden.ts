import { loadDsp } from "../pipeline/dsp/dsp.ts";
import { type FrontEnd, numFrames } from "../pipeline/front_end.ts";
import { createGoldenFeatures } from "../pipeline/golden_signal.ts";
import type { Engine } from "../model/engine.ts";
import type { GoldenVector, ModelCard } from "../model/model_card.ts";
import { RunError } from "./run_error.ts";

/** How many cells of the golden features a model carries. */
const numCells = 64;
/** Largest difference that is still the same front end, in dB. Within one version it is exactly 0. */
const featureToleranceDb = 0.01;
/** Largest difference of a probability that is still the same model: engines round differently. */
const probabilityTolerance = 0.01;

/**
 * Makes the golden vector that a model with these weights carries.
 *
 * @throws {RunError} where a probability is not finite.
 */
export async function createGoldenVector(
  frontEnd: FrontEnd,
  engine: Engine,
): Promise<GoldenVector> {
  const features = createGoldenFeatures(frontEnd, await loadDsp());
  const { melBands } = frontEnd, frames = numFrames(frontEnd);
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
 * Checks that this program, on this machine, makes the features and the answers that the model was
 * saved with.
 *
 * @throws {RunError} where it does not.
 */
export async function checkGoldenVector(card: ModelCard, engine: Engine): Promise<void> {
  const now = await createGoldenVector(card.frontEnd, engine);
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
  compare("features", featureToleranceDb, " dB");
  compare("probabilities", probabilityTolerance, "");
}

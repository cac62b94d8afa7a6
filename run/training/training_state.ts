/**
 * State of a run that is stopped: the folder `last/` with `state.json`, the weights and Adam's moments.
 * It is replaced whole, so that a process killed at any moment leaves the state before or after.
 */
import type { Engine } from "../../model/engine.ts";
import { freeArrays } from "../../model/free_arrays.ts";
import { isTrained } from "../../model/operations.ts";
import { weightShapes } from "../../model/resolve_network.ts";
import { decodeWeights, encodeWeights } from "../../model/saved_model.ts";
import type { WeightAverage } from "../../model/weight_average.ts";
import type { Weight } from "../../model/weights.ts";
import { nextFolder, replaceFolder } from "../files/atomic_file.ts";
import { checkState } from "./check_state.ts";
import { RunError } from "../run_error.ts";
import { readSealed, sealState } from "./sealed_state.ts";
import type { SavedState, TrainingProgress } from "./training_progress.ts";

const stateFolder = (dir: string) => `${dir}/last`;

/**
 * Writes a run's state, or leaves the one before.
 *
 * @throws {RunError} where it cannot be written.
 */
export async function saveState(
  dir: string,
  progress: TrainingProgress,
  engine: Engine,
  average: WeightAverage,
): Promise<void> {
  const { steps, firstMoments, secondMoments } = await engine.exportOptimizer();
  const state: SavedState = { progress, optimizerSteps: steps, averageUpdates: average.updates };
  const files = {
    "weights.bin": encodeCopy(await engine.exportWeights()),
    "moments.bin": encodeCopy([...firstMoments, ...secondMoments]),
    ...(average.weights ? { "average.bin": encodeWeights(average.weights) } : {}),
  };
  try {
    await replaceFolder(stateFolder(dir), sealState(state, files));
  } finally {
    freeArrays(Object.values(files));
  }
}

/** Encodes weights that nobody else has. */
function encodeCopy(weights: readonly Weight[]): Uint8Array {
  const bytes = encodeWeights(weights);
  freeArrays(weights.map(({ values }) => values));
  return bytes;
}

/**
 * Takes a run's state over into an engine and an average, after all of it was checked.
 *
 * @param epochs Epochs of the whole run.
 * @returns where the run stands; nothing where it was stopped before its first state.
 * @throws {RunError} where a file is damaged, naming it, or of another version's format.
 */
export async function loadState(
  dir: string,
  { engine, average, epochs }: {
    readonly engine: Engine;
    readonly average: WeightAverage;
    readonly epochs: number;
  },
): Promise<TrainingProgress | undefined> {
  for (const folder of [stateFolder(dir), nextFolder(stateFolder(dir))]) {
    const sealed = await readSealed(folder);
    if (!sealed) continue;
    const { progress, optimizerSteps, averageUpdates } = sealed.state;
    checkState(sealed.state, { network: engine.network, epochs, path: `${folder}/state.json` });
    const shapes = weightShapes(engine.network);
    const trained = shapes.filter(isTrained);
    const read = (name: string, expected: typeof shapes) =>
      decodeFinite(`${folder}/${name}`, sealed.files[name], expected);
    const weights = read("weights.bin", shapes);
    const moments = read("moments.bin", [...trained, ...trained]);
    const averaged = averageUpdates > 0 ? read("average.bin", shapes) : undefined;
    await engine.importWeights(weights);
    await engine.importOptimizer({
      steps: optimizerSteps,
      firstMoments: moments.slice(0, trained.length),
      secondMoments: moments.slice(trained.length),
    });
    if (averaged) average.restore(averaged, averageUpdates);
    return progress;
  }
}

/** @throws {RunError} where the numbers are too few, too many, or not finite. */
function decodeFinite(
  path: string,
  bytes: Uint8Array | undefined,
  shapes: Parameters<typeof decodeWeights>[1],
): Weight[] {
  const refuse = (why: string, cause?: unknown) => {
    throw new RunError(`Cannot go on from ${path}: ${why}`, { cause });
  };
  if (!bytes) return refuse("it is not among the state's files");
  let weights: Weight[] = [];
  try {
    weights = decodeWeights(bytes, shapes);
  } catch (cause) {
    refuse((cause as Error).message, cause);
  }
  for (const { name, values } of weights) {
    if (!values.every(Number.isFinite)) refuse(`the values of ${name} must be finite`);
  }
  return weights;
}

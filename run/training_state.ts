/**
 * State of a run that is stopped: the folder `last/` with `state.json`, the weights and Adam's moments.
 * It is replaced whole, so that a process killed at any moment leaves the state before or after.
 */
import type { Engine } from "../model/engine.ts";
import { type Evaluation, scoreOf } from "../model/evaluation/evaluation.ts";
import { type ClassMeans, createClassMeans } from "../model/evaluation/nearest_mean.ts";
import { type Network, outputOf } from "../model/network.ts";
import { isTrained } from "../model/operations.ts";
import { weightShapes } from "../model/resolve_network.ts";
import { decodeWeights, encodeWeights } from "../model/saved_model.ts";
import type { EpochTally } from "../model/trainer.ts";
import type { WeightAverage } from "../model/weight_average.ts";
import type { Weight } from "../model/weights.ts";
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { createStageMs, type StageMs } from "../pipeline/stage_ms.ts";
import { nextFolder, replaceFolder } from "./atomic_file.ts";
import { checkState } from "./check_state.ts";
import { RunError } from "./run_error.ts";
import { readSealed, sealState } from "./sealed_state.ts";
import type { HistoryRow, TrainResult } from "./train_events.ts";

/** The best epoch so far. */
export interface BestEpoch {
  /** Counted from 0. */
  readonly epoch: number;
  /** Its figures on the validation clips. */
  readonly evaluation: Evaluation;
  /** Its training loss: what counts where nothing is validated. */
  readonly trainingLoss: number;
}

/**
 * True where an epoch's weights are to be kept instead of the best so far: for the higher accuracy,
 * or mean average precision with several labels a clip; of equal ones, the lower validation loss;
 * without validation, the lower training loss. A validated epoch is better than one that is not.
 */
export function isBetter(
  { evaluation, trainingLoss }: Omit<BestEpoch, "epoch">,
  best: Omit<BestEpoch, "epoch">,
): boolean {
  const loss = evaluation.loss, bestLoss = best.evaluation.loss;
  if (loss === null || bestLoss === null) {
    return loss === bestLoss ? trainingLoss < best.trainingLoss : loss !== null;
  }
  const score = scoreOf(evaluation) ?? 0, bestScore = scoreOf(best.evaluation) ?? 0;
  return score === bestScore ? loss < bestLoss : score > bestScore;
}

/** Progress of a run, beside its weights: plain data. */
export interface TrainingProgress {
  /** The epoch under way, counted from 0. */
  epoch: number;
  /** Tally of that epoch; absent at its start. */
  tally?: EpochTally;
  /** The best epoch so far; absent before the first. */
  best?: BestEpoch;
  /** What the baseline has learnt: in the first epoch, from its recordings. */
  readonly classMeans: ClassMeans;
  /**
   * Share of validation clips that the baseline names rightly; known after the first epoch, absent
   * where it was not measured.
   */
  baselineAccuracy?: number | null;
  /** One row an epoch. */
  readonly history: HistoryRow[];
  /** Clips that could not be read in the epochs that are done. */
  skipped: readonly ClipFailure[];
  /** Time spent by the feature workers. */
  readonly stageMs: StageMs;
  /** Seconds spent in earlier sittings. */
  seconds: number;
  /** Reason why it ended, once it has. */
  ended?: TrainResult["ended"];
}

/** Content of a saved state beside its weights and moments. */
export interface SavedState {
  /** Progress of the run. */
  readonly progress: TrainingProgress;
  /** Steps that the optimizer has done. */
  readonly optimizerSteps: number;
  /** Updates of the weights' average; 0 where there is none. */
  readonly averageUpdates: number;
}

/** The progress of a run that has not begun. */
export function createProgress(network: Network): TrainingProgress {
  return {
    epoch: 0,
    classMeans: createClassMeans(outputOf(network).numClasses, network.melBands),
    history: [],
    skipped: [],
    stageMs: createStageMs(),
    seconds: 0,
  };
}

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
    "weights.bin": encodeWeights(await engine.exportWeights()),
    "moments.bin": encodeWeights([...firstMoments, ...secondMoments]),
    ...(average.weights ? { "average.bin": encodeWeights(average.weights) } : {}),
  };
  await replaceFolder(stateFolder(dir), sealState(state, files));
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

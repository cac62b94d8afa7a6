/**
 * What a stopped run goes on from: the folder `last/` with `state.json`, the weights and Adam's moments.
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
import type { ClipFailure } from "../pipeline/graph_stage.ts";
import { createStageMs, type StageMs } from "../pipeline/stage_ms.ts";
import { nextFolder, replaceFolder } from "./atomic_file.ts";
import { RunError } from "./run_error.ts";
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

/** Where a run stands, beside its weights: plain data. */
export interface TrainingProgress {
  /** The epoch under way, counted from 0. */
  epoch: number;
  /** Where that epoch stands; absent at its start. */
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
  /** Why it ended, once it has. */
  ended?: TrainResult["ended"];
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

/** Writes a run's state, or leaves the one before. */
export async function saveState(
  dir: string,
  progress: TrainingProgress,
  engine: Engine,
  average: WeightAverage,
): Promise<void> {
  const { steps, firstMoments, secondMoments } = await engine.exportOptimizer();
  const numbers = { optimizerSteps: steps, averageUpdates: average.updates };
  await replaceFolder(stateFolder(dir), {
    "weights.bin": encodeWeights(await engine.exportWeights()),
    "moments.bin": encodeWeights([...firstMoments, ...secondMoments]),
    ...(average.weights ? { "average.bin": encodeWeights(average.weights) } : {}),
    "state.json": JSON.stringify({ progress, ...numbers }) + "\n",
  });
}

/**
 * Takes a run's state over into an engine and an average.
 *
 * @returns where the run stands; nothing where it was stopped before its first state.
 * @throws {RunError} where the state is damaged.
 */
export async function loadState(
  dir: string,
  engine: Engine,
  average: WeightAverage,
): Promise<TrainingProgress | undefined> {
  for (const folder of [stateFolder(dir), nextFolder(stateFolder(dir))]) {
    let text: string;
    try {
      text = await Deno.readTextFile(`${folder}/state.json`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    try {
      const { progress, optimizerSteps, averageUpdates } = JSON.parse(text);
      const shapes = weightShapes(engine.network), trained = shapes.filter(isTrained);
      const weights = decodeWeights(await Deno.readFile(`${folder}/weights.bin`), shapes);
      const moments = decodeWeights(await Deno.readFile(`${folder}/moments.bin`), [
        ...trained,
        ...trained,
      ]);
      await engine.importWeights(weights);
      await engine.importOptimizer({
        steps: optimizerSteps,
        firstMoments: moments.slice(0, trained.length),
        secondMoments: moments.slice(trained.length),
      });
      if (averageUpdates > 0) {
        const averaged = decodeWeights(await Deno.readFile(`${folder}/average.bin`), shapes);
        average.restore(averaged, averageUpdates);
      }
      return progress;
    } catch (cause) {
      throw new RunError(`Cannot go on from ${folder}: ${(cause as Error).message}`, { cause });
    }
  }
}

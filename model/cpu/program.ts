/**
 * What the team runs: jobs, as phases of tasks. Every sum over images or lanes is taken in their
 * order, so the result is the same bits for any number of threads.
 */
import type { Network } from "./network.ts";
import { fold, predictBlock, predictHead } from "./prediction_phases.ts";
import type { Phase } from "./team.ts";
import { backwardBlock, forwardBlock, head } from "./training_phases.ts";
import { gradients, pack, update } from "./update_phases.ts";

/** What a training step is run with, beyond what lies in memory. */
export interface TrainingJob {
  readonly kind: "train";
  readonly batch: number;
  /** Examples the memory is planned for. */
  readonly capacity: number;
  /** Whether the transformed kernels are out of date. */
  readonly repack: boolean;
  readonly learningRate: number;
  readonly clipNorm: number;
  readonly weightDecay: number;
  /** This step's number, from 1. */
  readonly step: number;
}

/** What a prediction is run with. */
export interface PredictionJob {
  readonly kind: "predict";
  readonly batch: number;
  readonly capacity: number;
  /** Whether the kernels with the statistics folded in are out of date. */
  readonly refold: boolean;
}

/** One piece of work for the team. */
export type Job = TrainingJob | PredictionJob;

/** The phases of a job, in order. */
export function createPhases(net: Network, job: Job): Phase[] {
  const { layers } = net.plan;
  if (job.kind === "predict") {
    return [
      ...(job.refold ? [fold(net)] : []),
      ...layers.map((_, i) => predictBlock(net, i, job.batch)),
      { name: "head", tasks: job.batch, run: (b) => predictHead(net, b) },
    ];
  }
  const { batch } = job;
  return [
    ...(job.repack ? [pack(net)] : []),
    ...layers.map((_, i) => forwardBlock(net, i, batch)),
    head(net, batch),
    ...layers.map((_, i) => backwardBlock(net, layers.length - 1 - i, batch)),
    gradients(net, job),
    update(net, job),
  ];
}

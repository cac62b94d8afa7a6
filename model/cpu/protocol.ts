/** Messages between the engine and its workers, and the jobs that they carry. */
import type { BlockChain } from "../match_blocks.ts";

/** What a thread needs to know before its first job. */
export interface Assignment {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Whether to take the kernels that are made for joined vectors. */
  readonly joined: boolean;
  /** The team's control block. */
  readonly control: Int32Array;
  readonly chain: BlockChain;
  readonly thread: number;
  readonly threads: number;
}

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

/** From the engine. */
export type EngineMessage =
  | { readonly kind: "join"; readonly assignment: Assignment }
  | { readonly kind: "run"; readonly job: Job };

/** From a worker: after «join», after each job, or when it cannot go on. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string };

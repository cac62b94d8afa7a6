/**
 * Trains on the CPU: SIMD kernels in WebAssembly, one worker a core over one shared memory. Shapes,
 * layouts and what runs when are in `memory_plan.ts` and `program.ts`, the arithmetic in `assembly/`.
 */
import { createDropoutMask } from "../dropout.ts";
import {
  batchSizeOf,
  type Engine,
  type OptimizerState,
  type StepMetrics,
  type StepOptions,
} from "../engine.ts";
import { type BlockChain, chainOf } from "../match_blocks.ts";
import type { Network } from "../network.ts";
import { isTrained } from "../operations.ts";
import { createInitialWeights, findWeight, type Weight } from "../weights.ts";
import { createLocalCrew, createWorkerCrew, type Crew } from "./crew.ts";
import {
  hasRelaxedSimd,
  hasSharedMemory,
  instantiateKernels,
  type KernelModule,
  loadKernelModule,
  mayJoinVectors,
} from "./kernels.ts";
import { createMemoryPlan, type MemoryPlan } from "./memory_plan.ts";
import { type ParameterSlot, readParameter, writeParameter } from "./parameters.ts";
import type { Job } from "./protocol.ts";
import { supportsOnCpu } from "./supports_on_cpu.ts";
import { createControl } from "./team.ts";

/** How the engine is to run. */
export interface CpuEngineOptions {
  /**
   * Worker threads. Without shared memory it is always the caller's one.
   *
   * @default {navigator.hardwareConcurrency}
   */
  readonly threads?: number;
  /** Weights to start from. @default {createInitialWeights(network, 0)} */
  readonly weights?: readonly Weight[];
  /** Largest batch that memory is made for at once; it grows when a larger one comes. @default {1} */
  readonly maxBatch?: number;
  /** Whether to use relaxed SIMD. @default {true where it exists} */
  readonly relaxedSimd?: boolean;
  /** Whether to take the kernels that are made for joined vectors. @default {true where V8 may join them} */
  readonly joinVectors?: boolean;
  /** Whether to use workers on shared memory. @default {true where it exists} */
  readonly sharedMemory?: boolean;
  /** Makes a thread that speaks `protocol.ts`. @default the engine worker's */
  readonly createWorker?: () => Worker;
}

const pageBytes = 0x10000;

/**
 * Creates the engine of the CPU. Dispose of it: its workers keep the program running.
 *
 * Results are the same bits for the same steps, whatever the number of threads.
 *
 * @throws {RangeError} where `threads` or `maxBatch` is not a positive integer.
 * @throws {RangeError} where the network is none that `supportsOnCpu`.
 * @throws {TypeError} where `weights` do not fit the network.
 */
export async function createCpuEngine(
  network: Network,
  options: CpuEngineOptions = {},
): Promise<Engine> {
  const chain = chainOf(supportsOnCpu(network), "the CPU");
  const shared = options.sharedMemory ?? hasSharedMemory();
  const threads = shared ? options.threads ?? navigator.hardwareConcurrency : 1;
  const maxBatch = options.maxBatch ?? 1;
  for (const [name, value] of Object.entries({ threads, maxBatch })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot create the engine as ${name} must be a positive integer: current value is ${value}`,
      );
    }
  }
  const kernels = await loadKernelModule(shared, options.relaxedSimd ?? hasRelaxedSimd());
  const memory = new WebAssembly.Memory(
    shared ? { initial: 2, maximum: 0x10000, shared } : { initial: 2 },
  );
  const control = createControl(shared);
  const { module } = kernels, joinVectors = options.joinVectors ?? mayJoinVectors();
  const joined = Boolean(instantiateKernels(module, memory, false).joinVectors(joinVectors));
  const assignment = { module, memory, joined, control, chain, threads };
  const crew = shared
    ? await createWorkerCrew(assignment, options.createWorker)
    : createLocalCrew(assignment);
  try {
    const engine = new CpuEngine(
      network,
      chain,
      { ...kernels, joined },
      memory,
      crew,
      threads,
      maxBatch,
    );
    await engine.importWeights(options.weights ?? createInitialWeights(network, 0));
    return engine;
  } catch (error) {
    crew.dispose();
    throw error;
  }
}

class CpuEngine implements Engine {
  readonly name = "cpu";
  readonly device: string;
  readonly network: Network;
  readonly #chain: BlockChain;
  readonly #memory: WebAssembly.Memory;
  readonly #crew: Crew;
  readonly #threads: number;
  #plan: MemoryPlan;
  /** The last call's end: calls run one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;
  /** Why the engine is of no use any more. */
  #failure?: Error;
  /** Adam's steps. */
  #stepsTaken = 0;
  /** Since the metrics were last taken. */
  #steps = 0;
  #examples = 0;
  #repack = true;
  #refold = true;

  constructor(
    network: Network,
    chain: BlockChain,
    kernels: KernelModule & { readonly joined: boolean },
    memory: WebAssembly.Memory,
    crew: Crew,
    threads: number,
    capacity: number,
  ) {
    this.network = network;
    this.#chain = chain;
    const where = kernels.shared ? `${threads} thread${threads === 1 ? "" : "s"}` : "this thread";
    const simd = `${kernels.relaxedSimd ? "relaxed " : ""}SIMD${
      kernels.joined ? " of 256 bits" : ""
    }`;
    this.device = `${where}, ${simd}`;
    this.#memory = memory;
    this.#crew = crew;
    this.#threads = threads;
    this.#plan = this.#reserve(capacity);
  }

  step(inputs: Float32Array, targets: Float32Array, options: StepOptions): Promise<void> {
    return this.#enqueue(async () => {
      const batch = batchSizeOf(this.network, inputs, targets);
      const plan = this.#planFor(batch);
      this.#floats(plan.inputs, inputs.length).set(inputs);
      this.#floats(plan.targets, targets.length).set(targets);
      this.#writeDropoutMask(options.dropoutSeed, batch);
      const { learningRate, clipNorm, weightDecay } = options;
      await this.#run({
        kind: "train",
        batch,
        capacity: plan.capacity,
        repack: this.#repack,
        learningRate,
        clipNorm,
        weightDecay,
        step: this.#stepsTaken + 1,
      });
      this.#repack = false;
      this.#refold = true;
      this.#stepsTaken++;
      this.#steps++;
      this.#examples += batch;
    });
  }

  takeMetrics(): Promise<StepMetrics> {
    return this.#enqueue(() => {
      const sums = new Float64Array(this.#memory.buffer, this.#plan.metrics, 3);
      const [lossSum, correct, maxGradientNorm] = sums;
      const metrics = { steps: this.#steps, examples: this.#examples, lossSum, correct };
      sums.fill(0);
      this.#steps = this.#examples = 0;
      return { ...metrics, maxGradientNorm };
    });
  }

  predict(inputs: Float32Array): Promise<Float32Array> {
    return this.#enqueue(async () => {
      const batch = batchSizeOf(this.network, inputs);
      const plan = this.#planFor(batch);
      this.#floats(plan.inputs, inputs.length).set(inputs);
      await this.#run({ kind: "predict", batch, capacity: plan.capacity, refold: this.#refold });
      this.#refold = false;
      return this.#floats(plan.probabilities, batch * this.#chain.logits.units).slice();
    });
  }

  exportWeights(): Promise<Weight[]> {
    return this.#enqueue(() =>
      this.#plan.layout.slots.map((slot) => readParameter(slot, this.#parameters(slot)))
    );
  }

  importWeights(weights: readonly Weight[]): Promise<void> {
    return this.#enqueue(() => {
      this.#write(this.#plan.layout.slots, weights, (slot) => this.#parameters(slot));
      this.#repack = this.#refold = true;
    });
  }

  exportOptimizer(): Promise<OptimizerState> {
    return this.#enqueue(() => {
      const moments = (base: number) =>
        this.#trainedSlots().map((slot) => readParameter(slot, this.#trained(base)));
      return {
        steps: this.#stepsTaken,
        firstMoments: moments(this.#plan.firstMoments),
        secondMoments: moments(this.#plan.secondMoments),
      };
    });
  }

  importOptimizer(state: OptimizerState): Promise<void> {
    return this.#enqueue(() => {
      const { firstMoments, secondMoments } = this.#plan, slots = this.#trainedSlots();
      for (const slot of slots) findWeight(state.firstMoments, slot);
      this.#write(slots, state.secondMoments, () => this.#trained(secondMoments));
      this.#write(slots, state.firstMoments, () => this.#trained(firstMoments));
      this.#stepsTaken = state.steps;
    });
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#last;
    this.#crew.dispose();
  }

  /** Runs calls in their order; one that fails does not hold up the next. */
  #enqueue<T>(call: () => T | Promise<T>): Promise<T> {
    if (this.#disposed) {
      return Promise.reject(new Error("Cannot use this engine as it has been disposed"));
    }
    const result = this.#last.then(() => {
      // A job that stopped halfway has left weights that belong to no step.
      if (this.#failure) throw this.#failure;
      return call();
    });
    this.#last = result.catch(() => {});
    return result;
  }

  async #run(job: Job): Promise<void> {
    try {
      await this.#crew.run(job);
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }

  /** The plan for a batch: the present one, or a larger one, for which memory grows. */
  #planFor(batch: number): MemoryPlan {
    if (batch > this.#plan.capacity) this.#plan = this.#reserve(batch);
    return this.#plan;
  }

  #reserve(capacity: number): MemoryPlan {
    const plan = createMemoryPlan(this.#chain, capacity, this.#threads);
    const used = this.#memory.buffer.byteLength;
    try {
      if (plan.end > used) this.#memory.grow(Math.ceil((plan.end - used) / pageBytes));
    } catch (cause) {
      const megabytes = Math.ceil(plan.end / 1e6);
      const message = `Cannot hold a batch of ${capacity} as it must fit the memory there is: ` +
        `current value is ${megabytes} MB`;
      throw new RangeError(message, { cause });
    }
    // Zero borders of images lie elsewhere than in the plan before. Parameters stay where they are,
    // new pages are zero, and those that nobody writes to (predicting only) never become real.
    const dirty = Math.max(0, Math.min(used, plan.end) - plan.batchStart);
    if (dirty > 0) new Uint8Array(this.#memory.buffer, plan.batchStart, dirty).fill(0);
    return plan;
  }

  #floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }

  #trained(base: number): Float32Array {
    return this.#floats(base, this.#plan.layout.trainedFloats);
  }

  #parameters(slot: ParameterSlot): Float32Array {
    const { parameters, runningStatistics, layout } = this.#plan;
    return isTrained(slot)
      ? this.#trained(parameters)
      : this.#floats(runningStatistics, layout.runningFloats);
  }

  #trainedSlots(): ParameterSlot[] {
    return this.#plan.layout.slots.filter(isTrained);
  }

  /** Writes values to their slots after all of them have been checked. */
  #write(
    slots: readonly ParameterSlot[],
    values: readonly Weight[],
    place: (slot: ParameterSlot) => Float32Array,
  ): void {
    const found = slots.map((slot) => findWeight(values, slot));
    slots.forEach((slot, i) => writeParameter(slot, found[i].values, place(slot)));
  }

  #writeDropoutMask(seed: number, batch: number): void {
    const { hidden, dropoutRate } = this.#chain, { units, dropoutMask } = this.#plan;
    const mask = createDropoutMask(seed, batch, hidden.units, dropoutRate);
    const rows = this.#floats(dropoutMask, batch * units);
    for (let b = 0; b < batch; b++) {
      rows.set(mask.subarray(b * hidden.units, (b + 1) * hidden.units), b * units);
    }
  }
}

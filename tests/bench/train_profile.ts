/** Where a step's time goes: each phase of the CPU engine alone, on one thread. */
import { instantiateKernels, loadKernelModule, mayJoinVectors } from "../../model/cpu/kernels.ts";
import { createMemoryPlan, type MemoryPlan } from "../../model/cpu/memory_plan.ts";
import { writeParameter } from "../../model/cpu/parameters.ts";
import { PlacedNetwork } from "../../model/cpu/placed_network.ts";
import { createPhases } from "../../model/cpu/program.ts";
import { supportsOnCpu } from "../../model/cpu/supports_on_cpu.ts";
import { type BlockChain, chainOf, type ConvBlock } from "../../model/match_blocks.ts";
import type { Network } from "../../model/network.ts";
import { isTrained } from "../../model/operations.ts";
import { createInitialWeights } from "../../model/weights.ts";

/** One phase: the best of its times, and the convolution it stands for. */
export interface PhaseTime {
  readonly name: string;
  /** Tasks that threads share; no more of them can be at work than there are tasks. */
  readonly tasks: number;
  readonly milliseconds: number;
  /** Of these, what one thread does while the others wait. */
  readonly serialMs: number;
  /** Of the convolutions as they are defined, not as they are computed; undefined where there are none. */
  readonly effectiveGflops?: number;
}

/** Floating-point operations of a block's convolution for one example: 2 · 9 · H · W · in · out. */
export function convolutionFlops({ height, width, inputs, outputs }: ConvBlock): number {
  return 18 * height * width * inputs * outputs;
}

/** Forward phases hold one convolution, backward phases two: the first block's has no input gradient. */
function phaseFlops({ blocks }: BlockChain, name: string, batch: number): number | undefined {
  const [kind, block] = name.split(" ");
  if (!block) return undefined;
  const i = Number(block) - 1;
  return batch * convolutionFlops(blocks[i]) * (kind === "backward" && i > 0 ? 2 : 1);
}

/** Times the phases of training steps of `batch` examples. */
export async function profileTraining(
  network: Network,
  batch: number,
  relaxedSimd: boolean,
  repeats = 8,
): Promise<PhaseTime[]> {
  const chain = chainOf(supportsOnCpu(network), "the CPU");
  const plan = createMemoryPlan(chain, batch, 1);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(plan.end / 0x10000) });
  fillMemory(network, chain, plan, batch, memory);
  const { module } = await loadKernelModule(false, relaxedSimd);
  const placed = new PlacedNetwork(
    chain,
    plan,
    instantiateKernels(module, memory, mayJoinVectors()),
  );
  const best = new Map<string, Omit<PhaseTime, "name" | "effectiveGflops">>();
  for (let step = 1; step <= repeats; step++) {
    const phases = createPhases(placed, {
      kind: "train",
      batch,
      capacity: batch,
      repack: step === 1,
      learningRate: 1e-3,
      clipNorm: 1,
      weightDecay: 0,
      step,
    });
    for (const { name, tasks, run, finish } of phases) {
      const start = performance.now();
      for (let task = 0; task < tasks; task++) run(task, 0);
      const shared = performance.now();
      finish?.();
      const end = performance.now(), before = best.get(name);
      best.set(name, {
        tasks,
        milliseconds: Math.min(end - start, before?.milliseconds ?? Infinity),
        serialMs: Math.min(end - shared, before?.serialMs ?? Infinity),
      });
    }
  }
  best.delete("pack"); // Once, at the first step; later the update packs.
  return Array.from(best, ([name, time]) => {
    const flops = phaseFlops(chain, name, batch);
    return { name, ...time, effectiveGflops: flops && flops / time.milliseconds / 1e6 };
  });
}

/** A phase's end: a few loads of a word that another core wrote, as long as no thread has gone to sleep. */
const barrierMs = 0.01;

/**
 * How many times as fast as one thread a step is at most with more, by its phases: tasks are equal, so a phase
 * takes as many rounds of them as the threads need; then all wait. Memory's bandwidth is left out.
 */
export function modelledSpeedUp(phases: readonly PhaseTime[], threads: number): number {
  let one = 0, shared = 0;
  for (const { tasks, milliseconds, serialMs } of phases) {
    one += milliseconds;
    const rounds = Math.ceil(tasks / threads);
    shared += (milliseconds - serialMs) * rounds / tasks + serialMs + barrierMs;
  }
  return one / shared;
}

function fillMemory(
  network: Network,
  { melBands, numFrames, logits: { units: numClasses } }: BlockChain,
  plan: MemoryPlan,
  batch: number,
  memory: WebAssembly.Memory,
): void {
  const floats = new Float32Array(memory.buffer);
  const weights = createInitialWeights(network, 0);
  plan.layout.slots.forEach((slot, i) => {
    const base = isTrained(slot) ? plan.parameters : plan.runningStatistics;
    writeParameter(slot, weights[i].values, floats.subarray(base / 4));
  });
  const cells = batch * melBands * numFrames;
  for (let i = 0; i < cells; i++) floats[plan.inputs / 4 + i] = -80 * Math.random();
  for (let b = 0; b < batch; b++) {
    floats[plan.targets / 4 + b * numClasses + b % numClasses] = 1;
  }
  floats.fill(1, plan.dropoutMask / 4, plan.dropoutMask / 4 + batch * plan.units);
}

/** The end of a training step: what is left of the gradients, their norm, and Adam. */
import { adam } from "../engine.ts";
import { laneRanges } from "./memory_plan.ts";
import type { ParameterSlot } from "./parameters.ts";
import type { PlacedNetwork } from "./placed_network.ts";
import type { TrainingJob } from "./protocol.ts";
import type { Phase } from "./team.ts";

/** Rows of the dense kernel in one task. */
const denseRowsPerTask = 32;

/** Writes some of the gradients, and adds their squares to a sum. */
type GradientTask = (squares: number, thread: number) => void;

/** Tasks that add up the partial gradients of block i's kernel. */
function kernelTasks(net: PlacedNetwork, i: number, batch: number): GradientTask[] {
  const layer = net.plan.layers[i], { inputs, outputs, partials, block } = layer, k = net.kernels;
  const gradient = net.addressOf(net.plan.gradients, block.weights.kernel);
  if (i === 0) {
    return [(squares) => {
      k.sumPartials(partials, batch, 9 * outputs, gradient);
      k.addSquares(gradient, 9 * outputs, squares);
    }];
  }
  const lanes = laneRanges(batch, layer).length;
  return Array.from({ length: inputs / 8 }, (_, group) => (squares, thread) => {
    const from = 8 * group;
    // deno-fmt-ignore
    k.winogradKernelGradient(partials, lanes, inputs, outputs, from, gradient, net.scratch(thread));
    for (let tap = 0; tap < 9; tap++) {
      k.addSquares(gradient + 4 * (tap * inputs + from) * outputs, 8 * outputs, squares);
    }
  });
}

/** Tasks of the dense layers' gradients and of all that does not decay. */
function otherTasks(net: PlacedNetwork, batch: number): GradientTask[] {
  const plan = net.plan, k = net.kernels, { gradients, features, units, classes } = plan;
  const { hidden, logits } = net.chain, tasks: GradientTask[] = [];
  const dense = (name: string, inputs: number, rows: number, deltas: number, columns: number) => {
    const kernel = net.addressOf(gradients, name);
    for (let from = 0; from < rows; from += denseRowsPerTask) {
      const to = Math.min(rows, from + denseRowsPerTask);
      tasks.push((squares) => {
        k.denseKernelGradient(inputs, rows, deltas, columns, batch, from, to, kernel);
        k.addSquares(kernel + 4 * from * columns, (to - from) * columns, squares);
      });
    }
  };
  dense(hidden.kernel, plan.pooledFeatures, features, plan.hiddenGradients, units);
  dense(logits.kernel, plan.hidden, units, plan.logitGradients, classes);
  tasks.push((squares) => {
    k.sumPartials(plan.hiddenGradients, batch, units, net.addressOf(gradients, hidden.bias));
    k.sumPartials(plan.logitGradients, batch, classes, net.addressOf(gradients, logits.bias));
    const { from, to } = vectors(net);
    k.addSquares(gradients + 4 * from, to - from, squares);
  });
  return tasks;
}

/**
 * The gradients of what is trained, as phases in the order of the blocks; the last one's is that of all else, which
 * ends with their norm. Each task has its place among the squares, whenever it runs, as they are added in order.
 */
export function gradientPhases(net: PlacedNetwork, { batch, clipNorm }: TrainingJob): Phase[] {
  const plan = net.plan, k = net.kernels;
  let numTasks = 0;
  const phaseOf = (name: string, tasks: readonly GradientTask[]): Phase => {
    const first = numTasks;
    numTasks += tasks.length;
    return {
      name,
      tasks: tasks.length,
      run: (task, thread) => {
        const squares = plan.squares + 8 * (first + task);
        k.clearSum(squares);
        tasks[task](squares, thread);
      },
    };
  };
  const blocks = plan.layers.map((_, i) => i).slice(net.chain.frozenBlocks);
  const phases = blocks.map((i) => phaseOf(`gradient ${i + 1}`, kernelTasks(net, i, batch)));
  const last = phaseOf("gradients", otherTasks(net, batch));
  const finish = () =>
    // deno-fmt-ignore
    k.finishNorm(plan.squares, numTasks, clipNorm, plan.gradientScale, plan.metrics + 16);
  return [...phases, { ...last, finish }];
}

/** The parameters that do not decay: the last of the floats. */
function vectors(net: PlacedNetwork): { from: number; to: number } {
  const { slots, trainedFloats } = net.plan.layout;
  const offsets = slots.filter(({ role }) => role === "trained")
    .map((slot) => slot.offset);
  return { from: Math.min(...offsets), to: trainedFloats };
}

/** Adam, a few rows of a kernel a task, and the kernel's new transforms while it is in the cache. */
export function update(
  net: PlacedNetwork,
  { learningRate, weightDecay, step }: TrainingJob,
): Phase {
  const plan = net.plan, { parameters, features, units, layers } = plan;
  const { hidden, logits, frozenBlocks } = net.chain;
  const stepSize = learningRate / (1 - adam.beta1 ** step);
  const secondFactor = 1 / (1 - adam.beta2 ** step);
  /** Moves some floats of a parameter, counted from its first. */
  const apply = (slot: ParameterSlot, from: number, floats: number) => {
    const { role, offset, learningRateFactor: factor } = slot;
    const kept = role === "decayed" ? 1 - factor * learningRate * weightDecay : 1;
    const at = (base: number) => base + 4 * (offset + from);
    // deno-fmt-ignore
    net.kernels.adam(at(parameters), at(plan.gradients), at(plan.firstMoments), at(plan.secondMoments),
      floats, adam.beta1, adam.beta2, adam.epsilon, factor * stepSize, secondFactor, kept, plan.gradientScale);
  };
  const slotOf = (name: string) => plan.layout.slots.find((slot) => slot.name === name)!;
  const whole = plan.layout.slots.filter(({ role, name }) =>
    role === "trained" || name === logits.kernel ||
    frozenBlocks === 0 && name === layers[0].block.weights.kernel
  );
  const tasks: ((thread: number) => void)[] = [() => {
    for (const slot of whole) apply(slot, 0, slot.floats);
  }];
  layers.forEach(({ inputs, outputs, block }, i) => {
    if (i === 0 || i < frozenBlocks) return;
    const kernel = slotOf(block.weights.kernel);
    for (let from = 0; from < inputs; from += 8) {
      tasks.push((thread) => {
        for (let tap = 0; tap < 9; tap++) {
          apply(kernel, (tap * inputs + from) * outputs, 8 * outputs);
        }
        packInputs(net, i, from, thread);
      });
    }
  });
  const dense = slotOf(hidden.kernel);
  for (let from = 0; from < features; from += denseRowsPerTask) {
    const rows = Math.min(denseRowsPerTask, features - from);
    tasks.push(() => apply(dense, from * units, rows * units));
  }
  return { name: "update", tasks: tasks.length, run: (task, thread) => tasks[task](thread) };
}

/** Transforms and packs eight input channels of a kernel. */
function packInputs(net: PlacedNetwork, i: number, from: number, thread: number): void {
  const layer = net.plan.layers[i];
  // deno-fmt-ignore
  net.kernels.packKernel(net.kernel(i), layer.inputs, layer.outputs, from, 0, layer.packed,
    layer.transposed, net.scratch(thread));
}

/** Transforms of kernels that came from outside. */
export function pack(net: PlacedNetwork): Phase {
  const tasks = net.plan.layers.flatMap(({ inputs }, i) =>
    i === 0 ? [] : Array.from({ length: inputs / 8 }, (_, group) => ({ i, from: 8 * group }))
  );
  return {
    name: "pack",
    tasks: tasks.length,
    run: (task, thread) => packInputs(net, tasks[task].i, tasks[task].from, thread),
  };
}

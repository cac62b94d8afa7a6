/**
 * The network as phases of tasks: which kernel runs when, on what. Every sum over images or lanes is
 * taken in their order, so the result is the same bits for any number of threads.
 *
 * Phases of a training step: one a block forward (pooling of the block before included, while the
 * image is in the cache), the head, one a block backward, the kernels' gradients, the update.
 */
import { adam } from "../engine.ts";
import { batchNormEpsilon, batchNormMomentum, type ModelSpec } from "../model_spec.ts";
import type { Kernels } from "./kernels.ts";
import { laneRanges, type LayerPlan, type MemoryPlan } from "./memory_plan.ts";
import type { Phase } from "./team.ts";

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

/** Rows of the dense kernel in one task. */
const denseRowsPerTask = 32;

/** Turns jobs into phases, for one thread. */
export class Program {
  readonly #spec: ModelSpec;
  readonly #plan: MemoryPlan;
  readonly #k: Kernels;

  constructor(spec: ModelSpec, plan: MemoryPlan, kernels: Kernels) {
    this.#spec = spec;
    this.#plan = plan;
    this.#k = kernels;
  }

  /** The phases of a job, in order. */
  phases(job: Job): Phase[] {
    const { layers } = this.#plan;
    if (job.kind === "predict") {
      return [
        ...(job.refold ? [this.#fold()] : []),
        ...layers.map((_, i) => this.#predictBlock(i, job.batch)),
        { name: "head", tasks: job.batch, run: (b) => this.#predictHead(b) },
      ];
    }
    const { batch } = job;
    return [
      ...(job.repack ? [this.#pack()] : []),
      ...layers.map((_, i) => this.#forwardBlock(i, batch)),
      this.#head(batch),
      ...layers.map((_, i) => this.#backwardBlock(layers.length - 1 - i, batch)),
      this.#gradients(job),
      this.#update(job),
    ];
  }

  /** Address of a trained parameter in a run of floats that is laid out as the parameters. */
  #at(base: number, name: string): number {
    return base + 4 * this.#plan.layout.slots.find((slot) => slot.name === name)!.offset;
  }

  #scratch(thread: number): number {
    return this.#plan.scratch + thread * this.#plan.scratchBytes;
  }

  #kernel(i: number, base = this.#plan.parameters): number {
    return this.#at(base, `conv_${i + 1}/kernel`);
  }

  /** Address of the first pixel of an image inside its zero border. */
  #insideX(layer: LayerPlan, image: number): number {
    return layer.x + image * layer.xImage + layer.xRow + 4 * layer.inputs;
  }

  #forwardBlock(i: number, batch: number): Phase {
    const { parameters, runningStatistics } = this.#plan;
    const layer = this.#plan.layers[i], k = this.#k;
    return {
      name: `forward ${i + 1}`,
      tasks: batch,
      run: (b, thread) => {
        const x = layer.x + b * layer.xImage, moments = layer.moments + b * 8 * layer.outputs;
        if (i === 0) {
          this.#prepareInput(b);
          // deno-fmt-ignore
          k.directMoments(x, layer.xRow, layer.height, layer.width, layer.outputs, this.#kernel(0),
            moments, this.#scratch(thread));
          return;
        }
        this.#pool(i - 1, b, thread, this.#insideX(layer, b), layer.xRow);
        const y = layer.y + b * layer.yImage;
        // deno-fmt-ignore
        k.winogradForward(x, layer.tilesDown, layer.tilesAcross, layer.inputs, layer.outputs,
          layer.packed, y, layer.forwardBlock, this.#scratch(thread));
        k.imageMoments(y, layer.yRow, layer.height, layer.width, layer.outputs, moments);
      },
      finish: () => {
        const name = `batch_norm_${i + 1}`;
        // deno-fmt-ignore
        k.finishMoments(layer.moments, batch, layer.height * layer.width, layer.outputs,
          this.#at(parameters, `${name}/gamma`), this.#at(parameters, `${name}/beta`),
          this.#at(runningStatistics, `${name}/moving_mean`),
          this.#at(runningStatistics, `${name}/moving_variance`),
          batchNormMomentum, batchNormEpsilon, layer.coefficients);
      },
    };
  }

  #prepareInput(b: number): void {
    const { melBands, numFrames, inputScale, inputOffset } = this.#spec;
    const layer = this.#plan.layers[0], input = this.#plan.inputs + 4 * b * melBands * numFrames;
    // deno-fmt-ignore
    this.#k.prepareInput(input, melBands, numFrames, inputScale, inputOffset,
      layer.x + b * layer.xImage, layer.xRow);
  }

  /** Pools block i of one image into `out`. Uses the thread's scratch beyond a pooled image. */
  #pool(i: number, b: number, thread: number, out: number, outRow: number): void {
    const layer = this.#plan.layers[i], { height, width, outputs, coefficients, yRow } = layer;
    const selected = layer.selected + b * layer.selectedImage, k = this.#k;
    if (i === 0) {
      // deno-fmt-ignore
      k.directPoolForward(layer.x + b * layer.xImage, layer.xRow, height, width, outputs,
        this.#kernel(0), coefficients, selected, out, outRow,
        this.#scratch(thread) + layer.selectedImage, yRow);
    } else {
      // deno-fmt-ignore
      k.poolForward(layer.y + b * layer.yImage, yRow, height, width, outputs, coefficients, selected,
        out, outRow);
    }
  }

  /** Last pooling, dense layers, loss, and the gradient back to the pooled features. */
  #head(batch: number): Phase {
    const plan = this.#plan, k = this.#k, last = plan.layers[plan.layers.length - 1];
    const positions = last.pooledHeight * last.pooledWidth;
    const { features, units, classes } = plan, { numClasses, activation } = this.#spec;
    const dense = this.#at(plan.parameters, "dense/kernel");
    const logitsKernel = this.#at(plan.parameters, "logits/kernel");
    return {
      name: "head",
      tasks: batch,
      run: (b, thread) => {
        const row = (base: number, floats: number) => base + 4 * b * floats;
        const pooled = this.#scratch(thread), feature = row(plan.pooledFeatures, features);
        this.#pool(plan.layers.length - 1, b, thread, pooled, 4 * last.pooledWidth * features);
        k.averagePositions(pooled, positions, features, feature);
        const mask = row(plan.dropoutMask, units), hidden = row(plan.hidden, units);
        this.#forwardHead(b, () => k.activateHidden(hidden, mask, units));
        const gradient = row(plan.logitGradients, classes);
        const loss = activation === "softmax" ? k.softmaxLoss : k.sigmoidLoss;
        // deno-fmt-ignore
        loss(row(plan.logits, classes), row(plan.targets, numClasses), numClasses, 1 / batch,
          gradient, plan.results + 16 * b);
        const hiddenGradient = row(plan.hiddenGradients, units);
        k.denseInputGradient(gradient, logitsKernel, units, classes, 1, hiddenGradient);
        k.hiddenGradient(hiddenGradient, hidden, mask, units);
        const featureGradient = row(plan.featureGradients, features);
        k.denseInputGradient(
          hiddenGradient,
          dense,
          features,
          units,
          1 / positions,
          featureGradient,
        );
        this.#sumGradients(plan.layers.length - 1, b);
      },
      finish: () => {
        k.sumResults(plan.results, batch, plan.metrics);
        this.#finishGradientSums(plan.layers.length - 1, batch);
      },
    };
  }

  #forwardHead(b: number, activate: () => void): void {
    const plan = this.#plan, { features, units, classes, parameters } = plan;
    const hidden = plan.hidden + 4 * b * units;
    // deno-fmt-ignore
    this.#k.denseForward(plan.pooledFeatures + 4 * b * features, this.#at(parameters, "dense/kernel"),
      this.#at(parameters, "dense/bias"), features, units, hidden);
    activate();
    // deno-fmt-ignore
    this.#k.denseForward(hidden, this.#at(parameters, "logits/kernel"),
      this.#at(parameters, "logits/bias"), units, classes, plan.logits + 4 * b * classes);
  }

  /** Where the gradient of block i's pooled output lies: address, bytes an image, a row, a pixel. */
  #pooledGradient(i: number): [base: number, image: number, row: number, pixel: number] {
    const next = this.#plan.layers[i + 1];
    // All positions share the gradient of their mean.
    if (!next) return [this.#plan.featureGradients, 4 * this.#plan.features, 0, 0];
    const pixel = 4 * next.inputs;
    return [next.dx + next.xRow + pixel, next.xImage, next.xRow, pixel];
  }

  #sumGradients(i: number, b: number): void {
    const layer = this.#plan.layers[i], [base, image, row, pixel] = this.#pooledGradient(i);
    // deno-fmt-ignore
    this.#k.gradientSums(layer.selected + b * layer.selectedImage, layer.pooledHeight, layer.pooledWidth,
      layer.outputs, base + b * image, row, pixel, layer.coefficients,
      layer.gradientSums + b * 8 * layer.outputs);
  }

  #finishGradientSums(i: number, batch: number): void {
    const layer = this.#plan.layers[i], { gradients } = this.#plan;
    // deno-fmt-ignore
    this.#k.finishGradientSums(layer.gradientSums, batch, layer.height * layer.width, layer.outputs,
      layer.coefficients, this.#at(gradients, `batch_norm_${i + 1}/gamma`),
      this.#at(gradients, `batch_norm_${i + 1}/beta`));
  }

  #backwardBlock(i: number, batch: number): Phase {
    const layer = this.#plan.layers[i], k = this.#k;
    const [base, gradientImage, gradientRow, gradientPixel] = this.#pooledGradient(i);
    const name = `backward ${i + 1}`;
    if (i === 0) {
      return {
        name,
        tasks: batch,
        run: (b, thread) =>
          // deno-fmt-ignore
          k.directKernelGradient(layer.x + b * layer.xImage, layer.xRow, layer.height, layer.width,
            layer.outputs, this.#kernel(0), layer.selected + b * layer.selectedImage,
            base + b * gradientImage, gradientRow, gradientPixel, layer.coefficients,
            layer.partials + b * 36 * layer.outputs, this.#scratch(thread), layer.yRow),
      };
    }
    const lanes = laneRanges(batch), partialBytes = 4 * 36 * layer.inputs * layer.outputs;
    return {
      name,
      tasks: lanes.length,
      run: (lane, thread) => {
        const { first, count } = lanes[lane];
        // deno-fmt-ignore
        k.winogradBackward(layer.x + first * layer.xImage, count, layer.height, layer.width,
          layer.inputs, layer.outputs, layer.transposed, layer.y + first * layer.yImage,
          layer.selected + first * layer.selectedImage, base + first * gradientImage, gradientImage,
          gradientRow, gradientPixel, layer.coefficients, layer.partials + lane * partialBytes,
          layer.dx + first * layer.xImage, layer.backwardBlock, this.#scratch(thread));
        for (let b = first; b < first + count; b++) this.#sumGradients(i - 1, b);
      },
      finish: () => this.#finishGradientSums(i - 1, batch),
    };
  }

  /** What is left of the gradients, each task with the squares of what it wrote. */
  #gradients({ batch, clipNorm }: TrainingJob): Phase {
    const plan = this.#plan, k = this.#k, { gradients, features, units, classes } = plan;
    const lanes = laneRanges(batch).length;
    const tasks: ((squares: number, thread: number) => void)[] = [];
    plan.layers.forEach((layer, i) => {
      const { inputs, outputs, partials } = layer, gradient = this.#kernel(i, gradients);
      if (i === 0) {
        tasks.push((squares) => {
          k.sumPartials(partials, batch, 9 * outputs, gradient);
          k.addSquares(gradient, 9 * outputs, squares);
        });
        return;
      }
      for (let from = 0; from < inputs; from += 8) {
        tasks.push((squares, thread) => {
          // deno-fmt-ignore
          k.winogradKernelGradient(partials, lanes, inputs, outputs, from, gradient,
            this.#scratch(thread));
          for (let tap = 0; tap < 9; tap++) {
            k.addSquares(gradient + 4 * (tap * inputs + from) * outputs, 8 * outputs, squares);
          }
        });
      }
    });
    const dense = (name: string, inputs: number, rows: number, deltas: number, columns: number) => {
      const kernel = this.#at(gradients, `${name}/kernel`);
      for (let from = 0; from < rows; from += denseRowsPerTask) {
        const to = Math.min(rows, from + denseRowsPerTask);
        tasks.push((squares) => {
          k.denseKernelGradient(inputs, rows, deltas, columns, batch, from, to, kernel);
          k.addSquares(kernel + 4 * from * columns, (to - from) * columns, squares);
        });
      }
    };
    dense("dense", plan.pooledFeatures, features, plan.hiddenGradients, units);
    dense("logits", plan.hidden, units, plan.logitGradients, classes);
    tasks.push((squares) => {
      k.sumPartials(plan.hiddenGradients, batch, units, this.#at(gradients, "dense/bias"));
      k.sumPartials(plan.logitGradients, batch, classes, this.#at(gradients, "logits/bias"));
      const { from, to } = this.#vectors();
      k.addSquares(gradients + 4 * from, to - from, squares);
    });
    return {
      name: "gradients",
      tasks: tasks.length,
      run: (task, thread) => {
        const squares = plan.squares + 8 * task;
        k.clearSum(squares);
        tasks[task](squares, thread);
      },
      finish: () =>
        // deno-fmt-ignore
        k.finishNorm(plan.squares, tasks.length, clipNorm, plan.gradientScale, plan.metrics + 16),
    };
  }

  /** The parameters that are not kernels: the last of the floats. */
  #vectors(): { from: number; to: number } {
    const { slots, trainedFloats } = this.#plan.layout;
    const vectors = slots.filter((slot) => slot.trained && !slot.name.endsWith("/kernel"));
    return { from: Math.min(...vectors.map((slot) => slot.offset)), to: trainedFloats };
  }

  #update({ learningRate, weightDecay, step }: TrainingJob): Phase {
    const plan = this.#plan, { parameters, features, units, classes, layers } = plan;
    const stepSize = learningRate / (1 - adam.beta1 ** step);
    const secondFactor = 1 / (1 - adam.beta2 ** step), decayed = 1 - learningRate * weightDecay;
    const update = (from: number, floats: number, kept: number) => {
      const at = (base: number) => base + 4 * from;
      // deno-fmt-ignore
      this.#k.adam(at(parameters), at(plan.gradients), at(plan.firstMoments), at(plan.secondMoments),
        floats, adam.beta1, adam.beta2, adam.epsilon, stepSize, secondFactor, kept, plan.gradientScale);
    };
    const offset = (name: string) => this.#at(0, name) / 4;
    const tasks: ((thread: number) => void)[] = [() => {
      const { from, to } = this.#vectors();
      update(from, to - from, 1);
      update(offset("conv_1/kernel"), 9 * layers[0].outputs, decayed);
      update(offset("logits/kernel"), units * classes, decayed);
    }];
    layers.slice(1).forEach(({ inputs, outputs }, i) => {
      const kernel = offset(`conv_${i + 2}/kernel`);
      for (let from = 0; from < inputs; from += 8) {
        tasks.push((thread) => {
          for (let tap = 0; tap < 9; tap++) {
            update(kernel + (tap * inputs + from) * outputs, 8 * outputs, decayed);
          }
          this.#packInputs(i + 1, from, thread);
        });
      }
    });
    for (let from = 0; from < features; from += denseRowsPerTask) {
      const rows = Math.min(denseRowsPerTask, features - from);
      tasks.push(() => update(offset("dense/kernel") + from * units, rows * units, decayed));
    }
    return { name: "update", tasks: tasks.length, run: (task, thread) => tasks[task](thread) };
  }

  /** Transforms and packs eight input channels of a kernel. */
  #packInputs(i: number, from: number, thread: number): void {
    const layer = this.#plan.layers[i];
    // deno-fmt-ignore
    this.#k.packKernel(this.#kernel(i), layer.inputs, layer.outputs, from, 0, layer.packed,
      layer.transposed, this.#scratch(thread));
  }

  #pack(): Phase {
    const tasks = this.#plan.layers.flatMap(({ inputs }, i) =>
      i === 0 ? [] : Array.from({ length: inputs / 8 }, (_, group) => ({ i, from: 8 * group }))
    );
    return {
      name: "pack",
      tasks: tasks.length,
      run: (task, thread) => this.#packInputs(tasks[task].i, tasks[task].from, thread),
    };
  }

  /** Kernels with the running statistics folded in, a block a task. */
  #fold(): Phase {
    const { layers, parameters, runningStatistics } = this.#plan, k = this.#k;
    return {
      name: "fold",
      tasks: layers.length,
      run: (i, thread) => {
        const { inputs, outputs, factor, addend, folded } = layers[i], name = `batch_norm_${i + 1}`;
        // deno-fmt-ignore
        k.foldRunningStatistics(this.#at(parameters, `${name}/gamma`),
          this.#at(parameters, `${name}/beta`), this.#at(runningStatistics, `${name}/moving_mean`),
          this.#at(runningStatistics, `${name}/moving_variance`), batchNormEpsilon, outputs,
          factor, addend);
        if (i === 0) return k.scaleDirectKernel(this.#kernel(0), outputs, factor, folded);
        for (let from = 0; from < inputs; from += 8) {
          // deno-fmt-ignore
          k.packKernel(this.#kernel(i), inputs, outputs, from, factor, folded, 0, this.#scratch(thread));
        }
      },
    };
  }

  #predictBlock(i: number, batch: number): Phase {
    const { layers, features, pooledFeatures } = this.#plan,
      layer = layers[i],
      next = layers[i + 1];
    const { x, xRow, xImage, height, width, inputs, outputs, folded, addend } = layer;
    const { pooledHeight, pooledWidth } = layer, k = this.#k;
    return {
      name: `forward ${i + 1}`,
      tasks: batch,
      run: (b, thread) => {
        // The last block's output is only averaged: it stays at the start of the scratch.
        const own = this.#scratch(thread), scratch = own + layer.selectedImage;
        const out = next ? this.#insideX(next, b) : own;
        const outRow = next ? next.xRow : 4 * pooledWidth * outputs;
        if (i === 0) {
          this.#prepareInput(b);
          // deno-fmt-ignore
          k.directPooled(x + b * xImage, xRow, height, width, outputs, folded, addend, out, outRow,
            scratch, layer.yRow);
        } else {
          // deno-fmt-ignore
          k.winogradPooled(x + b * xImage, layer.tilesDown, layer.tilesAcross, inputs, outputs, folded,
            addend, pooledHeight, pooledWidth, out, outRow, layer.forwardBlock, scratch);
        }
        if (next) return;
        const feature = pooledFeatures + 4 * b * features;
        k.averagePositions(own, pooledHeight * pooledWidth, features, feature);
      },
    };
  }

  #predictHead(b: number): void {
    const plan = this.#plan, { units, classes } = plan, { numClasses, activation } = this.#spec;
    this.#forwardHead(b, () => this.#k.activateHiddenWhole(plan.hidden + 4 * b * units, units));
    const probabilities = activation === "softmax" ? this.#k.softmax : this.#k.sigmoid;
    // deno-fmt-ignore
    probabilities(plan.logits + 4 * b * classes, numClasses, plan.probabilities + 4 * b * numClasses);
  }
}

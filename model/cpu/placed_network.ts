/** The model in the kernels' memory: addresses, and the few steps that training and prediction share. */
import type { BlockChain } from "../match_blocks.ts";
import { isTrained } from "../operations.ts";
import type { Kernels } from "./kernels.ts";
import type { LayerPlan, MemoryPlan } from "./memory_plan.ts";

/** A model, where it lies, and what computes it. */
export class PlacedNetwork {
  readonly chain: BlockChain;
  readonly plan: MemoryPlan;
  readonly kernels: Kernels;

  constructor(chain: BlockChain, plan: MemoryPlan, kernels: Kernels) {
    this.chain = chain;
    this.plan = plan;
    this.kernels = kernels;
  }

  /** Address of a trained parameter in a run of floats that is laid out as the parameters. */
  addressOf(base: number, name: string): number {
    return base + 4 * this.plan.layout.slots.find((slot) => slot.name === name)!.offset;
  }

  /** Address of a weight, wherever its kind lies. */
  weight(name: string): number {
    const { parameters, runningStatistics, layout } = this.plan;
    const slot = layout.slots.find((slot) => slot.name === name)!;
    return (isTrained(slot) ? parameters : runningStatistics) + 4 * slot.offset;
  }

  /** A thread's own memory. */
  scratch(thread: number): number {
    return this.plan.scratch + thread * this.plan.scratchBytes;
  }

  /** Address of block i's kernel. */
  kernel(i: number): number {
    return this.weight(this.plan.layers[i].block.weights.kernel);
  }

  /** Address of the first pixel of an image inside its zero border. */
  insideX(layer: LayerPlan, image: number): number {
    return layer.x + image * layer.xImage + layer.xRow + 4 * layer.inputs;
  }

  /** Scales example b into the first block's padded input. */
  prepareInput(b: number): void {
    const { melBands, numFrames, inputScale, inputOffset } = this.chain;
    const layer = this.plan.layers[0], input = this.plan.inputs + 4 * b * melBands * numFrames;
    // deno-fmt-ignore
    this.kernels.prepareInput(input, melBands, numFrames, inputScale, inputOffset,
      layer.x + b * layer.xImage, layer.xRow);
  }

  /** Global pooling of example b: `pooled`, the last block's output, to its features. */
  poolGlobally(b: number, pooled: number): void {
    const { layers, features, pooledFeatures, frames, numFrames } = this.plan, k = this.kernels;
    const { pooledHeight: rows, pooledWidth: columns } = layers[layers.length - 1];
    const out = pooledFeatures + 4 * b * features;
    if (this.chain.globalPooling === "mean") {
      k.averagePositions(pooled, rows * columns, features, out);
    } else {
      const own = frames + 4 * b * numFrames * features;
      k.meanMaxFrames(pooled, rows, columns, features, own, out);
    }
  }

  /** Features to logits of example b. */
  denseLayers(b: number, activate: () => void): void {
    const plan = this.plan, { features, units, classes } = plan;
    const { hidden: dense, logits } = this.chain;
    const hidden = plan.hidden + 4 * b * units;
    // deno-fmt-ignore
    this.kernels.denseForward(plan.pooledFeatures + 4 * b * features,
      this.weight(dense.kernel), this.weight(dense.bias), features, units, hidden);
    activate();
    // deno-fmt-ignore
    this.kernels.denseForward(hidden, this.weight(logits.kernel), this.weight(logits.bias), units, classes, plan.logits + 4 * b * classes);
  }
}

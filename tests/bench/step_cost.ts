/**
 * What a training step on WebGPU must do at least, counted from the network's shape: floating-point
 * operations, and bytes between the GPU and its memory where each kernel reads and writes its tensors
 * once. The floor of a GPU is the larger of operations / peak and bytes / bandwidth, kernel by kernel.
 */
import { chainOf } from "../../model/match_blocks.ts";
import type { Network } from "../../model/network.ts";
import { sizeOf } from "../../model/operations.ts";
import { supportsOnWebGpu } from "../../model/webgpu/supports_on_webgpu.ts";

/** The work of one kind of kernel in a step. */
export interface KernelCost {
  /** The kernels' names, as the profile has them. */
  readonly kernels: readonly string[];
  /** Additions and multiplications. */
  flops: number;
  /** Bytes read and written. */
  bytes: number;
}

/** The costs of a step over `batch` examples, heaviest kinds of work first. */
export function stepCosts(network: Network, batch: number): KernelCost[] {
  const cost = (...kernels: string[]): KernelCost => ({ kernels, flops: 0, bytes: 0 });
  const convolution = cost("MelstreamConv2D"); // forward and input gradient
  const filterGradient = cost("MelstreamConv2DFilterGradient", "MelstreamSumPartials");
  const statistics = cost("MelstreamBatchNormPartials", "MelstreamBatchNormStatistics");
  const pooling = cost("MelstreamNormReluPool");
  const poolingGradient = cost(
    "MelstreamNormReluPoolGradientSums",
    "MelstreamNormReluPoolGradient",
  );
  const firstBlock = cost(
    "MelstreamFirstBlockMoments",
    "MelstreamFirstBlockStatistics",
    "MelstreamFirstBlock",
    "MelstreamFirstBlockGradientSums",
    "MelstreamFirstBlockGradient",
  );
  const add = (to: KernelCost, flops: number, values: number) => {
    to.flops += flops;
    to.bytes += 4 * values;
  };

  const { blocks, weights } = chainOf(supportsOnWebGpu(network), "WebGPU");
  for (const { height, width, inputs, outputs } of blocks) {
    const pixels = batch * height * width, pooled = pixels / 4 * outputs;
    const products = 2 * 9 * pixels * inputs * outputs;
    const input = pixels * inputs, output = pixels * outputs, filter = 9 * inputs * outputs;
    if (inputs === 1) {
      // Sums of 54 products a pixel; the convolution twice; the gradient's sums; three reads of the input.
      add(firstBlock, 2 * 54 * pixels + 3 * products, 3 * input + 2 * pooled);
    } else {
      add(convolution, 2 * products, 2 * (input + output + filter));
      add(filterGradient, products, input + output + filter);
      add(statistics, 3 * output, output);
      add(pooling, 4 * output, output + pooled);
      add(poolingGradient, 14 * output, 3 * output + 2 * pooled);
    }
  }
  const parameters = weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const adam = cost("MelstreamGradientSquares", "MelstreamAdam");
  add(adam, 15 * parameters, 8 * parameters);
  return [
    convolution,
    filterGradient,
    firstBlock,
    poolingGradient,
    pooling,
    statistics,
    adam,
  ];
}

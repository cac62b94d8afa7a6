/** Prediction: statistics folded into the kernels, nothing stored but each block's pooled output. */
import type { PlacedNetwork } from "./placed_network.ts";
import type { Phase } from "./team.ts";

/** Kernels with the running statistics folded in, a block a task. */
export function fold(net: PlacedNetwork): Phase {
  const { layers } = net.plan, k = net.kernels;
  return {
    name: "fold",
    tasks: layers.length,
    run: (i, thread) => {
      const { inputs, outputs, factor, addend, folded, block } = layers[i];
      const { gamma, beta, movingMean, movingVariance } = block.weights;
      // deno-fmt-ignore
      k.foldRunningStatistics(net.weight(gamma), net.weight(beta), net.weight(movingMean),
        net.weight(movingVariance), block.epsilon, outputs, factor, addend);
      if (i === 0) return k.scaleDirectKernel(net.kernel(0), outputs, factor, folded);
      for (let from = 0; from < inputs; from += 8) {
        // deno-fmt-ignore
        k.packKernel(net.kernel(i), inputs, outputs, from, factor, folded, 0, net.scratch(thread));
      }
    },
  };
}

/** Block i: convolution, ReLU and pooling at once. */
export function predictBlock(net: PlacedNetwork, i: number, batch: number): Phase {
  const { layers } = net.plan, layer = layers[i], next = layers[i + 1];
  const { x, xRow, xImage, height, width, inputs, outputs, folded, addend } = layer;
  const { pooledHeight, pooledWidth } = layer, k = net.kernels;
  return {
    name: `forward ${i + 1}`,
    tasks: batch,
    run: (b, thread) => {
      // The last block's output is only pooled: it stays at the start of the scratch.
      const own = net.scratch(thread), scratch = own + layer.selectedImage;
      const out = next ? net.insideX(next, b) : own;
      const outRow = next ? next.xRow : 4 * pooledWidth * outputs;
      if (i === 0) {
        net.prepareInput(b);
        // deno-fmt-ignore
        k.directPooled(x + b * xImage, xRow, height, width, outputs, folded, addend, out, outRow,
          scratch, layer.yRow);
      } else {
        // deno-fmt-ignore
        k.winogradPooled(x + b * xImage, layer.tilesDown, layer.tilesAcross, inputs, outputs, folded,
          addend, pooledHeight, pooledWidth, out, outRow, layer.forwardBlock, scratch);
      }
      if (!next) net.poolGlobally(b, own);
    },
  };
}

/** Probabilities of example b. */
export function predictHead(net: PlacedNetwork, b: number): void {
  const plan = net.plan, { units, classes } = plan;
  const { activation, logits: { units: numClasses } } = net.chain;
  net.denseLayers(b, () => net.kernels.activateHiddenWhole(plan.hidden + 4 * b * units, units));
  const probabilities = activation === "softmax" ? net.kernels.softmax : net.kernels.sigmoid;
  // deno-fmt-ignore
  probabilities(plan.logits + 4 * b * classes, numClasses, plan.probabilities + 4 * b * numClasses);
}

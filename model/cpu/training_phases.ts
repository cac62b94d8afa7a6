/** Forward and backward pass of a training step. Sums over images are taken in their order. */
import { laneRanges } from "./memory_plan.ts";
import type { PlacedNetwork } from "./placed_network.ts";
import type { Phase } from "./team.ts";

/** Block i forward; pooling the block before it comes first, while the image is in the cache. */
export function forwardBlock(net: PlacedNetwork, i: number, batch: number): Phase {
  const layer = net.plan.layers[i], k = net.kernels;
  return {
    name: `forward ${i + 1}`,
    tasks: batch,
    run: (b, thread) => {
      const { height, width, inputs, outputs } = layer,
        gamma = net.weight(layer.block.weights.gamma);
      const x = layer.x + b * layer.xImage, moments = layer.moments + b * 8 * outputs;
      const selected = layer.selected + b * layer.selectedImage;
      if (i === 0) {
        net.prepareInput(b);
        // deno-fmt-ignore
        k.directForward(x, layer.xRow, height, width, outputs, net.kernel(0), gamma, moments, selected,
          net.scratch(thread), layer.yRow);
        return;
      }
      if (i > net.chain.frozenBlocks) pool(net, i - 1, b, net.insideX(layer, b), layer.xRow);
      // deno-fmt-ignore
      k.winogradForward(x, height, width, inputs, outputs, layer.packed, layer.y + b * layer.yImage,
        gamma, moments, selected, layer.forwardBlock, net.scratch(thread));
    },
    finish: () => {
      const { weights: { gamma, beta, movingMean, movingVariance }, momentum, epsilon } =
        layer.block;
      // deno-fmt-ignore
      k.finishMoments(layer.moments, batch, layer.height * layer.width, layer.outputs,
        net.weight(gamma), net.weight(beta), net.weight(movingMean), net.weight(movingVariance),
        momentum, epsilon, layer.coefficients);
    },
  };
}

/** The pooled output of block i for one image, into `out`. */
function pool(net: PlacedNetwork, i: number, b: number, out: number, outRow: number): void {
  const { selected, selectedImage, pooledHeight, pooledWidth, outputs, coefficients } =
    net.plan.layers[i];
  // deno-fmt-ignore
  net.kernels.normaliseSelected(selected + b * selectedImage, pooledHeight, pooledWidth, outputs,
    coefficients, out, outRow);
}

/** Last pooling, global pooling, dense layers, loss, and the gradient back to the last pooling. */
export function head(net: PlacedNetwork, batch: number): Phase {
  const plan = net.plan, k = net.kernels, last = plan.layers[plan.layers.length - 1];
  const { pooledHeight: rows, pooledWidth: columns } = last;
  const { features, units, classes } = plan, { activation, globalPooling } = net.chain;
  const numClasses = net.chain.logits.units;
  const dense = net.weight(net.chain.hidden.kernel);
  const logitsKernel = net.weight(net.chain.logits.kernel);
  const learnsBlocks = net.chain.frozenBlocks < plan.layers.length;
  return {
    name: "head",
    tasks: batch,
    run: (b, thread) => {
      const row = (base: number, floats: number) => base + 4 * b * floats;
      const pooled = net.scratch(thread);
      if (learnsBlocks) {
        pool(net, plan.layers.length - 1, b, pooled, 4 * columns * features);
        net.poolGlobally(b, pooled);
      }
      const mask = row(plan.dropoutMask, units), hidden = row(plan.hidden, units);
      net.denseLayers(b, () => k.activateHidden(hidden, mask, units));
      const gradient = row(plan.logitGradients, classes);
      const loss = activation === "softmax" ? k.softmaxLoss : k.sigmoidLoss;
      // deno-fmt-ignore
      loss(row(plan.logits, classes), row(plan.targets, numClasses), numClasses, 1 / batch,
        gradient, plan.results + 16 * b);
      const hiddenGradient = row(plan.hiddenGradients, units);
      k.denseInputGradient(gradient, logitsKernel, units, classes, 1, hiddenGradient);
      k.hiddenGradient(hiddenGradient, hidden, mask, units);
      if (!learnsBlocks) return;
      const frames = row(plan.frames, plan.numFrames * features);
      if (globalPooling === "mean") {
        const share = 1 / (rows * columns);
        k.denseInputGradient(hiddenGradient, dense, features, units, share, frames);
      } else {
        k.denseInputGradient(hiddenGradient, dense, features, units, 1, pooled);
        k.meanMaxFramesGradient(frames, rows, columns, features, pooled);
      }
      sumGradients(net, plan.layers.length - 1, b);
    },
    finish: () => {
      k.sumResults(plan.results, batch, plan.metrics);
      if (learnsBlocks) finishGradientSums(net, plan.layers.length - 1, batch);
    },
  };
}

/** Where the gradient of block i's pooled output lies: address, bytes an image, a row, a pixel. */
function pooledGradient(
  net: PlacedNetwork,
  i: number,
): [base: number, image: number, row: number, pixel: number] {
  const { layers, features, frames, numFrames } = net.plan, next = layers[i + 1];
  // All mel bands share the gradient of their mean, and with one row all frames do.
  if (!next) {
    const row = 4 * features;
    return [frames, numFrames * row, 0, net.chain.globalPooling === "mean" ? 0 : row];
  }
  const pixel = 4 * next.inputs;
  return [next.dx + next.xRow + pixel, next.xImage, next.xRow, pixel];
}

/** The sums over one image that block i's batch normalisation needs backward. */
function sumGradients(net: PlacedNetwork, i: number, b: number): void {
  const layer = net.plan.layers[i], [base, image, row, pixel] = pooledGradient(net, i);
  // deno-fmt-ignore
  net.kernels.gradientSums(layer.selected + b * layer.selectedImage, layer.pooledHeight, layer.pooledWidth,
    layer.outputs, base + b * image, row, pixel, layer.coefficients,
    layer.gradientSums + b * 8 * layer.outputs);
}

function finishGradientSums(net: PlacedNetwork, i: number, batch: number): void {
  const layer = net.plan.layers[i], { gradients } = net.plan, { gamma, beta } = layer.block.weights;
  // deno-fmt-ignore
  net.kernels.finishGradientSums(layer.gradientSums, batch, layer.height * layer.width, layer.outputs,
    layer.coefficients, net.addressOf(gradients, gamma), net.addressOf(gradients, beta));
}

/** Block i backward: its kernel's partial gradients, and the gradient of its input. */
export function backwardBlock(net: PlacedNetwork, i: number, batch: number): Phase {
  const layer = net.plan.layers[i], k = net.kernels;
  const [base, gradientImage, gradientRow, gradientPixel] = pooledGradient(net, i);
  const name = `backward ${i + 1}`;
  if (i === 0) {
    return {
      name,
      tasks: batch,
      run: (b, thread) =>
        // deno-fmt-ignore
        k.directKernelGradient(layer.x + b * layer.xImage, layer.xRow, layer.height, layer.width,
          layer.outputs, net.kernel(0), layer.selected + b * layer.selectedImage,
          base + b * gradientImage, gradientRow, gradientPixel, layer.coefficients,
          layer.partials + b * 36 * layer.outputs, net.scratch(thread), layer.yRow),
    };
  }
  const isFirst = i === net.chain.frozenBlocks; // what comes before does not learn
  const lanes = laneRanges(batch, layer), partialBytes = 144 * layer.inputs * layer.outputs;
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
        layer.dx + first * layer.xImage, layer.backwardBlock, net.scratch(thread));
      if (isFirst) return;
      for (let b = first; b < first + count; b++) sumGradients(net, i - 1, b);
    },
    finish: () => isFirst ? undefined : finishGradientSums(net, i - 1, batch),
  };
}

/** What training does with layers whose weights are another run's. */
import type { Network } from "./network.ts";

/** Blocks of a network: each ends in a pooling. */
export function numBlocks({ nodes }: Network): number {
  return nodes.filter(({ op }) => op === "max-pool").length;
}

/**
 * The network with its first blocks frozen and all else trained.
 *
 * @param count How many; all nodes with weights up to the pooling that ends the last of them.
 * @throws {RangeError} where the network has fewer.
 */
export function freezeBlocks(network: Network, count: number): Network {
  const most = numBlocks(network);
  if (!(Number.isInteger(count) && count >= 0 && count <= most)) {
    throw new RangeError(
      `Cannot freeze blocks as there must be so many, from 0 to ${most}: current value is ${count}`,
    );
  }
  let passed = 0;
  const nodes = network.nodes.map((node) => {
    const { frozen: _, ...trained } = node;
    const hasWeights = node.op === "conv" || node.op === "batch-norm";
    const frozen = hasWeights && passed < count;
    if (node.op === "max-pool") passed++;
    return (frozen ? { ...trained, frozen } : trained) as typeof node;
  });
  return { ...network, nodes };
}

/**
 * The network with another learning rate for all of its layers but the last, which may be a new one: what was
 * learnt before moves less (Howard & Ruder 2018, discriminative fine-tuning).
 *
 * @param factor What the learning rate is multiplied by for them, above 0.
 */
export function slowLayers(network: Network, factor: number): Network {
  if (factor === 1) return network;
  const last = network.nodes.length - 1;
  const nodes = network.nodes.map((node, i) => {
    const hasWeights = node.op === "conv" || node.op === "batch-norm" || node.op === "dense";
    return hasWeights && i < last ? { ...node, learningRateFactor: factor } : node;
  });
  return { ...network, nodes };
}

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

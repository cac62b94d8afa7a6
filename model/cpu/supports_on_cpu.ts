import { type BlockMatch, matchBlocks } from "../match_blocks.ts";
import type { Network } from "../network.ts";

/**
 * The chain that the CPU engine computes a network as, or why it cannot. Epsilon and momentum are
 * arguments of its kernels: any will do.
 *
 * @throws {RangeError} where it is no network: see `resolveNetwork`.
 */
export function supportsOnCpu(network: Network): BlockMatch {
  return matchBlocks(network);
}

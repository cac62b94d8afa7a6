/** Free of tfjs, so that asking costs a CPU run nothing. */
import { batchNormEpsilon, batchNormMomentum } from "../conv_network.ts";
import { type BlockMatch, matchBlocks } from "../match_blocks.ts";
import type { Network } from "../network.ts";

/**
 * The chain that the WebGPU engine computes a network as, or why it cannot. Epsilon and momentum stand
 * in its shaders' text: only the usual ones will do.
 *
 * @throws {RangeError} where it is no network: see `resolveNetwork`.
 */
export function supportsOnWebGpu(network: Network): BlockMatch {
  const match = matchBlocks(network);
  const odd = match.supported &&
    match.chain.blocks.find(({ epsilon, momentum }) =>
      epsilon !== batchNormEpsilon || momentum !== batchNormMomentum
    );
  if (!odd) return match;
  return {
    supported: false,
    reason: `its batch normalisations must have epsilon ${batchNormEpsilon} and momentum ` +
      `${batchNormMomentum}: one has ${odd.epsilon} and ${odd.momentum}`,
  };
}

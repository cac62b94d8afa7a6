/**
 * What the team runs: jobs, as phases of tasks. Every sum over images or lanes is taken in their
 * order, so the result is the same bits for any number of threads.
 */
import type { PlacedNetwork } from "./placed_network.ts";
import { fold, predictBlock, predictHead } from "./prediction_phases.ts";
import type { Job } from "./protocol.ts";
import type { Phase } from "./team.ts";
import { backwardBlock, forwardBlock, head } from "./training_phases.ts";
import { gradientPhases, pack, update } from "./update_phases.ts";

/** The phases of a job, in order. */
export function createPhases(net: PlacedNetwork, job: Job): Phase[] {
  const { layers } = net.plan;
  if (job.kind === "predict") {
    return [
      ...(job.refold ? [fold(net)] : []),
      ...layers.map((_, i) => predictBlock(net, i, job.batch)),
      { name: "head", tasks: job.batch, run: (b) => predictHead(net, b) },
    ];
  }
  const { batch } = job, { frozenBlocks } = net.chain;
  const trained = layers.map((_, i) => i).slice(frozenBlocks);
  const gradients = gradientPhases(net, job);
  return [
    ...(job.repack ? [pack(net)] : []),
    // Frozen blocks are computed as in prediction.
    ...(job.repack && frozenBlocks > 0 ? [fold(net)] : []),
    ...layers.slice(0, frozenBlocks).map((_, i) => predictBlock(net, i, batch)),
    ...trained.map((i) => forwardBlock(net, i, batch)),
    head(net, batch),
    // A block's partial gradients are added up before the next one's take their place.
    ...trained.toReversed().flatMap((i) => [
      backwardBlock(net, i, batch),
      gradients[i - frozenBlocks],
    ]),
    gradients[trained.length],
    update(net, job),
  ];
}

import type { Queues } from "../workers/feature_pool.ts";

/**
 * Where clips stand, in a few words: `clips 6/6  ready 12/32`. Few clips under way mean that the source is the slow
 * stage, none ready that features are, all ready that the model is; threads that wait for bytes are named.
 */
export function describeQueues({ underWay, credit, waiting, ready, room }: Queues): string {
  const slow = waiting > 0 ? ` (${waiting} waiting for bytes)` : "";
  return `clips ${underWay}/${credit}${slow}  ready ${ready}/${room}`;
}

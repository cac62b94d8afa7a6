/** The graph's stages, in their order. */
export const stageNames = [
  ...["fetch", "decode", "resample", "window", "augment", "logMel", "mask"] as const,
];
/** One stage of the graph. */
export type StageName = typeof stageNames[number];
/** Milliseconds spent in each stage. */
export type StageMs = Record<StageName, number>;

/** No time spent in any stage. */
export function createStageMs(): StageMs {
  return { fetch: 0, decode: 0, resample: 0, window: 0, augment: 0, logMel: 0, mask: 0 };
}

/** Adds stage times to a sum; a stage that they lack, as those of an earlier version may, counts as 0. */
export function addStageMs(sum: StageMs, more: Partial<StageMs>): void {
  for (const name of stageNames) sum[name] += more[name] ?? 0;
}

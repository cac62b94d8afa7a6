/** The graph's stages, in their order. */
export const stageNames = [
  ...[
    "fetch",
    "decode",
    "resample",
    "window",
    "mix",
    "augment",
    "logMel",
    "embed",
    "resize",
    "mask",
  ] as const,
];
/** One stage of the graph. */
export type StageName = typeof stageNames[number];
/** Milliseconds spent in each stage. */
export type StageMs = Record<StageName, number>;

/** No time spent in any stage. */
export function createStageMs(): StageMs {
  return Object.fromEntries(stageNames.map((name) => [name, 0])) as StageMs;
}

/** Adds stage times to a sum; a stage that they lack, as those of an earlier version may, counts as 0. */
export function addStageMs(sum: StageMs, more: Partial<StageMs>): void {
  for (const name of stageNames) sum[name] += more[name] ?? 0;
}

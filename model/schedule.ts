/**
 * Learning rate of a step: linear warm-up from 0, then half a cosine down to `floor` times the
 * base rate at the last step (Loshchilov & Hutter 2017, without restarts).
 *
 * @param progress Steps done over all steps of the run, from 0 to 1.
 */
export function cosineLearningRate(
  progress: number,
  { learningRate, warmup = 0, floor = 0 }: {
    /** The highest rate. */
    readonly learningRate: number;
    /** Share of the run spent warming up. @default {0} */
    readonly warmup?: number;
    /** Where the cosine ends, as a share of the highest rate. @default {0} */
    readonly floor?: number;
  },
): number {
  if (progress < warmup) return learningRate * progress / warmup;
  const along = Math.min(1, (progress - warmup) / (1 - warmup || 1));
  return learningRate * (floor + (1 - floor) * (1 + Math.cos(Math.PI * along)) / 2);
}

/** Figures of several seeds, in words. */
import { meanAndSpread } from "../../model/evaluation/mean_and_spread.ts";

/** Student's t for a two-sided 95 % interval, by degrees of freedom from 1. */
const t95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Mean and standard deviation over the seeds, in percent. */
export function describeSpread(shares: readonly number[]): string {
  const { mean, spread } = meanAndSpread(shares)!;
  return spread === null ? percent(mean) : `${percent(mean)} ± ${percent(spread)}`;
}

/**
 * Mean of the differences, seed by seed, with its 95 % interval by Student's t, in percentage points.
 *
 * @param before Shares, a seed each.
 * @param after Those of the same seeds.
 */
export function describeDifference(before: readonly number[], after: readonly number[]): string {
  const { mean, spread } = meanAndSpread(after.map((share, i) => share - before[i]))!;
  if (spread === null) return signed(mean);
  const numSeeds = before.length, t = t95[Math.min(numSeeds - 1, t95.length) - 1];
  const half = t * spread / Math.sqrt(numSeeds);
  return `${signed(mean)} (${signed(mean - half)} to ${signed(mean + half)})`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function signed(share: number): string {
  const words = percent(share).replace("-", "−");
  return share > 0 ? `+${words}` : words;
}

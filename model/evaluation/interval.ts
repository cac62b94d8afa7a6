/** A range that holds the true value with 95 % confidence. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** z of a two-sided 95 % interval. */
const z95 = 1.959963984540054;

/** The standard error that a 95 % interval is of, as if it were one of a normal distribution. */
export function standardErrorOf({ low, high }: Interval): number {
  return (high - low) / (2 * z95);
}

/** Wilson's 95 % score interval of a share. @throws {RangeError} without trials. */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (!(trials > 0)) {
    throw new RangeError(
      `Cannot give an interval as trials must be above 0: current value is ${trials}`,
    );
  }
  const share = successes / trials, z2 = z95 * z95;
  const centre = share + z2 / (2 * trials);
  const spread = z95 * Math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  return {
    low: Math.max(0, (centre - spread) / scale),
    high: Math.min(1, (centre + spread) / scale),
  };
}

/**
 * The middle 95 % of resampled figures, moved so that their mean is the figure itself: a resampling
 * holds some clips twice, which moves F1 and average precision by up to a point where clips are few.
 *
 * @param resampled Figures of resamplings; sorted in place.
 * @param bounds What the figure can be.
 * @returns `null` where all are equal, so that nothing is known of the figure's uncertainty.
 */
export function intervalAround(
  figure: number,
  resampled: Float64Array,
  bounds: Interval = { low: 0, high: 1 },
): Interval | null {
  resampled.sort();
  if (resampled.length === 0 || resampled[0] === resampled[resampled.length - 1]) return null;
  const shift = figure - resampled.reduce((sum, value) => sum + value, 0) / resampled.length;
  return {
    low: Math.max(bounds.low, quantile(resampled, 0.025) + shift),
    high: Math.min(bounds.high, quantile(resampled, 0.975) + shift),
  };
}

/** A quantile of sorted values, linear between two of them (NumPy's default); NaN without values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1), below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** A figure over several runs. */
export interface MeanAndSpread {
  /** Its mean. */
  readonly mean: number;
  /** Its sample standard deviation, how far one run's figure is from another's; `null` of one run. */
  readonly spread: number | null;
}

/** Mean and spread of the figures that were measured; `null` where none was. */
export function meanAndSpread(figures: readonly (number | null)[]): MeanAndSpread | null {
  const values = figures.filter((value) => value !== null);
  if (values.length === 0) return null;
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)) };
}

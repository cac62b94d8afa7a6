/** What of a setting's range is worth trying: where `tune` draws its values from. */
export interface SearchRange<T> {
  /** In words, for help and documentation: `0.0003 to 0.003`. */
  readonly words: string;
  /**
   * Draws a value.
   *
   * @param next Gives numbers evenly spread over [0, 1).
   */
  draw(next: () => number): T;
}

/** Numbers between two limits, each order of magnitude as often as another, with two digits that count. */
export function logBetween(low: number, high: number): SearchRange<number> {
  return {
    words: `${low} to ${high}`,
    draw: (next) => Number((low * (high / low) ** next()).toPrecision(2)),
  };
}

/** One of some values, each as often as another. */
export function anyOf<T>(...values: readonly T[]): SearchRange<T> {
  return {
    words: values.join(", "),
    draw: (next) => values[Math.floor(next() * values.length)],
  };
}

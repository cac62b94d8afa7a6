/** How well clips that a model has no label for are told from the others. */
export interface UnknownFigures {
  /** Clips with a label that the model gives out. */
  readonly known: number;
  /** Those of them that were given any. */
  readonly kept: number;
  /** Those of them that were given one of their own. */
  readonly right: number;
  /** Other clips: of a background class, of a class that the model lacks, or of none. */
  readonly others: number;
  /** Those of them that were called unknown. */
  readonly calledUnknown: number;
}

/** Counts clips whose labels are known. */
export class UnknownTally {
  readonly #labels: ReadonlySet<string>;
  readonly #unknown: string;
  readonly #counts = { known: 0, kept: 0, right: 0, others: 0, calledUnknown: 0 };

  /**
   * Starts with no clips.
   *
   * @param labels The labels that the model gives out.
   * @param unknown What it calls all others.
   */
  constructor(labels: Iterable<string>, unknown: string) {
    this.#labels = new Set(labels);
    this.#unknown = unknown;
  }

  /** Adds one clip. @param labels Its own. @param given What it was given. */
  add(labels: readonly string[], given: readonly string[]): void {
    const counts = this.#counts, isKept = !given.includes(this.#unknown);
    if (!labels.some((label) => this.#labels.has(label))) {
      counts.others++;
      if (!isKept) counts.calledUnknown++;
      return;
    }
    counts.known++;
    if (isKept) counts.kept++;
    if (given.some((label) => labels.includes(label))) counts.right++;
  }

  /** The figures so far. */
  build(): UnknownFigures {
    return { ...this.#counts };
  }
}

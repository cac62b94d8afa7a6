/** A stretch of a recording that a person gave a label. */
export interface Annotation {
  /** Its beginning, in seconds from the recording's. */
  readonly startSeconds: number;
  /** Its end, in seconds: not before its beginning, and the same for a moment that was marked. */
  readonly endSeconds: number;
  /** What is to be heard in it. */
  readonly label: string;
}

/**
 * The annotations of one recording by their starts, equal ones by their ends, then by their labels, each
 * once: some programs write one for every view of the sound.
 */
export function sortAnnotations(annotations: readonly Annotation[]): Annotation[] {
  const sorted = annotations.toSorted(compare);
  return sorted.filter((annotation, i) => i === 0 || compare(sorted[i - 1], annotation) !== 0);
}

function compare(a: Annotation, b: Annotation): number {
  return a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds ||
    (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
}

import type { Recording } from "../pipeline/recording.ts";

/** Labels that are named; more are counted. */
const mostNamed = 3;

/**
 * A line for who scores a model that he did not name by labels of which it knows none: it is likely another run that
 * is meant. Nothing where it knows one of them, or there are none.
 *
 * @param run The run that was taken.
 */
export function describeUnknownTruth(
  recordings: readonly Recording[],
  classes: readonly string[],
  run: string,
): string | undefined {
  const labels = new Set(recordings.flatMap(({ labels = [], annotations = [] }) => [
    ...labels,
    ...annotations.map(({ label }) => label),
  ]));
  if (labels.size === 0 || classes.some((name) => labels.has(name))) return undefined;
  const named = [...labels].slice(0, mostNamed).join(", "), more = labels.size - mostNamed;
  return `warning: the newest run, ${run}, knows none of the labels to score by, ${named}` +
    `${more > 0 ? ` and ${more} more` : ""}: --model names another`;
}

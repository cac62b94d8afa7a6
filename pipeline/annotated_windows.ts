/** Windows over the annotated stretches of one recording. All positions are whole samples. */
import type { Annotation } from "./annotation.ts";
import type { Windowing } from "./windows.ts";

/** A window and what is to be heard in it. */
export interface LabelledWindow {
  /** Its beginning. */
  readonly start: number;
  /** Its labels, sorted. */
  readonly labels: readonly string[];
}

/** How windows are laid and labelled. */
export interface WindowRules {
  /** Length and hop of the windows. */
  readonly windowing: Windowing;
  /** See `WindowSettings`. */
  readonly minOverlap: number;
  /** Label of windows in which nothing is annotated; without it they are left out. */
  readonly backgroundClass?: string;
}

/** The windows of a recording. */
export interface AnnotatedWindows {
  /** In the order of their starts. */
  readonly windows: readonly LabelledWindow[];
  /** Windows left out, as they have something of annotations and not enough of any. */
  readonly numUndecided: number;
  /** Samples outside of all annotations, as far as the recording's end is known. */
  readonly unlabelledSamples: number;
}

/** A stretch of a recording: from its first sample to the one behind its last. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts windows over annotations. Those that overlap or touch are one stretch. One that is no longer than a
 * window gets a window centred on it, and others a hop before and behind that, as long as they have
 * `minOverlap` of it: none, where the hop is as long as the window. A longer one gets windows from its
 * start, a hop apart, and one that ends with it. All lie within the recording, but where it is shorter than
 * a window. A window has every label of which an annotation overlaps it by `minOverlap` of the shorter of
 * the two, the annotation or the window; a moment, by lying in it. An annotation that no window has so much
 * of gets one centred on it.
 *
 * Between the stretches whole windows, a hop apart, have the background's label, where there is one.
 *
 * @param annotations In the order of their starts, none beginning behind the recording's end.
 * @param totalSamples Length of the recording, where it is known: behind the last annotation there is no
 *   background otherwise.
 */
export function cutAnnotatedWindows(
  annotations: readonly Annotation[],
  totalSamples: number | undefined,
  { windowing, minOverlap, backgroundClass }: WindowRules,
): AnnotatedWindows {
  const { length, sampleRateHz } = windowing;
  const lastStart = Math.max(0, (totalSamples ?? Infinity) - length);
  const within = (start: number) => Math.min(Math.max(0, start), lastStart);
  const centred = ({ from, to }: Stretch) => within(Math.round((from + to - length) / 2));
  const labelled = annotations.map(({ startSeconds, endSeconds, label }) => ({
    from: Math.round(startSeconds * sampleRateHz),
    to: Math.min(Math.round(endSeconds * sampleRateHz), totalSamples ?? Infinity),
    label,
  }));
  const stretches = joinStretches(labelled);
  const takes = (start: number, { from, to }: Stretch) => {
    if (from === to) return start <= from && from <= start + length;
    const overlap = Math.min(to, start + length) - Math.max(from, start);
    return overlap >= minOverlap * Math.min(to - from, length);
  };
  const grid = sortStarts(stretches.flatMap((stretch) => {
    if (stretch.to - stretch.from > length) {
      return [...startsIn(stretch, windowing), stretch.to - length];
    }
    const starts = [centred(stretch)];
    for (let k = 1; k * windowing.hop < length; k++) {
      const beside = [starts[0] - k * windowing.hop, starts[0] + k * windowing.hop].map(within);
      starts.push(...beside.filter((start) => takes(start, stretch)));
    }
    return starts;
  }));
  const missed = labelled.filter((annotation) =>
    !startsNear(grid, annotation, length).some((start) => takes(start, annotation))
  );
  const starts = sortStarts([...grid, ...missed.map(centred)]);
  const labels = new Map(starts.map((start) => [start, new Set<string>()]));
  for (const annotation of labelled) {
    for (const start of startsNear(starts, annotation, length)) {
      if (takes(start, annotation)) labels.get(start)!.add(annotation.label);
    }
  }
  const windows = starts.map((start) => ({ start, labels: [...labels.get(start)!].sort() }))
    .filter(({ labels }) => labels.length > 0);
  const gaps = gapsBetween(stretches, totalSamples);
  const background = backgroundClass === undefined
    ? []
    : gaps.flatMap((gap) =>
      totalSamples === gap.to - gap.from && totalSamples <= length ? [0] : startsIn(gap, windowing)
    ).map((start) => ({ start, labels: [backgroundClass] }));
  return {
    windows: [...windows, ...background].sort((a, b) => a.start - b.start),
    numUndecided: starts.length - windows.length,
    unlabelledSamples: gaps.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}

/** Joins stretches that overlap or touch. @param stretches In the order of their starts. */
function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches) {
    const last = joined.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** What lies before, between and behind stretches; a window that begins or ends with a moment has it. */
function gapsBetween(stretches: readonly Stretch[], end = stretches.at(-1)?.to ?? 0): Stretch[] {
  const sides = stretches.flatMap(({ from, to }) => from === to ? [from - 1, to + 1] : [from, to]);
  const edges = [0, ...sides, end];
  return edges.flatMap((from, i) =>
    i % 2 === 0 && edges[i + 1] > from ? [{ from, to: edges[i + 1] }] : []
  );
}

/** Starts of the whole windows in a stretch, a hop apart. */
function startsIn({ from, to }: Stretch, { length, hop }: Windowing): number[] {
  const count = Math.max(0, Math.floor((to - from - length) / hop) + 1);
  return Array.from({ length: count }, (_, i) => from + i * hop);
}

/** Starts in order, each once. */
function sortStarts(starts: readonly number[]): number[] {
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** Those of the starts, which are sorted, whose windows touch a stretch. */
function startsNear(starts: readonly number[], { from, to }: Stretch, length: number): number[] {
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] + length < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < starts.length && starts[end] <= to) end++;
  return starts.slice(low, end);
}

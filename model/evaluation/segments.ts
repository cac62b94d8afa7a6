/** Segments of equal length in which events of one label are, without a list of all segments. */
import type { Annotation } from "../../pipeline/annotation.ts";

/** Segments from the first to the one behind the last. */
export type SegmentRange = readonly [first: number, end: number];

/** A part of a segment that is none: events begin and end on segments, which are whole numbers of samples. */
const rounding = 1e-4;

/**
 * The segments that events reach into: from the one that holds the start to the one that holds the end
 * (as sed_eval's segment-based metrics).
 *
 * @param events Of one label, in the order of their starts.
 */
export function segmentsOf(
  events: readonly Annotation[],
  segmentSeconds: number,
): SegmentRange[] {
  const ranges: [number, number][] = [];
  for (const { startSeconds, endSeconds } of events) {
    const first = Math.floor(startSeconds / segmentSeconds + rounding);
    const end = Math.ceil(endSeconds / segmentSeconds - rounding);
    const last = ranges.at(-1);
    if (last && first <= last[1]) last[1] = Math.max(last[1], end);
    else if (end > first) ranges.push([first, end]);
  }
  return ranges;
}

/** How many segments there are. */
export function countSegments(ranges: readonly SegmentRange[]): number {
  return ranges.reduce((sum, [first, end]) => sum + end - first, 0);
}

/** How many segments are in both. */
export function countShared(a: readonly SegmentRange[], b: readonly SegmentRange[]): number {
  let shared = 0;
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    shared += Math.max(0, Math.min(a[i][1], b[k][1]) - Math.max(a[i][0], b[k][0]));
    if (a[i][1] < b[k][1]) i++;
    else k++;
  }
  return shared;
}

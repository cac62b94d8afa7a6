/** How long clips should be for the recordings that there are. */
import { quantile } from "../../model/evaluation/interval.ts";
import { type FrontEnd, frontEndSettings, numFrames } from "../../pipeline/front_end.ts";
import { openLocation } from "../../pipeline/locations/open_location.ts";
import type { Recording } from "../../pipeline/recording.ts";
import { measureLengths } from "../../pipeline/recording_length.ts";

/** Clips are never chosen longer than this, in seconds. */
const longestSeconds = frontEndSettings.durationSeconds.default;
/** Nor shorter: less than this leaves the default network's poolings nothing. */
const shortestSeconds = 0.5;

/**
 * Seconds of a clip in which all but the longest twentieth of the recordings, or of their annotations, are
 * heard to their end, in tenths: from 0.5 to 5, which it also is where no length can be told.
 */
export async function chooseSeconds(recordings: readonly Recording[]): Promise<number> {
  const annotations = recordings.flatMap(({ annotations = [] }) => annotations);
  if (annotations.length === 0) {
    return fittingSeconds(await measureLengths(recordings, longestSeconds, openLocation));
  }
  const lengths = annotations.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds);
  return fittingSeconds(Float64Array.from(lengths).sort());
}

/**
 * What clips as short as the recordings would save, in words; `undefined` unless nine of ten recordings are
 * shorter than half a clip.
 *
 * @param option Names what is to be said for it.
 */
export async function adviseSeconds(
  recordings: readonly Recording[],
  frontEnd: FrontEnd,
  option: string,
): Promise<string | undefined> {
  const { durationSeconds } = frontEnd;
  // A few tell of most data sets that there is nothing to say: a run does not wait for more.
  const few = await measureLengths(recordings, longestSeconds, openLocation, 40);
  if (!(quantile(few, 0.75) < durationSeconds / 2)) return undefined;
  const lengths = await measureLengths(recordings, longestSeconds, openLocation);
  const seconds = fittingSeconds(lengths);
  if (!(quantile(lengths, 0.9) < durationSeconds / 2) || seconds >= durationSeconds) {
    return undefined;
  }
  const saving = numFrames(frontEnd) / numFrames({ ...frontEnd, durationSeconds: seconds });
  return `nine of ten recordings are shorter than half of a clip's ${durationSeconds} s, the rest of which ` +
    `is silence: ${option} takes ${seconds} s, and computes ${saving.toFixed(1)} times less`;
}

function fittingSeconds(lengths: Float64Array): number {
  if (lengths.length === 0) return longestSeconds;
  const tenths = Math.ceil(10 * quantile(lengths, 0.95) - 1e-6) / 10;
  return Math.min(longestSeconds, Math.max(shortestSeconds, tenths));
}

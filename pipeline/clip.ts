import { identityOf } from "./locations/location.ts";
import type { Recording } from "./recording.ts";

/** A stretch of a recording that becomes one row of features. */
export interface Clip {
  /** What it is cut from. */
  readonly recording: Recording;
  /** Where it begins, in samples at the front end's rate. */
  readonly start: number;
  /**
   * How much of the recording it is, in samples at the front end's rate: padded where that is less than
   * the front end's clips have. @default {as much as the front end's clips have}
   */
  readonly length?: number;
  /** What is to be heard in it, where that is known: a list without any is a clip that has none. */
  readonly labels?: readonly string[];
  /** What it shares with other clips: a split keeps all of one group on one side. */
  readonly group?: string;
}

/**
 * The name of a clip within its data set, and the key of its random draws: its recording's id, with the
 * start behind it where that is not 0, so that two windows of one recording never collide.
 */
export function clipId({ recording, start }: Clip): string {
  return start === 0 ? recording.id : `${recording.id}@${start}`;
}

/** The key of a clip's sound, by which its copies share it: equal for the same stretch of the same bytes. */
export function soundKey({ recording: { location, part }, start, length }: Clip): string {
  const within = part ? ` ${part.startSeconds}-${part.endSeconds ?? ""}` : "";
  return `${identityOf(location)}${within} ${start}+${length ?? ""}`;
}

/** The beginnings of recordings, one clip each, with the recording's labels and group. */
export function firstClips(recordings: Iterable<Recording>): Clip[] {
  return Array.from(recordings, firstClip);
}

/** The beginning of a recording, with its labels and group. */
export function firstClip(recording: Recording): Clip {
  const { labels, group } = recording;
  return { recording, start: 0, ...labels && { labels }, ...group !== undefined && { group } };
}

/** A stretch of a recording as a clip, rounded to whole samples at the front end's rate. */
export function createClip(
  recording: Recording,
  { startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number },
  sampleRateHz: number,
): Clip {
  const start = Math.round(startSeconds * sampleRateHz);
  return { recording, start, length: Math.round(endSeconds * sampleRateHz) - start };
}

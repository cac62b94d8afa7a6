import type { Annotation } from "./annotation.ts";
import type { Location } from "./locations/location.ts";

/** A part of the sound that lies at a location, which stands for itself. */
export interface RecordingPart {
  /** Its beginning, in seconds. */
  readonly startSeconds: number;
  /** Its end, in seconds; absent for that of the sound. */
  readonly endSeconds?: number;
}

/** The length of a recording in seconds, of which is known how long the sound is that it is a part of. */
export function secondsOfPart(part: RecordingPart | undefined, totalSeconds: number): number {
  const { startSeconds = 0, endSeconds = Infinity } = part ?? {};
  return Math.max(0, Math.min(totalSeconds, endSeconds) - startSeconds);
}

/** An entry of a data set: where it is, and what is known of it before it is opened. */
export interface Recording {
  /**
   * Its name within the data set: the path below the data folder with `/` between folders. Stable
   * across machines, unique, and the key of every random draw for it.
   */
  readonly id: string;
  /** Where its bytes lie. */
  readonly location: Location;
  /** Which part of its sound is meant: all positions count from there. @default {all of it} */
  readonly part?: RecordingPart;
  /** The classes, where they are known: one, or several in a data set of several labels a clip. */
  readonly labels?: readonly string[];
  /**
   * Where in it these labels are, in order, where that is known: an empty list is a recording in which
   * somebody looked and found none.
   */
  readonly annotations?: readonly Annotation[];
  /**
   * What it shares with other recordings, such as its speaker: a split keeps all of one group on one
   * side. A recording without a group stands for itself.
   */
  readonly group?: string;
}

import type { Annotation } from "./annotation.ts";
import type { Location } from "./locations/location.ts";

/** An entry of a data set: where it is, and what is known of it before it is opened. */
export interface Recording {
  /**
   * Its name within the data set: the path below the data folder with `/` between folders. Stable
   * across machines, unique, and the key of every random draw for it.
   */
  readonly id: string;
  /** Where its bytes lie. */
  readonly location: Location;
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

/** One recording of a data set: where it is, and what is known of it before it is opened. */
export interface ClipRef {
  /**
   * Its name within the data set: the path below the data folder with `/` between folders. Stable
   * across machines, unique, and the key of every random draw for this clip.
   */
  readonly id: string;
  /** The file to open. */
  readonly path: string;
  /** The classes, where they are known: one, or several in a data set of several labels a clip. */
  readonly labels?: readonly string[];
  /**
   * What it shares with other clips, such as its speaker: a split keeps all clips of one group on
   * one side. A clip without a group stands for itself.
   */
  readonly group?: string;
}

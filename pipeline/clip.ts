/** One recording of a data set: where it is, and what is known of it before it is opened. */
export interface ClipRef {
  /**
   * Its name within the data set: the path below the data folder with `/` between folders. Stable
   * across machines, unique, and the key of every random draw for this clip.
   */
  readonly id: string;
  /** The file to open. */
  readonly path: string;
  /** The class, where it is known. */
  readonly label?: string;
}

import type { Recording } from "../recording.ts";
import type { Columns } from "./column_settings.ts";

/**
 * The recordings of one job, listed by name only: nothing is opened before its turn comes; and the columns
 * that were said when it was opened.
 */
export interface Dataset extends Columns {
  /** Where it came from, in words for people. */
  readonly origin: string;
  /** The folder, archive or manifest it was opened from; absent for the recordings that come along. */
  readonly dir?: string;
  /** The CSV file that labels it; absent where folders or a manifest do. */
  readonly labelsFile?: string;
  /** What groups its clips, as `openDataset` takes it; absent where nothing does. */
  readonly groups?: string;
  /** What a person should know of it before it is used, a line each. */
  readonly notes?: readonly string[];
  /** The classes, sorted by name; a recording's class index is its label's place here. */
  readonly classes: readonly string[];
  /** Labelled recordings to train and validate on, in natural order of their ids. */
  readonly train: readonly Recording[];
  /** Labelled recordings to validate on, where the data set itself sets them apart; else a share of `train`. */
  readonly validation?: readonly Recording[];
  /** Recordings to label, in natural order of their ids; those with a known label are scored. */
  readonly test: readonly Recording[];
}

/** A data set that cannot be used; its message is one line that says what to change. */
export class DatasetError extends Error {
  /** The class's name, for people. */
  override readonly name = "DatasetError";
}

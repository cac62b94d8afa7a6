import type { Dataset } from "./dataset.ts";
import { openDefaultDataset } from "./default_dataset.ts";
import { openFolder } from "./folder.ts";
import { groupByPattern } from "./groups.ts";

/** Where a data set is, and how its clips are labelled and grouped. */
export interface DatasetChoices {
  /** Its folder. @default {the recordings that come along} */
  readonly dir?: string;
  /** What puts clips in groups: a regular expression with one capture group, for their ids. */
  readonly groups?: string;
}

/**
 * Opens a data set: lists its recordings, without opening any.
 *
 * @throws {DatasetError} where it cannot be used.
 */
export async function openDataset({ dir, groups }: DatasetChoices): Promise<Dataset> {
  const dataset = dir === undefined ? await openDefaultDataset() : await openFolder(dir);
  return groups === undefined ? dataset : groupDataset(dataset, groups);
}

function groupDataset(dataset: Dataset, groups: string): Dataset {
  const { clips, numGroups, numAlone } = groupByPattern(dataset.train, groups);
  const alone = numAlone > 0 ? `, and ${numAlone} clips that stand for themselves` : "";
  const note = `${numGroups} groups by ${groups}${alone}`;
  return { ...dataset, train: clips, groups, notes: [...dataset.notes ?? [], note] };
}

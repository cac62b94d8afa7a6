import { type Dataset, DatasetError } from "./dataset.ts";
import { openDefaultDataset } from "./default_dataset.ts";
import { openFolder } from "./folder.ts";
import { describeGroups, groupByPattern } from "../split/groups.ts";
import { openLabelledFolder } from "./labelled_folder.ts";

/** Where a data set is, and how its clips are labelled and grouped. */
export interface DatasetChoices {
  /** Its folder. @default {the recordings that come along} */
  readonly dir?: string;
  /** A CSV file that labels the recordings, `filename,label`. @default {their folders do} */
  readonly labelsFile?: string;
  /**
   * What puts clips in groups that stay together in a split: a column of the labels file, or a
   * regular expression with one capture group for the clips' ids.
   */
  readonly groups?: string;
}

/**
 * Opens a data set: lists its recordings, without opening any.
 *
 * @throws {DatasetError} where it cannot be used.
 */
export async function openDataset(choices: DatasetChoices): Promise<Dataset> {
  const { groups } = choices;
  const { columns, ...dataset } = await openUngrouped(choices);
  if (groups === undefined) return dataset;
  const isColumn = columns?.includes(groups);
  if (columns && !isColumn && !groups.includes("(")) {
    throw new DatasetError(
      `Cannot group by ${groups} as it must be a column of ${choices.labelsFile} or a regular ` +
        `expression with one capture group: its columns are ${columns.join(", ")}`,
    );
  }
  const train = isColumn ? dataset.train : groupByPattern(dataset.train, groups);
  const { numGroups, numAlone } = describeGroups(train);
  const alone = numAlone > 0 ? `, clips in none of them: ${numAlone}` : "";
  const note = `groups by ${groups}: ${numGroups}${alone}`;
  return { ...dataset, train, groups, notes: [...dataset.notes ?? [], note] };
}

async function openUngrouped(
  { dir, labelsFile, groups }: DatasetChoices,
): Promise<Dataset & { readonly columns?: readonly string[] }> {
  if (labelsFile === undefined) return dir === undefined ? openDefaultDataset() : openFolder(dir);
  if (dir === undefined) {
    throw new DatasetError(
      `Cannot label recordings by ${labelsFile} as their folder must be named: --data is missing`,
    );
  }
  return await openLabelledFolder(dir, labelsFile, groups);
}

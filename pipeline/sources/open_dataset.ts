import { describeGroups, groupByPattern } from "../split/groups.ts";
import type { Recording } from "../recording.ts";
import { pickSettings, SettingError } from "../../settings/setting.ts";
import type { OnAsked } from "./ask_servers.ts";
import { checkNoColumns, type Columns, columnSettings } from "./column_settings.ts";
import { type Dataset, DatasetError } from "./dataset.ts";
import { openDefaultDataset } from "./default_dataset.ts";
import { describeDuplicates, groupByContent } from "./duplicates.ts";
import { openFolder } from "./folder.ts";
import { openLabelledFolder } from "./labelled_folder.ts";
import { isManifest, openManifest } from "./manifest.ts";
import { compareNatural } from "./natural_order.ts";

/** Where a data set is, and how its clips are labelled and grouped. */
export interface DatasetChoices extends Columns {
  /** Its folder, archive or manifest. @default {the recordings that come along} */
  readonly dir?: string;
  /** A CSV file that labels the recordings, `filename,label`. @default {their folders do} */
  readonly labelsFile?: string;
  /**
   * What puts clips in groups that stay together in a split: a column of the labels file or manifest, a regular
   * expression with one capture group for the clips' ids, or `content` for those with the same bytes.
   */
  readonly groups?: string;
  /** Is told how many of a manifest's addresses have been asked for what lies there. */
  readonly onAsked?: OnAsked;
}

/**
 * Opens a data set: lists its recordings. Of them only those are opened that are as large as another, to
 * find the ones that are there twice.
 *
 * @throws {DatasetError} where it cannot be used.
 */
export async function openDataset(choices: DatasetChoices): Promise<Dataset> {
  const { groups } = choices;
  const { columns, ...ungrouped } = await openUngrouped(choices);
  const dataset = { ...ungrouped, ...pickSettings<Columns>(columnSettings, choices) };
  const isContent = groups === "content" && !columns?.includes(groups);
  const notes = [...dataset.notes ?? []];
  if (groups === undefined) {
    return { ...dataset, notes: [...notes, ...await duplicatesOf(dataset)] };
  }
  const train = isContent
    ? await groupByContent(dataset.train)
    : group(dataset.train, groups, choices.labelsFile, columns);
  const { numGroups, numAlone } = describeGroups(train);
  const alone = numAlone > 0 ? `, clips in none of them: ${numAlone}` : "";
  notes.push(`groups by ${groups}: ${numGroups}${alone}`);
  if (!isContent) notes.push(...await duplicatesOf(dataset));
  return { ...dataset, train, groups, notes };
}

async function duplicatesOf(dataset: Dataset): Promise<string[]> {
  return dataset.dir === undefined ? [] : await describeDuplicates(dataset);
}

/**
 * The same data set for a cross-validation: what it sets apart to validate on is dealt out with the rest,
 * and that is in the notes.
 */
export function joinValidation(dataset: Dataset): Dataset {
  const { validation, ...rest } = dataset;
  if (!validation) return dataset;
  const train = [...dataset.train, ...validation].sort((a, b) => compareNatural(a.id, b.id));
  const note = "cross-validated: what is set apart in the data set is dealt out to the folds too";
  return { ...rest, train, notes: [...dataset.notes ?? [], note] };
}

function group(
  clips: readonly Recording[],
  groups: string,
  labelsFile: string | undefined,
  columns: readonly string[] | undefined,
): readonly Recording[] {
  if (columns?.includes(groups)) return clips; // the table has grouped them
  if (groups.includes("(")) return groupByPattern(clips, groups);
  const seen = columns
    ? `its columns are ${columns.join(", ")}`
    : "no labels file is named (--labels)";
  throw new DatasetError(
    `Cannot group by ${groups} as it must be a column of ${
      labelsFile ?? "a labels file"
    }, a regular ` +
      `expression with one capture group, or content: ${seen}`,
  );
}

async function openUngrouped(
  { dir, labelsFile, groups, onAsked, ...columns }: DatasetChoices,
): Promise<Dataset & { readonly columns?: readonly string[] }> {
  if (labelsFile !== undefined && dir === undefined) {
    throw new DatasetError(
      `Cannot label recordings by ${labelsFile} as their folder must be named: --data is missing`,
    );
  }
  if (dir !== undefined && await isManifest(dir)) {
    if (labelsFile === undefined) return await openManifest(dir, columns, groups, onAsked);
    const rule = "left out, as a manifest labels its recordings itself";
    throw new SettingError(`read the recordings of ${dir}`, "labels", rule, labelsFile);
  }
  const { fileColumn: file, labelColumn: label } = columns;
  if (dir !== undefined && labelsFile !== undefined) {
    return await openLabelledFolder(dir, labelsFile, { file, label, group: groups });
  }
  checkNoColumns(columns);
  return dir === undefined ? openDefaultDataset() : openFolder(dir);
}

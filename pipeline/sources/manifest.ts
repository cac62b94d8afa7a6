/** Tables that list recordings, wherever they lie, in place of a folder that holds them. */
import { basename } from "../../deps/std_path.ts";
import { describeLocation } from "../locations/location.ts";
import type { Recording } from "../recording.ts";
import type { OnAsked } from "./ask_servers.ts";
import type { Columns } from "./column_settings.ts";
import { DatasetError } from "./dataset.ts";
import type { SetKind } from "./folder_layout.ts";
import { readerOf } from "./folder_reader.ts";
import type { LabelledDataset } from "./labelled_folder.ts";
import { readManifest } from "./manifest_entries.ts";
import { compareNatural } from "./natural_order.ts";
import { extensionOf, isRemotePath } from "./remote_path.ts";
import { describeValidation, Unused } from "./unused.ts";

const manifestExtensions: ReadonlySet<string> = new Set([".csv", ".tsv", ".jsonl", ".parquet"]);

/** Whether a path is a manifest: a file with the extension of a table. */
export async function isManifest(path: string): Promise<boolean> {
  if (!manifestExtensions.has(extensionOf(path))) return false;
  if (isRemotePath(path)) return true; // who reads it will say why it cannot
  const reader = await readerOf(path);
  return await reader.stat(path).then(({ isFile }) => isFile, () => false);
}

/**
 * Lists the recordings of a manifest to train on: a table with a path and a label a row, as
 * `readLabelTable` reads it. Paths are relative to the manifest; ids are they, without a way out of its folder, or the
 * cells of the id column. A column `split` sets apart those to validate on, `val`, and to label,
 * `test`, which may lack a label.
 *
 * @param groups The column that groups, where one does.
 * @param onAsked Servers are asked for all recordings that lie on any: is told how far that is.
 * @throws {DatasetError} where the manifest cannot be used.
 */
export async function openManifest(
  path: string,
  columns: Columns = {},
  groups?: string,
  onAsked: OnAsked = () => {},
): Promise<LabelledDataset> {
  const manifest = await readManifest(path, columns, { which: "all", onAsked }, { groups }),
    { entries } = manifest;
  const unused = new Unused();
  const ofSet = (...kinds: readonly SetKind[]) =>
    entries.filter(({ set = "train" }) => kinds.includes(set)).map(({ recording }) => recording);
  checkIds(path, ofSet("train", "validation"), columns);
  checkIds(path, ofSet("test"), columns);
  const inOrder = (recordings: readonly Recording[]) =>
    recordings.filter(({ labels }) => labels).sort((a, b) => compareNatural(a.id, b.id));
  const train = inOrder(ofSet("train"));
  if (train.length === 0) {
    throw new DatasetError(`Cannot train on ${path} as it must label recordings: it labels none`);
  }
  const classes = [...new Set(train.flatMap(({ labels }) => labels!))].sort();
  const validation = inOrder(ofSet("validation")).filter(({ id, labels }) => {
    const isTrained = labels!.every((label) => classes.includes(label));
    if (!isTrained) unused.add("its recordings to validate on of classes that are not trained", id);
    return isTrained;
  });
  return {
    origin: path,
    dir: await (await readerOf(path)).realPath(path),
    columns: manifest.columns,
    classes,
    train,
    ...validation.length > 0 && { validation },
    test: ofSet("test"),
    notes: [
      ...validation.length > 0 ? [describeValidation(basename(path), validation)] : [],
      ...manifest.notes,
      ...unused.describe(),
    ],
  };
}

/**
 * Lists the recordings of a manifest, in the order of its rows; labels are optional.
 *
 * @param set `test`: those whose `split` says so, where any does. @default {"any"}
 * @param onNote Is told what a person should know of it, a line each.
 * @throws {DatasetError} where the manifest cannot be used.
 */
export async function openManifestRecordings(
  path: string,
  columns: Columns = {},
  { set = "any", onNote = () => {} }: {
    readonly set?: "any" | "test";
    readonly onNote?: (note: string) => void;
  } = {},
): Promise<Recording[]> {
  const { notes, entries } = await readManifest(path, columns, { which: "first" }, {
    mayLackLabels: true,
  });
  const test = set === "any" ? [] : entries.filter((entry) => entry.set === "test");
  const recordings = (test.length > 0 ? test : entries).map(({ recording }) => recording);
  checkIds(path, recordings, columns);
  const numOthers = entries.length - recordings.length;
  if (numOthers > 0) onNote(`its recordings beside those to label, left out: ${numOthers}`);
  notes.forEach(onNote);
  return recordings;
}

/** @throws {DatasetError} where two recordings of a set have one id. */
function checkIds(path: string, recordings: readonly Recording[], { idColumn }: Columns): void {
  const known = new Map<string, Recording>();
  for (const recording of recordings) {
    const { id, location } = recording, other = known.get(id);
    if (other) {
      const both = `${describeLocation(other.location)} and ${describeLocation(location)}`;
      const way = idColumn === undefined ? " (--id-column names what tells them apart)" : "";
      throw new DatasetError(
        `Cannot tell recordings of ${path} apart as ${id} means ${both}${way}`,
      );
    }
    known.set(id, recording);
  }
}

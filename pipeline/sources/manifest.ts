/** Tables that list recordings, wherever they lie, in place of a folder that holds them. */
import { basename, dirname, extname, isAbsolute } from "../../deps/std_path.ts";
import { posix } from "node:path";
import { describeLocation, fileLocation, type Location } from "../locations/location.ts";
import { sizeOfLocation } from "../locations/open_location.ts";
import type { Recording } from "../recording.ts";
import type { Columns } from "./column_settings.ts";
import { DatasetError } from "./dataset.ts";
import { type SetKind, setKindOf } from "./folder_layout.ts";
import { readerOf } from "./folder_reader.ts";
import type { LabelledDataset } from "./labelled_folder.ts";
import { type LabelledFile, type LabelTable, readLabelTable } from "./label_table.ts";
import { compareNatural } from "./natural_order.ts";
import { describeValidation, Unused } from "./unused.ts";

/** The recordings of a manifest. */
interface Manifest extends Pick<LabelTable, "columns" | "notes"> {
  /** In the order of its rows, each with the set that it is in, where the row says that. */
  readonly entries: readonly { readonly recording: Recording; readonly set?: SetKind }[];
}

const manifestExtensions: ReadonlySet<string> = new Set([".csv", ".tsv", ".jsonl"]);
/** So many of its files are looked for before one that names none is refused. */
const lookedFor = 100;

/** Whether a path is a manifest: a file with the extension of a table. */
export async function isManifest(path: string): Promise<boolean> {
  if (!manifestExtensions.has(extname(path).toLowerCase())) return false;
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
 * @throws {DatasetError} where the manifest cannot be used.
 */
export async function openManifest(
  path: string,
  columns: Columns = {},
  groups?: string,
): Promise<LabelledDataset> {
  const manifest = await readManifest(path, columns, groups), { entries } = manifest;
  const unused = new Unused();
  const ofSet = (...kinds: readonly SetKind[]) =>
    entries.filter(({ set = "train" }) => kinds.includes(set)).map(({ recording }) => recording);
  checkIds(path, ofSet("train", "validation"));
  checkIds(path, ofSet("test"));
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
  const { notes, entries } = await readManifest(path, columns, undefined, true);
  const test = set === "any" ? [] : entries.filter((entry) => entry.set === "test");
  const recordings = (test.length > 0 ? test : entries).map(({ recording }) => recording);
  checkIds(path, recordings);
  const numOthers = entries.length - recordings.length;
  if (numOthers > 0) onNote(`its recordings beside those to label, left out: ${numOthers}`);
  notes.forEach(onNote);
  return recordings;
}

async function readManifest(
  path: string,
  { fileColumn, labelColumn, idColumn }: Columns,
  groups?: string,
  mayLackLabels = false,
): Promise<Manifest> {
  const others = ["split", "offset", ...idColumn === undefined ? [] : [idColumn]];
  const table = await readLabelTable(path, {
    ...{ file: fileColumn, label: labelColumn, others, mayLackLabels },
    group: groups,
  });
  const cannot = (words: string) =>
    new DatasetError(`Cannot list the recordings of ${path} ${words}`);
  if (idColumn !== undefined && !table.columns.includes(idColumn)) {
    throw cannot(`as it must have the column ${idColumn}: it has ${table.columns.join(", ")}`);
  }
  if (table.files.size === 0) throw cannot("as it has no row but its header");
  const reader = await readerOf(path);
  const entries = Array.from(table.files, ([name, file]) => {
    const { cells = {} } = file, written = file.path?.replaceAll("\\", "/") ?? name;
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(written)) {
      throw cannot(`as files must be named by their paths: current value is ${written}`);
    }
    if (Number(cells.offset ?? 0) !== 0) {
      const rule = "as recordings must be meant from their beginning on";
      throw cannot(`${rule}: ${name} has the offset ${cells.offset}`);
    }
    const id = idColumn === undefined ? insideOf(name) : cells[idColumn];
    if (id === undefined) throw cannot(`as every row must have its ${idColumn}: ${name} has none`);
    if (id !== insideOf(id)) {
      throw cannot(`as its ids must not lead out of a folder, as ${id} does`);
    }
    const location = isAbsolute(written)
      ? fileLocation(written)
      : reader.locationOf(posix.join(dirname(path), written));
    return { recording: { id, location, ...labelsOf(file, table) }, set: setOf(cells.split, name) };
  });
  checkAnyIsThere(path, entries.map(({ recording }) => recording));
  const notes = [...table.notes];
  if (table.columns.includes("duration")) {
    notes.push("its column duration is not used: recordings are meant from their beginning on");
  }
  return { columns: table.columns, notes, entries };

  function setOf(split: string | undefined, name: string): SetKind | undefined {
    const kind = split === undefined ? undefined : setKindOf(split);
    if (split === undefined || kind) return kind;
    throw cannot(`as split must be train, val or test: ${name} has ${split}`);
  }
}

function labelsOf(
  { labels, group }: LabelledFile,
  { severalLabels }: LabelTable,
): Pick<Recording, "labels" | "group"> {
  if (labels.size === 0 && !severalLabels) return {};
  return { labels: [...labels].sort(), ...group !== undefined && { group } };
}

/** A path without what would lead out of a folder that it is put in. */
function insideOf(name: string): string {
  return posix.normalize(name).replace(/^(\.\.?\/|\/)+/, "");
}

/** @throws {DatasetError} where two recordings of a set have one id. */
function checkIds(path: string, recordings: readonly Recording[]): void {
  const known = new Map<string, Recording>();
  for (const recording of recordings) {
    const { id, location } = recording, other = known.get(id);
    if (other) {
      const both = `${describeLocation(other.location)} and ${describeLocation(location)}`;
      throw new DatasetError(`Cannot tell recordings of ${path} apart as ${id} means ${both}`);
    }
    known.set(id, recording);
  }
}

function isThere(location: Location): boolean {
  return location.kind !== "unreadable" && sizeOfLocation(location) !== undefined;
}

/** @throws {DatasetError} where none of the first recordings is there: paths are meant otherwise. */
function checkAnyIsThere(path: string, recordings: readonly Recording[]): void {
  if (recordings.slice(0, lookedFor).some(({ location }) => isThere(location))) return;
  const [{ location }] = recordings;
  throw new DatasetError(
    `Cannot find the recordings of ${path}, whose paths are relative to it: there is no ` +
      `${describeLocation(location)}, nor any other of the first ${lookedFor}`,
  );
}

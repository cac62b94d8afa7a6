/** Tables that list recordings, wherever they lie, in place of a folder that holds them. */
import { basename, isAbsolute } from "../../deps/std_path.ts";
import { describeLocation, isRemote, type Location } from "../locations/location.ts";
import { mapAtOnce } from "../locations/map_at_once.ts";
import { sizeOfLocation } from "../locations/open_location.ts";
import type { Recording } from "../recording.ts";
import type { Columns } from "./column_settings.ts";
import { DatasetError } from "./dataset.ts";
import { type SetKind, setKindOf } from "./folder_layout.ts";
import { readerOf } from "./folder_reader.ts";
import type { LabelledDataset } from "./labelled_folder.ts";
import { type LabelledFile, type LabelTable, readLabelTable } from "./label_table.ts";
import { compareNatural } from "./natural_order.ts";
import {
  extensionOf,
  idOfPath,
  insideOf,
  isForeignAddress,
  isRemotePath,
  locationAt,
  pathFrom,
} from "./remote_path.ts";
import { describeValidation, Unused } from "./unused.ts";

/** The recordings of a manifest. */
interface Manifest extends Pick<LabelTable, "columns" | "notes"> {
  /** In the order of its rows. */
  readonly entries: readonly Entry[];
}

/** A row's recording, and the set that it is in, where the row says that. */
interface Entry {
  readonly recording: Recording;
  readonly set?: SetKind;
}

/** Is told how many of a manifest's addresses have been asked for what lies there. */
export type OnAsked = (numAsked: number, numAll: number) => void;

/** Which addresses of a manifest are asked for the length and version: `all` that are not to be labelled. */
type Ask = { readonly which: "all"; readonly onAsked: OnAsked } | { readonly which: "first" };

const manifestExtensions: ReadonlySet<string> = new Set([".csv", ".tsv", ".jsonl"]);
/** So many of its files are looked for before one that names none is refused; so many of those on servers. */
const lookedFor = 100, lookedForFar = 16;
/** So many are asked for at a time. */
const askedAtOnce = 16;

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
  const ask: Ask = { which: "all", onAsked };
  const manifest = await readManifest(path, columns, ask, { groups }), { entries } = manifest;
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

async function readManifest(
  path: string,
  { fileColumn, labelColumn, idColumn }: Columns,
  ask: Ask,
  { groups, mayLackLabels = false }: {
    readonly groups?: string;
    readonly mayLackLabels?: boolean;
  },
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
  const entries = Array.from(table.files, ([name, file]): Entry => {
    const { cells = {} } = file, written = file.path?.replaceAll("\\", "/") ?? name;
    if (isForeignAddress(written)) {
      const rule = "as files must be named by their paths, or by addresses of http, https or s3";
      throw cannot(`${rule}: current value is ${written}`);
    }
    if (Number(cells.offset ?? 0) !== 0) {
      const rule = "as recordings must be meant from their beginning on";
      throw cannot(`${rule}: ${name} has the offset ${cells.offset}`);
    }
    const location = locate(written);
    const id = idColumn === undefined ? idOfPath(name) : cells[idColumn];
    if (id === undefined) throw cannot(`as every row must have its ${idColumn}: ${name} has none`);
    if (id !== insideOf(id)) {
      throw cannot(`as its ids must not lead out of a folder, as ${id} does`);
    }
    const recording = { id, location, ...labelsOf(file, table) };
    return { recording, set: setOf(cells.split, name) };
  });
  const notes = [...table.notes];
  if (table.columns.includes("duration")) {
    notes.push("its column duration is not used: recordings are meant from their beginning on");
  }
  return { columns: table.columns, notes, entries: await lookForAny(path, entries, ask) };

  function locate(written: string): Location {
    try {
      const file = pathFrom(path, written),
        isElsewhere = isRemotePath(written) || isAbsolute(written);
      return isElsewhere ? locationAt(file) : reader.locationOf(file);
    } catch {
      throw cannot(`as addresses must be whole: current value is ${written}`);
    }
  }

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

function isThere(location: Location): boolean {
  return location.kind !== "unreadable" && sizeOfLocation(location) !== undefined;
}

/**
 * Asks servers for what lies on them, and looks for what lies here.
 *
 * @returns The entries; those that were asked for with what is known of them now.
 * @throws {DatasetError} where none of the first recordings is there: paths are meant otherwise, or nobody
 *   may read them.
 */
async function lookForAny(path: string, entries: readonly Entry[], ask: Ask): Promise<Entry[]> {
  const far = entries.filter(({ recording }) => isRemote(recording.location));
  const remote = ask.which === "first"
    ? far.slice(0, lookedForFar)
    : far.filter(({ set }) => set !== "test");
  const known = new Map<Entry, Entry>();
  let fault: Error | undefined, done = 0;
  if (remote.length > 0) {
    const { resolveLocation } = await import("../locations/open_remote.ts");
    await mapAtOnce(remote, askedAtOnce, async (entry) => {
      const { recording } = entry;
      try {
        const location = await resolveLocation(recording.location);
        known.set(entry, { ...entry, recording: { ...recording, location } });
      } catch (error) {
        fault ??= error as Error; // the graph will say it of each
      }
      if (ask.which === "all") ask.onAsked(++done, remote.length);
    });
  }
  const resolved = entries.map((entry) => known.get(entry) ?? entry);
  const isAny = known.size > 0 ||
    resolved.slice(0, lookedFor).some(({ recording }) => isThere(recording.location));
  if (isAny) return resolved;
  const [{ recording: { location } }] = entries;
  if (fault) {
    throw new DatasetError(
      `Cannot find the recordings of ${path}, of which none of the first ${remote.length} on servers can ` +
        `be read: ${fault.message}`,
      { cause: fault },
    );
  }
  throw new DatasetError(
    `Cannot find the recordings of ${path}, whose paths are relative to it: there is no ` +
      `${describeLocation(location)}, nor any other of the first ${lookedFor}`,
  );
}

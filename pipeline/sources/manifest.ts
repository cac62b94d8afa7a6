/** Tables that list recordings, wherever they lie, in place of a folder that holds them. */
import { basename } from "../../deps/std_path.ts";
import { describeLocation } from "../locations/location.ts";
import type { Recording } from "../recording.ts";
import { mapAtOnce } from "../locations/map_at_once.ts";
import { type Ask, askServers, type OnAsked } from "./ask_servers.ts";
import { expandBraces, hasBraces } from "./braces.ts";
import type { Columns } from "./column_settings.ts";
import { DatasetError } from "./dataset.ts";
import { type SetKind, setKindOf } from "./folder_layout.ts";
import { readerOf } from "./folder_reader.ts";
import type { LabelledDataset } from "./labelled_folder.ts";
import { listPieces } from "./list_pieces.ts";
import { type Manifest, type ManifestChoices, readTableEntries } from "./manifest_entries.ts";
import { compareNatural } from "./natural_order.ts";
import { extensionOf, isRemotePath } from "./remote_path.ts";
import { holdsSamples, isShardName, readShard } from "./shards.ts";
import { describeValidation, Unused } from "./unused.ts";

const manifestExtensions: ReadonlySet<string> = new Set([".csv", ".tsv", ".jsonl", ".parquet"]);

/** Files that are listed at a time, as servers answer late; notes on them that are told. */
const atOnce = 4, mostNotes = 20;

/**
 * Whether a path is a manifest: a file with the extension of a table, a shard, several by braces, or a folder of
 * such pieces.
 */
export async function isManifest(path: string): Promise<boolean> {
  const isTable = manifestExtensions.has(extensionOf(path));
  if (hasBraces(path)) return isTable || isShardName(path);
  if (isTable && isRemotePath(path)) return true; // who reads it will say why it cannot
  const stat = async () => await (await readerOf(path)).stat(path);
  if (isTable) return await stat().then(({ isFile }) => isFile, () => false);
  if (isShardName(path)) return await holdsSamples(path);
  const [first] = await listPieces(path);
  return first !== undefined && (!isShardName(first) || await holdsSamples(first));
}

/** Reads a manifest, or several. @param ask Which of the addresses in it are asked for what lies there. */
async function readManifest(path: string, choices: ManifestChoices, ask: Ask): Promise<Manifest> {
  const inFolder = hasBraces(path) || isShardName(path) ? [] : await listPieces(path);
  const paths = inFolder.length > 0 ? inFolder : expandBraces(path);
  const read = (path: string) =>
    isShardName(path) ? readShard(path, choices) : readTableEntries(path, choices);
  const all = await mapAtOnce(paths, atOnce, read);
  const notes = paths.length === 1
    ? all[0].notes
    : all.flatMap(({ notes }, i) => notes.map((note) => `${basename(paths[i])}: ${note}`));
  const entries = all.flatMap(({ entries }, i) => {
    // As Hugging Face names the files of a split: `test-00000-of-00002.parquet`.
    const [word] = basename(paths[i]).split(/[-_.]/), set = setKindOf(word);
    const isNamed = paths.length > 1 && set !== undefined && !isShardName(paths[i]);
    return isNamed ? entries.map((entry) => ({ set, ...entry })) : entries;
  });
  // A shard is in no order: what it holds was shuffled.
  if (paths.every(isShardName)) {
    entries.sort((a, b) => compareNatural(a.recording.id, b.recording.id));
  }
  return {
    columns: [...new Set(all.flatMap(({ columns }) => columns))],
    notes: notes.length > mostNotes
      ? [...notes.slice(0, mostNotes), `and more to know of its files: ${notes.length - mostNotes}`]
      : notes,
    entries: await askServers(path, entries, ask),
  };
}

/** The path of a manifest without links. */
async function realPathOf(path: string): Promise<string> {
  if (!hasBraces(path)) return await (await readerOf(path)).realPath(path);
  if (isRemotePath(path)) return path;
  const at = path.lastIndexOf("/", path.indexOf("{"));
  const folder = at < 0 ? "." : path.slice(0, at) || "/";
  return `${(await (await readerOf(folder)).realPath(folder)).replace(/\/$/, "")}/${
    path.slice(at + 1)
  }`;
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
  const manifest = await readManifest(
      ...[path, { ...columns, groups }, { which: "all", onAsked }] as const,
    ),
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
    dir: await realPathOf(path),
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
  const { notes, entries } = await readManifest(
    ...[path, { ...columns, mayLackLabels: true }, { which: "first" }] as const,
  );
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

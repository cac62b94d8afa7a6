import { basename, isAbsolute, resolve } from "../../deps/std_path.ts";
import { sortAnnotations } from "../annotation.ts";
import type { Recording } from "../recording.ts";
import { holdsAnnotations, readAnnotations } from "./annotation_table.ts";
import { type Dataset, DatasetError } from "./dataset.ts";
import { setKindOf } from "./folder_layout.ts";
import { type FolderReader, readerOf } from "./folder_reader.ts";
import { type FolderEntry, FolderWalk, walked } from "./folder_walk.ts";
import {
  type LabelColumns,
  type LabelledFile,
  type LabelTable,
  normalizeName,
  readLabelTable,
} from "./label_table.ts";
import { NameIndex } from "./name_index.ts";
import { compareNatural } from "./natural_order.ts";
import { describeCount, describeValidation } from "./unused.ts";

/** A data set whose table has more columns than it takes. */
export interface LabelledDataset extends Dataset {
  /** The table's columns. */
  readonly columns: readonly string[];
}

/**
 * Lists a folder of recordings that a CSV file labels (see `readLabelTable`), or annotations of stretches
 * (see `readAnnotations`), however they lie in it.
 * A name in the file is a path below DIR, or below DIR/train where that exists, or a whole path to there; its
 * extension may be left out. Those that it names in DIR/val, as `val/…`, are validated on. Recordings in DIR/test
 * are those to label; ones that the file names, as `test/…`, are scored. A file that is named but missing is a clip
 * that cannot be read; recordings that are not named, and names that lead out of DIR, are left out.
 *
 * @param columns Which columns are read.
 * @param reader What the folder is read with. @default {what `readerOf` says}
 * @throws {DatasetError} where the folder or the file cannot be used together.
 */
export async function openLabelledFolder(
  dir: string,
  labelsFile: string,
  columns: LabelColumns = {},
  reader?: FolderReader,
): Promise<LabelledDataset> {
  const walk = new FolderWalk(reader ?? await readerOf(dir)), entries = await walk.listRoot(dir);
  const table = await readLabels(labelsFile, columns);
  const realPath = async (path: string) => await (await readerOf(path)).realPath(path);
  for (const path of table.paths) walk.ignore(await realPath(path));
  const { recordings, validation, tests, root, sets } = await listSets(walk, dir, entries);

  const index = new NameIndex(labelsFile);
  const add = (clip: Recording, ...names: string[]) =>
    index.add(clip, names[0], ...names.slice(1), ...bareName(clip, table));
  for (const clip of recordings) add(clip, clip.id, aliasOf(clip.id, sets.train));
  for (const clip of validation) add(clip, clip.id);
  for (const clip of tests) add(clip, `${sets.test}/${clip.id}`);
  const realDir = await walk.reader.realPath(dir), outside: string[] = [];
  const folders = [dir, realDir].map((path) => `${normalizeName(path)}/`);
  const known = new Map<Recording, LabelledFile>(), missing: Recording[] = [];
  for (const [name, file] of table.files) {
    const isUnknown = file.labels.size === 0 && !table.severalLabels;
    const inside = nameInside(name, folders), found = findIn(index, inside ?? name, table);
    if (!found && inside === undefined) {
      outside.push(name);
      continue;
    }
    const clip = found ?? { id: inside!, location: walk.reader.locationOf(`${root}/${inside}`) };
    if (!found && !isUnknown) missing.push(clip);
    const before = known.get(clip); // by another of its names
    known.set(clip, before ? joinFiles(before, file) : file);
  }
  const label = (clip: Recording): Recording => {
    const file = known.get(clip);
    if (!file || file.labels.size === 0 && !table.severalLabels) return clip;
    return { ...clip, ...labelsOf(file), ...file.group === undefined ? {} : { group: file.group } };
  };
  const labelled = (clips: readonly Recording[]) =>
    clips.map(label).filter(({ labels }) => labels !== undefined)
      .sort((a, b) => compareNatural(a.id, b.id));
  const train = labelled([...recordings, ...missing]);
  if (train.length === missing.length) {
    const first = missing[0]?.id;
    throw new DatasetError(
      `Cannot train on ${root} as ${labelsFile} must name recordings in it: ` +
        (first !== undefined
          ? `there is no ${first}, nor any other it names`
          : outside.length > 0
          ? `${outside[0]} lies outside of it, as all others do`
          : "it labels none"),
    );
  }
  const classes = [...new Set(train.flatMap(({ labels }) => labels!))].sort();
  const validated = labelled(validation).filter(({ id, labels }) => {
    const isTrained = labels!.every((label) => classes.includes(label));
    if (!isTrained) {
      walk.unused.add(
        `recordings in ${sets.validation} of classes that are not trained, not used`,
        id,
      );
    }
    return isTrained;
  });
  const notes = [...table.notes];
  if (validated.length > 0) notes.unshift(describeValidation(sets.validation!, validated));
  if (missing.length > 0) {
    const what = "its files that are missing, counted as clips that cannot be read";
    notes.push(describeCount(what, missing[0].id, missing.length));
  }
  if (outside.length > 0) {
    notes.push(describeCount(`its files outside of ${dir}, left out`, outside[0], outside.length));
  }
  const unnamed = [...recordings, ...validation].filter((clip) => !known.has(clip));
  if (unnamed.length > 0) {
    const what = "recordings that it does not name, left out";
    notes.push(describeCount(what, unnamed[0].id, unnamed.length));
  }
  return {
    origin: `${dir}, labelled by ${labelsFile}`,
    dir: realDir,
    labelsFile: await realPath(labelsFile),
    columns: table.columns,
    classes,
    train,
    ...validated.length > 0 && { validation: validated },
    test: tests.map(label),
    notes: [...notes, ...walk.describeUnused()],
  };
}

/**
 * A table's name below the folder, which a whole path may begin with; nothing where it leads out of there.
 *
 * @param folders What such a path may begin with, each with a `/` at its end.
 */
function nameInside(name: string, folders: readonly string[]): string | undefined {
  const folder = folders.find((path) => name.startsWith(path));
  const inside = folder === undefined ? name : name.slice(folder.length);
  const isWhole = isAbsolute(inside) || /^[A-Za-z]:/.test(inside);
  return isWhole || inside.split("/").includes("..") ? undefined : inside;
}

/** The name of an id below a set's folder, where it is not below it, and without it, where it is. */
function aliasOf(id: string, folder: string): string {
  return id.startsWith(`${folder}/`) ? id.slice(folder.length + 1) : `${folder}/${id}`;
}

/** Lists what a table may name. Ids are paths below `train` where nothing beside it could be meant. */
async function listSets(walk: FolderWalk, dir: string, entries: readonly FolderEntry[]) {
  const setOf = (kind: string) =>
    entries.find((entry) => entry.kind === "folder" && setKindOf(entry.name) === kind);
  const train = setOf("train"), validation = setOf("validation"), test = setOf("test");
  const beside = entries.filter((entry) => ![train, validation, test].includes(entry));
  let isAlone = train !== undefined;
  for (const entry of isAlone ? beside : []) {
    const holdsAudio = entry.kind === "folder"
      ? (await walk.lookInto(entry)).holdsAudio
      : await walk.isAudio(entry);
    if (holdsAudio) isAlone = false;
  }
  const root = isAlone ? train! : { path: dir, isLink: false };
  const apart = [...train && validation ? [validation] : [], ...test ? [test] : []];
  const [recordings, ...others] = await walk.collect([
    { dir: root.path, prefix: "", isLink: root.isLink, without: apart.map(({ name }) => name) },
    ...apart.map((entry) => (walked(entry, entry === test ? "" : `${entry.name}/`))),
  ]);
  return {
    root: root.path,
    recordings,
    validation: validation && apart.includes(validation) ? others[0] : [],
    tests: test ? others.at(-1)! : [],
    sets: { train: train?.name ?? ".", validation: validation?.name, test: test?.name },
  };
}

/**
 * Gives recordings the labels, or annotations, that a file has for them, so that they can be scored; those
 * that it does not name stay as they are. A name is a clip's id, that behind `test/`, or a file's whole path.
 *
 * @param onNote Is told what a person should know of the file, a line each.
 * @throws {DatasetError} where the file cannot be read or names none of them.
 */
export async function labelRecordings(
  clips: readonly Recording[],
  labelsFile: string,
  columns?: LabelColumns,
  onNote: (note: string) => void = () => {},
): Promise<Recording[]> {
  const table = await readLabels(labelsFile, columns);
  const index = new NameIndex(labelsFile), hasWhole = table.files.keys().some(isAbsolute);
  for (const clip of clips) {
    const names = [...bareName(clip, table), ...hasWhole ? wholePath(clip) : []];
    index.add(clip, clip.id, `test/${clip.id}`, ...names);
  }
  const known = new Map<Recording, LabelledFile>();
  for (const [name, file] of table.files) {
    const isKnown = file.labels.size > 0 || table.severalLabels;
    const clip = isKnown ? findIn(index, name, table) : undefined, before = clip && known.get(clip);
    if (clip) known.set(clip, before ? joinFiles(before, file) : file);
  }
  if (known.size === 0) {
    throw new DatasetError(
      `Cannot score by ${labelsFile} as it must name recordings that are labelled: it names none`,
    );
  }
  table.notes.forEach(onNote);
  return clips.map((clip) => known.has(clip) ? { ...clip, ...labelsOf(known.get(clip)!) } : clip);
}

/** Reads a table of files' labels, or annotations. */
async function readLabels(path: string, columns: LabelColumns = {}): Promise<LabelTable> {
  return await holdsAnnotations(path)
    ? await readAnnotations(path, columns)
    : await readLabelTable(path, columns);
}

/** A recording's name without its folders, by which annotations may name it. */
function bareName({ id }: Recording, { isAnnotated }: LabelTable): string[] {
  return isAnnotated ? [basename(id)] : [];
}

/** A file's whole path, by which a table may name it. */
function wholePath({ location }: Recording): string[] {
  return location.kind === "file" ? [resolve(location.path)] : [];
}

/** The recording that a table's name means. Annotations may have it as a path of another machine. */
function findIn(
  index: NameIndex,
  name: string,
  { isAnnotated }: LabelTable,
): Recording | undefined {
  return isAnnotated ? index.findPath(name) : index.find(name);
}

/** What a table says of a file under two names. */
function joinFiles(a: LabelledFile, b: LabelledFile): LabelledFile {
  return {
    ...a,
    ...b,
    labels: a.labels.union(b.labels),
    ...b.annotations && {
      annotations: sortAnnotations([...a.annotations ?? [], ...b.annotations]),
    },
  };
}

function labelsOf(
  { labels, annotations }: LabelledFile,
): Pick<Recording, "labels" | "annotations"> {
  return { labels: [...labels].sort(), ...annotations && { annotations } };
}

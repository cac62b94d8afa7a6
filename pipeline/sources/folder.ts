import { audioExtensions } from "../decode/decode.ts";
import type { Recording } from "../recording.ts";
import { type Dataset, DatasetError } from "./dataset.ts";
import { classOfFolder, readLayout, setKindOf } from "./folder_layout.ts";
import { type FolderReader, readerOf } from "./folder_reader.ts";
import { type FolderEntry, FolderWalk, walked } from "./folder_walk.ts";
import { describeValidation } from "./unused.ts";

/**
 * Lists a folder of recordings to train on: `DIR/CLASS/*`, or `DIR/train/CLASS/*` with those to validate on
 * in `DIR/val/CLASS/*` and those to label in `DIR/test/*` (`decideLayout` has the rule). Classes may hold
 * folders of folders; their names are compared in NFC. Links are followed, once. What is there and not used
 * is in the notes, but for what is hidden; what cannot be read is a recording that cannot be. DIR may be an
 * archive, or lie in one.
 *
 * @param reader What the folder is read with. @default {what `readerOf` says}
 * @throws {DatasetError} where the folder is missing, or has fewer than two classes.
 */
export async function openFolder(dir: string, reader?: FolderReader): Promise<Dataset> {
  const walk = new FolderWalk(reader ?? await readerOf(dir)), { unused } = walk;
  const entries = await walk.listRoot(dir);
  const layout = await readLayout(walk, dir, entries);
  const inRoot = (name: string | undefined) => entries.filter((entry) => entry.name === name);
  const sets = [...inRoot(layout.validation), ...inRoot(layout.test)];
  for (const name of layout.others) unused.add("folders beside train, not used", name);

  const root = layout.train === undefined ? dir : `${dir}/${layout.train}`;
  const inTrain = layout.train === undefined ? entries : await walk.listRoot(root);
  const classFolders = inTrain.filter(({ name, kind }) =>
    kind === "folder" && (layout.train !== undefined || layout.classes.includes(name))
  );
  const loose = await countFiles(
    walk,
    layout.train === undefined ? inTrain : [
      ...entries,
      ...inTrain,
    ],
  );

  const found = await walk.withoutRepeats(
    await walk.collect([
      ...classFolders.map((entry) => walked(entry, `${entry.name}/`)),
      ...sets.map((entry) => walked(entry, entry.name === layout.test ? "" : `${entry.name}/`)),
    ]),
  );
  const { classes, train } = byClass(walk, classFolders, found);
  if (classes.length < 2) throw tooFewClasses(root, classes, classFolders, loose);
  if (layout.train === undefined) checkClasses(dir, classes, train);
  const validation = layout.validation === undefined
    ? undefined
    : knownOf(walk, found[classFolders.length], classes);
  if (validation?.length === 0) {
    throw new DatasetError(
      `Cannot validate on ${dir}/${layout.validation} as it must hold folders of the classes ` +
        `that are trained: it has none of them with a recording`,
    );
  }
  const test = layout.test === undefined ? [] : found.at(-1)!;
  return {
    origin: dir,
    dir: await walk.reader.realPath(dir),
    classes,
    train,
    ...validation && { validation },
    test: labelByFolder(test, classes),
    notes: [
      ...layout.classes.filter((name) => setKindOf(name))
        .map((name) => `${name} is taken for a class, as the folders beside it are`),
      ...validation ? [describeValidation(layout.validation!, validation)] : [],
      ...walk.describeUnused(),
    ],
  };
}

/** Refuses a folder of data sets, `DIR/DATASET/train/CLASS/*`: each would be taken for a class. */
function checkClasses(dir: string, classes: readonly string[], train: readonly Recording[]): void {
  const holdsTrain = new Set<string>();
  for (const { id, labels: [label] = [] } of train) {
    const [, set, ...inSet] = id.split("/");
    if (inSet.length > 1 && setKindOf(set) === "train") holdsTrain.add(label);
    else if (inSet.length === 0 || !setKindOf(set)) return;
  }
  if (holdsTrain.size < classes.length) return;
  const named = classes.slice(0, 3).join(", ") + (classes.length > 3 ? " and so on" : "");
  throw new DatasetError(
    `Cannot train on ${dir} as ${named} hold sets of their own, train/ and others: they are data ` +
      `sets, not classes; name one (--data ${dir}/${classes[0]})`,
  );
}

/** Counts files that lie outside any class's folder; returns how many recordings are among them. */
async function countFiles(walk: FolderWalk, entries: readonly FolderEntry[]): Promise<number> {
  let numRecordings = 0;
  for (const entry of entries) {
    if (entry.kind === "folder") continue;
    if (!await walk.isAudio(entry)) walk.unused.addFile(entry.name);
    else {
      numRecordings++;
      walk.unused.add("recordings outside the class folders, not used", entry.name);
    }
  }
  return numRecordings;
}

/** The classes that have recordings, sorted, and the recordings class by class. */
function byClass(
  { unused }: FolderWalk,
  folders: readonly FolderEntry[],
  found: readonly Recording[][],
): { classes: string[]; train: Recording[] } {
  const clipsOf = new Map<string, Recording[]>();
  for (const [i, { name }] of folders.entries()) {
    const label = name.normalize("NFC"), before = clipsOf.get(label);
    if (found[i].length === 0) unused.add("class folders without a recording, not used", name);
    else if (!before) clipsOf.set(label, found[i]);
    else {
      unused.add("class folders whose names differ in nothing but their encoding, joined", label);
      clipsOf.set(label, [...before, ...found[i]]);
    }
  }
  const classes = [...clipsOf.keys()].sort();
  const train = classes.flatMap((label) => {
    const labels = [label]; // one list for all of a class
    return clipsOf.get(label)!.map(({ id, location }) => ({ id, location, labels }));
  });
  return { classes, train };
}

/** The recordings of a set with the classes of their folders; those that no class has are counted. */
function knownOf(
  { unused }: FolderWalk,
  clips: readonly Recording[],
  classes: readonly string[],
): Recording[] {
  return labelByFolder(clips, classes).filter(({ id, labels = [] }) => {
    if (labels.some((label) => classes.includes(label))) return true;
    const [set] = id.split("/");
    unused.add(`recordings in ${set} in no folder of a class that is trained, not used`, id);
    return false;
  });
}

/**
 * Labels recordings by their folders. Where any of these is a class, the others are too, though none that
 * the model knows: what it says of theirs is wrong.
 */
export function labelByFolder(
  clips: readonly Recording[],
  classes: readonly string[],
): Recording[] {
  // A model of an earlier version may have its classes in another form.
  const known = new Map(classes.map((label) => [label.normalize("NFC"), label]));
  const folderOf = ({ id }: Recording) => classOfFolder(id, (name) => known.has(name));
  const areClasses = clips.some((clip) => known.has(folderOf(clip) ?? ""));
  const labelsOf = new Map<string, readonly string[]>(); // one list for all of a class
  return clips.map((clip) => {
    const folder = folderOf(clip);
    if (!areClasses || folder === undefined) return clip;
    const labels = labelsOf.get(folder) ?? [known.get(folder) ?? folder];
    labelsOf.set(folder, labels);
    return { ...clip, labels };
  });
}

function tooFewClasses(
  root: string,
  classes: readonly string[],
  folders: readonly FolderEntry[],
  numLoose: number,
): DatasetError {
  const names = folders.map(({ name }) => name);
  const one = classes[0] ?? (names.length === 1 ? names[0] : undefined);
  const seen = one !== undefined ? `one, ${one}` : names.length > 0 ? "none" : "no folder";
  const empty = names.filter((name) => !classes.includes(name.normalize("NFC")));
  const beside = empty.length > 0
    ? `, and no recording in ${empty.join(", ")} (known: ${[...audioExtensions].join(" ")})`
    : "";
  const loose = numLoose > 0
    ? `, and recordings outside any, which a CSV file can label (--labels): ${numLoose}`
    : "";
  const inside = names.length === 1 && numLoose === 0
    ? `: if it holds those of the classes, name it (--data ${root}/${names[0]})`
    : "";
  return new DatasetError(
    `Cannot train on ${root}: expected one folder for each of at least two classes, ` +
      `saw ${seen}${beside}${loose}${inside}`,
  );
}

/** The rule by which folders are classes, or the sets that hold classes. It stands here alone. */
import { dirname } from "../../deps/std_path.ts";
import { DatasetError } from "./dataset.ts";
import type { FolderContent, FolderEntry, FolderWalk } from "./folder_walk.ts";

/** What a folder can be beside a class: recordings to train on, to validate on, to label. */
export type SetKind = "train" | "validation" | "test";

const setNames: Readonly<Record<string, SetKind>> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  dev: "validation",
  test: "test",
  testing: "test",
};

/** The set that a folder's name stands for, in any letter case; `undefined` where it can only be a class. */
export function setKindOf(name: string): SetKind | undefined {
  return Object.hasOwn(setNames, name.toLowerCase()) ? setNames[name.toLowerCase()] : undefined;
}

/**
 * The class that a recording's folders name: the first one, or the one below `train/`, `val/` or `test/`,
 * in NFC; `undefined` outside any.
 *
 * @param id The recording's path below the data folder, or below a set's.
 * @param isClass Says of a folder with a set's name that it is a class.
 */
export function classOfFolder(
  id: string,
  isClass: (name: string) => boolean = () => false,
): string | undefined {
  const [first, second] = dirname(id).normalize("NFC").split("/");
  if (first === ".") return undefined;
  return setKindOf(first) === undefined || isClass(first) ? first : second;
}

/** Which folder is what. The names are those of folders in the data folder. */
export interface FolderLayout {
  /** The folder of the classes' folders; absent where they lie in the data folder. */
  readonly train?: string;
  /** The folder of recordings to validate on. */
  readonly validation?: string;
  /** The folder of recordings to label. */
  readonly test?: string;
  /** The classes' folders; empty where `train` holds them. */
  readonly classes: readonly string[];
  /** Folders beside `train` that are neither. */
  readonly others: readonly string[];
}

/**
 * Says which folders are classes, and which hold classes. A folder `train` with no class beside it holds
 * the classes; `val` (`valid`, `validation`, `dev`) and `test` beside it are sets too. Beside class folders,
 * a folder with a set's name is
 * - a class, where without it there would be fewer than two, or it is a `train` that holds recordings and no
 *   folders (and so is any other set's beside that);
 * - a set, where its own folders are classes beside it (`test/dog` beside `dog`), or it is a `train` of
 *   several folders with another set beside it: then what else is there is in `others`;
 * - else nobody knows, and it is refused. So are folders of the same sub-folders, as `train/dog` beside
 *   `noisy/dog`: classes of the same sessions look the same.
 *
 * @param dir What messages call the data folder.
 * @throws {DatasetError} where a folder may be either.
 */
export function decideLayout(
  dir: string,
  contents: ReadonlyMap<string, FolderContent>,
): FolderLayout {
  const sets = new Map<SetKind, string>(), others: string[] = [];
  for (const name of contents.keys()) {
    const kind = setKindOf(name);
    if (kind !== undefined && !sets.has(kind)) sets.set(kind, name);
    else others.push(name);
  }
  const classes = others.filter((name) => contents.get(name)!.holdsAudio);
  const foldersOf = (name: string) =>
    contents.get(name)!.folders.map((folder) => folder.normalize("NFC"));
  const train = sets.get("train"), validation = sets.get("validation"), test = sets.get("test");
  if (train !== undefined) {
    if (classes.length === 0) return { train, validation, test, classes: [], others: [] };
    const folders = foldersOf(train);
    const looksAlike = classes.some((name) => foldersOf(name).some((it) => folders.includes(it)));
    const hasOtherSet = validation !== undefined || test !== undefined;
    if (folders.length > 1 && hasOtherSet && !looksAlike) {
      return { train, validation, test, classes: [], others: classes };
    }
    if (folders.length > 0) throw unclear(dir, train, classes);
  }
  const layout: { validation?: string; test?: string } = {};
  for (const [kind, name] of [["validation", validation], ["test", test]] as const) {
    if (name === undefined) continue;
    const folders = foldersOf(name), names = classes.map((other) => other.normalize("NFC"));
    if (classes.length < 2) continue; // it must be a class
    if (folders.length > 0 && folders.every((folder) => names.includes(folder))) {
      layout[kind] = name;
    } else if (train === undefined || folders.length > 0) {
      throw unclear(dir, name, classes);
    }
  }
  const areSets = Object.values(layout);
  return {
    ...layout,
    classes: [...contents.keys()].filter((name) => !areSets.includes(name)),
    others: [],
  };
}

function unclear(dir: string, name: string, classes: readonly string[]): DatasetError {
  const purpose = { train: "train on", validation: "validate on", test: "label" };
  const kind = setKindOf(name)!, others = classes.join(", ");
  return new DatasetError(
    `Cannot tell whether ${dir}/${name} is a class as ${others} beside it, or holds the recordings ` +
      `to ${purpose[kind]}: put all that are classes in one folder, ` +
      `${dir}/train/{${[...classes, name].join(",")}} or ${dir}/train/{${classes.join(",")}}, ` +
      `and what is neither elsewhere`,
  );
}

/**
 * Looks at a folder's folders, as far as it takes to tell which is what.
 *
 * @param entries What the walk lists in it.
 * @throws {DatasetError} where a folder may be either a class or a set.
 */
export async function readLayout(
  walk: FolderWalk,
  dir: string,
  entries: readonly FolderEntry[],
): Promise<FolderLayout> {
  const folders = entries.filter(({ kind }) => kind === "folder");
  if (!folders.some(({ name }) => setKindOf(name))) {
    return { classes: folders.map(({ name }) => name), others: [] };
  }
  const contents = new Map<string, FolderContent>();
  for (const folder of folders) contents.set(folder.name, await walk.lookInto(folder));
  return decideLayout(dir, contents);
}

/** The parts of a folder of recordings, as its folders are spelt. */
export interface FolderParts {
  /** The folder with the recordings to train on; absent where the classes lie in the folder itself. */
  readonly train?: string;
  /** The folder with the recordings to label; absent where there is no folder to train on. */
  readonly test?: string;
}

/** Parts of a folder by the names of the folders in it: `train` and, beside it, `test`, in any case. */
export function partsOf(folders: readonly string[]): FolderParts {
  const named = (part: string) => folders.find((name) => name.toLowerCase() === part);
  const train = named("train");
  return train === undefined ? {} : { train, test: named("test") };
}

/**
 * The class that a recording's folders name: the first one, or the first below `train` or `test`.
 *
 * @param id The recording's path below the folder, with `/` between folders.
 * @returns `undefined` outside any class.
 */
export function classOfFolder(id: string, { train, test }: FolderParts): string | undefined {
  const folders = id.split("/").slice(0, -1);
  if (train === undefined) return folders[0];
  return folders[0] === train || folders[0] === test ? folders[1] : undefined;
}

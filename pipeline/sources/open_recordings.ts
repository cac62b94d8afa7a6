/** Recordings to label or to look at, wherever they are listed. */
import { basename } from "../../deps/std_path.ts";
import { audioExtensions } from "../decode/decode.ts";
import type { Recording } from "../recording.ts";
import { checkNoColumns, type Columns } from "./column_settings.ts";
import { DatasetError } from "./dataset.ts";
import { labelByFolder } from "./folder.ts";
import { setKindOf } from "./folder_layout.ts";
import { type FolderReader, readerOf } from "./folder_reader.ts";
import { FolderWalk, walked } from "./folder_walk.ts";
import { isManifest, openManifestRecordings } from "./manifest.ts";
import { idOfPath } from "./remote_path.ts";

/**
 * Lists the recordings to label: a file, those of `DIR/test` where it exists, else every one below DIR, which
 * may be an archive. A clip in a folder named like a class is taken to be of that class, so that it can be scored.
 *
 * Of a manifest, whose rows may be labelled, the recordings of the split `test`, else all.
 *
 * @param onNote Is told what a person should know of the recordings, a line each.
 * @param columns Which columns of a manifest are read.
 * @throws {DatasetError} where there is nothing, or no audio file.
 */
export async function openTestFolder(
  path: string,
  classes: readonly string[],
  onNote: (note: string) => void = () => {},
  columns: Columns = {},
): Promise<Recording[]> {
  if (await isManifest(path)) {
    return await openManifestRecordings(path, columns, { set: "test", onNote });
  }
  checkNoColumns(columns);
  const reader = await readerOf(path), file = await openOneFile(reader, path);
  if (file) return file;
  const walk = new FolderWalk(reader), entries = await walk.listRoot(path);
  const folders = entries.filter(({ kind }) => kind === "folder");
  const known = new Set(classes.map((label) => label.normalize("NFC")));
  const isClass = (name: string) => known.has(name.normalize("NFC"));
  const test = folders.find(({ name }) => setKindOf(name) === "test");
  // A class that is called test stands beside other classes.
  const isSet = test &&
    !(isClass(test.name) && folders.some((other) => other !== test && isClass(other.name)));
  const [clips] = await walk.collect([isSet ? walked(test, "") : { dir: path, prefix: "" }]);
  if (clips.length === 0) throw noRecording(isSet ? test.path : path);
  const labelled = labelByFolder(clips, classes);
  if (isSet) {
    for (const { name } of folders) {
      if (name !== test.name) walk.unused.add("folders beside test, not labelled", name);
    }
  } else {
    for (const { id, labels } of labelled) {
      const [first] = id.split("/");
      const isTrained = labels?.some(isClass) || setKindOf(first) === "train";
      if (isTrained) {
        walk.unused.add(
          "recordings in folders of classes, which may be what it was trained on",
          id,
        );
      }
    }
  }
  walk.describeUnused().forEach(onNote);
  return labelled;
}

/**
 * Lists every recording below a folder or in an archive, in natural order, whatever the folders in it mean; or
 * those of a manifest, in its order; or a file alone.
 *
 * @param onNote Is told what is there and not listed, a line each.
 * @param columns Which columns of a manifest are read.
 * @throws {DatasetError} where there is nothing, or no audio file.
 */
export async function openRecordings(
  path: string,
  onNote: (note: string) => void = () => {},
  columns: Columns = {},
): Promise<Recording[]> {
  if (await isManifest(path)) return await openManifestRecordings(path, columns, { onNote });
  checkNoColumns(columns);
  const reader = await readerOf(path), file = await openOneFile(reader, path);
  if (file) return file;
  const walk = new FolderWalk(reader);
  await walk.listRoot(path);
  const [clips] = await walk.collect([{ dir: path, prefix: "" }]);
  if (clips.length === 0) throw noRecording(path);
  walk.describeUnused().forEach(onNote);
  return clips;
}

async function openOneFile(reader: FolderReader, path: string): Promise<Recording[] | undefined> {
  const info = await reader.stat(path).catch(() => undefined);
  if (!info?.isFile) return undefined; // the walk says what is wrong
  return [{ id: basename(idOfPath(path)), location: reader.locationOf(path) }];
}

function noRecording(path: string): DatasetError {
  return new DatasetError(
    `Cannot find a recording in ${path}: expected audio files (${
      [...audioExtensions].join(" ")
    }), saw none`,
  );
}

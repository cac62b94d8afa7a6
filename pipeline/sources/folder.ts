import type { Recording } from "../recording.ts";
import { audioExtensions } from "../decode/decode.ts";
import { classOfFolder, partsOf } from "./class_of_folder.ts";
import { type Dataset, DatasetError } from "./dataset.ts";
import { listAudio, listFolder } from "./listing.ts";

/**
 * Lists a folder of recordings to train on: `DIR/CLASS/*`, or `DIR/train/CLASS/*` with the
 * recordings to label in `DIR/test/*`. Classes may hold folders of folders. Hidden files and files
 * that are not audio (by their extension, in any letter case) are passed over; links are followed.
 *
 * @throws {DatasetError} where the folder is missing, has fewer than two classes, or a class is empty.
 */
export async function openFolder(dir: string): Promise<Dataset> {
  const entries = await listFolder(dir);
  const { train: trainFolder, test: testFolder } = partsOf(entries.folders);
  const root = trainFolder === undefined ? dir : `${dir}/${trainFolder}`;
  const folders = trainFolder === undefined ? entries.folders : (await listFolder(root)).folders;

  const classes = folders.toSorted();
  if (classes.length < 2) {
    const seen = classes.length === 0 ? "no folder" : `one, ${classes[0]}`;
    throw new DatasetError(
      `Cannot train on ${root}: expected one folder for each of at least two classes, saw ${seen}`,
    );
  }
  const train: Recording[] = [];
  for (const label of classes) {
    const clips = await listAudio(`${root}/${label}`, label);
    if (clips.length === 0) {
      throw new DatasetError(
        `Cannot train on ${root}: expected audio files in every class folder, saw none in ${label}` +
          ` (known: ${[...audioExtensions].join(" ")})`,
      );
    }
    for (const clip of clips) train.push({ ...clip, labels: [label] });
  }
  const test = testFolder !== undefined
    ? labelByFolder(await listAudio(`${dir}/${testFolder}`, ""), classes)
    : [];
  return { origin: dir, dir: await Deno.realPath(dir), classes, train, test };
}

/**
 * Lists the recordings to label: those of `DIR/test` where it exists, else every one below DIR. A
 * clip in a folder named like a class is taken to be of that class, so that it can be scored.
 *
 * @throws {DatasetError} where the folder is missing or holds no audio file.
 */
export async function openTestFolder(
  dir: string,
  classes: readonly string[],
): Promise<Recording[]> {
  const { folders } = await listFolder(dir);
  const testFolder = folders.find((name) => name.toLowerCase() === "test");
  const root = testFolder === undefined ? dir : `${dir}/${testFolder}`;
  return labelByFolder(await openRecordings(root), classes);
}

/**
 * Lists every recording below a folder, in natural order, whatever the folders in it mean.
 *
 * @throws {DatasetError} where the folder is missing or holds no audio file.
 */
export async function openRecordings(dir: string): Promise<Recording[]> {
  const clips = await listAudio(dir, "");
  if (clips.length === 0) {
    throw new DatasetError(
      `Cannot find a recording in ${dir}: expected audio files (${
        [...audioExtensions].join(" ")
      }), saw none`,
    );
  }
  return clips;
}

function labelByFolder(clips: readonly Recording[], classes: readonly string[]): Recording[] {
  return clips.map((clip) => {
    const folder = classOfFolder(clip.id, {});
    return folder !== undefined && classes.includes(folder) ? { ...clip, labels: [folder] } : clip;
  });
}

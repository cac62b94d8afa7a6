import type { ClipRef } from "../clip.ts";
import { audioExtensions } from "../decode/decode.ts";
import { type Dataset, DatasetError } from "./dataset.ts";
import { compareNatural } from "./natural_order.ts";

/**
 * Lists a folder of recordings to train on: `DIR/CLASS/*`, or `DIR/train/CLASS/*` with the
 * recordings to label in `DIR/test/*`. Classes may hold folders of folders. Hidden files and files
 * that are not audio (by their extension, in any letter case) are passed over; links are followed.
 *
 * @throws {DatasetError} where the folder is missing, has fewer than two classes, or a class is empty.
 */
export async function openFolder(dir: string): Promise<Dataset> {
  const entries = await listFolder(dir);
  const trainFolder = entries.folders.find((name) => name.toLowerCase() === "train");
  const testFolder = entries.folders.find((name) => name.toLowerCase() === "test");
  const root = trainFolder === undefined ? dir : `${dir}/${trainFolder}`;
  const classes = trainFolder === undefined ? entries.folders : (await listFolder(root)).folders;

  const labels = classes.toSorted();
  if (labels.length < 2) {
    const seen = labels.length === 0 ? "no folder" : `one, ${labels[0]}`;
    throw new DatasetError(
      `Cannot train on ${root}: expected one folder for each of at least two classes, saw ${seen}`,
    );
  }
  const train: ClipRef[] = [];
  for (const label of labels) {
    const clips = await listAudio(`${root}/${label}`, label);
    if (clips.length === 0) {
      throw new DatasetError(
        `Cannot train on ${root}: expected audio files in every class folder, saw none in ${label}` +
          ` (known: ${[...audioExtensions].join(" ")})`,
      );
    }
    for (const clip of clips) train.push({ ...clip, labels: [label] });
  }
  const test = trainFolder !== undefined && testFolder !== undefined
    ? labelByFolder(await listAudio(`${dir}/${testFolder}`, ""), labels)
    : [];
  return { origin: dir, dir: await Deno.realPath(dir), labels, train, test };
}

/**
 * Lists the recordings to label: those of `DIR/test` where it exists, else every one below DIR. A
 * clip in a folder named like a class is taken to be of that class, so that it can be scored.
 *
 * @throws {DatasetError} where the folder is missing or holds no audio file.
 */
export async function openTestFolder(dir: string, labels: readonly string[]): Promise<ClipRef[]> {
  const { folders } = await listFolder(dir);
  const testFolder = folders.find((name) => name.toLowerCase() === "test");
  const root = testFolder === undefined ? dir : `${dir}/${testFolder}`;
  return labelByFolder(await openRecordings(root), labels);
}

/**
 * Lists every recording below a folder, in natural order, whatever the folders in it mean.
 *
 * @throws {DatasetError} where the folder is missing or holds no audio file.
 */
export async function openRecordings(dir: string): Promise<ClipRef[]> {
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

function labelByFolder(clips: readonly ClipRef[], labels: readonly string[]): ClipRef[] {
  return clips.map((clip) => {
    const [folder, ...rest] = clip.id.split("/");
    return rest.length > 0 && labels.includes(folder) ? { ...clip, labels: [folder] } : clip;
  });
}

interface Listing {
  readonly folders: string[];
  readonly files: string[];
}

/** The visible folders and files of one folder, links resolved, in natural order. */
async function listFolder(dir: string): Promise<Listing> {
  const folders: string[] = [], files: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      if (entry.name.startsWith(".")) continue;
      // A link whose target is gone is nobody's recording: it is passed over like a hidden file.
      const kind = entry.isSymlink
        ? await Deno.stat(`${dir}/${entry.name}`).catch(() => undefined)
        : entry;
      if (kind?.isDirectory) folders.push(entry.name);
      else if (kind?.isFile) files.push(entry.name);
    }
  } catch (cause) {
    const seen = cause instanceof Deno.errors.NotFound
      ? "nothing there"
      : cause instanceof Deno.errors.NotADirectory
      ? "a file"
      : (cause as Error).message;
    throw new DatasetError(`Cannot read ${dir}: expected a folder of recordings, saw ${seen}`, {
      cause,
    });
  }
  return { folders: folders.sort(compareNatural), files: files.sort(compareNatural) };
}

/** Every audio file below a folder, in natural order of the ids. */
async function listAudio(root: string, idPrefix: string): Promise<ClipRef[]> {
  const clips: ClipRef[] = [];
  const visit = async (dir: string, prefix: string, above: readonly string[]) => {
    const real = await Deno.realPath(dir).catch(() => dir);
    if (above.includes(real)) return; // a link back to a folder that we are in
    const { folders, files } = await listFolder(dir);
    for (const name of files) {
      const dot = name.lastIndexOf(".");
      if (dot < 0 || !audioExtensions.has(name.slice(dot).toLowerCase())) continue;
      clips.push({ id: `${prefix}${name}`, path: `${dir}/${name}` });
    }
    for (const name of folders) {
      await visit(`${dir}/${name}`, `${prefix}${name}/`, [...above, real]);
    }
  };
  await visit(root, idPrefix === "" ? "" : `${idPrefix}/`, []);
  return clips.sort((a, b) => compareNatural(a.id, b.id));
}

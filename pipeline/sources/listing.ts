/** What lies in folders: names alone, nothing is opened. */
import { fileLocation } from "../locations/location.ts";
import type { Recording } from "../recording.ts";
import { audioExtensions } from "../decode/decode.ts";
import { DatasetError } from "./dataset.ts";
import { compareNatural } from "./natural_order.ts";

/** The names in a folder. */
export interface Listing {
  readonly folders: string[];
  readonly files: string[];
}

/** Names of files that hold other files. */
const archive = /\.(zip|tar|tgz|tbz2?|txz|7z|rar|tar\.\w+)$/i;

/**
 * The visible folders and files of one folder, links resolved, in natural order.
 *
 * @throws {DatasetError} where it is missing or no folder.
 */
export async function listFolder(dir: string): Promise<Listing> {
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
    if (cause instanceof Deno.errors.NotADirectory && archive.test(dir)) {
      throw new DatasetError(
        `Cannot read ${dir} as archives are not read yet: unpack it, and name the folder`,
        { cause },
      );
    }
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

/** Every audio file below a folder, in natural order of the ids: paths below it behind `idPrefix/`. */
export async function listAudio(root: string, idPrefix: string): Promise<Recording[]> {
  const clips: Recording[] = [];
  const visit = async (dir: string, prefix: string, above: readonly string[]) => {
    const real = await Deno.realPath(dir).catch(() => dir);
    if (above.includes(real)) return; // a link back to a folder that we are in
    const { folders, files } = await listFolder(dir);
    for (const name of files) {
      const dot = name.lastIndexOf(".");
      if (dot < 0 || !audioExtensions.has(name.slice(dot).toLowerCase())) continue;
      clips.push({ id: `${prefix}${name}`, location: fileLocation(`${dir}/${name}`) });
    }
    for (const name of folders) {
      await visit(`${dir}/${name}`, `${prefix}${name}/`, [...above, real]);
    }
  };
  await visit(root, idPrefix === "" ? "" : `${idPrefix}/`, []);
  return clips.sort((a, b) => compareNatural(a.id, b.id));
}

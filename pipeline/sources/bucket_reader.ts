/** A bucket as a tree of folders, which is walked as those of a disk are. */
import type { Location, ObjectLocation } from "../locations/location.ts";
import { listBucket } from "../locations/list_bucket.ts";
import { openLocation } from "../locations/open_location.ts";
import { resolveLocation } from "../locations/open_remote.ts";
import type { FolderReader } from "./folder_reader.ts";
import { locationAt } from "./remote_path.ts";
import { describeCount } from "./unused.ts";

/** Names that no path can have between its slashes. */
const noNames: ReadonlySet<string> = new Set(["", ".", ".."]);

/** Objects of buckets by their paths, `s3://bucket/key`: a slash in a key ends the name of a folder. */
export class BucketReader implements FolderReader {
  /** What was listed, with its size and version, which need not be asked for then. */
  readonly #known = new Map<string, Location>();
  /** What begins with it has no path; folders are listed several times. */
  readonly #unused = new Set<string>();

  async *readDir(dir: string): AsyncGenerator<Deno.DirEntry> {
    const folder = folderAt(dir), { length } = folder.key;
    let isEmpty = true;
    for await (const { objects, prefixes } of listBucket(folder)) {
      for (const object of objects) {
        const name = object.key.slice(length);
        isEmpty = false;
        if (name === "") continue; // it stands for the folder itself
        this.#known.set(pathOf(object), object);
        if (!noNames.has(name)) yield entry(name, "file");
      }
      for (const prefix of prefixes) {
        const name = prefix.slice(length, -1);
        isEmpty = false;
        if (!noNames.has(name)) yield entry(name, "folder");
        else this.#unused.add(prefix);
      }
    }
    if (isEmpty) throw new Deno.errors.NotFound("nothing there");
  }

  async stat(path: string): Promise<Pick<Deno.FileInfo, "isFile" | "isDirectory">> {
    if (this.#known.has(pathOf(locationAt(path) as ObjectLocation))) {
      return { isFile: true, isDirectory: false };
    }
    const folder = folderAt(path);
    if (folder.key === "") return { isFile: false, isDirectory: true };
    try {
      // An object may be readable where the bucket must not be listed.
      this.#known.set(
        pathOf(locationAt(path) as ObjectLocation),
        await resolveLocation(locationAt(path)),
      );
      return { isFile: true, isDirectory: false };
    } catch (fault) {
      for await (const { objects, prefixes } of listBucket(folder, 1)) {
        if (objects.length + prefixes.length > 0) return { isFile: false, isDirectory: true };
        break;
      }
      throw fault;
    }
  }

  realPath(path: string): Promise<string> {
    return Promise.resolve(pathOf(locationAt(path) as ObjectLocation));
  }

  async readStart(path: string, numBytes: number): Promise<Uint8Array> {
    using source = await openLocation(this.locationOf(path));
    return await source.read(0, numBytes);
  }

  locationOf(path: string): Location {
    const location = locationAt(path);
    return this.#known.get(pathOf(location as ObjectLocation)) ?? location;
  }

  describeUnused(): string[] {
    const [example] = this.#unused, what = "objects whose keys are no paths, not used";
    return example === undefined ? [] : [describeCount(what, example, this.#unused.size)];
  }
}

function entry(name: string, kind: "file" | "folder"): Deno.DirEntry {
  return { name, isFile: kind === "file", isDirectory: kind === "folder", isSymlink: false };
}

/** What all keys below a path begin with. */
function folderAt(path: string): ObjectLocation {
  const location = locationAt(path) as ObjectLocation;
  return { ...location, key: location.key === "" ? "" : `${location.key}/` };
}

function pathOf({ bucket, key }: ObjectLocation): string {
  return key === "" ? `s3://${bucket}` : `s3://${bucket}/${key}`;
}

/** What lies on servers, as a tree of folders where they list it. */
import { DecodeError } from "../decode/audio.ts";
import type { Location } from "../locations/location.ts";
import { openLocation } from "../locations/open_location.ts";
import { resolveLocation } from "../locations/open_remote.ts";
import type { FolderReader } from "./folder_reader.ts";
import { locationAt } from "./remote_path.ts";

/** What reads paths that begin like this one. */
export async function remoteReader(path: string): Promise<FolderReader> {
  if (!/^s3:/i.test(path)) return new UrlReader();
  const { BucketReader } = await import("./bucket_reader.ts");
  return new BucketReader();
}

/** Files of a web server, which lists none. */
class UrlReader implements FolderReader {
  /** What was asked for, by its address. */
  readonly #known = new Map<string, Location>();

  // deno-lint-ignore require-yield -- there is no folder
  async *readDir(path: string): AsyncGenerator<Deno.DirEntry> {
    await this.stat(path); // where it cannot be reached, that is said
    throw new DecodeError({
      path,
      expected: "a table (.csv, .tsv, .jsonl, .parquet), an archive or a recording",
      seen: "something else, and a web server does not list folders",
    });
  }

  async stat(path: string): Promise<Pick<Deno.FileInfo, "isFile" | "isDirectory">> {
    this.#known.set(path, await resolveLocation(locationAt(path)));
    return { isFile: true, isDirectory: false };
  }

  realPath(path: string): Promise<string> {
    return Promise.resolve(path);
  }

  async readStart(path: string, numBytes: number): Promise<Uint8Array> {
    using source = await openLocation(this.locationOf(path));
    return await source.read(0, numBytes);
  }

  locationOf(path: string): Location {
    return this.#known.get(path) ?? locationAt(path);
  }
}

import { dirname } from "../../deps/std_path.ts";
import { isArchive } from "../archives/open_archive.ts";
import { fileLocation, isRemote, type Location } from "../locations/location.ts";
import { openFile, stampOf } from "../locations/open_location.ts";
import { isRemotePath, locationAt, remoteArchiveOf } from "./remote_path.ts";

/** What is asked of a file system, or of an archive, to list what is in it. A test hands in one that fails. */
export interface FolderReader {
  /** The entries of a folder. */
  readDir(dir: string): AsyncIterable<Deno.DirEntry>;
  /** What a path leads to, links followed. */
  stat(path: string): Promise<Pick<Deno.FileInfo, "isFile" | "isDirectory">>;
  /** The path without links. */
  realPath(path: string): Promise<string>;
  /** The first bytes of a regular file. */
  readStart(path: string, numBytes: number): Promise<Uint8Array>;
  /** Where a file's bytes lie, whether or not it is there. */
  locationOf(path: string): Location;
  /** What it holds and does not list, a line for each reason. */
  describeUnused?(): string[];
}

/** The file system that Deno sees. */
export const fileSystem: FolderReader = {
  readDir: (dir) => Deno.readDir(dir),
  stat: (path) => Deno.stat(path),
  realPath: (path) => Deno.realPath(path),
  async readStart(path, numBytes) {
    using file = openFile(path);
    return await file.read(0, numBytes);
  },
  locationOf: fileLocation,
};

/** A disk's clock ticks so coarsely at most: what changes again within a tick keeps the time of its change. */
const mostTickMs = 50;

/** The archive that was opened last, while it stays as it is: one job comes to it several times. */
let last: { readonly stamp: string; readonly reader: Promise<FolderReader> } | undefined;

/**
 * What reads a path: the archive that it names or lies in, as in `clips.zip/train`, else the file system, or
 * the server that an address names.
 *
 * @throws {DatasetError} where the archive is broken, or of no kind that is read.
 */
export async function readerOf(path: string): Promise<FolderReader> {
  if (isRemotePath(path)) return await remoteReaderOf(path);
  for (let at = path;; at = dirname(at)) {
    const info = await Deno.stat(at).catch(() => undefined);
    if (info?.isFile && await isArchive(at)) {
      return await openArchive(at, fileLocation(at));
    }
    if (info || at === dirname(at)) return fileSystem;
  }
}

async function remoteReaderOf(path: string): Promise<FolderReader> {
  const archive = remoteArchiveOf(path);
  if (archive === undefined) return await (await import("./remote_reader.ts")).remoteReader(path);
  const { resolveLocation } = await import("../locations/open_remote.ts");
  return await openArchive(archive, await resolveLocation(locationAt(archive)));
}

async function openArchive(path: string, location: Location): Promise<FolderReader> {
  const stamp = stampOf(location);
  if (last && last.stamp === stamp) return await last.reader;
  const { mtime } = isRemote(location) ? { mtime: new Date(0) } : await Deno.stat(path);
  const { openArchiveReader } = await import("./archive_reader.ts");
  const reader = openArchiveReader(path, location);
  // One that has changed just now could do so again without a sign.
  const isSettled = mtime && Math.abs(Date.now() - mtime.getTime()) > mostTickMs;
  last = stamp && isSettled ? { stamp, reader } : undefined;
  return await reader;
}

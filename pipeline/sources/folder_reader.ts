import { openFile } from "../locations/open_location.ts";

/** What is asked of a file system to list what is in it. A test hands in one that fails. */
export interface FolderReader {
  /** The entries of a folder. */
  readDir(dir: string): AsyncIterable<Deno.DirEntry>;
  /** What a path leads to, links followed. */
  stat(path: string): Promise<Pick<Deno.FileInfo, "isFile" | "isDirectory">>;
  /** The path without links. */
  realPath(path: string): Promise<string>;
  /** The first bytes of a regular file. */
  readStart(path: string, numBytes: number): Promise<Uint8Array>;
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
};

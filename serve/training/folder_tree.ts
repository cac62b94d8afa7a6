import { extname, isAbsolute, join, relative, resolve } from "../../deps/std_path.ts";
import { audioExtensions } from "../../pipeline/decode/supported_formats.ts";
import { compareNatural } from "../../pipeline/sources/natural_order.ts";
import type { FolderListing } from "../../web/training_messages.ts";
import { HttpError } from "../http_error.ts";

/** Most folders that are named. */
const mostFolders = 500;

/** The folders that the page may choose from: one that the server's operator allows, and those in it. */
export class FolderTree {
  /**
   * Below a folder.
   *
   * @param root That folder.
   */
  constructor(readonly root: string) {}

  /**
   * A folder of the tree, as training is told it.
   *
   * @param path Its way from the root, or all of its path.
   * @throws {HttpError} 403 where it lies elsewhere, by its name or by a link; 404 where there is none.
   */
  async resolve(path: string): Promise<string> {
    const root = await Deno.realPath(this.root), asked = resolve(root, path);
    // Of what lies elsewhere nobody is told whether it is there.
    if (!isWithin(root, asked)) throw this.#outside(path);
    const real = await Deno.realPath(asked).catch(() => undefined);
    if (real !== undefined && !isWithin(root, real)) throw this.#outside(path);
    const info = real === undefined ? undefined : await Deno.stat(real);
    if (info?.isDirectory) return join(this.root, relative(root, asked));
    throw new HttpError(404, `Cannot find a folder ${path} in ${this.root}: choose one of those`);
  }

  /** Whether a folder, by any path, is one of the tree's. */
  async holds(dir: string): Promise<boolean> {
    const [root, real] = await Promise.all(
      [this.root, dir].map((path) => Deno.realPath(path).catch(() => undefined)),
    );
    return root !== undefined && real !== undefined && isWithin(root, real);
  }

  /** What lies in a folder. @throws as `resolve` does, and {HttpError} 403 where it cannot be read. */
  async list(path: string): Promise<FolderListing> {
    const dir = await this.resolve(path), folders: string[] = [];
    let numSounds = 0;
    try {
      for await (const entry of Deno.readDir(dir)) {
        const { name } = entry;
        if (name.startsWith(".")) continue;
        const { isDirectory, isFile } = entry.isSymlink ? await this.#linked(dir, name) : entry;
        if (isDirectory) folders.push(name);
        if (isFile && audioExtensions.has(extname(name).toLowerCase())) numSounds++;
      }
    } catch (cause) {
      throw new HttpError(403, `Cannot look into ${path}: ${(cause as Error).message}`);
    }
    folders.sort(compareNatural);
    const here = toSlashes(relative(this.root, dir)) || ".";
    return {
      path: here,
      parent: here === "." ? undefined : toSlashes(join(here, "..")),
      folders: folders.slice(0, mostFolders),
      numMore: Math.max(0, folders.length - mostFolders),
      numSounds,
    };
  }

  /** What a link leads to, where that is in the tree. */
  async #linked(
    dir: string,
    name: string,
  ): Promise<{ readonly isDirectory: boolean; readonly isFile: boolean }> {
    const path = join(dir, name), nothing = { isDirectory: false, isFile: false };
    if (!await this.holds(path)) return nothing;
    return await Deno.stat(path).catch(() => nothing);
  }

  #outside(path: string): HttpError {
    const root = this.root === "." ? "the folder that the server was started in" : this.root;
    return new HttpError(403, `Cannot look into ${path} as it must lie in ${root}`);
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== "..";
}

function toSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}

/**
 * Files that appear whole or not at all: written under a temporary name in the same folder, synced,
 * then renamed over the old one. A process that is killed leaves the old file, and beside it a temporary
 * one that the next process takes away when it writes there.
 */
import { dirname } from "../../deps/std_path.ts";
import { doOnExit } from "./clean_up.ts";
import { exists, ignoreMissing, naming } from "./file_errors.ts";
import { openLocked, sweepFolder, temporaryPath } from "./lock.ts";

/** A file under way: `commit` puts it in its place, `abort` takes it away. */
export interface AtomicFile {
  /** Appends bytes or text. @throws {RunError} where it cannot. */
  write(data: string | Uint8Array): Promise<void>;
  /** Syncs the file and puts it in its place. @throws {RunError} where it cannot. */
  commit(): Promise<void>;
  /** Throws it away; what was there before stays. After a `commit` it does nothing. */
  abort(): Promise<void>;
}

/**
 * Starts a file that replaces `path` when it is committed.
 *
 * @throws {RunError} where it cannot be written there: nothing is left then.
 */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  const { file, temporary } = await naming(path, async () => {
    await refuseFolder(path);
    return await openTemporary(dirname(path));
  });
  const encoder = new TextEncoder();
  const callOff = doOnExit(() => Deno.removeSync(temporary));
  let open = true;
  const close = () => {
    if (open) file.close();
    open = false;
    callOff();
  };
  return {
    write: (data) =>
      naming(path, () => writeAll(file, typeof data === "string" ? encoder.encode(data) : data)),
    commit: () =>
      naming(path, async () => {
        await file.sync();
        await Deno.rename(temporary, path);
        close(); // only now: a temporary file that nobody has open is taken for a dead writer's
      }),
    async abort() {
      if (!open) return;
      await Deno.remove(temporary).catch(() => {});
      close();
    },
  };
}

/** Folders that this process has written to. */
const sweptFolders = new Set<string>();

/** Opens a new temporary file and locks it: that says that its writer is alive. */
async function openTemporary(
  folder: string,
): Promise<{ readonly file: Deno.FsFile; readonly temporary: string }> {
  if (!sweptFolders.has(folder)) {
    await sweepFolder(folder);
    sweptFolders.add(folder);
  }
  for (;;) {
    const temporary = temporaryPath(folder);
    const locked = await openLocked(temporary, { write: true, createNew: true });
    if (locked) return { file: locked.file, temporary };
  }
}

async function refuseFolder(path: string): Promise<void> {
  try {
    if (!(await Deno.stat(path)).isDirectory) return;
  } catch (error) {
    return ignoreMissing(error);
  }
  throw new Error("it must be a file: it is a folder");
}

async function writeAll(file: Deno.FsFile, data: Uint8Array): Promise<void> {
  for (let rest = data; rest.length > 0;) rest = rest.subarray(await file.write(rest));
}

/** Makes a folder, and those that it lies in, where they are not there. @throws {RunError} where it cannot. */
export async function makeFolder(path: string): Promise<void> {
  await naming(path, () => Deno.mkdir(path, { recursive: true }));
}

/** Writes a whole file, or leaves what was there. @throws {RunError} where it cannot. */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const file = await createAtomicFile(path);
  try {
    await file.write(data);
    await file.commit();
  } finally {
    await file.abort(); // nothing, where it was committed
  }
}

/** Place of a folder's next content, whole, between the two renames that put it in its place. */
export function nextFolder(dir: string): string {
  return `${dir}.next`;
}

/**
 * Replaces a folder and all that is in it. Stopped at any moment, either the old folder is there whole,
 * or, between two renames, the new one under `nextFolder(dir)`: readers look there too.
 *
 * @throws {RunError} where a file cannot be written, or the folder around it is gone: what was there stays.
 */
export async function replaceFolder(
  dir: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const made = `${dir}.new`, next = nextFolder(dir), old = `${dir}.old`;
  await naming(dir, () => settleFolder(dir));
  const callOff = doOnExit(() => Deno.removeSync(made, { recursive: true }));
  try {
    await naming(dir, () => Deno.mkdir(made));
    for (const [name, data] of Object.entries(files)) {
      await writeNewFile(`${made}/${name}`, data, `${dir}/${name}`);
    }
    await naming(dir, async () => {
      await Deno.rename(made, next);
      await Deno.rename(dir, old).catch(ignoreMissing);
      await Deno.rename(next, dir);
    });
  } catch (error) {
    await Deno.remove(made, { recursive: true }).catch(() => {}); // on a full disk it is in the way
    throw error;
  } finally {
    callOff();
  }
  await Deno.remove(old, { recursive: true }).catch(ignoreMissing);
}

/**
 * Writes and syncs a file of a folder that is not in its place yet.
 *
 * @param place Where it will be: errors name that.
 * @throws {RunError} where it cannot.
 */
export async function writeNewFile(
  path: string,
  data: string | Uint8Array,
  place: string,
): Promise<void> {
  await naming(place, async () => {
    using file = await Deno.open(path, { write: true, createNew: true });
    await writeAll(file, typeof data === "string" ? new TextEncoder().encode(data) : data);
    await file.sync();
  });
}

/** Ends what a stop in the middle of `replaceFolder` left: the folder is whole or absent afterwards. */
export async function settleFolder(dir: string): Promise<void> {
  if (!await exists(dir)) await Deno.rename(nextFolder(dir), dir).catch(ignoreMissing);
  for (const rest of [`${dir}.new`, nextFolder(dir), `${dir}.old`]) {
    await Deno.remove(rest, { recursive: true }).catch(ignoreMissing);
  }
}

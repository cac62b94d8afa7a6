/**
 * Locks: a run's folder and an output file have one writer at a time. The owner is who holds the
 * operating system's lock on the lock's file (`flock`), which ends with its process, however that
 * ends: so a dead writer's lock is taken over at once, and a process id that is used again deceives
 * nobody. The file says who it is, for the message to the second.
 *
 * Where the system's lock does not reach, on a file system that other hosts share without it, a sign of
 * life counts: the owner writes its file anew every 30 seconds, and a lock of another host is respected
 * until it is 5 minutes old.
 */
import { createHash } from "node:crypto";
import { doOnExit } from "./clean_up.ts";
import { RunError } from "./run_error.ts";

/** A lock that is held; disposed of, it is given back. */
export interface Lock extends Disposable {
  /** Its file. */
  readonly path: string;
  /** True while its file is where it was made: not after its folder was deleted or replaced. */
  isHeld(): boolean;
}

/** Who holds a lock, as its file says: one line of JSON. */
interface Owner {
  readonly pid: number;
  /** Empty where the permissions do not let the program know it. */
  readonly host: string;
  /** When the process began. */
  readonly started: string;
}

const beatMs = 30_000, staleMs = 300_000;
/** Tries for a lock: `sweepFolder` holds one for a moment while it looks whether it is old. */
const numTries = 4, pauseMs = 25;

/** Names of lock files and temporary files: whatever else lies in a folder is not touched. */
const ownName = /^\.melstream-[0-9a-f]{16}\.(lock|tmp)$/;

const self: Owner = {
  pid: Deno.pid,
  host: Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted"
    ? Deno.hostname()
    : "",
  started: new Date(performance.timeOrigin).toISOString(),
};

/** Splits a path into its folder and its name. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf("/");
  const folder = slash < 0 ? "." : path.slice(0, slash) || "/";
  return { folder, name: path.slice(slash + 1) };
}

/** The file of an output file's lock, beside it; its name is short whatever that one's is. */
export function lockPathOf(path: string): string {
  const { folder, name } = splitPath(path);
  const key = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${folder}/.melstream-${key}.lock`;
}

/**
 * Takes a lock.
 *
 * @param path The lock's file.
 * @param what What it stands for, for the message.
 * @throws {RunError} where another holds it: the message says who.
 */
export async function acquireLock(path: string, what: string): Promise<Lock> {
  for (let tries = 1;; tries++) {
    const file = await openForLock(path, what);
    if (file && !await isOthers(file)) {
      return keepLock(path, file);
    }
    const owner = await readOwner(path);
    file?.close();
    if (tries < numTries && !file) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      continue;
    }
    const host = owner?.host ? ` on ${owner.host}` : "";
    const who = owner
      ? `process ${owner.pid}${host}, begun at ${owner.started}`
      : "another process";
    const rest = file
      ? ` (if it has ended: its lock, ${path}, counts for ${staleMs / 60_000} minutes)`
      : "";
    throw new RunError(
      `Cannot write to ${what} as it must have one writer at a time: it is in use by ${who}${rest}`,
    );
  }
}

async function openForLock(path: string, what: string): Promise<Deno.FsFile | undefined> {
  try {
    return await openLocked(path, { read: true, write: true, create: true });
  } catch (cause) {
    throw new RunError(`Cannot write to ${what}: ${(cause as Error).message}`, { cause });
  }
}

/** Says who holds a locked file, and keeps saying so until it is given back. */
function keepLock(path: string, file: Deno.FsFile): Lock {
  const line = new TextEncoder().encode(`${JSON.stringify(self)}\n`);
  const sign = () => {
    try {
      file.seekSync(0, Deno.SeekMode.Start);
      file.writeSync(line);
      file.truncateSync(line.length);
    } catch { /* a full disk: the lock holds, it only cannot say whose it is */ }
  };
  const remove = () => {
    if (isAt(file, path)) Deno.removeSync(path); // while it is held: nobody else's can lie there
  };
  sign();
  const timer = setInterval(sign, beatMs);
  Deno.unrefTimer(timer);
  const callOff = doOnExit(remove);
  let held = true;
  return {
    path,
    isHeld: () => held && isAt(file, path),
    [Symbol.dispose]() {
      if (!held) return;
      held = false;
      clearInterval(timer);
      callOff();
      try {
        remove();
      } finally {
        file.close();
      }
    },
  };
}

/**
 * Opens a file and locks it.
 *
 * @returns nothing where another has it, or has taken it away meanwhile.
 */
export async function openLocked(
  path: string,
  options: Deno.OpenOptions,
): Promise<Deno.FsFile | undefined> {
  const file = await Deno.open(path, options);
  // A file system without locks: there the signs of life are all there is.
  const isLocked = await file.tryLock(true).catch(() => true);
  if (isLocked && isAt(file, path)) return file;
  file.close();
}

/** Tells whether an open file is the one that lies at a path now. */
function isAt(file: Deno.FsFile, path: string): boolean {
  try {
    const here = Deno.lstatSync(path), own = file.statSync();
    return here.ino === own.ino && here.dev === own.dev;
  } catch {
    return false;
  }
}

/** Tells whether a lock that the system gave us is another host's all the same, by a fresh sign of life. */
async function isOthers(file: Deno.FsFile): Promise<boolean> {
  const { size, mtime } = await file.stat();
  if (size === 0 || size > 1000 || Date.now() - (mtime?.getTime() ?? 0) > staleMs) return false;
  const bytes = new Uint8Array(size);
  await file.read(bytes);
  const host = parseOwner(new TextDecoder().decode(bytes))?.host;
  return Boolean(host) && self.host !== "" && host !== self.host;
}

async function readOwner(path: string): Promise<Owner | undefined> {
  return parseOwner(await Deno.readTextFile(path).catch(() => ""));
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner: Owner = JSON.parse(text);
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined; // not written yet
  }
}

/** Takes away the temporary files and locks in a folder whose writers are dead. */
export async function sweepFolder(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || !ownName.test(name)) continue;
    const path = `${folder}/${name}`;
    try {
      const file = await openLocked(path, { read: true, write: true });
      if (file && !await isOthers(file)) await Deno.remove(path);
      file?.close();
    } catch { /* taken away by another meanwhile, or not ours to touch */ }
  }
}

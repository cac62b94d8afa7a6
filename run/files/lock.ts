/**
 * Locks: a run's folder and an output file have one writer at a time. The owner is who holds the
 * operating system's lock on the lock's file (`flock`), which ends with its process, however that
 * ends: so a dead writer's lock is taken over at once, and a process id that is used again deceives
 * nobody. The file says who it is, for the message to the second.
 *
 * Where the system's lock does not reach, on a file system that hosts share without it or that knows none,
 * a sign of life counts: the owner writes its file anew every 30 seconds, and its lock is respected until
 * that was 5 minutes ago.
 */
import { basename, dirname } from "../../deps/std_path.ts";
import { createHash } from "node:crypto";
import { doOnExit } from "./clean_up.ts";
import {
  ageMsOf,
  hostDigits,
  isOthers,
  type LockedFile,
  ownLine,
  parseOwner,
  readLine,
  staleMs,
} from "./lock_owner.ts";
import { RunError } from "../run_error.ts";

/** A lock that is held; disposed of, it is given back. */
export interface Lock extends Disposable {
  /** Its file. */
  readonly path: string;
  /** True while its file is where it was made, and says so: not after its folder was deleted or replaced. */
  isHeld(): boolean;
}

const beatMs = 30_000;
/** Tries for a lock: `sweepFolder` holds one for a moment while it looks whether it is old. */
const numTries = 4, pauseMs = 25;

/** Names of lock files and temporary files: whatever else lies in a folder is not touched. */
const ownName = /^\.melstream-([0-9a-f]{8})[0-9a-f]{8}\.(lock|tmp)$/;

/** A path for a temporary file in a folder: as short whatever name the file is to have. */
export function temporaryPath(folder: string): string {
  return `${folder}/.melstream-${hostDigits}${crypto.randomUUID().slice(0, 8)}.tmp`;
}

/** The file of an output file's lock, beside it; its name is short whatever that one's is. */
export function lockPathOf(path: string): string {
  const key = createHash("sha256").update(basename(path)).digest("hex").slice(0, 16);
  return `${dirname(path)}/.melstream-${key}.lock`;
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
    const locked = await openForLock(path, what);
    if (locked && !isOthers(locked)) return keepLock(path, locked.file);
    const owner = parseOwner(await Deno.readTextFile(path).catch(() => ""));
    locked?.file.close();
    if (tries < numTries && !locked) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      continue;
    }
    const host = owner?.host ? ` on ${owner.host}` : "";
    const who = owner
      ? `process ${owner.pid}${host}, begun at ${owner.started}`
      : "another process";
    const rest = locked
      ? ` (if it has ended: its lock, ${path}, counts for ${staleMs / 60_000} minutes)`
      : "";
    throw new RunError(
      `Cannot write to ${what} as it must have one writer at a time: it is in use by ${who}${rest}`,
    );
  }
}

async function openForLock(path: string, what: string): Promise<LockedFile | undefined> {
  try {
    return await openLocked(path, { read: true, write: true, create: true });
  } catch (cause) {
    throw new RunError(`Cannot write to ${what}: ${(cause as Error).message}`, { cause });
  }
}

/** Says who holds a locked file, and keeps saying so until it is given back. */
function keepLock(path: string, file: Deno.FsFile): Lock {
  const isOurs = () => isAt(file, path) && ["", ownLine].includes(readLine(file));
  const sign = () => {
    try {
      file.seekSync(0, Deno.SeekMode.Start);
      const bytes = new TextEncoder().encode(ownLine); // a machine's name need not be ASCII
      file.writeSync(bytes);
      file.truncateSync(bytes.length);
    } catch { /* a full disk: the lock holds, it only cannot say whose it is */ }
  };
  const remove = () => {
    if (isOurs()) Deno.removeSync(path); // while it is held: nobody else's can lie there
  };
  sign();
  const timer = setInterval(() => isOurs() && sign(), beatMs);
  Deno.unrefTimer(timer);
  const callOff = doOnExit(remove);
  let held = true;
  return {
    path,
    isHeld: () => held && isOurs(),
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
): Promise<LockedFile | undefined> {
  const file = await Deno.open(path, options);
  let isCertain = true;
  const isLocked = await file.tryLock(true).catch(() => {
    isCertain = false;
    return true;
  });
  if (isLocked && isAt(file, path)) return { file, isCertain };
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

/**
 * Takes away the temporary files and locks in a folder whose writers are dead. A temporary file of another
 * host, or on a file system without locks, is given a day.
 */
export async function sweepFolder(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const [, host, kind] = (isFile && ownName.exec(name)) || [];
    if (kind === undefined) continue;
    const path = `${folder}/${name}`;
    try {
      const locked = await openLocked(path, { read: true, write: true });
      if (!locked) continue;
      const isDead = kind === "lock"
        ? !isOthers(locked)
        : locked.isCertain && host === hostDigits || ageMsOf(locked.file) > 86_400_000;
      if (isDead) await Deno.remove(path);
      locked.file.close();
    } catch { /* taken away by another meanwhile, or not ours to touch */ }
  }
}

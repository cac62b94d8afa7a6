import { createHash } from "node:crypto";

/** Owner of a lock, as its file says in one line of JSON. */
export interface Owner {
  /** Process id. */
  readonly pid: number;
  /** Its host; empty where the permissions do not let the program know it. */
  readonly host: string;
  /** Time at which the process began, in ISO 8601. */
  readonly started: string;
}

/** A file that this process has locked, as far as the system can tell. */
export interface LockedFile {
  /** The file, open. */
  readonly file: Deno.FsFile;
  /** False where the file system knows no locks: another may have it, too. */
  readonly isCertain: boolean;
}

/** Time after which a lock of another host counts no more, where it gave no sign of life. */
export const staleMs = 300_000;

const self: Owner = {
  pid: Deno.pid,
  host: Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted"
    ? Deno.hostname()
    : "",
  started: new Date(performance.timeOrigin).toISOString(),
};

/** This process as an owner: what it writes into the files of its locks. */
export const ownLine = `${JSON.stringify(self)}\n`;

/** Digits for this host: its temporary files have them in their names. */
export const hostDigits: string = createHash("sha256").update(self.host).digest("hex").slice(0, 8);

/** The owner that a line names; nothing where it is none, or not written yet. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const owner: Owner = JSON.parse(text);
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tells whether a lock that the system gave us is another's all the same, by a fresh sign of life: another
 * host's, or anybody's where the file system knows no locks.
 */
export function isOthers({ file, isCertain }: LockedFile): boolean {
  const owner = parseOwner(readLine(file));
  if (!owner || ageMsOf(file) > staleMs) return false;
  return !isCertain || owner.host !== "" && self.host !== "" && owner.host !== self.host;
}

/** Milliseconds since a file was last written. */
export function ageMsOf(file: Deno.FsFile): number {
  return Date.now() - (file.statSync().mtime?.getTime() ?? 0);
}

/** The first kilobyte of a lock's file. */
export function readLine(file: Deno.FsFile): string {
  const bytes = new Uint8Array(1024);
  file.seekSync(0, Deno.SeekMode.Start);
  return new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes) ?? 0));
}

/**
 * The folder of an audio cache. Whoever writes there, in whatever thread or process, holds the lock of
 * its ledger meanwhile: so the ledger's sum of sizes is exact, the limit holds for all of them together,
 * and a temporary file seen under the lock was left by one who died. Readers take no lock: an entry
 * appears whole, by a rename.
 */
import { byteSize, text } from "../../settings/value_range.ts";
import { checkSettings, type SettingsOf } from "../../settings/setting.ts";

/** Whether decoded audio is kept, and how much of it. */
export interface CacheSettings {
  /** The folder; nothing is kept without one. */
  readonly cache?: string;
  /** Most bytes that are kept. */
  readonly cacheLimit: number;
}

/** The settings of an audio cache. */
export const cacheSettings: SettingsOf<CacheSettings> = {
  cache: {
    range: text,
    help: "keep decoded audio there for later epochs and runs",
    group: "Features",
    placeholder: "dir",
  },
  cacheLimit: {
    range: byteSize,
    default: 10e9,
    help: "most that is kept",
    group: "Features",
    placeholder: "size",
  },
};

/** Which folder, and how much may lie in it. Plain data. */
export interface CacheFolder {
  /** The folder; it may be shared by several runs at a time. */
  readonly dir: string;
  /** Most bytes of all entries together. */
  readonly limitBytes: number;
  /**
   * When the run began that this belongs to, in milliseconds since 1970, by the file system. What was last used before
   * gives way to new entries; what this run has used does not.
   */
  readonly sinceMs: number;
}

const suffix = ".audio", temporarySuffix = ".tmp", ledgerName = "melstream-ledger";
/** Names of entries and of temporary files: whatever else lies in the folder is not touched. */
const entryName = /^[0-9a-f]{32}\.audio$/, temporaryName = /^[0-9a-f]{32}-[0-9a-f-]{36}\.tmp$/;

/** The path of an entry; its name is 32 hexadecimal digits. */
export function entryPath({ dir }: CacheFolder, name: string): string {
  return `${dir}/${name}${suffix}`;
}

/** The sum of all entries' sizes, kept in a file that is locked while this is held. */
class Ledger implements Disposable {
  readonly #file: Deno.FsFile;
  usedBytes = 0;

  /** Waits for the lock. */
  constructor(dir: string) {
    this.#file = Deno.openSync(`${dir}/${ledgerName}`, { read: true, write: true, create: true });
    try {
      this.#file.lockSync(true);
      const sum = new Float64Array(1);
      const count = this.#file.readSync(new Uint8Array(sum.buffer));
      this.usedBytes = count === 8 && sum[0] >= 0 ? sum[0] : 0;
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  write(usedBytes: number): void {
    this.usedBytes = usedBytes;
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#file.writeSync(new Uint8Array(Float64Array.of(usedBytes).buffer));
  }

  /** Closing the file gives the lock back. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Removes what can go, oldest first, until `neededBytes` are free; returns what is then used. */
function makeRoom(folder: CacheFolder, neededBytes: number, mayGo: (ms: number) => boolean) {
  const { dir, limitBytes } = folder;
  const entries: { path: string; size: number; usedMs: number }[] = [];
  for (const { name } of Deno.readDirSync(dir)) {
    const path = `${dir}/${name}`;
    if (temporaryName.test(name)) Deno.removeSync(path);
    if (!entryName.test(name)) continue;
    const { size, mtime } = Deno.statSync(path);
    entries.push({ path, size, usedMs: mtime?.getTime() ?? 0 });
  }
  let usedBytes = entries.reduce((sum, { size }) => sum + size, 0);
  entries.sort((a, b) => a.usedMs - b.usedMs || (a.path < b.path ? -1 : 1));
  for (const { path, size, usedMs } of entries) {
    if (usedBytes + neededBytes <= limitBytes || !mayGo(usedMs)) break;
    Deno.removeSync(path);
    usedBytes -= size;
  }
  return usedBytes;
}

/**
 * Makes the folder if it is missing, takes away what dead writers left and, oldest first, what is above
 * the limit. A folder that cannot be written to is returned all the same: it may hold what is looked
 * for, and who first writes an entry will find and say the cause.
 *
 * @throws {SettingError} for a limit that is no positive number.
 */
export function openCacheFolder(dir: string, limitBytes: number): CacheFolder {
  checkSettings(cacheSettings, { cache: dir, cacheLimit: limitBytes }, "keep audio");
  let folder: CacheFolder = { dir, limitBytes, sinceMs: Date.now() };
  try {
    Deno.mkdirSync(dir, { recursive: true });
    using ledger = new Ledger(dir);
    ledger.write(makeRoom(folder, 0, () => true));
    // The entries' times come from the file system's clock, which may be behind: so does this one.
    const { mtime } = Deno.statSync(`${dir}/${ledgerName}`);
    folder = { ...folder, sinceMs: mtime?.getTime() ?? folder.sinceMs };
  } catch { /* see above */ }
  return folder;
}

/**
 * Writes an entry, or replaces it. Where there is no room, entries that were last used before this run
 * give way.
 *
 * @returns Whether there was room.
 * @throws {Error} where it cannot be written; nothing is left then.
 */
export function writeEntry(folder: CacheFolder, name: string, bytes: Uint8Array): boolean {
  using ledger = new Ledger(folder.dir);
  const path = entryPath(folder, name);
  let needed = bytes.length - sizeOf(path);
  if (ledger.usedBytes + needed > folder.limitBytes) {
    // A little more than is needed, so that not every entry lists the folder anew.
    const room = Math.max(needed, folder.limitBytes / 16);
    ledger.write(makeRoom(folder, room, (usedMs) => usedMs < folder.sinceMs));
    needed = bytes.length - sizeOf(path);
    if (ledger.usedBytes + needed > folder.limitBytes) return false;
  }
  const temporary = `${folder.dir}/${name}-${crypto.randomUUID()}${temporarySuffix}`;
  try {
    // Not synced: an entry that a power cut has spoilt fails its checksum, and is made again.
    Deno.writeFileSync(temporary, bytes, { createNew: true });
    Deno.renameSync(temporary, path);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch { /* it was never made */ }
    throw error;
  }
  ledger.write(ledger.usedBytes + needed);
  return true;
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
}

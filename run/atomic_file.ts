/**
 * Files that appear whole or not at all: written under a temporary name in the same folder, synced,
 * then renamed over the old one. A process that is killed leaves the old file and a `.tmp-` beside it.
 */

/** A file under way: `commit` puts it in its place, `abort` takes it away. */
export interface AtomicFile {
  /** Appends bytes or text. */
  write(data: string | Uint8Array): Promise<void>;
  /** Syncs the file and puts it in its place. */
  commit(): Promise<void>;
  /** Throws it away; what was there before stays. After a `commit` it does nothing. */
  abort(): Promise<void>;
}

/** Starts a file that replaces `path` when it is committed. */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  const temporary = `${path}.tmp-${crypto.randomUUID().slice(0, 8)}`;
  const file = await Deno.open(temporary, { write: true, createNew: true });
  const encoder = new TextEncoder();
  let open = true;
  const close = () => {
    if (open) file.close();
    open = false;
  };
  return {
    async write(data) {
      let rest = typeof data === "string" ? encoder.encode(data) : data;
      while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    },
    async commit() {
      await file.sync();
      close();
      await Deno.rename(temporary, path);
    },
    async abort() {
      close();
      await Deno.remove(temporary).catch(() => {});
    },
  };
}

/** Writes a whole file, or leaves what was there. */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const file = await createAtomicFile(path);
  try {
    await file.write(data);
    await file.commit();
  } catch (error) {
    await file.abort();
    throw error;
  }
}

/** Where a folder's next content is made; whole as soon as the folder itself is gone. */
export function nextFolder(dir: string): string {
  return `${dir}.next`;
}

/**
 * Replaces a folder and all that is in it. Stopped at any moment, either the old folder is there whole,
 * or, between two renames, the new one under `nextFolder(dir)`: readers look there too.
 */
export async function replaceFolder(
  dir: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const next = nextFolder(dir), old = `${dir}.old`;
  await settleFolder(dir);
  await Deno.mkdir(next, { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeAtomically(`${next}/${name}`, data);
  await Deno.rename(dir, old).catch(ignoreMissing);
  await Deno.rename(next, dir);
  await Deno.remove(old, { recursive: true }).catch(ignoreMissing);
}

/** Ends what a stop in the middle of `replaceFolder` left: the folder is whole or absent afterwards. */
export async function settleFolder(dir: string): Promise<void> {
  const present = await Deno.stat(dir).then(() => true, () => false);
  if (!present) await Deno.rename(nextFolder(dir), dir).catch(ignoreMissing);
  for (const rest of [nextFolder(dir), `${dir}.old`]) {
    await Deno.remove(rest, { recursive: true }).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

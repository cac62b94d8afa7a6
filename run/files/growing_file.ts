/** A file that grows while a job is under way, and is put in its place when all of it is there. */
import { createAtomicFile } from "./atomic_file.ts";
import { naming } from "./file_errors.ts";
import { RunError } from "../run_error.ts";

/** Rows are written in pieces of so many bytes. */
const pieceBytes = 1 << 16;

/** A file under way: what it holds beyond the size that was last noted is cut off when it is opened again. */
export class GrowingFile {
  readonly #handle: Deno.FsFile;
  readonly #held = new Uint8Array(pieceBytes);
  #numHeld = 0;
  #size: number;
  #isOpen = true;

  private constructor(readonly path: string, handle: Deno.FsFile, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /**
   * Opens it.
   *
   * @param size Its bytes that count: 0 for one that begins.
   * @throws {RunError} where it cannot be opened, or has fewer bytes.
   */
  static async open(path: string, size: number): Promise<GrowingFile> {
    return await naming(path, async () => {
      const handle = await Deno.open(path, { write: true, create: true });
      const there = (await handle.stat()).size;
      if (there < size) {
        handle.close();
        throw new Error(`it must have at least ${size} bytes to go on with: it has ${there}`);
      }
      await handle.truncate(size);
      await handle.seek(0, Deno.SeekMode.End);
      return new GrowingFile(path, handle, size);
    });
  }

  /** Its bytes so far, those included that are held back to be written together. */
  get size(): number {
    return this.#size;
  }

  /** Appends text or bytes. @throws {RunError} where it cannot. */
  async write(data: string | Uint8Array): Promise<void> {
    let rest = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.#size += rest.length;
    while (rest.length > 0) {
      const count = Math.min(rest.length, pieceBytes - this.#numHeld);
      this.#held.set(rest.subarray(0, count), this.#numHeld);
      this.#numHeld += count;
      rest = rest.subarray(count);
      if (this.#numHeld === pieceBytes) await this.#flush();
    }
  }

  /** Has all of it reach the disk. @throws {RunError} where it cannot. */
  async sync(): Promise<void> {
    await this.#flush();
    await naming(this.path, () => this.#handle.syncData());
  }

  /** Closes it, where it is open; what is held back is lost. */
  close(): void {
    if (this.#isOpen) this.#handle.close();
    this.#isOpen = false;
  }

  /** Writes what is held back; what was written before a fault is not written again. */
  async #flush(): Promise<void> {
    while (this.#numHeld > 0) {
      const held = this.#held.subarray(0, this.#numHeld);
      const numWritten = await naming(this.path, () => this.#handle.write(held));
      this.#held.copyWithin(0, numWritten, this.#numHeld);
      this.#numHeld -= numWritten;
    }
  }
}

/** Puts a file in its place; on another disk it is copied there. @throws {RunError} where it cannot. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "EXDEV") {
      throw new RunError(`Cannot write ${to}: ${(error as Error).message}`, { cause: error });
    }
    const copy = await createAtomicFile(to);
    try {
      using source = await Deno.open(from);
      for await (const chunk of source.readable) await copy.write(chunk);
      await copy.commit();
    } finally {
      await copy.abort(); // nothing, where it was committed
    }
  }
}

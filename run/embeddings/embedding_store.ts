/**
 * Embeddings in a file: a header, then records of one length, each with a key, the numbers and a checksum. It only
 * grows, so that what a killed process leaves is whole but for its last record, which is cut off; a record whose
 * checksum is wrong is not there.
 */
import { crc32 } from "node:zlib";
import { createHash } from "node:crypto";
import { RunError } from "../run_error.ts";

const magic = "MELSEMB1", headerBytes = 48, keyBytes = 16, checksumBytes = 4;
/** Records are read and written so many bytes at a time. */
const pieceBytes = 1 << 20;

/** The file of embeddings that one backbone makes. */
export class EmbeddingStore implements Disposable {
  /** Places of the records, counted from 0, by their keys in hexadecimal digits. */
  readonly #records: Map<string, number> = new Map();
  readonly #file: Deno.FsFile;
  readonly #recordBytes: number;
  readonly #held: Uint8Array[] = [];
  #numHeld = 0;
  #numRecords = 0;

  private constructor(readonly path: string, readonly size: number, file: Deno.FsFile) {
    this.#file = file;
    this.#recordBytes = keyBytes + 4 * size + checksumBytes;
  }

  /**
   * Opens it, or makes it anew: where it is missing, holds what another backbone makes, or is above a size.
   *
   * @param maker What makes its embeddings, as a text: `keyOf` a backbone.
   * @param size Numbers of an embedding.
   * @throws {RunError} where it can be neither read nor written.
   */
  static open(path: string, maker: string, size: number, mostBytes = Infinity): EmbeddingStore {
    return naming(path, () => {
      const file = Deno.openSync(path, { read: true, write: true, create: true });
      try {
        const store = new EmbeddingStore(path, size, file), header = headerOf(maker, size);
        const there = new Uint8Array(headerBytes), length = file.statSync().size;
        const isSame = readFully(file, there, 0) === headerBytes &&
          header.every((byte, i) => there[i] === byte);
        if (isSame && length <= mostBytes) store.#index(length);
        else {
          file.truncateSync(0);
          file.seekSync(0, Deno.SeekMode.Start);
          writeFully(file, header);
        }
        return store;
      } catch (error) {
        file.close();
        throw error;
      }
    });
  }

  /** Embeddings that it holds. */
  get length(): number {
    return this.#records.size;
  }

  /** The place of an embedding; undefined where it is not there. @param key By `keyOfRow`. */
  find(key: string): number | undefined {
    return this.#records.get(key);
  }

  /** Adds an embedding, which is copied. @throws {RunError} where it cannot be written. */
  add(key: string, embedding: Float32Array): void {
    const record = new Uint8Array(this.#recordBytes);
    record.set(bytesOf(key));
    const view = new DataView(record.buffer);
    embedding.forEach((value, i) => view.setFloat32(keyBytes + 4 * i, value, true));
    const end = this.#recordBytes - checksumBytes;
    view.setUint32(end, crc32(record.subarray(0, end)), true);
    this.#records.set(key, this.#numRecords++);
    this.#held.push(record);
    this.#numHeld += record.length;
    if (this.#numHeld >= pieceBytes) this.flush();
  }

  /** Writes what is held back. @throws {RunError} where it cannot. */
  flush(): void {
    if (this.#held.length === 0) return;
    naming(this.path, () => {
      this.#file.seekSync(
        headerBytes + (this.#numRecords - this.#held.length) * this.#recordBytes,
        Deno.SeekMode.Start,
      );
      for (const record of this.#held) writeFully(this.#file, record);
      this.#file.syncDataSync();
    });
    this.#held.length = this.#numHeld = 0;
  }

  /**
   * Reads embeddings.
   *
   * @param places Of their records, in any order; neighbours in a row are read together.
   * @param out Receives them, `[places.length, size]`.
   * @throws {RunError} where they cannot be read.
   */
  read(places: ArrayLike<number>, out: Float32Array): void {
    this.flush();
    naming(this.path, () => {
      const most = Math.max(1, Math.floor(pieceBytes / this.#recordBytes));
      for (let from = 0; from < places.length;) {
        let to = from + 1;
        while (to < places.length && to - from < most && places[to] === places[to - 1] + 1) to++;
        const bytes = new Uint8Array((to - from) * this.#recordBytes);
        const at = headerBytes + places[from] * this.#recordBytes;
        if (readFully(this.#file, bytes, at) < bytes.length) throw new Error("it ends too early");
        const view = new DataView(bytes.buffer);
        for (let row = from; row < to; row++) {
          const start = (row - from) * this.#recordBytes + keyBytes;
          for (let i = 0; i < this.size; i++) {
            out[row * this.size + i] = view.getFloat32(start + 4 * i, true);
          }
        }
        from = to;
      }
    });
  }

  /** Writes what is held back, and closes it. */
  [Symbol.dispose](): void {
    try {
      this.flush();
    } catch { // what was being done has failed by that, or ends all the same
    } finally {
      this.#file.close();
    }
  }

  /** Takes up the records that are there and whole, and cuts off what is behind them. */
  #index(length: number): void {
    const bytes = this.#recordBytes, count = Math.floor((length - headerBytes) / bytes);
    const most = Math.max(1, Math.floor(pieceBytes / bytes)), piece = new Uint8Array(most * bytes);
    for (let from = 0; from < count; from += most) {
      const records = piece.subarray(0, Math.min(most, count - from) * bytes);
      readFully(this.#file, records, headerBytes + from * bytes);
      for (let start = 0; start < records.length; start += bytes) {
        const record = records.subarray(start, start + bytes), end = bytes - checksumBytes;
        const checksum = new DataView(record.buffer, record.byteOffset + end).getUint32(0, true);
        if (crc32(record.subarray(0, end)) !== checksum) continue;
        this.#records.set(hexOf(record.subarray(0, keyBytes)), from + start / bytes);
      }
    }
    this.#numRecords = count;
    this.#file.truncateSync(headerBytes + count * bytes);
  }
}

/** The key of an embedding: of what it was made, as texts. */
export function keyOfRow(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 2 * keyBytes);
}

function headerOf(maker: string, size: number): Uint8Array {
  const header = new Uint8Array(headerBytes);
  header.set(new TextEncoder().encode(magic));
  new DataView(header.buffer).setUint32(8, size, true);
  header.set(createHash("sha256").update(maker).digest(), 16);
  return header;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function readFully(file: Deno.FsFile, bytes: Uint8Array, at: number): number {
  file.seekSync(at, Deno.SeekMode.Start);
  let done = 0;
  while (done < bytes.length) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return done;
}

function writeFully(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
}

function naming<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new RunError(`Cannot keep embeddings in ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Where bytes come from: a file, or memory. Everything that decodes reads through `ByteSource`. */
import { DecodeError } from "./audio.ts";

/** Bytes that can be read anywhere, in any order. */
export interface ByteSource {
  /** What messages call it: a file's path. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /**
   * Reads `length` bytes from `offset`; fewer only where the source ends. The caller must not write
   * to the result. A result without a promise spares small files an event-loop turn.
   *
   * @param room Where the bytes may be put if they fit: the result is then a view of it.
   */
  read(offset: number, length: number, room?: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A file that is open for reading. Closed by `using`, or by `[Symbol.dispose]()`. */
export interface FileSource extends ByteSource, Disposable {}

/** Bytes in memory. They are used in place, not copied. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
  };
}

/**
 * Opens a file. It is read synchronously: a worker that decodes has nothing else to do meanwhile,
 * and for small files the asynchronous calls cost more than the decoding.
 *
 * @throws {DecodeError} where it is missing, not a regular file or may not be read; the cause is Deno's error.
 */
export function openFile(path: string): FileSource {
  const expected = "a readable file";
  const refuse = (seen: string, cause?: unknown): never => {
    throw new DecodeError({ path, expected, seen }, cause === undefined ? undefined : { cause });
  };
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      return refuse(cause instanceof Error ? `${cause.name}: ${cause.message}` : `${cause}`, cause);
    }
  };
  // Asked before opening: opening a pipe would wait for its writer, for ever.
  const info = attempt(() => Deno.statSync(path));
  if (!info.isFile) refuse(info.isDirectory ? "a folder" : "a device or pipe");
  const file = attempt(() => Deno.openSync(path));
  return {
    name: path,
    size: info.size,
    read: (offset, length, room) =>
      attempt(() => {
        const numBytes = Math.max(0, Math.min(length, info.size - offset));
        const bytes = room && numBytes <= room.length
          ? room.subarray(0, numBytes)
          : new Uint8Array(numBytes);
        file.seekSync(offset, Deno.SeekMode.Start);
        let filled = 0;
        while (filled < bytes.length) {
          const count = file.readSync(bytes.subarray(filled));
          if (count === null) break; // the file has shrunk since it was opened
          filled += count;
        }
        return bytes.subarray(0, filled);
      }),
    [Symbol.dispose]: () => file.close(),
  };
}

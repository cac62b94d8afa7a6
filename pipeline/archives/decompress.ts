import type { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip, createZstdDecompress } from "node:zlib";

/**
 * The most that a compressed tar may hold. There is no way into its middle but through its beginning, while
 * recordings are read in any order: so all of it is kept in memory, once for all threads.
 */
export const mostDecompressedBytes = 2 ** 30;

/**
 * Decompresses a file into memory that threads can share.
 *
 * @throws {RangeError} where it holds more than `mostBytes`.
 * @throws {Error} where it is damaged, or ends early.
 */
export async function decompress(
  path: string,
  format: "gzip" | "zstd",
  mostBytes: number = mostDecompressedBytes,
): Promise<Uint8Array> {
  const memory = new SharedArrayBuffer(0, { maxByteLength: mostBytes });
  const decompressor = format === "gzip" ? createGunzip() : createZstdDecompress();
  const file = createReadStream(path).on("error", (error) => decompressor.destroy(error));
  let size = 0;
  try {
    for await (const chunk of file.pipe(decompressor) as AsyncIterable<Buffer>) {
      const end = size + chunk.length;
      if (end > mostBytes) throw new RangeError(`more than ${mostBytes} bytes`);
      memory.grow(end);
      new Uint8Array(memory, size, chunk.length).set(chunk);
      size = end;
    }
  } finally {
    file.destroy();
  }
  return new Uint8Array(memory, 0, size);
}

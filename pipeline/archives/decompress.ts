import type { Buffer } from "node:buffer";
import { type Duplex, Readable } from "node:stream";
import * as zlib from "node:zlib"; // whole, as older runtimes lack a part of it
import type { ByteSource } from "../locations/byte_source.ts";
import type { Location } from "../locations/location.ts";
import { openLocation } from "../locations/open_location.ts";
import { ZstdFrames } from "./zstd_frames.ts";

/**
 * The most that a compressed tar may hold. There is no way into its middle but through its beginning, while
 * recordings are read in any order: so all of it is kept in memory, once for all threads.
 */
export const mostDecompressedBytes = 2 ** 30;

/** Bytes that are read at a time. */
const pieceBytes = 2 ** 20;

/**
 * Decompresses what lies at a location into memory that threads can share.
 *
 * @throws {RangeError} where it holds more than `mostBytes`.
 * @throws {Error} where it is damaged, or ends early.
 */
export async function decompress(
  location: Location,
  format: "gzip" | "zstd",
  mostBytes: number = mostDecompressedBytes,
): Promise<Uint8Array> {
  const memory = new SharedArrayBuffer(0, { maxByteLength: mostBytes });
  let size = 0;
  using source = await openLocation(location);
  const keep = async (pieces: AsyncIterable<Uint8Array>, decompressor: Duplex) => {
    const file = Readable.from(pieces).on("error", (error) => decompressor.destroy(error));
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
  };
  if (format === "gzip") {
    await keep(piecesOf(source), zlib.createGunzip());
  } else {
    const frames = new ZstdFrames(source);
    while (await frames.goToNext()) await keep(frames.bytes(), zlib.createZstdDecompress());
  }
  return new Uint8Array(memory, 0, size);
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += pieceBytes) yield await source.read(at, pieceBytes);
}

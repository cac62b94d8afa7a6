import { openLocation } from "../locations/open_location.ts";
import { readerOf } from "./folder_reader.ts";

/** Bytes that are read of a table at a time. */
const chunkBytes = 1 << 16;

/**
 * The bytes of a table of text, a file or a member of an archive: `competition.zip/train.csv`.
 *
 * @throws {Error} where it cannot be read; `Deno.errors.NotFound`, where it is not there.
 */
export async function openTable(path: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const reader = await readerOf(path);
  await reader.stat(path);
  const source = await openLocation(reader.locationOf(path));
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const bytes = await source.read(at, chunkBytes);
      at += bytes.length;
      if (bytes.length > 0) return controller.enqueue(Uint8Array.from(bytes));
      source[Symbol.dispose]();
      controller.close();
    },
    cancel: () => source[Symbol.dispose](),
  }, { highWaterMark: 0 });
}

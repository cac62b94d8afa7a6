import type { OpenSource } from "../../pipeline/locations/byte_source.ts";

/** Read at once, as a browser takes a moment for each piece. */
const blockBytes = 1 << 20;

/** A file that a person gave to the page, read where it lies. */
export function blobSource(name: string, blob: Blob): OpenSource {
  let start = 0, block = new Uint8Array(0);
  return {
    name,
    size: blob.size,
    async read(offset, length) {
      const end = Math.min(blob.size, offset + length);
      if (offset < start || end > start + block.length) {
        const piece = blob.slice(offset, Math.max(end, offset + blockBytes));
        [start, block] = [offset, new Uint8Array(await piece.arrayBuffer())];
      }
      return block.subarray(offset - start, Math.max(offset, end) - start);
    },
    [Symbol.dispose]: () => {},
  };
}

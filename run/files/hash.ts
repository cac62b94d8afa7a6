import { createHash } from "node:crypto";
import type { Recording } from "../../pipeline/recording.ts";

/** SHA-256 of some bytes, or of texts in UTF-8, in hexadecimal digits. */
export function hashOf(parts: Iterable<Float32Array | Uint8Array | string>): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(
      typeof part === "string"
        ? part
        : new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
    );
  }
  return hash.digest("hex");
}

/** SHA-256 of a list of recordings: their ids, labels and annotations, in their order. */
export function hashOfRecordings(recordings: Iterable<Recording>): string {
  const linesOf = function* () {
    for (const { id, labels, annotations } of recordings) {
      yield JSON.stringify([id, labels, annotations]);
    }
  };
  return hashOf(linesOf());
}

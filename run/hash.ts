import { createHash } from "node:crypto";
import type { Recording } from "../pipeline/recording.ts";

/** SHA-256 of some bytes, in hexadecimal digits. */
export function hashOf(parts: Iterable<Float32Array | Uint8Array>): string {
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of parts) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

/** SHA-256 of a list of recordings: their ids, labels and annotations, in their order. */
export function hashOfRecordings(recordings: Iterable<Recording>): string {
  const encoder = new TextEncoder();
  const linesOf = function* () {
    for (const { id, labels, annotations } of recordings) {
      yield encoder.encode(JSON.stringify([id, labels, annotations]));
    }
  };
  return hashOf(linesOf());
}

import { Buffer } from "node:buffer";

/** Bytes as a `data:` address, so that a page needs no file beside it. */
export function dataAddress(mediaType: string, bytes: Uint8Array): string {
  const { buffer, byteOffset, length } = bytes;
  return `data:${mediaType};base64,${Buffer.from(buffer, byteOffset, length).toString("base64")}`;
}

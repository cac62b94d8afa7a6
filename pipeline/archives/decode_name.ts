/**
 * A member's name as text: UTF-8 where it is that.
 *
 * @returns `undefined` where it is none.
 */
export function decodeUtf8Name(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A member's name as text: where it is no UTF-8, as Windows-1252, in which different names stay different. */
export function decodeName(bytes: Uint8Array): string {
  return decodeUtf8Name(bytes) ?? new TextDecoder("windows-1252").decode(bytes);
}

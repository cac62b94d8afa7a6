import { DelimiterStream } from "../../deps/std_streams.ts";
import { openTable } from "./open_table.ts";

/** How a text file is encoded, as `TextDecoder` names it. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/**
 * Tells how a text file is encoded: by its byte order mark, else UTF-8 where it is that, else
 * Windows-1252, in which every byte is a character of its own, so that different names stay different.
 *
 * @throws {SyntaxError} where lines of it are UTF-8 beyond ASCII and others are none.
 */
export async function encodingOf(path: string): Promise<TextEncoding> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let isFirst = true;
  try {
    for await (const chunk of await openTable(path)) {
      if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) return "utf-16le";
      if (isFirst && chunk[0] === 0xfe && chunk[1] === 0xff) return "utf-16be";
      isFirst = false;
      decoder.decode(chunk, { stream: true });
    }
    decoder.decode();
    return "utf-8";
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  await checkNoUtf8(path);
  return "windows-1252";
}

/** @throws {SyntaxError} where a file that is no UTF-8 has lines that are. */
async function checkNoUtf8(path: string): Promise<void> {
  const lines = (await openTable(path)).pipeThrough(
    new DelimiterStream(new TextEncoder().encode("\n")),
  );
  let line = 0, invalid = 0, valid = 0;
  for await (const bytes of lines) {
    line++;
    const isValid = isUtf8(bytes);
    if (!isValid) invalid ||= line;
    else if (bytes.some((byte) => byte > 127)) valid ||= line;
    if (invalid === 0 || valid === 0) continue;
    throw new SyntaxError(
      `line ${invalid} is no UTF-8 and line ${valid} is: it must be saved in one encoding`,
    );
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

import { openFile } from "../locations/open_location.ts";
import type { DecodedAudio, DecodeWindow } from "./audio.ts";
import { decodeSource } from "./decode.ts";

/**
 * Decodes the asked-for part of a file to mono; see `decodeSource`.
 *
 * @throws {DecodeError} where it cannot be read, is of no known format, or is broken within the window.
 * @throws {RangeError} for a window that is no window.
 */
export async function decodeFile(path: string, window: DecodeWindow = {}): Promise<DecodedAudio> {
  using source = openFile(path);
  return await decodeSource(source, window);
}

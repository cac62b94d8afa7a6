/**
 * Decoding of sound files: knows a format by its bytes, whatever the file is called, and reads no
 * more of it than the window asked for needs.
 */
import type { DecodedAudio, DecodeWindow } from "./audio.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { frameWindow } from "./mono_collector.ts";
import { recognise } from "./recognise.ts";

export { looksLikeAudio } from "./recognise.ts";
export * from "./supported_formats.ts";

/**
 * Decodes the asked-for part of a source of bytes to mono.
 *
 * @returns Samples in a buffer of their own, unless the window has `out`; fewer than asked for where the
 *   file ends earlier, none where it ends before the window begins. A file that is cut short gives what
 *   is there.
 * @throws {DecodeError} where it cannot be read, is of no known format, or is broken within the window.
 * @throws {RangeError} for a window that is no window.
 */
export async function decodeSource(
  source: ByteSource,
  window: DecodeWindow = {},
): Promise<DecodedAudio> {
  frameWindow(window, 1); // a wrong window is the caller's fault, whatever the file is like
  return await (await recognise(source))(source, window);
}

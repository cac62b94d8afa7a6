/** The border to the codecs that others wrote in C and that run as WebAssembly. */
import { DecodeError } from "./audio.ts";

/** Where a codec is at work, for messages. */
export interface CodecPlace {
  readonly path: string;
  readonly byteOffset: number;
  /** What the bytes should have been: `a page of Opus packets`. */
  readonly expected: string;
}

/**
 * Calls into a codec. Whatever it throws (a trap of WebAssembly, a buffer of it that is too small)
 * becomes a DecodeError. Every file has an instance of its own, compiled code being shared, so that a
 * bad file cannot spoil the next one. An instance is left to the garbage collector, as the codecs' own
 * way to free their memory walks over what a bad file may have destroyed.
 *
 * @throws {DecodeError}
 */
export async function callCodec<T>(place: CodecPlace, action: () => T | Promise<T>): Promise<T> {
  const { error } = console;
  try {
    console.error = () => {}; // the codecs print what they also return; a data set may hold many bad files
    const result = action();
    console.error = error;
    return await result;
  } catch (cause) {
    throw new DecodeError({ ...place, seen: `what stopped its decoder: ${cause}` }, { cause });
  } finally {
    console.error = error;
  }
}

/** What a codec gave back. */
export interface CodecResult {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly errors: readonly { readonly message: string }[];
}

/** Refuses what a codec reported an error for. @throws {DecodeError} */
export function checkResult(place: CodecPlace, result: CodecResult): void {
  if (result.errors.length > 0) throw new DecodeError({ ...place, seen: result.errors[0].message });
}

import { DecodeError } from "../decode/audio.ts";
import type { ByteSource } from "./byte_source.ts";

/** Bytes that stay behind the last ones that came: decoders look at a header more than once. */
const keptBytes = 1 << 18;

/** Who asks for bytes further ahead looks for the end of a file. */
const mostAhead = 1 << 24;

/** No pipe has so many bytes: its length is not known before its end. */
const endlessBytes = 2 ** 52;

/** A source that comes as time goes by. */
export interface PipeSource extends ByteSource {
  /** Asks for no more: what has not come by now is not waited for. */
  end(): void;
}

/**
 * Bytes that come as time goes by, such as a program's standard input. They can be read forwards, and again
 * as far as 256 kB back; a read waits until they are there.
 *
 * @param name What messages call it.
 */
export function pipeSource(name: string, bytes: ReadableStream<Uint8Array>): PipeSource {
  const reader = bytes.getReader();
  let held = new Uint8Array(0), start = 0, hasEnded = false;
  const take = async () => {
    const { value, done } = await reader.read();
    hasEnded = done;
    if (!value) return;
    const numKept = Math.min(held.length, keptBytes),
      joined = new Uint8Array(numKept + value.length);
    start += held.length - numKept;
    joined.set(held.subarray(held.length - numKept));
    joined.set(value, numKept);
    held = joined;
  };
  return {
    name,
    end: () => void reader.cancel().catch(() => {}), // a broken pipe concerns nobody any more
    size: endlessBytes,
    pieceBytes: 2048,
    async read(offset, length) {
      const isGone = offset < start;
      if (isGone || offset > start + held.length + mostAhead) {
        throw new DecodeError({
          ...{ path: name, byteOffset: Math.min(offset, start + held.length) },
          expected: "a format that can be read from its beginning on, such as WAV",
          seen: isGone ? "one that goes back" : "one whose end is looked at first",
        });
      }
      while (!hasEnded && start + held.length < offset + length) await take();
      return held.subarray(offset - start, offset - start + length);
    },
  };
}

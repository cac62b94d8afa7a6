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
  let room = new Uint8Array(0), length = 0, start = 0, hasEnded = false;
  const take = async () => {
    const { value, done } = await reader.read();
    hasEnded = done;
    if (!value) return;
    if (length + value.length > room.length) {
      // Never written over, as who has read of it may hold it: what is kept moves on, once in a while.
      const numKept = Math.min(length, keptBytes), last = room.subarray(length - numKept, length);
      room = new Uint8Array(Math.max(4 * keptBytes, 2 * (numKept + value.length)));
      room.set(last);
      start += length - numKept;
      length = numKept;
    }
    room.set(value, length);
    length += value.length;
  };
  return {
    name,
    end: () => void reader.cancel().catch(() => {}), // a broken pipe concerns nobody any more
    size: endlessBytes,
    pieceBytes: 2048,
    async read(offset, numBytes) {
      const isGone = offset < start;
      if (isGone || offset > start + length + mostAhead) {
        throw new DecodeError({
          ...{ path: name, byteOffset: Math.min(offset, start + length) },
          expected: "a format that can be read from its beginning on, such as WAV",
          seen: isGone ? "one that goes back" : "one whose end is looked at first",
        });
      }
      while (!hasEnded && start + length < offset + numBytes) await take();
      const end = Math.min(length, offset - start + numBytes);
      return room.subarray(Math.min(offset - start, end), end);
    },
  };
}

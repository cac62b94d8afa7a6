import type { Location } from "./location.ts";

/** Bytes that can be read anywhere, in any order: what decoders, and readers of archives, see of a location. */
export interface ByteSource {
  /** What messages call it: a file's path. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** The most bytes that are worth asking for at a time, where they come as time goes by. @default {any} */
  readonly pieceBytes?: number;
  /**
   * Reads `length` bytes from `offset`; fewer only where the source ends. The caller must not write
   * to the result. A result without a promise spares small files an event-loop turn.
   *
   * @param out Where the bytes may be put if they fit: the result is then a view of it.
   */
  read(offset: number, length: number, out?: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A source that is open. Closed by `using`, or by `[Symbol.dispose]()`. */
export interface OpenSource extends ByteSource, Disposable {}

/** What opens a location; some do it at once, some have to ask a server first. */
export type OpenLocation = (location: Location) => OpenSource | Promise<OpenSource>;

/** Uses a source, then closes it: `using` for what runs in Node 22, too, which does not know that word. */
export async function usingSource<T>(
  source: OpenSource,
  use: (source: OpenSource) => Promise<T>,
): Promise<T> {
  try {
    return await use(source);
  } finally {
    source[Symbol.dispose]();
  }
}

/** Bytes in memory. They are used in place, not copied. */
export function bytesSource(name: string, bytes: Uint8Array): OpenSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
    [Symbol.dispose]: () => {},
  };
}

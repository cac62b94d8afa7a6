/** Members of archives, read where they lie: nothing of them is written anywhere. */
import { crc32, inflateRawSync } from "node:zlib";
import { DecodeError } from "../decode/audio.ts";
import type { OpenLocation, OpenSource } from "./byte_source.ts";
import { describeLocation, type MemberLocation } from "./location.ts";

/** A deflated member is unpacked in memory, as it can be read from its beginning alone: none larger than this. */
const mostInflatedBytes = 2 ** 28;
/** What shrinks more than that is no sound, but a trap; small ones are let off, as silence does so too. */
const mostRatio = 200, leastSuspectBytes = 2 ** 24;

/** Of a zip's member: its own header, without name and extra field. */
const zipHeaderBytes = 30, zipHeaderSignature = 0x04034b50;

/**
 * Opens a member of an archive. One that lies there as it is, is read by ranges; a deflated one is unpacked
 * at the first read, and held to its size and checksum.
 *
 * @param open Opens the archive.
 * @throws {DecodeError} where it cannot be read; for its bytes, when they are read.
 */
export function openMember(
  member: MemberLocation,
  open: OpenLocation,
): OpenSource | Promise<OpenSource> {
  const { archive, size, zip } = member;
  const refuse = refusalOf(member), isDeflated = zip?.method === "deflated";
  if (isDeflated && size > mostInflatedBytes) {
    refuse(`a deflated member of ${mostInflatedBytes} bytes at most`, `one of ${size} bytes`);
  }
  if (isDeflated && size > Math.max(leastSuspectBytes, mostRatio * zip.packedSize)) {
    refuse(`a member that unpacks to ${mostRatio} times its size at most`, `one to ${size} bytes`);
  }
  return after(open(archive), (source) => memberOf(member, source));
}

type Refuse = (expected: string, seen: string) => never;

function refusalOf(member: MemberLocation): Refuse {
  const path = describeLocation(member);
  return (expected, seen) => {
    throw new DecodeError({ path, expected, seen });
  };
}

/** A member of an archive that is open. */
function memberOf(member: MemberLocation, source: OpenSource): OpenSource {
  const { offset, size, zip } = member, name = describeLocation(member);
  const refuse: Refuse = refusalOf(member), isDeflated = zip?.method === "deflated";
  const wholeFrom = (start: number): number => {
    const numBytes = zip?.packedSize ?? size, left = Math.max(0, source.size - start);
    if (left < numBytes) {
      refuse(`${numBytes} bytes`, `the end of the archive after ${left} of them`);
    }
    return start;
  };
  const findStart = () => {
    if (!zip) return wholeFrom(offset);
    return after(source.read(offset, zipHeaderBytes), (bytes) => {
      const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (bytes.length < zipHeaderBytes || header.getUint32(0, true) !== zipHeaderSignature) {
        refuse(`its header at byte ${offset} of the archive`, "something else");
      }
      const nameBytes = header.getUint16(26, true), extraBytes = header.getUint16(28, true);
      return wholeFrom(offset + zipHeaderBytes + nameBytes + extraBytes);
    });
  };
  const inflate = (packed: Uint8Array): Uint8Array => {
    let bytes: Uint8Array;
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
    } catch (error) {
      const { code, message } = error as Error & { readonly code?: string };
      return refuse(`${size} bytes, deflated`, code === "ERR_BUFFER_TOO_LARGE" ? "more" : message);
    }
    if (bytes.length !== size) refuse(`${size} bytes`, `${bytes.length}`);
    if (crc32(bytes) !== zip!.crc32) refuse("bytes of its checksum", "others: it is damaged");
    return bytes;
  };
  const startOf = kept(findStart);
  const inflated = kept(() =>
    after(startOf(), (start) => after(source.read(start, zip!.packedSize), inflate))
  );
  return {
    name,
    size,
    read(at, length, out) {
      const numBytes = Math.max(0, Math.min(length, size - at));
      if (!isDeflated) return after(startOf(), (start) => source.read(start + at, numBytes, out));
      return after(inflated(), (bytes) => bytes.subarray(at, at + numBytes));
    },
    [Symbol.dispose]: () => source[Symbol.dispose](),
  };
}

/** What follows from a value: at once where it is there, so that a file costs no event-loop turn. */
function after<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Makes a value once, and again where that failed: a server may answer the next time. */
function kept<T>(make: () => T | Promise<T>): () => T | Promise<T> {
  let value: T | Promise<T> | undefined;
  return () => {
    if (value !== undefined) return value;
    value = make();
    if (value instanceof Promise) value.catch(() => value = undefined);
    return value;
  };
}

/** Opens locations with Deno's files: the door that the stream graph is handed. */
import { resolve } from "../../deps/std_path.ts";
import { DecodeError } from "../decode/audio.ts";
import { bytesSource, type OpenSource } from "./byte_source.ts";
import {
  identityOf,
  isRemote,
  type Location,
  type MemoryLocation,
  type ObjectLocation,
  type UrlLocation,
  withoutKeys,
} from "./location.ts";
import { openMember } from "./open_member.ts";
import { defaultPatience, openPatiently } from "./patience.ts";

/**
 * Opens a location: at once, but what lies behind a network, which is waited for with patience.
 *
 * @throws {DecodeError} where there is nothing that can be read.
 */
export function openLocation(location: Location): OpenSource | Promise<OpenSource> {
  if (!isRemote(location)) return openOnce(location);
  return openPatiently(openOnce, location, defaultPatience, () => {});
}

/**
 * Opens a location without patience of its own, for the graph, which has its own and gives signs of life.
 *
 * @throws {DecodeError} where there is nothing that can be read.
 * @throws {TransientError} where there may be something at the next try.
 */
export function openOnce(location: Location): OpenSource | Promise<OpenSource> {
  switch (location.kind) {
    case "file":
      return openFile(location.path);
    case "member":
      return openMember(location, openOnce);
    case "cell":
      return import("../parquet/parquet_file.ts").then(({ openCell }) =>
        openCell(location, openOnce, stampOf)
      );
    case "memory":
      return openMemory(location);
    case "unreadable":
      throw new DecodeError({ path: location.name, expected: "a file", seen: location.seen });
    case "url":
    case "object":
      return openRemote(location);
  }
}

/** What speaks to servers is loaded when there is one. */
async function openRemote(location: UrlLocation | ObjectLocation): Promise<OpenSource> {
  const { openHttp, httpFileOf } = await import("./open_remote.ts");
  return await openHttp(await httpFileOf(location));
}

/** Opens bytes in memory. Of what threads share copies are given, as not every reader takes it. */
function openMemory({ name, bytes }: MemoryLocation): OpenSource {
  const source = bytesSource(name, bytes);
  if (!(bytes.buffer instanceof SharedArrayBuffer)) return source;
  return { ...source, read: (offset, length) => bytes.slice(offset, offset + length) };
}

/**
 * A text that names the bytes of a location and changes when they may have: of a file its absolute path, size,
 * times of change and place on the disk, so that two files of equal size and time that change places are told
 * apart; of a member where it lies in its archive, and the archive's; of what a server has been asked for its address, size and version.
 *
 * @returns `undefined` where nothing is there, or its changes cannot be seen.
 */
export function stampOf(location: Location): string | undefined {
  if (location.kind === "memory") return location.source && stampOf(location.source);
  if (location.kind === "member") {
    const archive = stampOf(location.archive);
    return archive && JSON.stringify([archive, location.offset, location.size]);
  }
  if (location.kind === "cell") {
    const table = stampOf(location.table);
    return table && JSON.stringify([table, location.column, location.row]);
  }
  if (location.kind === "url" || location.kind === "object") {
    const { size, version } = location;
    if (size === undefined || version === undefined) return undefined;
    const address = location.kind === "url" ? withoutKeys(location.url) : identityOf(location);
    return JSON.stringify([address, size, version]);
  }
  if (location.kind !== "file") return undefined;
  try {
    const { size, mtime, ctime, ino } = Deno.statSync(location.path);
    const path = resolve(location.path);
    return JSON.stringify([path, size, mtime?.getTime(), ctime?.getTime(), ino]);
  } catch {
    return undefined; // who opens it will say why
  }
}

/** The length of what lies at a location, in bytes; `undefined` where nothing is there, or it does not tell. */
export function sizeOfLocation(location: Location): number | undefined {
  switch (location.kind) {
    case "file":
      try {
        return Deno.statSync(location.path).size;
      } catch {
        return undefined;
      }
    case "member":
    case "url":
    case "object":
      return location.size;
    case "memory":
      return location.bytes.length;
  }
}

/**
 * Opens a file. It is read synchronously: a worker that decodes has nothing else to do meanwhile,
 * and for small files the asynchronous calls cost more than the decoding.
 *
 * @throws {DecodeError} where it is missing, not a regular file or may not be read; the cause is Deno's error.
 */
export function openFile(path: string): OpenSource {
  const expected = "a readable file";
  const refuse = (seen: string, cause?: unknown): never => {
    throw new DecodeError({ path, expected, seen }, cause === undefined ? undefined : { cause });
  };
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      return refuse(cause instanceof Error ? `${cause.name}: ${cause.message}` : `${cause}`, cause);
    }
  };
  // Asked before opening: opening a pipe would wait for its writer, for ever.
  const info = attempt(() => Deno.statSync(path));
  if (!info.isFile) refuse(info.isDirectory ? "a folder" : "a device or pipe");
  const file = attempt(() => Deno.openSync(path));
  return {
    name: path,
    size: info.size,
    read: (offset, length, out) =>
      attempt(() => {
        const numBytes = Math.max(0, Math.min(length, info.size - offset));
        const bytes = out && numBytes <= out.length
          ? out.subarray(0, numBytes)
          : new Uint8Array(numBytes);
        file.seekSync(offset, Deno.SeekMode.Start);
        let filled = 0;
        while (filled < bytes.length) {
          const count = file.readSync(bytes.subarray(filled));
          if (count === null) break; // the file has shrunk since it was opened
          filled += count;
        }
        return bytes.subarray(0, filled);
      }),
    [Symbol.dispose]: () => file.close(),
  };
}

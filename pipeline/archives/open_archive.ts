/**
 * Archives of recordings: their members are listed by their headers and read where they lie. Nothing is
 * unpacked to a disk, whatever a member is called.
 */
import { extname } from "../../deps/std_path.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { describeLocation, fileLocation, type Location } from "../locations/location.ts";
import { openLocation } from "../locations/open_location.ts";
import type { ArchiveMember, OnUnused } from "./archive_member.ts";
import { decompress, mostDecompressedBytes } from "./decompress.ts";
import {
  archiveExtensions,
  recogniseArchive,
  type Recognised,
  recognisedBytes,
} from "./recognise_archive.ts";
import { listTar } from "./tar.ts";

/** Whether a file is an archive, or by its extension should be one. */
export async function isArchive(path: string): Promise<boolean> {
  return archiveExtensions.has(extname(path).toLowerCase()) ||
    await recognise(fileLocation(path)).catch(() => undefined) !== undefined;
}

async function recognise(location: Location): Promise<Recognised | undefined> {
  using source = await openLocation(location);
  return recogniseArchive(await source.read(0, recognisedBytes));
}

/**
 * Lists the members of an archive.
 *
 * @throws {DecodeError} where it cannot be read.
 * @throws {SyntaxError} where it is no archive that is read, or a broken one; the message begins with
 *   «expected».
 */
export async function* listArchive(
  location: Location,
  onUnused: OnUnused,
): AsyncGenerator<ArchiveMember> {
  const list: List = (source, archive) => listTar(source, archive, onUnused);
  const seen = await recognise(location);
  switch (seen?.format) {
    case "zip": {
      // Loaded here, as the library would make every other job start later.
      const { listZip } = await import("./zip.ts");
      yield* explained("a whole zip", openMembers(location, listZip));
      break;
    }
    case "tar":
      yield* explained("a whole tar", openMembers(location, list));
      break;
    case "gzip":
    case "zstd":
      yield* openMembers(await decompressed(location, seen.format), list);
      break;
    default:
      throw new SyntaxError(
        `expected a zip, tar, tar.gz or tar.zst, saw ${seen?.name ?? "something else"}` +
          (seen ? `: ${seen.wayOut}` : ""),
      );
  }
}

type List = (source: ByteSource, archive: Location) => AsyncIterable<ArchiveMember>;

async function* openMembers(archive: Location, list: List): AsyncGenerator<ArchiveMember> {
  using source = await openLocation(archive);
  yield* list(source, archive);
}

async function* explained<T>(expected: string, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (cause) {
    const { message } = cause as Error;
    if (message.startsWith("expected ")) throw cause;
    throw new SyntaxError(`expected ${expected}, saw one that is broken: ${message}`, { cause });
  }
}

async function decompressed(source: Location, format: "gzip" | "zstd"): Promise<Location> {
  const tool = format === "gzip" ? "gunzip" : "unzstd";
  let bytes: Uint8Array;
  try {
    bytes = await decompress(source, format);
  } catch (cause) {
    if (!(cause instanceof RangeError)) {
      const seen = `one that is broken: ${(cause as Error).message}`;
      throw new SyntaxError(`expected a whole ${format} file, saw ${seen}`, { cause });
    }
    throw new SyntaxError(
      `expected at most ${mostDecompressedBytes} bytes in a tar that is compressed as a whole, as it is ` +
        `kept in memory, saw more: decompress it (${tool}), or make a zip of its members`,
    );
  }
  const seen = recogniseArchive(bytes.subarray(0, recognisedBytes));
  if (seen?.format !== "tar") {
    throw new SyntaxError(`expected a tar in the ${format} file, saw something else`);
  }
  return { kind: "memory", name: describeLocation(source), bytes, source };
}

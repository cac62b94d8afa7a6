import { type Entry, Reader, ZipReader } from "../../deps/zip.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import type { Location, ZipPacking } from "../locations/location.ts";
import { openMember } from "../locations/open_member.ts";
import { openLocation } from "../locations/open_location.ts";
import type { ArchiveMember, FileMember } from "./archive_member.ts";
import { decodeName, decodeUtf8Name } from "./decode_name.ts";

/** The longest path that a link is read to. */
const mostLinkBytes = 4096;
/** A path that leads out of an archive. */
const outside = "/";

/** The library's view of a source. */
class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.#source.read(offset, length));
  }
}

/**
 * Lists a zip by the directory at its end; of its members none is read, but where links lead. Names are UTF-8
 * where they are that, whatever their flag says, else of code page 437.
 *
 * @throws {Error} where it is no whole zip.
 */
export async function* listZip(
  source: ByteSource,
  archive: Location,
): AsyncGenerator<ArchiveMember> {
  const zip = new ZipReader(new SourceReader(source), {
    filenameValidation: "tolerant", // nothing is written by these names
    decodeText: decodeUtf8Name,
  });
  for await (const entry of zip.getEntriesGenerator()) {
    const name = entry.msDosCompatible ? entry.filename.replaceAll("\\", "/") : entry.filename;
    if (entry.directory) yield { kind: "folder", name };
    else if (!entry.symlink) yield fileOf(entry, name, archive);
    else {
      const path = await readLink(fileOf(entry, name, archive));
      yield { kind: "link", name, target: { path, from: "folder" } };
    }
  }
}

function fileOf(entry: Entry, name: string, archive: Location): FileMember {
  const seen = reasonAgainst(entry);
  if (seen !== undefined) return { kind: "unreadable", name, seen };
  const { offset, uncompressedSize: size } = entry, zip = packingOf(entry);
  return { kind: "file", name, location: { kind: "member", archive, name, offset, size, zip } };
}

function packingOf(entry: Entry): ZipPacking {
  const method = entry.compressionMethod === 0 ? "stored" : "deflated";
  return { method, packedSize: entry.compressedSize, crc32: entry.crc32! }; // encrypted ones may have none
}

function reasonAgainst(entry: Entry): string | undefined {
  const { encrypted, compressionMethod: method, compressedSize, uncompressedSize } = entry;
  if (encrypted) return "an encrypted member";
  if (method !== 0 && method !== 8) return `a member packed by method ${method}, not by deflate`;
  if (method === 0 && compressedSize !== uncompressedSize) {
    return `a stored member of two sizes, ${compressedSize} and ${uncompressedSize} bytes`;
  }
}

/** Where a link leads: out of the archive, where that cannot be read. */
async function readLink(member: FileMember): Promise<string> {
  if (member.kind !== "file") return outside;
  try {
    using source = await openMember(member.location, openLocation);
    return decodeName(await source.read(0, mostLinkBytes));
  } catch {
    return outside;
  }
}

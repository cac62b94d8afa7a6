import { Buffer } from "node:buffer";
import { Header, Pax } from "../../deps/tar.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import type { Location } from "../locations/location.ts";
import type { ArchiveMember, OnUnused } from "./archive_member.ts";
import { decodeName } from "./decode_name.ts";

const blockBytes = 512;
/** The longest header beyond a block, such as a long name: what claims more is none. */
const mostExtendedBytes = 2 ** 20;
/** So many zeros are passed over behind an end, as another tar may follow them. */
const mostPaddingBytes = 2 ** 20;

/** What headers before a member say of it. */
interface Extension {
  readonly pax?: Pax;
  readonly path?: string;
  readonly linkPath?: string;
  readonly isSparse?: boolean;
}

/** Whether a block is a member's header: by its checksum. */
export function isTarHeader(block: Uint8Array): boolean {
  return block.length >= blockBytes && parseHeader(block)?.cksumValid === true;
}

/**
 * Lists a tar by its members' headers; between them nothing is read. One tar may follow another.
 *
 * @throws {SyntaxError} where something else than a header stands where one has to.
 */
export async function* listTar(
  source: ByteSource,
  archive: Location,
  onUnused: OnUnused,
): AsyncGenerator<ArchiveMember> {
  let global: Pax | undefined, extension: Extension = {}, hasEnded = false, numZeros = 0;
  for (let at = 0; at < source.size;) {
    const block = await source.read(at, blockBytes);
    if (block.length < blockBytes) break;
    const header = parseHeader(block, extension.pax, global);
    if (header?.nullBlock) {
      hasEnded = true;
      at += blockBytes;
      numZeros += blockBytes;
      if (numZeros > mostPaddingBytes) {
        onUnused(
          "archives with nothing but zeros from some place on, perhaps not whole",
          source.name,
        );
        break;
      }
      continue;
    }
    if (!header?.cksumValid && hasEnded) {
      onUnused("archives with other bytes behind their end, not read", source.name);
      break;
    }
    if (!header?.cksumValid) {
      throw new SyntaxError(`expected a member's header at byte ${at}, saw something else`);
    }
    hasEnded = false;
    numZeros = 0;
    const body = at + blockBytes, size = header.size ?? 0;
    at = body + Math.ceil(size / blockBytes) * blockBytes;
    const readText = async () => {
      if (size > mostExtendedBytes) {
        throw new SyntaxError(
          `expected a header of ${mostExtendedBytes} bytes at most at byte ${body}, saw ${size}`,
        );
      }
      return decodeName(await source.read(body, size));
    };
    switch (header.type) {
      case "GlobalExtendedHeader":
        global = Pax.parse(await readText(), global, true);
        continue;
      case "ExtendedHeader": {
        const text = await readText();
        const isSparse = /^\d+ GNU\.sparse\./m.test(text);
        extension = { ...extension, pax: Pax.parse(text), isSparse };
        continue;
      }
      case "NextFileHasLongPath":
      case "OldGnuLongPath":
        extension = { ...extension, path: untilNul(await readText()) };
        continue;
      case "NextFileHasLongLinkpath":
        extension = { ...extension, linkPath: untilNul(await readText()) };
        continue;
    }
    const name = extension.pax?.path ?? extension.path ?? nameOf(header, block);
    const target = extension.pax?.linkpath ?? extension.linkPath ?? header.linkpath ?? "";
    const { isSparse } = extension;
    extension = {};
    switch (header.type) {
      case "Directory":
      case "GNUDumpDir":
        yield { kind: "folder", name };
        break;
      case "SymbolicLink":
        yield { kind: "link", name, target: { path: target, from: "folder" } };
        break;
      case "Link":
        yield { kind: "link", name, target: { path: target, from: "root" } };
        break;
      case "File":
      case "OldFile":
      case "ContiguousFile": {
        if (isSparse) {
          yield { kind: "unreadable", name, seen: "a sparse file, with its gaps left out" };
        } else {
          const location = { kind: "member", archive, name, offset: body, size } as const;
          yield { kind: "file", name, location };
        }
        break;
      }
      case "SparseFile":
        throw new SyntaxError(`expected no sparse file (tar --sparse), saw ${name}`);
      default:
        onUnused("members that are no file, folder or link, not used", name);
    }
  }
  if (!hasEnded) onUnused("archives without their end, which are cut off", source.name);
}

/** The name in a header's block; the library reads it as UTF-8, whether or not it is that. */
function nameOf(header: Header, block: Uint8Array): string {
  if (!header.path?.includes("\ufffd")) return header.path ?? "";
  const name = untilNul(decodeName(block.subarray(0, 100)));
  const prefix = untilNul(decodeName(block.subarray(345, block[475] === 0 ? 475 : 500)));
  const isUstar = decodeName(block.subarray(257, 263)) === "ustar\0";
  return isUstar && prefix !== "" ? `${prefix}/${name}` : name;
}

function untilNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** A block as a header, with what stands before it; `undefined` where a number of it is none. */
function parseHeader(
  { buffer, byteOffset, byteLength }: Uint8Array,
  pax?: Pax,
  global?: Pax,
): Header | undefined {
  try {
    return new Header(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength), 0, pax, global);
  } catch {
    return undefined;
  }
}

/** Archives made on the spot, right ones and wrong ones: written by hand, as no writer makes the latter. */
import { crc32, deflateRawSync } from "node:zlib";

/** A member to be; `name` may be bytes, for names that are no UTF-8. */
export interface Member {
  readonly name: string | Uint8Array;
  readonly bytes?: Uint8Array;
}

/** A member of a zip, with what its headers shall say in place of what is so. */
export interface ZipMember extends Member {
  readonly method?: number;
  readonly packed?: Uint8Array;
  readonly size?: number;
  readonly crc32?: number;
  /** General purpose flags: 1 for an encrypted member, 0x800 for a name in UTF-8. */
  readonly flags?: number;
  /** Unix mode, such as that of a link. */
  readonly mode?: number;
}

/** A member of a tar: by default a file. */
export interface TarMember extends Member {
  readonly type?: string;
  readonly link?: string;
  readonly size?: number;
}

/** Bytes one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Characters up to 255 as a byte each. */
export const latin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

const bytesOf = (name: string | Uint8Array) => typeof name === "string" ? utf8(name) : name;

/** Fields of a zip's record: each its size in bytes and its value. */
function record(...fields: readonly (readonly [number, number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 8) view.setBigUint64(at, BigInt(value), true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    at += size;
  }
  return bytes;
}

/** A zip; of `isZip64` all sizes and offsets stand in the fields for large ones. */
export function createZip(members: readonly ZipMember[], { isZip64 = false } = {}): Uint8Array {
  const local: Uint8Array[] = [], directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const { bytes = new Uint8Array(), method = 8, flags = 0x800, mode = 0o100644 } = member;
    const name = bytesOf(member.name), size = member.size ?? bytes.length;
    const packed = member.packed ?? (method === 8 ? deflateRawSync(bytes) : bytes);
    const sum = member.crc32 ?? crc32(bytes), small = isZip64 ? 0xffffffff : undefined;
    const packing: (readonly [number, number])[] = [
      ...[[2, 45], [2, flags], [2, method], [4, 0x58210000], [4, sum]] as const,
      ...[[4, small ?? packed.length], [4, small ?? size], [2, name.length]] as const,
    ];
    const sizes = record([2, 1], [2, 16], [8, size], [8, packed.length]);
    const extra = isZip64 ? sizes : new Uint8Array();
    const header = concat(record([4, 0x04034b50], ...packing, [2, extra.length]), name, extra);
    const far = isZip64
      ? concat(record([2, 1], [2, 24]), sizes.subarray(4), record([8, offset]))
      : extra;
    directory.push(
      record([4, 0x02014b50], [2, 0x031e], ...packing, [2, far.length], [2, 0], [2, 0], [2, 0]),
      record([4, mode * 0x10000], [4, small ?? offset]),
      name,
      far,
    );
    local.push(header, packed);
    offset += header.length + packed.length;
  }
  const list = concat(...directory), count = members.length;
  const large = record(
    ...[[4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count]] as const,
    ...[[8, count], [8, list.length], [8, offset]] as const,
    ...[[4, 0x07064b50], [4, 0], [8, offset + list.length], [4, 1]] as const,
  );
  const end = isZip64
    ? record([4, 0x06054b50], [4, 0], [4, 0xffffffff], [4, 0xffffffff], [4, 0xffffffff], [2, 0])
    : record([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, list.length], [4, offset], [
      2,
      0,
    ]);
  return concat(...local, list, isZip64 ? large : new Uint8Array(), end);
}

const blockBytes = 512;

/** A member's header and bytes, padded to blocks. */
export function tarMember(member: TarMember): Uint8Array {
  const { bytes = new Uint8Array(), type = "0", link = "", size = bytes.length } = member;
  const block = new Uint8Array(blockBytes), padding = -bytes.length & (blockBytes - 1);
  const put = (at: number, text: string | Uint8Array) => block.set(bytesOf(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0") + "\0";
  put(0, bytesOf(member.name).subarray(0, 100));
  put(100, octal(0o644, 7) + octal(0, 7) + octal(0, 7) + octal(size, 11) + octal(0, 11));
  put(148, " ".repeat(8) + type + link.slice(0, 100));
  put(257, "ustar\x0000");
  put(148, octal(block.reduce((sum, byte) => sum + byte, 0), 6) + " ");
  return concat(block, bytes, new Uint8Array(padding));
}

/** A pax header for the next member. */
export function paxHeader(fields: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(fields).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`, bare = utf8(rest).length;
    const length = bare + String(bare + String(bare).length).length;
    return `${length}${rest}`;
  });
  return tarMember({ name: "PaxHeader", type: "x", bytes: utf8(lines.join("")) });
}

/** The blocks at a tar's end. */
export const tarEnd = new Uint8Array(2 * blockBytes);

/** A whole tar. */
export function createTar(members: readonly TarMember[]): Uint8Array {
  return concat(...members.map(tarMember), tarEnd);
}

/** Every file below a folder as a member, in the order in which the disk lists them. */
export async function membersBelow(dir: string, prefix = ""): Promise<TarMember[]> {
  const members: TarMember[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = `${dir}/${name}`, inner = `${prefix}${name}`;
    if (isDirectory) members.push(...await membersBelow(path, `${inner}/`));
    else members.push({ name: inner, bytes: await Deno.readFile(path) });
  }
  return members;
}

import { isTarHeader } from "./tar.ts";

/** Archives that are read: zips, tars, and tars compressed as a whole. */
export type ArchiveFormat = "zip" | "tar" | "gzip" | "zstd";

/** Bytes from the start that tell. */
export const recognisedBytes = 512;

/** Extensions of archives, with which nothing else is meant. */
export const archiveExtensions: ReadonlySet<string> = new Set([
  ...[".zip", ".tar", ".tgz", ".gz", ".zst", ".bz2", ".xz", ".7z", ".rar"],
]);

/** What is known by its first bytes, and not read: its name, and how to make something else of it. */
const refused = [
  { name: "a file compressed by bzip2", starts: "BZh", wayOut: "decompress it (bunzip2)" },
  { name: "a file compressed by xz", starts: "\xfd7zXZ", wayOut: "decompress it (unxz)" },
  { name: "a 7z archive", starts: "7z\xbc\xaf\x27\x1c", wayOut: "unpack it (7z x)" },
  { name: "a RAR archive", starts: "Rar!\x1a\x07", wayOut: "unpack it (unrar x)" },
] as const;

/** What some bytes begin. */
export type Recognised =
  | { readonly format: ArchiveFormat }
  /** An archive that is not read. */
  | { readonly format: "refused"; readonly name: string; readonly wayOut: string };

const starts: readonly (readonly [string, ArchiveFormat])[] = [
  ...[["PK\x03\x04", "zip"], ["PK\x05\x06", "zip"], ["PK\x06\x06", "zip"]] as const,
  ...[["PK00PK", "zip"], ["\x1f\x8b\x08", "gzip"], ["\x28\xb5\x2f\xfd", "zstd"]] as const,
];

/** Tells an archive by its first bytes; `undefined` where it is none. */
export function recogniseArchive(start: Uint8Array): Recognised | undefined {
  const text = String.fromCharCode(...start.subarray(0, 8));
  const [, format] = starts.find(([start]) => text.startsWith(start)) ?? [];
  if (format) return { format };
  const unread = refused.find(({ starts }) => text.startsWith(starts));
  if (unread) return { format: "refused", name: unread.name, wayOut: unread.wayOut };
  return isTarHeader(start) ? { format: "tar" } : undefined;
}

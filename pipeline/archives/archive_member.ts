import type { MemberLocation } from "../locations/location.ts";

/** A file in an archive: where it lies, or why it cannot be read. */
export type FileMember =
  | { readonly kind: "file"; readonly name: string; readonly location: MemberLocation }
  | { readonly kind: "unreadable"; readonly name: string; readonly seen: string };

/** A member of an archive, as it stands in its list, under the name that the archive has. */
export type ArchiveMember =
  | { readonly kind: "folder"; readonly name: string }
  | FileMember
  | { readonly kind: "link"; readonly name: string; readonly target: LinkTarget };

/** Where a link leads. */
export interface LinkTarget {
  /** As it is written. */
  readonly path: string;
  /** `root`: it begins in the archive's root, as hard links do; else where the link lies. */
  readonly from: "root" | "folder";
}

/** Is told, a reason in the plural and an example, what an archive holds and is not used. */
export type OnUnused = (reason: string, example: string) => void;

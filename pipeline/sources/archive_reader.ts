/** An archive as a tree of folders, which is walked as those of a disk are. */
import { relative } from "../../deps/std_path.ts";
import type { ArchiveMember, LinkTarget } from "../archives/archive_member.ts";
import { listArchive } from "../archives/open_archive.ts";
import type { Location } from "../locations/location.ts";
import { openLocation } from "../locations/open_location.ts";
import { DatasetError } from "./dataset.ts";
import type { FolderReader } from "./folder_reader.ts";
import { isRemotePath } from "./remote_path.ts";
import { Unused } from "./unused.ts";

type Entry = Folder | Exclude<ArchiveMember, { readonly kind: "folder" }>;

interface Folder {
  readonly kind: "folder";
  readonly entries: Map<string, Entry>;
}

/** What a path leads to, links followed. */
interface Found {
  readonly entry: Exclude<Entry, { readonly kind: "link" }>;
  /** The names of the folders that it really lies in, and its own. */
  readonly names: readonly string[];
}

/** Links that are followed on the way to one entry: more of them are a circle. */
const mostLinks = 40;
/** The longest name, as on a disk. */
const mostNameLength = 4096;

/**
 * Lists an archive: its members are then read as files `ARCHIVE/FOLDER/NAME`. Of members of the same name the
 * last counts, as it would where they were unpacked.
 *
 * @param path What it is called: what its members' paths begin with.
 * @param location Where it lies.
 * @throws {DatasetError} where it is broken, or of no kind that is read.
 */
export async function openArchiveReader(path: string, location: Location): Promise<FolderReader> {
  const unused = new Unused(), root: Folder = { kind: "folder", entries: new Map() };
  try {
    for await (const member of listArchive(location, (...what) => unused.add(...what))) {
      addMember(root, member, unused);
    }
  } catch (cause) {
    throw new DatasetError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  return new ArchiveReader(path, root, unused);
}

function addMember(root: Folder, member: ArchiveMember, unused: Unused): void {
  if (member.name.length > mostNameLength) {
    const reason = `members with names of more than ${mostNameLength} characters, not used`;
    return unused.add(reason, `${member.name.slice(0, 40)}…`);
  }
  const names = namesOf(member.name);
  if (names.includes("..") || member.name.includes("\0")) {
    return unused.add("members whose names lead out of the archive, not used", member.name);
  }
  const name = member.kind === "folder" ? undefined : names.pop();
  let folder = root;
  for (const each of names) {
    const known = folder.entries.get(each);
    const inner: Folder = known?.kind === "folder" ? known : { kind: "folder", entries: new Map() };
    if (known && known !== inner) {
      unused.add("members whose name a folder has too, not used", member.name);
    }
    folder.entries.set(each, inner);
    folder = inner;
  }
  if (member.kind === "folder" || name === undefined) return;
  const before = folder.entries.get(name);
  if (before?.kind === "folder") {
    return unused.add("members whose name a folder has too, not used", member.name);
  }
  if (before) unused.add("members of the same name, of which the last is used", member.name);
  folder.entries.set(name, member);
}

/** The way that a link leads, from the root: one from a disk's root leads out of the archive. */
function stepsOf({ path, from }: LinkTarget, folder: readonly string[]): string[] {
  if (from === "root") return namesOf(path);
  return path.startsWith("/") ? [".."] : [...folder, ...namesOf(path)];
}

/** The names that a path is made of; a path from a disk's root is taken from the archive's. */
function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

class ArchiveReader implements FolderReader {
  readonly #path: string;
  readonly #root: Folder;
  readonly #unused: Unused;

  constructor(path: string, root: Folder, unused: Unused) {
    this.#path = path;
    this.#root = root;
    this.#unused = unused;
  }

  async *readDir(dir: string): AsyncGenerator<Deno.DirEntry> {
    const { entry } = this.#find(dir);
    if (entry.kind !== "folder") throw new Deno.errors.NotADirectory(`${dir} is no folder`);
    for (const [name, inner] of entry.entries) {
      const isSymlink = inner.kind === "link" && inner.target.from === "folder";
      const isDirectory = inner.kind === "folder";
      yield { name, isSymlink, isDirectory, isFile: !isSymlink && !isDirectory };
    }
  }

  // deno-lint-ignore require-await -- what it throws is a rejection
  async stat(path: string): Promise<Pick<Deno.FileInfo, "isFile" | "isDirectory">> {
    const { kind } = this.#find(path).entry;
    return { isFile: kind !== "folder", isDirectory: kind === "folder" };
  }

  async realPath(path: string): Promise<string> {
    const { names } = this.#find(path);
    const archive = isRemotePath(this.#path) ? this.#path : await Deno.realPath(this.#path);
    return [archive, ...names].join("/");
  }

  async readStart(path: string, numBytes: number): Promise<Uint8Array> {
    using source = await openLocation(this.locationOf(path));
    return await source.read(0, numBytes);
  }

  locationOf(path: string): Location {
    const names = this.#namesIn(path), name = [this.#path, ...names].join("/");
    const unreadable = (seen: string) => ({ kind: "unreadable", name, seen } as const);
    try {
      const { entry } = this.#find(path);
      if (entry.kind === "file") return { ...entry.location, name: names.join("/") };
      return unreadable(entry.kind === "folder" ? "a folder" : entry.seen);
    } catch (error) {
      return unreadable((error as Error).message);
    }
  }

  describeUnused(): string[] {
    return this.#unused.describe();
  }

  #namesIn(path: string): string[] {
    return namesOf(relative(this.#path, path));
  }

  /** @throws {Deno.errors.NotFound} where nothing is there. */
  #find(path: string): Found {
    let numLinks = 0;
    const follow = (steps: readonly string[]): Found => {
      let found: Found = { entry: this.#root, names: [] };
      for (const step of steps) {
        const { entry, names }: Found = found;
        if (step === "..") {
          if (names.length === 0) throw new Deno.errors.NotFound("a way out of the archive");
          found = follow(names.slice(0, -1));
          continue;
        }
        const next = entry.kind === "folder" ? entry.entries.get(step) : undefined;
        if (!next) throw new Deno.errors.NotFound("nothing there");
        if (next.kind !== "link") found = { entry: next, names: [...names, step] };
        else if (++numLinks > mostLinks) throw new Deno.errors.NotFound("a link to itself");
        else found = follow(stepsOf(next.target, names));
      }
      return found;
    };
    return follow(this.#namesIn(path));
  }
}

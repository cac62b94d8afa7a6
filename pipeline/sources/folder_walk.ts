/** What lies in folders: names alone. Only a file whose name does not say what it is, is opened. */
import { basename, dirname, extname } from "../../deps/std_path.ts";
import { DecodeError } from "../decode/audio.ts";
import { audioExtensions } from "../decode/decode.ts";
import { looksLikeAudio } from "../decode/recognise.ts";
import { describeLocation } from "../locations/location.ts";
import type { Recording } from "../recording.ts";
import { DatasetError } from "./dataset.ts";
import type { FolderReader } from "./folder_reader.ts";
import { compareNatural } from "./natural_order.ts";
import { isHidden, isLeftover, otherExtensions } from "./passed_over.ts";
import { describeCount, Unused } from "./unused.ts";

/** Kinds of a folder's entries. */
export type EntryKind = "folder" | "file" | "other";

/** An entry of a folder. */
export interface FolderEntry {
  /** Its name; of two names that are no UTF-8 and read alike, the second has `#2` behind it. */
  readonly name: string;
  /** Its path. */
  readonly path: string;
  /** What it is, or what it links to; `other` is whatever cannot be read, such as a link that leads nowhere. */
  readonly kind: EntryKind;
  /** Whether it is a link. */
  readonly isLink: boolean;
}

/** What a folder holds as far as `readLayout`'s rule asks. */
export interface FolderContent {
  /** The folders in it. */
  readonly folders: readonly string[];
  /** Whether there is any recording below it. */
  readonly holdsAudio: boolean;
}

/** A folder whose recordings are wanted. */
export interface WalkedFolder {
  /** Its path. */
  readonly dir: string;
  /** What their ids begin with. */
  readonly prefix: string;
  /** Whether a link led to it. @default {false} */
  readonly isLink?: boolean;
  /** Names of folders in it that are not entered. @default {none} */
  readonly without?: readonly string[];
}

/** An entry as a folder to walk. */
export function walked({ path, isLink }: FolderEntry, prefix: string): WalkedFolder {
  return { dir: path, prefix, isLink };
}

/** What bytes of a name that are no UTF-8 read like, all of them. */
const notUtf8 = "\ufffd";

/** Bytes by which a file tells that it is audio. */
const startBytes = 64;

/** A walk through folders. Every folder is visited once, whatever links lead to it. */
export class FolderWalk {
  /** What was passed over. */
  readonly unused: Unused = new Unused();
  readonly #visited = new Set<string>();
  /** Real paths, by the paths by which they were visited. */
  readonly #realPaths = new Map<string, string>();
  readonly #leftovers = new Set<string>();
  readonly #ignored = new Set<string>();
  /** Recordings that are links to files. */
  readonly #linked = new Set<Recording>();

  /** Through this reader. */
  constructor(readonly reader: FolderReader) {}

  /**
   * The visible entries of a folder in natural order. What systems leave in folders is passed over.
   *
   * @throws the reader's error where it cannot be listed.
   */
  async list(dir: string): Promise<FolderEntry[]> {
    const entries: FolderEntry[] = [], unreadable = new Map<string, number>();
    for await (const entry of this.reader.readDir(dir)) {
      if (isHidden(entry.name)) continue;
      const path = `${dir}/${entry.name}`;
      if (isLeftover(entry.name)) {
        this.#leftovers.add(path);
        continue;
      }
      let name = entry.name;
      if (name.includes(notUtf8)) {
        const count = (unreadable.get(name) ?? 0) + 1;
        unreadable.set(name, count);
        if (count > 1) name += `#${count}`;
      }
      const seen = entry.isSymlink ? await this.reader.stat(path).catch(() => undefined) : entry;
      const kind = seen?.isDirectory ? "folder" : seen?.isFile ? "file" : "other";
      entries.push({ name, path, kind, isLink: entry.isSymlink });
    }
    return entries.sort((a, b) => compareNatural(a.name, b.name));
  }

  /**
   * The visible entries of the folder that a person named. Links that lead back to it, or to what it
   * lies in, are not followed.
   *
   * @throws {DatasetError} where it cannot be listed.
   */
  async listRoot(dir: string): Promise<FolderEntry[]> {
    try {
      const entries = await this.list(dir);
      for (let real = await this.reader.realPath(dir);; real = dirname(real)) {
        this.#visited.add(real);
        if (real === dirname(real)) return entries;
      }
    } catch (cause) {
      const { expected, seen } = cause instanceof DecodeError
        ? cause
        : { expected: "a folder of recordings", seen: describe(cause as Error) };
      throw new DatasetError(`Cannot read ${dir}: expected ${expected}, saw ${seen}`, { cause });
    }
  }

  /** A glance into a folder, which counts nothing: the names of its folders, and whether a recording is below. */
  async lookInto({ path }: Pick<FolderEntry, "path">): Promise<FolderContent> {
    const glance = new FolderWalk(this.reader);
    const holdsAudio = async (dir: string): Promise<boolean> => {
      const real = await this.reader.realPath(dir).catch(() => dir);
      if (glance.#visited.has(real)) return false;
      glance.#visited.add(real);
      const entries = await glance.list(dir).catch(() => []);
      for (const entry of entries) {
        if (entry.kind !== "folder" && await this.isAudio(entry)) return true;
      }
      for (const { kind, path } of entries) {
        if (kind === "folder" && await holdsAudio(path)) return true;
      }
      return false;
    };
    const folders = (await glance.list(path).catch(() => []))
      .flatMap(({ name, kind }) => kind === "folder" ? [name] : []);
    return { folders, holdsAudio: await holdsAudio(path) };
  }

  /** What was passed over, a line for each reason. */
  describeUnused(): string[] {
    const [example] = this.#leftovers;
    const reason = "folders and files that systems leave, passed over";
    return [
      ...example === undefined
        ? []
        : [describeCount(reason, basename(example), this.#leftovers.size)],
      ...this.reader.describeUnused?.() ?? [],
      ...this.unused.describe(),
    ];
  }

  /** Leaves a file out of the count of what is not used. */
  ignore(realPath: string): void {
    this.#ignored.add(realPath);
  }

  /**
   * The recordings below folders, those of each in natural order of the ids. Folders themselves come
   * before links to them. A folder or file that cannot be read is a recording that cannot be.
   */
  async collect(folders: readonly WalkedFolder[]): Promise<Recording[][]> {
    const found = folders.map((): Recording[] => []);
    const links: (() => Promise<void>)[] = [];
    const visit = async (
      { dir, prefix, without }: WalkedFolder,
      into: Recording[],
      isTop = false,
    ) => {
      const real = await this.reader.realPath(dir).catch(() => dir);
      const id = prefix.replace(/\/$/, "");
      if (!isTop && this.#visited.has(real)) {
        this.unused.add("links to folders that are listed already, not followed", id);
        return;
      }
      this.#visited.add(real);
      this.#realPaths.set(dir, real);
      let entries: FolderEntry[];
      try {
        entries = await this.list(dir);
      } catch (error) {
        const reason = `folders that cannot be listed (${(error as Error).name}), skipped`;
        this.unused.add(reason, id);
        into.push({ id, location: this.reader.locationOf(dir) });
        return;
      }
      for (const { name, path, kind, isLink } of entries) {
        const id = `${prefix}${name}`;
        if (kind !== "folder") {
          if (await this.isAudio({ path, kind })) {
            const recording = { id, location: this.reader.locationOf(path) };
            into.push(recording);
            if (isLink) this.#linked.add(recording);
            if (name.includes(notUtf8)) {
              this.unused.add("recordings whose names are no UTF-8, which cannot be opened", id);
            }
          } else if (!this.#ignored.has(`${real}/${name}`)) this.unused.addFile(id);
          continue;
        }
        if (without?.includes(name)) continue;
        const next = { dir: path, prefix: `${id}/` };
        if (isLink) links.push(() => visit(next, into));
        else await visit(next, into);
      }
    };
    for (const [i, folder] of folders.entries()) {
      if (folder.isLink) links.push(() => visit(folder, found[i]));
      else await visit(folder, found[i], true);
    }
    for (const follow of links) await follow(); // more may come while it goes on
    for (const clips of found) clips.sort((a, b) => compareNatural(a.id, b.id));
    return found;
  }

  /** Whether an entry that is no folder is taken for a recording: by its extension, or by its first bytes. */
  async isAudio({ path, kind }: Pick<FolderEntry, "path" | "kind">): Promise<boolean> {
    const extension = extname(path).toLowerCase();
    if (audioExtensions.has(extension)) return true;
    if (kind !== "file" || otherExtensions.has(extension)) return false;
    return looksLikeAudio(
      await this.reader.readStart(path, startBytes).catch(() => new Uint8Array()),
    );
  }

  /**
   * Takes out links to files that are in the same list already. One to a file of another list stays, as
   * nobody knows which of the two is meant, and is counted.
   *
   * @param found What `collect` returned, or lists made of it.
   */
  async withoutRepeats(found: readonly Recording[][]): Promise<Recording[][]> {
    if (!found.some((clips) => clips.some((clip) => this.#linked.has(clip)))) return [...found];
    const first = new Map<string, { readonly id: string; readonly list: number }>();
    const repeats = new Set<Recording>();
    for (const areLinks of [false, true]) {
      for (const [list, clips] of found.entries()) {
        for (const clip of clips) {
          if (this.#linked.has(clip) !== areLinks) continue;
          const path = describeLocation(clip.location);
          const inFolder = `${this.#realPaths.get(dirname(path))}/${basename(path)}`;
          // A link that leads nowhere is a recording that cannot be read.
          const real = areLinks ? await this.reader.realPath(path).catch(() => inFolder) : inFolder;
          const known = first.get(real);
          if (!known) first.set(real, { id: clip.id, list });
          else if (!areLinks) continue; // names that are no UTF-8 read alike
          else if (known.list === list) {
            repeats.add(clip);
            this.unused.add("links to recordings that are listed already, left out", clip.id);
          } else {
            const reason = "recordings that links put in two classes or sets, which contradict";
            this.unused.add(reason, `${known.id} and ${clip.id}`);
          }
        }
      }
    }
    return found.map((clips) => clips.filter((clip) => !repeats.has(clip)));
  }
}

function describe(cause: Error): string {
  if (cause instanceof Deno.errors.NotFound) return "nothing there";
  return cause instanceof Deno.errors.NotADirectory ? "a file" : cause.message;
}

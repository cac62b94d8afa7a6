/** Names of segments: safe on every file system, and each once. */
import { isHidden, isLeftover } from "../../pipeline/sources/passed_over.ts";

/** The longest part of a path that comes from a name, in bytes of UTF-8: file systems allow 255. */
const mostBytes = 100;

/** What stands for a device on Windows, whatever its ending. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name as one part of a path that every file system takes, and every listing shows: no separators, control
 * characters or others that Windows refuses, not hidden, not too long.
 */
export function safeName(name: string): string {
  let safe = [...name].slice(0, mostBytes).join("").toWellFormed().normalize("NFC")
    .replaceAll(/[<>:"/\\|?*\p{Cc}\p{Cf}\u2028\u2029]/gu, "_");
  while (new TextEncoder().encode(safe).length > mostBytes) safe = [...safe].slice(0, -1).join("");
  safe = safe.replace(/^ +/, "").replace(/[. ]+$/, "");
  return safe === "" || isHidden(safe) || isLeftover(safe) || devices.test(safe)
    ? `_${safe}`
    : safe;
}

/** Gives every segment a path, without its ending, that no other has, where letter case does not count either. */
export class SegmentNames {
  readonly #folders = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** `LABEL/STEM_START`; the start is in seconds. */
  next(label: string, filename: string, start: number): string {
    let folder = this.#folders.get(label);
    if (folder === undefined) {
      folder = this.#unique(safeName(label));
      this.#folders.set(label, folder);
    }
    const stem = safeName(filename.replace(/\.[^./]+$/, ""));
    return this.#unique(`${folder}/${stem}_${start.toFixed(3)}s`);
  }

  #unique(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#taken.has(name.toLowerCase()); i++) name = `${wanted}-${i}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

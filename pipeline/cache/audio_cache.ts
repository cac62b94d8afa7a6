import { createHash } from "node:crypto";
import { stampOf } from "../locations/open_location.ts";
import type { Recording } from "../recording.ts";
import { type CachedAudio, decodeEntry, encodeEntry } from "./cache_entry.ts";
import { type CacheFolder, entryPath, writeEntry } from "./cache_folder.ts";

/** Raise it when decoding or resampling gives other samples than before. */
export const samplesVersion = 5;

/** How a clip fared: taken from the cache, put there anew or in place of a broken entry, or neither. */
export type CacheOutcome = "hit" | "added" | "rebuilt" | "missed";

/** How many clips fared how. */
export type CacheCounts = Readonly<Record<CacheOutcome, number>>;

/** Counts in words: `audio cache: 12 clips read from it, 3 added`. */
export function describeCacheCounts({ hit, added, rebuilt, missed }: CacheCounts): string {
  const rest = [[added, "added"], [rebuilt, "rebuilt"], [missed, "not kept"]] as const;
  const words = rest.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return [`audio cache: ${hit} clips read from it`, ...words].join(", ");
}

/** A recording's place in a cache. */
export interface CacheSlot {
  /** All that decides about the samples. */
  readonly key: string;
  /** Name of the entry. */
  readonly name: string;
  /** An entry was there and could not be used. */
  broken: boolean;
}

/**
 * Keeps decoded and resampled audio in a folder, so that it is decoded once. Results never depend on it:
 * what cannot be read from it is decoded, what cannot be written is left out.
 */
export class AudioCache {
  readonly #folder: CacheFolder;
  readonly #onNotice: (message: string) => void;
  #isWritable = true;

  /**
   * Opens nothing before it is used.
   *
   * @param onNotice Is told once why the folder cannot be written to.
   */
  constructor(folder: CacheFolder, onNotice: (message: string) => void) {
    this.#folder = folder;
    this.#onNotice = onNotice;
  }

  /**
   * The slot of a stretch of a recording, for its bytes as they are now: see `stampOf`.
   *
   * @returns `undefined` where nothing is known of its bytes.
   */
  slotOf({ location, part }: Recording, { startSeconds, durationSeconds, sampleRateHz }: {
    readonly startSeconds: number;
    readonly durationSeconds: number;
    readonly sampleRateHz: number;
  }): CacheSlot | undefined {
    const stamp = stampOf(location);
    if (stamp === undefined) return undefined;
    const stretch = [startSeconds, durationSeconds, sampleRateHz];
    const key = JSON.stringify([samplesVersion, stamp, ...stretch, ...part ? [part] : []]);
    const name = createHash("sha256").update(key).digest("hex").slice(0, 32);
    return { key, name, broken: false };
  }

  /** Whether a slot holds anything. */
  has(slot: CacheSlot): boolean {
    try {
      return Deno.statSync(entryPath(this.#folder, slot.name)).isFile;
    } catch {
      return false;
    }
  }

  /** What a slot holds; nothing where it is empty, or broken: it is rebuilt then. */
  find(slot: CacheSlot): CachedAudio | undefined {
    const path = entryPath(this.#folder, slot.name);
    let bytes: Uint8Array;
    try {
      bytes = Deno.readFileSync(path);
    } catch {
      return undefined;
    }
    const audio = decodeEntry(bytes, slot.key);
    slot.broken = !audio;
    try {
      const now = new Date();
      if (audio) Deno.utimeSync(path, now, now); // used by this run: others go first
    } catch { /* a folder that may only be read */ }
    return audio;
  }

  /** Fills a slot. The samples are copied. */
  put(slot: CacheSlot, audio: CachedAudio): CacheOutcome {
    if (!this.#isWritable) return "missed";
    try {
      this.#isWritable = writeEntry(this.#folder, slot.name, encodeEntry(slot.key, audio));
      if (!this.#isWritable) return "missed"; // full, for as long as this run lasts
      return slot.broken ? "rebuilt" : "added";
    } catch (error) {
      this.#isWritable = false;
      // Without the path, which is another in every thread: they all have the same to say.
      const cause = (error as Error).message.replace(/: \w+ '.*'$/s, "");
      this.#onNotice(
        `the audio cache ${this.#folder.dir} cannot be written to, only read: ${cause}`,
      );
      return "missed";
    }
  }
}

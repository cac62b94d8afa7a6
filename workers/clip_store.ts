/** The sound of a few clips in shared memory, so that one decoding serves all copies of each. */

import type { SharedClip } from "../pipeline/graph_stage.ts";

/** Most memory that the sound of recordings takes where nothing else is said. */
const usualBytes = 2 ** 26;

/** Bytes of a clip's place: how many of its samples are sound (uint32), then all of them (float32). */
function placeBytes(clipLength: number): number {
  return 4 + 4 * clipLength;
}

/** The places of a store's memory, in their order. @param clipLength Samples of a clip. */
export function clipPlaces(
  memory: SharedArrayBuffer,
  clipLength: number,
): Omit<SharedClip, "isFilled">[] {
  const bytes = placeBytes(clipLength);
  return Array.from({ length: memory.byteLength / bytes }, (_, i) => ({
    soundLength: new Uint32Array(memory, i * bytes, 1),
    samples: new Float32Array(memory, i * bytes + 4, clipLength),
  }));
}

/** One clip's place in the memory, lent to one task. */
export interface LentClip {
  /** Which place. */
  readonly slot: number;
  /** Whether the sound is there already; else the task is to put it there. */
  readonly isFilled: boolean;
}

interface Slot {
  readonly index: number;
  isFilled: boolean;
  /** Tasks that read it now. */
  readers: number;
}

/**
 * Knows which clips lie in the memory and lends them to tasks. The thread that hands out the tasks
 * owns it; the workers only read and write where they are told to. No place is given to another clip
 * while a task uses it.
 */
export class ClipStore {
  /** Places of a clip each, one behind the other: see `clipPlaces`. */
  readonly memory: SharedArrayBuffer;
  /** By the clip's key, the one used longest ago first. */
  readonly #slots = new Map<string, Slot>();
  readonly #free: number[];

  /**
   * Makes the memory.
   *
   * @param clipLength Samples of a clip.
   * @param maxClips How many it holds, if they take no more than 64 MiB.
   * @param mostBytes How much they may take, where that is less.
   */
  constructor(clipLength: number, maxClips: number, mostBytes: number = usualBytes) {
    const clipBytes = placeBytes(clipLength), bytes = Math.min(mostBytes, usualBytes);
    const numSlots = Math.min(maxClips, Math.floor(bytes / clipBytes));
    this.memory = new SharedArrayBuffer(numSlots * clipBytes);
    this.#free = Array.from({ length: numSlots }, (_, index) => index);
  }

  /**
   * Lends a clip's place to a task. @param key See `soundKey`.
   *
   * @returns `undefined` where the task has to do without: the sound is just being decoded for another
   *   one, or every place is in use.
   */
  lend(key: string): LentClip | undefined {
    const known = this.#slots.get(key);
    if (known) {
      if (!known.isFilled) return undefined;
      known.readers++;
      this.#slots.delete(key);
      this.#slots.set(key, known); // used last
      return { slot: known.index, isFilled: true };
    }
    const index = this.#free.pop() ?? this.#evict();
    if (index === undefined) return undefined;
    this.#slots.set(key, { index, isFilled: false, readers: 0 });
    return { slot: index, isFilled: false };
  }

  /** Lends a clip's place to a task that only reads it; `undefined` where the sound is not there. */
  lendFilled(key: string): LentClip | undefined {
    return this.#slots.get(key)?.isFilled ? this.lend(key) : undefined;
  }

  /** Takes back what was lent; `isFilled` says whether the sound is there now. */
  giveBack(key: string, { isFilled: wasFilled }: LentClip, isFilled: boolean): void {
    const slot = this.#slots.get(key)!;
    if (wasFilled) slot.readers--;
    else if (isFilled) slot.isFilled = true;
    else {
      this.#slots.delete(key);
      this.#free.push(slot.index);
    }
  }

  /**
   * Gives up what was lent to a task that nobody waits for any more. It may be writing there still, so
   * nobody else will.
   */
  abandon(key: string, { isFilled }: LentClip): void {
    if (isFilled) this.#slots.get(key)!.readers--;
    else this.#slots.delete(key);
  }

  #evict(): number | undefined {
    for (const [key, { index, isFilled, readers }] of this.#slots) {
      if (!isFilled || readers > 0) continue;
      this.#slots.delete(key);
      return index;
    }
  }
}

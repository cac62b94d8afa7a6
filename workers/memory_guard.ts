import { SettingError } from "../settings/setting.ts";
import { byteSize } from "../settings/value_range.ts";

/** What a thread takes before it has a clip: its program and kernels. */
const threadBytes = 40e6;

/** What a guard is told of the process, and by whom. */
export interface MemoryGuardOptions {
  /** Most that the process may have resident, in bytes. */
  readonly limitBytes: number;
  /** What it has now. @default what the system says */
  readonly residentBytes?: () => number;
}

/**
 * Says how many clips may be under way, so that the process stays below a limit: as many as there is credit for
 * while it is well below; half as many each time it is found near; one at a time above. What is resident is asked
 * of the system, so that everything counts: models, lists of names, and what other threads hold.
 */
export class MemoryGuard {
  /** Most that may be resident, in bytes. */
  readonly limitBytes: number;
  readonly #residentBytes: () => number;
  #most = Infinity;
  #atOnce = Infinity;
  /** The least that was resident since the clips under way began. */
  #before: number;
  #now: number;
  /** How often in turn it was found above. */
  #timesAbove = 0;

  /**
   * Looks for the first time.
   *
   * @throws {SettingError} where the program alone takes so much that there is no room for a clip.
   */
  constructor({ limitBytes, residentBytes = () => Deno.memoryUsage().rss }: MemoryGuardOptions) {
    this.limitBytes = limitBytes;
    this.#residentBytes = residentBytes;
    this.#now = this.#before = residentBytes();
    const least = Math.ceil((this.#now + 2 * threadBytes) / 1e7) * 1e7;
    if (limitBytes >= least) return;
    const taken = sayMegabytes(this.#now);
    const rule = `at least ${byteSize.format(least)}, as ${taken} are taken before the first clip`;
    throw new SettingError("make features", "memoryLimit", rule, byteSize.format(limitBytes));
  }

  /** As many of so many threads as leave half of the room to what they make. */
  threadsOf(most: number): number {
    const room = this.limitBytes - this.#now;
    return Math.max(1, Math.min(most, Math.floor(room / 2 / threadBytes)));
  }

  /** Says how much credit there is in all. */
  begin(credit: number): void {
    this.#most = this.#atOnce = credit;
  }

  /** Most clips that may be under way now. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** What is resident is above the limit. */
  get isAbove(): boolean {
    return this.#now > this.limitBytes;
  }

  /** It is so far above that what is under way is not waited for. */
  get isFarAbove(): boolean {
    return this.#now > 1.5 * this.limitBytes;
  }

  /** What is under way has made it so: nothing else has grown by so much meanwhile. */
  get isOwing(): boolean {
    return this.#now - this.#before > this.limitBytes / 8;
  }

  /** What is resident does not come below the limit, whatever is under way. */
  get isStuck(): boolean {
    return this.#timesAbove >= 20;
  }

  /** What is resident and what may be, in words. */
  describe(): string {
    return `${sayMegabytes(this.#now)} of ${sayMegabytes(this.limitBytes)}`;
  }

  /** Says that clips are under way from now on, and none was before. */
  note(): void {
    this.#before = this.#residentBytes();
  }

  /** Looks at what is resident. To be called a few times a second. */
  look(): void {
    this.#now = this.#residentBytes();
    this.#before = Math.min(this.#before, this.#now);
    this.#timesAbove = this.isAbove ? this.#timesAbove + 1 : 0;
    if (this.isAbove) this.#atOnce = 1;
    else if (this.#now > 0.9 * this.limitBytes) this.#atOnce = Math.max(1, this.#atOnce >> 1);
    else if (this.#now < 0.8 * this.limitBytes) {
      this.#atOnce = Math.min(this.#most, this.#atOnce + 1);
    }
  }
}

/**
 * Refuses a limit that leaves no room for a clip, before anything is begun.
 *
 * @throws {SettingError} as a guard does.
 */
export function checkMemoryLimit(limitBytes: number | undefined): void {
  if (limitBytes !== undefined) new MemoryGuard({ limitBytes });
}

function sayMegabytes(bytes: number): string {
  return byteSize.format(Math.round(bytes / 1e6) * 1e6);
}

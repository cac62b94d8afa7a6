import { extname } from "../../deps/std_path.ts";

/** What a source holds and is not used: counted by its reason, each with its first example. */
export class Unused {
  readonly #reasons = new Map<string, { example: string; count: number }>();
  readonly #extensions = new Map<string, number>();
  #firstFile = "";

  /** Counts something. @param reason What it is and what becomes of it, in the plural. */
  add(reason: string, example: string): void {
    const known = this.#reasons.get(reason);
    if (known) known.count++;
    else this.#reasons.set(reason, { example, count: 1 });
  }

  /** Counts a file that is no audio, by its extension. */
  addFile(id: string): void {
    const extension = extname(id).toLowerCase() || "no extension";
    if (this.#extensions.size === 0) this.#firstFile = id;
    this.#extensions.set(extension, (this.#extensions.get(extension) ?? 0) + 1);
  }

  /** A line for each reason. */
  describe(): string[] {
    const lines = [...this.#reasons].map(([reason, { example, count }]) =>
      describeCount(reason, example, count)
    );
    const kinds = [...this.#extensions].sort(([, a], [, b]) => b - a);
    const numFiles = kinds.reduce((sum, [, count]) => sum + count, 0);
    if (numFiles === 0) return lines;
    const shown = kinds.slice(0, 5).map(([extension, count]) => `${extension} ${count}`);
    const reason = `files that are no audio (${shown.join(", ")}${kinds.length > 5 ? ", …" : ""})`;
    return [...lines, describeCount(`${reason}, not used`, this.#firstFile, numFiles)];
  }
}

/** A note's words for something that was counted. */
export function describeCount(what: string, example: string, count: number): string {
  return `${what}, such as ${example}: ${count}`;
}

/** A note's words for the recordings that a data set itself sets apart. */
export function describeValidation(folder: string, recordings: readonly unknown[]): string {
  return `recordings in ${folder}, set apart to validate on: ${recordings.length}`;
}

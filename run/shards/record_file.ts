import { RunError } from "../run_error.ts";

/** How a file's records end: CSV rows may hold ends of line between quotes, lines of JSON hold none. */
export type RecordFormat = "csv" | "jsonl";

/** Bytes that are read at a time. */
const pieceBytes = 1 << 16;

/** A file of records, each with its end of line, as text that is copied and not parsed: one is at hand at a time. */
export class RecordFile implements Disposable {
  /** The record that is next; undefined at the end. */
  next: string | undefined;
  readonly #file: Deno.FsFile | undefined;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #bytes = new Uint8Array(pieceBytes);
  #text = "";
  #at = 0;
  #hasEnded = false;

  private constructor(readonly path: string, readonly format: RecordFormat, file?: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Opens it at its first record: of a CSV, its header.
   *
   * @param isOptional One that is missing is taken for an empty one.
   * @throws {RunError} where it cannot be read.
   */
  static async open(path: string, format: RecordFormat, isOptional = false): Promise<RecordFile> {
    try {
      const opened = await Deno.open(path).catch((error) => {
        if (isOptional && error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      });
      const file = new RecordFile(path, format, opened);
      file.advance();
      return file;
    } catch (cause) {
      if (cause instanceof RunError) throw cause;
      throw new RunError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
    }
  }

  /** Takes the record that is next. @throws {RunError} where it is cut off. */
  take(): string {
    const record = this.next;
    if (record === undefined) throw new RunError(`Cannot read ${this.path} as it ends too early`);
    this.advance();
    return record;
  }

  /** Goes to the record behind. @throws {RunError} where it is cut off. */
  advance(): void {
    for (let from = this.#at;;) {
      const end = this.#endOfRecord(from);
      if (end > 0) {
        this.next = this.#text.slice(this.#at, end);
        this.#at = end;
        return;
      }
      from = this.#text.length - this.#at; // what was looked at already, were it not for quotes
      this.#text = this.#text.slice(this.#at);
      this.#at = 0;
      if (this.format === "csv") from = 0;
      if (!this.#hasEnded) {
        const numRead = this.#file?.readSync(this.#bytes) ?? null;
        this.#hasEnded = numRead === null;
        const piece = this.#bytes.subarray(0, numRead ?? 0);
        this.#text += this.#decoder.decode(piece, { stream: !this.#hasEnded });
        continue;
      }
      if (this.#text !== "") {
        throw new RunError(`Cannot read ${this.path} as its last row is cut off`);
      }
      this.next = undefined;
      return;
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file?.close();
  }

  /** Where the record at hand ends; 0 where its end is not read yet. */
  #endOfRecord(from: number): number {
    for (let at = from;;) {
      const line = this.#text.indexOf("\n", at);
      if (line < 0) return 0;
      if (this.format === "jsonl" || !isInQuotes(this.#text, this.#at, line)) return line + 1;
      at = line + 1;
    }
  }
}

/** True where an odd number of quotes stands between: a quote in a cell is written as two. */
function isInQuotes(text: string, from: number, to: number): boolean {
  const record = text.slice(from, to); // a search in all of the text would go far beyond
  let isOdd = false;
  for (let at = record.indexOf('"'); at >= 0; at = record.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

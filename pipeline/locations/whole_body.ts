/** A file that a server gives from its beginning to its end, and not otherwise. */
import { DecodeError } from "../decode/audio.ts";
import { connectionFault } from "./http_fault.ts";
import { TransientError } from "./patience.ts";

/** All of it is kept while it is open, as it is read in any order: none larger than this. */
export const mostWholeBytes: number = 2 ** 26;

/** The bytes of an answer, which are read while they come. */
export class WholeBody {
  #bytes: Uint8Array;
  #filled = 0;
  #hasEnded = false;
  /** Why the rest does not come. */
  fault?: Error;
  #more = Promise.withResolvers<void>();
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  private constructor(readonly name: string, response: Response, readonly claimed?: number) {
    this.#reader = response.body!.getReader();
    this.#bytes = new Uint8Array(claimed ?? 1 << 16);
  }

  /**
   * Begins to read an answer. Where its length is not said it is read to its end.
   *
   * @throws {DecodeError} where it is larger than is kept.
   */
  static async begin(name: string, response: Response, size?: number): Promise<WholeBody> {
    if ((size ?? 0) > mostWholeBytes) {
      await response.body?.cancel();
      throw tooLarge(name, `${size}`);
    }
    const body = new WholeBody(name, response, size);
    body.#take(); // it tells of its faults to whoever reads
    if (size === undefined) await body.#until(Infinity);
    return body;
  }

  /** Length in bytes. */
  get size(): number {
    return this.claimed ?? this.#filled;
  }

  /** Waits for bytes. @throws {TransientError} where they do not come. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    await this.#until(offset + length);
    return this.#bytes.subarray(offset, offset + length);
  }

  /** Asks for no more. */
  close(): void {
    this.#reader.cancel().catch(() => {});
  }

  async #until(end: number): Promise<void> {
    while (!this.#hasEnded && this.#filled < end) await this.#more.promise;
    if (this.fault && this.#filled < end) throw this.fault;
  }

  async #take(): Promise<void> {
    while (!this.#hasEnded) {
      try {
        const { value, done } = await this.#reader.read();
        this.#hasEnded = done;
        if (value) this.#keep(value);
        else if (this.#filled < this.size) {
          throw new TransientError(`cut off after ${this.#filled} of ${this.size} bytes`);
        }
      } catch (error) {
        this.#hasEnded = true;
        this.fault = error instanceof TransientError ? error : connectionFault(this.name, error);
        this.close();
      }
      const { resolve } = this.#more;
      this.#more = Promise.withResolvers();
      resolve();
    }
  }

  #keep(chunk: Uint8Array): void {
    const end = this.#filled + chunk.length;
    if (end > (this.claimed ?? mostWholeBytes)) throw tooLarge(this.name, "more");
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#filled));
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#filled);
    this.#filled = end;
  }
}

function tooLarge(path: string, seen: string): DecodeError {
  const expected = `${mostWholeBytes} bytes at most from a server that gives no ranges`;
  return new DecodeError({ path, expected, seen });
}

/** Bytes that a web server gives: by ranges, or, where it has none, whole into bounded memory. */
import { DecodeError } from "../decode/audio.ts";
import type { OpenSource } from "./byte_source.ts";
import { connectionFault, faultOf } from "./http_fault.ts";
import { lengthOf, rangeOf, versionOf } from "./http_headers.ts";
import { defaultPatience, timeoutOf, TransientError } from "./patience.ts";
import { WholeBody } from "./whole_body.ts";

/** What a server says of a file beside its bytes. */
export interface FileState {
  /** Length in bytes. */
  readonly size?: number;
  /** What changes when its bytes do: its `ETag`, else the time of its last change. */
  readonly version?: string;
}

/** A file on a server. */
export interface HttpFile {
  /** What messages call it, without keys. */
  readonly name: string;
  /** Asks for it. @param range The header of that name. */
  ask(range: string, signal: AbortSignal): Promise<Response>;
  /** What is known of it already, from a list. */
  readonly known: FileState;
  /** What may help where the server lets nobody in. */
  readonly advice?: string;
}

/** The least that is asked for at a time: first as much as a short recording has, then more. */
const firstBytes = 1 << 18, nextBytes = 1 << 20;

/**
 * Opens a file on a server. One whose state is known is not asked for before it is read.
 *
 * @throws {DecodeError} where the server has it not, or gives neither ranges nor its length.
 * @throws {TransientError} where it may be there at the next try.
 */
export async function openHttp(file: HttpFile): Promise<OpenSource> {
  const source = new HttpSource(file);
  try {
    await source.begin();
  } catch (error) {
    source[Symbol.dispose]();
    throw error;
  }
  return source;
}

/**
 * Asks for a file's length and version, and for none of its bytes but one.
 *
 * @throws as `openHttp`.
 */
export async function readFileState(file: HttpFile): Promise<FileState> {
  const response = await answerOf(
    file,
    "bytes=0-0",
    AbortSignal.timeout(defaultPatience.timeoutMs),
  );
  await response.body?.cancel();
  const size = response.status === 200 ? lengthOf(response.headers) : rangeOf(response)?.total;
  return { size, version: versionOf(response.headers) };
}

interface Block {
  readonly start: number;
  readonly bytes: Uint8Array;
}

class HttpSource implements OpenSource {
  readonly name: string;
  size = 0;
  readonly #file: HttpFile;
  readonly #closing = new AbortController();
  #version?: string;
  /** A header is looked at again: the first piece stays, beside the last. */
  #first?: Block;
  #last?: Block;
  /** The file, where the server gives it whole. */
  #whole?: WholeBody;

  constructor(file: HttpFile) {
    this.name = file.name;
    this.#file = file;
    this.#version = file.known.version;
  }

  async begin(): Promise<void> {
    const { size } = this.#file.known;
    if (size !== undefined) this.size = size;
    else this.#first = await this.#fetch(0, firstBytes, true);
  }

  read(offset: number, length: number): Uint8Array | Promise<Uint8Array> {
    const numBytes = Math.max(0, Math.min(length, this.size - offset));
    if (numBytes === 0) return new Uint8Array();
    if (this.#whole?.fault) this.#whole = undefined; // it is asked for anew
    if (this.#whole) return this.#whole.read(offset, numBytes);
    for (const block of [this.#last, this.#first]) {
      if (block && holds(block, offset, numBytes)) return cut(block, offset, numBytes);
    }
    return this.#readOn(offset, numBytes);
  }

  async #readOn(offset: number, numBytes: number): Promise<Uint8Array> {
    const kept = [this.#last, this.#first].filter((block) => block !== undefined);
    const before = kept.find((block) => holds(block, offset, 1));
    const have = before && cut(before, offset, numBytes);
    const start = offset + (have?.length ?? 0);
    const goesOn = kept.some((block) => block.start + block.bytes.length === start);
    const wanted = Math.max(offset + numBytes - start, goesOn ? nextBytes : firstBytes);
    const block = await this.#fetch(start, Math.min(wanted, this.size - start));
    if (this.#whole) return await this.#whole.read(offset, numBytes);
    if (start === 0) this.#first = block;
    else this.#last = block;
    if (!have) return cut(block!, offset, numBytes);
    const joined = new Uint8Array(numBytes);
    joined.set(have);
    joined.set(block!.bytes.subarray(0, numBytes - have.length), have.length);
    return joined;
  }

  /** Fetches a piece; nothing, where the server gives all of the file instead. */
  async #fetch(start: number, length: number, isFirst = false): Promise<Block | undefined> {
    const request = new AbortController(), timeoutMs = timeoutOf(defaultPatience, length);
    const timeout = new DOMException("no answer in time", "TimeoutError");
    const timer = setTimeout(() => request.abort(timeout), timeoutMs);
    const signal = AbortSignal.any([this.#closing.signal, request.signal]);
    try {
      const range = `bytes=${start}-${start + length - 1}`;
      return await this.#take(
        await answerOf(this.#file, range, signal, isFirst),
        start,
        length,
        isFirst,
      );
    } finally {
      clearTimeout(timer); // a whole file takes as long as it takes
    }
  }

  async #take(
    response: Response,
    start: number,
    length: number,
    isFirst: boolean,
  ): Promise<Block | undefined> {
    this.#checkSame(response, isFirst);
    if (response.status === 416) return { start, bytes: new Uint8Array() }; // an empty file
    if (response.status === 200) {
      this.#whole = await WholeBody.begin(this.name, response, lengthOf(response.headers));
      if (isFirst) this.size = this.#whole.size;
      return;
    }
    const given = rangeOf(response)!;
    if (isFirst) this.size = given.total!;
    const numBytes = Math.min(length, this.size - start);
    const bytes = await readBody(this.name, response);
    if (given.start !== start || bytes.length > numBytes) {
      this.#refuse(
        `bytes ${start} to ${start + numBytes}`,
        `${bytes.length} from ${given.start} on`,
      );
    }
    if (bytes.length < numBytes) {
      throw new TransientError(`cut off after ${bytes.length} of ${numBytes} bytes`);
    }
    return { start, bytes };
  }

  /** Holds that the file is still the one that was listed, or that was begun with. */
  #checkSame(response: Response, isFirst: boolean): void {
    const isWhole = response.status === 200, { headers } = response;
    const total = isWhole ? lengthOf(headers) : rangeOf(response)?.total;
    if (total === undefined && !isWhole) this.#refuse("the file's length", "none");
    if (!isFirst && total !== undefined && total !== this.size) {
      this.#refuse(`${this.size} bytes, as it had before`, `${total}`);
    }
    const version = versionOf(headers);
    if (version !== undefined && this.#version !== undefined && version !== this.#version) {
      this.#refuse("the file as it was before", "one that has changed meanwhile");
    }
    this.#version ??= version;
  }

  #refuse(expected: string, seen: string): never {
    this.#closing.abort();
    throw new DecodeError({ path: this.name, expected, seen });
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#whole?.close();
    this.#first = this.#last = this.#whole = undefined;
  }
}

/** An answer that has bytes, or says that there are none. */
async function answerOf(
  file: HttpFile,
  range: string,
  signal: AbortSignal,
  mayBeEmpty = true,
): Promise<Response> {
  let response: Response;
  try {
    response = await file.ask(range, signal);
  } catch (cause) {
    throw connectionFault(file.name, cause);
  }
  const isEmpty = mayBeEmpty && response.status === 416 && rangeOf(response)?.total === 0;
  if (response.status === 200 || response.status === 206 && rangeOf(response)) return response;
  if (!isEmpty) throw await faultOf(file.name, response, file.advice);
  await response.body?.cancel();
  return response;
}

async function readBody(path: string, response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw connectionFault(path, cause);
  }
}

function holds({ start, bytes }: Block, offset: number, length: number): boolean {
  return start <= offset && offset + length <= start + bytes.length;
}

function cut({ start, bytes }: Block, offset: number, length: number): Uint8Array {
  return bytes.subarray(offset - start, offset - start + length);
}

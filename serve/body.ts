/** The bytes of requests: how many one may have, how long they may take, and how many are held in all. */
import { busy, HttpError } from "./http_error.ts";

/** Limits of one request's body. */
export interface BodyLimits {
  /** Most bytes. */
  readonly maxBytes: number;
  /** Within which all must have come. */
  readonly seconds: number;
}

/** A body as it comes. */
export interface ComingBody {
  /** The request's. */
  readonly headers: Headers;
  /** Its bytes. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** Ends the waiting: its reason is thrown. */
  readonly signal: AbortSignal;
}

/** Bytes that requests hold, so that many large ones do not fill the memory. */
export class ByteBudget {
  #held = 0;

  /**
   * Begins with nothing.
   *
   * @param total Most bytes that are held at a time.
   */
  constructor(readonly total: number) {}

  /** Bytes that are held. */
  get held(): number {
    return this.#held;
  }

  /** Counts bytes more. @throws {HttpError} 503 where there is no room for them. */
  take(bytes: number): void {
    if (this.#held + bytes > this.total) {
      throw busy(503, "Cannot take this request now as others hold the memory: send it again");
    }
    this.#held += bytes;
  }

  /** Counts bytes less. */
  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}

/** A body that was read; disposed of, its bytes are counted no more. */
export interface HeldBody extends Disposable {
  /** All of it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a request's body whole.
 *
 * @throws {HttpError} 400 where there is nothing, 413 where it is too long, 408 where it takes too long, 503 where others
 *   hold the memory.
 */
export async function readBody(
  { headers, body, signal }: ComingBody,
  budget: ByteBudget,
  { maxBytes, seconds }: BodyLimits,
): Promise<HeldBody> {
  const tooLong = () =>
    new HttpError(413, `Cannot take this sound as it must be at most ${maxBytes} bytes`);
  const declared = Number(headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLong();
  if (!body) throw nothing();
  const reader = body.getReader(), endMs = performance.now() + 1000 * seconds;
  const rule = `all of it must come within ${seconds} s`;
  let bytes = new Uint8Array(Math.min(declared || 65_536, 1 << 20)), held = 0; // who declares much may send little
  try {
    for (;;) {
      const ms = endMs - performance.now();
      const { value, done } = await within(reader.read(), { ms, rule, signal });
      if (done) break;
      if (held + value.length > maxBytes) throw tooLong();
      budget.take(value.length);
      if (held + value.length > bytes.length) {
        const grown = new Uint8Array(Math.max(declared, 2 * (held + value.length)));
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(value, held);
      held += value.length;
    }
  } catch (error) {
    budget.giveBack(held);
    reader.cancel().catch(() => {}); // nobody reads the rest
    throw error;
  }
  if (held === 0) throw nothing();
  // A thread that is sent a part of an array is sent all of it.
  if (held < bytes.length) bytes = bytes.slice(0, held);
  return { bytes, [Symbol.dispose]: () => budget.giveBack(held) };
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Nobody has sent anything. */
export function nothing(): HttpError {
  return new HttpError(400, "Cannot label nothing: the body must be a sound, or a form with files");
}

/** The beginning of a body, and all of it. */
export interface PeekedBody {
  /** At least four bytes, where there are so many. */
  readonly head: Uint8Array;
  /** The whole body, its beginning included; it ends with an error where the next bytes take too long. */
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Looks at the beginning of a body.
 *
 * @param seconds Within which the next bytes must have come.
 * @throws {HttpError} 408 where they have not.
 */
export async function peekBody(
  stream: ReadableStream<Uint8Array>,
  seconds: number,
  signal: AbortSignal,
): Promise<PeekedBody> {
  const reader = stream.getReader(), chunks: Uint8Array[] = [];
  const rule = `its next bytes must come within ${seconds} s`;
  const read = () => within(reader.read(), { ms: 1000 * seconds, rule, signal });
  let length = 0;
  while (length < 4) {
    const { value, done } = await read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  let head: Uint8Array | undefined = join(chunks, length);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = head ? { value: head, done: false } : await read();
      head = undefined;
      if (done) controller.close();
      else controller.enqueue(value!);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return { head, body };
}

/**
 * What is read, if it comes in time.
 *
 * @throws {HttpError} 408 where it does not, 400 where its sender has left; the signal's reason.
 */
async function within<T>(
  read: Promise<T>,
  { ms, rule, signal }: {
    readonly ms: number;
    readonly rule: string;
    readonly signal: AbortSignal;
  },
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  promise.catch(() => {}); // where the signal has ended it before, nobody waits
  const timer = setTimeout(() => {
    reject(new HttpError(408, `Cannot wait for this sound as ${rule}`));
  }, ms);
  const leave = () => reject(signal.reason);
  signal.addEventListener("abort", leave);
  read.then(resolve, (cause) => {
    reject(new HttpError(400, `Cannot take this sound as it did not come whole: ${cause.message}`));
  });
  try {
    signal.throwIfAborted();
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

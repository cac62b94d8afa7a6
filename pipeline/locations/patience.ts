/** Waiting for what lies behind a network: so long, so often, and never without a sign of life. */
import { DecodeError } from "../decode/audio.ts";
import type { OpenLocation, OpenSource } from "./byte_source.ts";
import { describeLocation, type Location } from "./location.ts";

/** A fault that may be gone at the next try: a server that is busy, a connection that was cut. */
export class TransientError extends Error {
  /** The class's name, for people. */
  override readonly name = "TransientError";

  /** With a message, and how long to leave the place alone, where it says so. */
  constructor(message: string, readonly pauseMs?: number) {
    super(message);
  }
}

/** How long and how often a place is asked. */
export interface Patience {
  /** Longest wait for one answer of a megabyte at most, in milliseconds. @default {30000} */
  readonly timeoutMs: number;
  /** Tries in all. @default {4} */
  readonly attempts: number;
  /** Pause before the second try, in milliseconds; twice as long before each further one. @default {500} */
  readonly pauseMs: number;
}

/** Half a minute an answer, four tries. */
export const defaultPatience: Patience = { timeoutMs: 30_000, attempts: 4, pauseMs: 500 };

/** How long so many bytes are waited for, in milliseconds: as long for every megabyte. */
export function timeoutOf({ timeoutMs }: Patience, numBytes: number): number {
  return timeoutMs * Math.max(1, numBytes / 2 ** 20);
}

/** So many times as long a cell of a table is waited for: the rows around it may have to come, too. */
const cellTimes = 10;

/** How often somebody is told that something is still waited for. */
const signMs = 1000;

/**
 * Waits for an answer, and asks again where it does not come or was a `TransientError`.
 *
 * @param ask Asks once. An answer that comes too late is handed to `discard`.
 * @param onWaiting Is told every second that it is still being waited.
 * @throws what `ask` throws for good, or the last fault that was not.
 */
export async function waitFor<T>(
  ask: () => T | Promise<T>,
  patience: Patience,
  onWaiting: () => void,
  discard: (late: T) => void = () => {},
): Promise<T> {
  const signs = setInterval(onWaiting, signMs);
  try {
    for (let attempt = 1;; attempt++) {
      let pauseMs = patience.pauseMs * 2 ** (attempt - 1);
      try {
        return await within(patience.timeoutMs, ask, discard);
      } catch (error) {
        if (!(error instanceof TransientError) || attempt >= patience.attempts) throw error;
        pauseMs = Math.max(pauseMs, Math.min(error.pauseMs ?? 0, patience.timeoutMs));
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } finally {
    clearInterval(signs);
  }
}

async function within<T>(
  timeoutMs: number,
  ask: () => T | Promise<T>,
  discard: (late: T) => void,
): Promise<T> {
  const answer = Promise.try(ask);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      answer.then(discard, () => {});
      reject(new TransientError(`no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * As `waitFor`, of a location.
 *
 * @throws {DecodeError} where a fault that may pass has not, after all tries.
 */
export async function askServer<T>(
  ask: () => T | Promise<T>,
  location: Location,
  patience: Patience = defaultPatience,
  onWaiting: () => void = () => {},
  discard?: (late: T) => void,
): Promise<T> {
  try {
    return await waitFor(ask, patience, onWaiting, discard);
  } catch (cause) {
    if (!(cause instanceof TransientError)) throw cause;
    const path = describeLocation(location), tries = `${patience.attempts} tries`;
    const detail = { path, expected: "an answer", seen: `${cause.message} (after ${tries})` };
    throw new DecodeError(detail, { cause });
  }
}

/**
 * Opens a location with patience, and reads from it with as much. What answers at once is not waited for; an
 * answer that comes too late has no room of the reader's to write to.
 *
 * @throws {DecodeError} where a fault that may pass has not, after all tries.
 */
export async function openPatiently(
  open: OpenLocation,
  location: Location,
  patience: Patience,
  onWaiting: () => void,
): Promise<OpenSource> {
  const close = (late: OpenSource) => late[Symbol.dispose]();
  const { timeoutMs } = patience, times = location.kind === "cell" ? cellTimes : 1;
  const source = await askServer(
    ...[() => open(location), location, { ...patience, timeoutMs: times * timeoutMs }] as const,
    ...[onWaiting, close] as const,
  );
  return {
    name: source.name,
    size: source.size,
    read(offset, length) {
      let first: ReturnType<OpenSource["read"]> | undefined = source.read(offset, length);
      if (first instanceof Uint8Array) return first;
      const ask = () => {
        const bytes = first ?? source.read(offset, length);
        first = undefined;
        return bytes;
      };
      const patient = { ...patience, timeoutMs: timeoutOf(patience, length) };
      return askServer(ask, location, patient, onWaiting);
    },
    [Symbol.dispose]: () => source[Symbol.dispose](),
  };
}

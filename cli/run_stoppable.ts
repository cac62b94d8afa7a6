import { exitCodes } from "./exit_codes.ts";
import { closedOutput } from "./terminal.ts";
import type { Narrator } from "./train_narrator.ts";

/** Two signals within this time are one Ctrl-C: a task runner passes on what the terminal sends as well. */
const sameSignalMs = 1000;

/**
 * Returns what takes a signal: the first one stops in good order, one that comes later than its echoes ends at
 * once.
 */
export function createSignalHandler(
  actions: { readonly stop: () => void; readonly end: () => void },
  nowMs: () => number = () => performance.now(),
): () => void {
  let firstMs: number | undefined;
  return () => {
    if (firstMs === undefined) {
      firstMs = nowMs();
      actions.stop();
    } else if (nowMs() - firstMs > sameSignalMs) actions.end();
  };
}

let codeOfSignal: number = exitCodes.interrupted;

/** What the program ends with where a signal stopped it in good order, by which one it was. */
export function codeOfStop(): number {
  return codeOfSignal;
}

/** Has Ctrl-C, or the end of the session, do something. @returns what ends that. */
export function onStopSignals(act: () => void): () => void {
  const codes: [Deno.Signal, number][] = [["SIGINT", exitCodes.interrupted]];
  if (Deno.build.os !== "windows") codes.push(["SIGTERM", exitCodes.terminated]);
  const listeners = codes.map(([signal, code]) => {
    const listener = () => {
      codeOfSignal = code;
      act();
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  return () => listeners.forEach((remove) => remove());
}

/**
 * Runs a job that Ctrl-C, the end of the session, or nobody reading what is told stops in good order; a second
 * Ctrl-C ends it at once.
 *
 * @throws {Deno.errors.BrokenPipe} where nobody reads any more.
 */
export async function runStoppable<T, N extends Pick<Narrator, "notice">>(
  createNarrator: (onClosed: () => void) => N,
  job: (narrator: N, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let isClosed = false;
  const narrator = createNarrator(() => {
    isClosed = true;
    abort.abort();
  });
  const onSignal = createSignalHandler({
    stop: () => {
      narrator.notice("stopping after this step; Ctrl-C again ends at once");
      abort.abort();
    },
    end: () => Deno.exit(codeOfStop()),
  });
  const callOff = onStopSignals(onSignal);
  try {
    return await job(narrator, abort.signal);
  } catch (error) {
    if (!isClosed) throw error;
    throw new Deno.errors.BrokenPipe(`${closedOutput} (${(error as Error).message})`);
  } finally {
    callOff();
  }
}
